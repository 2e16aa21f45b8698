import type { Subscribers } from '#audience';
import type { Receipts, ReceiptKind } from '#channel';
import type { DeliveryId } from '#contracts';
import { quoted, type Database } from '#postgres';
import type { Clock } from '#runtime';
import type { Bounce, BounceKind } from './read-bounce.js';

const KIND: Readonly<Partial<Record<BounceKind, ReceiptKind>>> = {
  hard: 'bounced',
  soft: 'bounced',
  'cannot-tell': 'bounced',
  complaint: 'complained',
  delivered: 'delivered',
};

/** Keeps what came back: a later fact of the delivery, and for a dead address or a complaint the end of mails to it. */
export class BounceDesk {
  private readonly delivery: string;

  constructor(
    private readonly db: Database,
    schema: string,
    private readonly parts: { receipts: Receipts; subscribers: Subscribers; clock: Clock },
  ) {
    this.delivery = `${quoted(schema)}.delivery`;
  }

  async keep(deliveryId: DeliveryId, { kind, detail, status }: Bounce): Promise<void> {
    const receipt = KIND[kind];
    if (receipt === undefined) return;
    const { receipts, subscribers, clock } = this.parts;
    await receipts.add([{ deliveryId, kind: receipt, at: clock.now(), detail }]);
    if (kind !== 'hard' && kind !== 'complaint') return;
    const [found] = await this.db.query<{ subscriber: string }>(
      `select target as subscriber from ${this.delivery} where delivery_id = $1`,
      [deliveryId],
    );
    if (found === undefined) return;
    await subscribers.suppress(
      found.subscriber,
      kind === 'hard' ? 'bounced' : 'complained',
      `${status ?? ''} ${detail}`.trim(),
    );
  }
}
