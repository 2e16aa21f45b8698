import { quoted, type AlsoWrite, type Database } from '#postgres';
import type { IncomingText } from './incoming-text.js';

/** A longer text whose last part does not come is shown without it: it may be somebody in danger (ours). */
const WAIT_MS = 2 * 60_000;
/** Stands where a part never came. */
const MISSING = ' […] ';

/** A text that is whole, or has waited long enough. `taken` takes its parts away: it belongs into the write that keeps the text. */
export type LongText = { from: string; text: string; taken: AlsoWrite };

/** Puts the parts of longer texts together, whichever bind, replica and order they come by. */
export class LongTexts {
  private readonly table: string;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.table = `${quoted(schema)}.incoming_part`;
  }

  /**
   * Keeps one part. The whole text when none is missing now, else undefined. Its parts stay until the text is kept elsewhere: their
   * senders have been told that they are stored, and bring none of them again.
   */
  async keep({ from, text, joined }: Required<IncomingText>): Promise<LongText | undefined> {
    const { reference, total, number } = joined;
    return this.db.tx(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `${this.table} ${from} ${reference}`,
      ]);
      await tx.execute(
        `insert into ${this.table} (address, reference, total, number, text) values ($1, $2, $3, $4, $5) on conflict do nothing`,
        [from, reference, total, number, text],
      );
      const parts = await tx.query<Part>(
        `select number, text from ${this.table} where address = $1 and reference = $2 and total = $3 order by number`,
        [from, reference, total],
      );
      return parts.length < total ? undefined : this.whole({ address: from, reference, total, parts });
    });
  }

  /**
   * Texts that have waited long enough for a part that does not come, with the gap marked. Nobody else is given them for as long
   * again, and then they are given once more, unless they were taken away.
   */
  async incomplete(waitMs = WAIT_MS): Promise<LongText[]> {
    const long = 'clock_timestamp() - make_interval(secs => $1::float8 / 1000)';
    const rows = await this.db.query<Parts>(
      `with old as (
         select address, reference, total from ${this.table} group by address, reference, total having max(at) < ${long}),
       claimed as (update ${this.table} p set at = clock_timestamp() from old o
         where (p.address, p.reference, p.total) = (o.address, o.reference, o.total) and p.at < ${long} returning p.*)
       select address, reference, total, jsonb_agg(jsonb_build_object('number', number, 'text', text) order by number) as parts
       from claimed group by address, reference, total`,
      [waitMs],
    );
    return rows.map((row) => this.whole(row));
  }

  private whole({ address, reference, total, parts }: Parts): LongText {
    const texts = new Map(parts.map(({ number, text }) => [number, text]));
    const numbers = Array.from({ length: total }, (_, n) => n + 1);
    return {
      from: address,
      text: numbers.map((number) => texts.get(number) ?? MISSING).join(''),
      taken: {
        sql: `delete from ${this.table} p using turn where p.address = $1::text and p.reference = $2::integer
                and p.total = $3::integer and p.number = any($4::integer[])`,
        params: [address, reference, total, [...texts.keys()]],
      },
    };
  }
}

type Part = { number: number; text: string };
type Parts = { address: string; reference: number; total: number; parts: Part[] };
