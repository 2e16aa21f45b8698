import type { Subscribers } from '#audience';
import type { Receipt, ReceiptKind, Receipts } from '#channel';
import { toInstant, type DeliveryId } from '#contracts';
import type { Clock, Log } from '#runtime';
import type { Bounce, BounceKind } from './read-bounce.js';

/** Soft bounces on this many different warnings within two weeks make an address a dead one (CHANNELS §F.6). */
const SOFT_WARNINGS = 3;
const SOFT_WITHIN_MS = 14 * 24 * 60 * 60 * 1_000;

/** What each kind of returned mail is in the report; the others are no receipts. */
const RECEIPT: Partial<Record<BounceKind, ReceiptKind>> = {
  hard: 'bounced',
  soft: 'bounced',
  policy: 'bounced',
  'cannot-tell': 'bounced',
  complaint: 'complained',
  delivered: 'delivered',
};

/** Counts what came back, and writes no more to addresses that are dead or to people who complained. */
export class BounceDesk {
  constructor(
    private readonly receipts: Receipts,
    private readonly subscribers: Subscribers,
    private readonly on: { clock: Clock; log: Log },
  ) {}

  /** Takes one returned mail about one delivery. Repeats change nothing. */
  async take(deliveryId: DeliveryId, bounce: Bounce): Promise<void> {
    const { clock, log } = this.on;
    const { kind, status, detail } = bounce;
    const receipt = RECEIPT[kind];
    if (receipt === undefined) return log.info({ deliveryId, kind }, 'returned mail is no bounce');
    const now = clock.now();
    const one: Receipt = {
      deliveryId,
      kind: receipt,
      at: now,
      detail: `${kind} ${status ?? ''} ${detail}`.trim(),
    };
    const news = await this.receipts.add([one]);
    log.info({ deliveryId, kind, status, news }, 'returned mail counted');
    const subscriberId = await this.receipts.targetOf(deliveryId);
    if (subscriberId === undefined) return;
    if (kind === 'complaint') await this.subscribers.suppress(subscriberId, 'complained', one.detail);
    if (kind === 'hard') await this.subscribers.suppress(subscriberId, 'bounced', one.detail);
    if (kind === 'soft' || kind === 'cannot-tell') {
      const since = toInstant(Date.parse(now) - SOFT_WITHIN_MS);
      if ((await this.receipts.warningsBounced(subscriberId, since)) >= SOFT_WARNINGS)
        await this.subscribers.suppress(
          subscriberId,
          'bounced',
          `${SOFT_WARNINGS} warnings bounced: ${one.detail}`,
        );
    }
  }

  /** Somebody wrote "no more" to the address in List-Unsubscribe (RFC 2369). */
  async stop(subscriberId: string): Promise<void> {
    await this.subscribers.suppress(subscriberId, 'opted-out', 'mail to the unsubscribe address');
  }
}
