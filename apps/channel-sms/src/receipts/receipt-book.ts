import type { Receipt } from '#channel';
import type { DeliveryId, Instant } from '#contracts';
import { quoted, type Database } from '#postgres';
import type { Clock, Log } from '#runtime';
import type { DeliveryReceipt } from './delivery-receipt.js';
import { rank, wholeState, type PartState } from './part-states.js';

/** Deliveries that are worked out at once. */
const BATCH = 1_000;
/** A receipt may come before the answer to its text; after this it is taken to be about nothing of ours (CHANNELS §G.2). */
const HELD_MS = 5 * 60_000;

type Row = {
  deliveryId: DeliveryId;
  attempt: number;
  parts: number;
  messageId: string;
  state: PartState | null;
  at: Instant;
  error: string;
};

/** Where whole receipts go: `Receipts` of `#channel`, which counts and reports them. */
export type ReceiptSink = { add(receipts: readonly Receipt[]): Promise<number> };

/**
 * Receipts by the gateway's message id, kept before they are answered, and matched with deliveries whenever either side
 * comes: early, late, repeated and out of order come to the same.
 */
export class ReceiptBook {
  private readonly receipts: string;
  private readonly parts: string;
  private matching: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly of: { schema: string; smsc: string },
    private readonly sink: ReceiptSink,
    private readonly on: { clock: Clock; log: Log },
  ) {
    this.receipts = `${quoted(of.schema)}.part_receipt`;
    this.parts = `${quoted(of.schema)}.submitted_part`;
  }

  /** Keeps receipts. When it resolves they are stored for good, and only then may the gateway be told so. */
  async keep(receipts: readonly DeliveryReceipt[]): Promise<void> {
    const highest = new Map<string, DeliveryReceipt>();
    for (const receipt of receipts) {
      const before = highest.get(receipt.messageId);
      if (before === undefined || rank(receipt.state) > rank(before.state))
        highest.set(receipt.messageId, receipt);
    }
    const kept = [...highest.values()];
    await this.db.execute(
      `insert into ${this.receipts} as kept (smsc, message_id, state, rank, error)
       select $1, * from unnest($2::text[], $3::text[], $4::smallint[], $5::text[]) as r (message_id) order by message_id
       on conflict (smsc, message_id) do update set state = excluded.state, rank = excluded.rank, error = excluded.error,
         at = clock_timestamp(), counted = false
         where kept.rank < excluded.rank`,
      [
        this.of.smsc,
        kept.map(({ messageId }) => messageId),
        kept.map(({ state }) => state),
        kept.map(({ state }) => rank(state)),
        kept.map(({ error }) => error.slice(0, 100)),
      ],
    );
    this.match();
  }

  /** Matches what can be matched now. Many calls at once make one run, and one more after it. */
  match(): void {
    if (this.stopped) return;
    if (this.matching !== undefined) {
      this.again = true;
      return;
    }
    this.matching = this.matchAll()
      .catch((error: unknown) =>
        this.on.log.warn({ error }, 'receipts could not be matched and are tried again'),
      )
      .finally(() => {
        this.matching = undefined;
        if (this.again) {
          this.again = false;
          this.match();
        }
      });
  }

  /** Matches no more. Receipts are still kept, and matched at the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.matching;
  }

  /** Says once about each receipt that found no text within five minutes. They stay in the table for a reviewer. */
  async giveUpUnmatched(heldMs = HELD_MS): Promise<number> {
    const lost = await this.db.query<{ message_id: string }>(
      `update ${this.receipts} r set counted = true
       where not counted and smsc = $1 and at < clock_timestamp() - make_interval(secs => $2::float8 / 1000)
         and not exists (select from ${this.parts} p where p.smsc = r.smsc and p.message_id = r.message_id)
       returning message_id`,
      [this.of.smsc, heldMs],
    );
    if (lost.length > 0) {
      const some = lost.slice(0, 5).map((row) => row.message_id);
      this.on.log.warn({ receipts: lost.length, some }, 'receipts are about no text of ours');
    }
    return lost.length;
  }

  private async matchAll(): Promise<void> {
    while (!this.stopped) {
      const rows = await this.uncounted();
      if (rows.length === 0) return;
      const whole = wholeReceipts(rows);
      if (whole.length > 0) await this.sink.add(whole);
      await this.count(rows);
    }
  }

  /** Every part of the deliveries that have a receipt which was not looked at yet. */
  private uncounted(): Promise<Row[]> {
    return this.db.query<Row>(
      `with news as (
         select distinct p.delivery_id from ${this.receipts} r join ${this.parts} p using (smsc, message_id)
         where not r.counted limit ${BATCH})
       select p.delivery_id as "deliveryId", p.attempt, p.parts, p.message_id as "messageId", r.state,
         coalesce(r.at, p.at) as at, coalesce(r.error, '') as error
       from news join ${this.parts} p using (delivery_id) left join ${this.receipts} r using (smsc, message_id)`,
    );
  }

  /** A receipt that rose meanwhile is not counted by this: it is looked at again. */
  private async count(rows: readonly Row[]): Promise<void> {
    const seen = rows.filter((row) => row.state !== null);
    await this.db.execute(
      // Locked in the order in which `keep` writes, so that the two never wait for each other.
      `with held as (
         select r.smsc, r.message_id from ${this.receipts} r
         join unnest($1::text[], $2::text[]) as s (message_id, state) on r.message_id = s.message_id and r.state = s.state
         join ${this.parts} p on p.smsc = r.smsc and p.message_id = r.message_id
         where not r.counted order by r.message_id, r.smsc for update of r)
       update ${this.receipts} r set counted = true from held h where (r.smsc, r.message_id) = (h.smsc, h.message_id)`,
      [seen.map(({ messageId }) => messageId), seen.map(({ state }) => state)],
    );
  }
}

/** One receipt per delivery that is delivered or lost as a whole; those that are still open wait for more. */
function wholeReceipts(rows: readonly Row[]): Receipt[] {
  return groups(rows, ({ deliveryId }) => deliveryId).flatMap((all) => {
    const kind = wholeState(
      groups(all, ({ attempt }) => attempt).map((parts) => ({
        parts: parts[0]!.parts,
        states: parts.flatMap(({ state }) => (state === null ? [] : [state])),
      })),
    );
    if (kind === 'open') return [];
    const at = all.map((row) => row.at).reduce((a, b) => (a > b ? a : b));
    const detail = all
      .map(({ state, error }) => [state ?? 'no receipt', error].filter(Boolean).join(' '))
      .join(', ');
    return [{ deliveryId: all[0]!.deliveryId, kind, at, detail }];
  });
}

function groups(rows: readonly Row[], by: (row: Row) => unknown): Row[][] {
  const found = new Map<unknown, Row[]>();
  for (const row of rows) found.set(by(row), [...(found.get(by(row)) ?? []), row]);
  return [...found.values()];
}
