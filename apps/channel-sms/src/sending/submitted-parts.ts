import type { DeliveryId } from '#contracts';
import { quoted, type Database } from '#postgres';

/** One part that a gateway took: its message id is what receipts name, and it is unique on that gateway only. */
export type SubmittedPart = { messageId: string; deliveryId: DeliveryId; attempt: number; parts: number };

/** Which gateway's message id belongs to which delivery. `saved` is called after each write: receipts may be waiting for it. */
export class SubmittedParts {
  private readonly table: string;

  constructor(
    private readonly db: Database,
    private readonly of: { schema: string; smsc: string },
    private readonly saved: () => void,
  ) {
    this.table = `${quoted(of.schema)}.submitted_part`;
  }

  /** Keeps the parts. A message id that the gateway used before, after a restart of its own, belongs to the newer text. */
  async save(parts: readonly SubmittedPart[]): Promise<void> {
    const unique = [...new Map(parts.map((part) => [part.messageId, part])).values()];
    if (unique.length === 0) return;
    await this.db.execute(
      // What was told about the older text of an id must not speak for the newer one.
      `with kept as (
         insert into ${this.table} as kept (smsc, message_id, delivery_id, attempt, parts)
         select $1, * from unnest($2::text[], $3::text[], $4::int[], $5::int[])
         on conflict (smsc, message_id) do update set delivery_id = excluded.delivery_id, attempt = excluded.attempt,
           parts = excluded.parts, at = clock_timestamp()
           where (kept.delivery_id, kept.attempt) is distinct from (excluded.delivery_id, excluded.attempt)
         returning message_id, xmax <> 0 as again)
       delete from ${quoted(this.of.schema)}.part_receipt r using kept k
       where r.smsc = $1 and r.message_id = k.message_id and k.again and r.counted`,
      [
        this.of.smsc,
        unique.map((part) => part.messageId),
        unique.map((part) => part.deliveryId),
        unique.map((part) => part.attempt),
        unique.map((part) => part.parts),
      ],
    );
    this.saved();
  }
}
