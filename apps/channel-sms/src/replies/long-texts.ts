import { quoted, type Database } from '#postgres';
import type { IncomingText } from './incoming-text.js';

/** A longer text whose last part does not come is shown without it: it may be somebody in danger (ours). */
const WAIT_MS = 2 * 60_000;
/** Stands where a part never came. */
const MISSING = ' […] ';

/** Puts the parts of longer texts together, whichever bind, replica and order they come by. */
export class LongTexts {
  private readonly table: string;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.table = `${quoted(schema)}.incoming_part`;
  }

  /** Keeps one part. The whole text when this was the last one that was missing, else undefined. */
  async keep({ from, text, joined }: Required<IncomingText>): Promise<string | undefined> {
    const { reference, total, number } = joined;
    return this.db.tx(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `${this.table} ${from} ${reference}`,
      ]);
      await tx.execute(
        `insert into ${this.table} (address, reference, total, number, text) values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [from, reference, total, number, text],
      );
      const parts = await tx.query<{ text: string }>(
        `select text from ${this.table} where address = $1 and reference = $2 and total = $3 order by number`,
        [from, reference, total],
      );
      if (parts.length < total) return undefined;
      await tx.execute(`delete from ${this.table} where address = $1 and reference = $2 and total = $3`, [
        from,
        reference,
        total,
      ]);
      return parts.map((part) => part.text).join('');
    });
  }

  /** Texts that have waited long enough for a part that does not come, with the gap marked. They are taken out. */
  async incomplete(waitMs = WAIT_MS): Promise<{ from: string; text: string }[]> {
    const rows = await this.db.query<{
      address: string;
      parts: { number: number; text: string }[];
      total: number;
    }>(
      `with old as (
         select address, reference, total from ${this.table} group by address, reference, total
         having max(at) < clock_timestamp() - make_interval(secs => $1::float8 / 1000)),
       gone as (delete from ${this.table} p using old o
         where (p.address, p.reference, p.total) = (o.address, o.reference, o.total) returning p.*)
       select address, total, jsonb_agg(jsonb_build_object('number', number, 'text', text) order by number) as parts
       from gone group by address, reference, total`,
      [waitMs],
    );
    return rows.map(({ address, parts, total }) => {
      const texts = new Map(parts.map(({ number, text }) => [number, text]));
      const text = Array.from({ length: total }, (_, n) => texts.get(n + 1) ?? MISSING).join('');
      return { from: address, text };
    });
  }
}
