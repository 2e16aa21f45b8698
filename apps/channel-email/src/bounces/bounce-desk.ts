import type { Subscribers } from '#audience';
import type { Receipt, ReceiptKind, Receipts } from '#channel';
import { toInstant, type DeliveryId } from '#contracts';
import type { Clock, Log } from '#runtime';
import type { Reply } from '../smtp/replies.js';
import { GoneAtOnce, mostGone } from './gone-at-once.js';
import { readRefusal, type Bounce, type BounceKind } from './read-bounce.js';

/** Soft failures on this many different warnings within two weeks rest an address for a month (CHANNELS §F.6). */
const SOFT_WARNINGS = 3;
const SOFT_WITHIN_MS = 14 * 24 * 60 * 60 * 1_000;
const REST_DAYS = 30;
/** The first word of the evidence of a soft failure. */
const SOFT: readonly string[] = ['soft', 'cannot-tell'] satisfies BounceKind[];

/** Somebody whose mail a relay turned away for good while the list was sent. */
export type TurnedAway = { deliveryId: DeliveryId; subscriberId: string; reply: Reply };

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
  private readonly gone: GoneAtOnce;

  constructor(
    private readonly receipts: Receipts,
    private readonly subscribers: Subscribers,
    private readonly on: { clock: Clock; log: Log },
  ) {
    this.gone = new GoneAtOnce(receipts, on.log);
  }

  /** Takes one returned mail about one delivery. Repeats change nothing. */
  async take(deliveryId: DeliveryId, bounce: Bounce): Promise<void> {
    const { clock, log } = this.on;
    const { status, detail } = bounce;
    const subscriberId = await this.receipts.targetOf(deliveryId);
    const kind = await this.kindFor(subscriberId, bounce);
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
    if (subscriberId === undefined) return;
    if (kind === 'complaint') await this.subscribers.suppress(subscriberId, 'complained', one.detail);
    if (kind === 'hard' && (await this.gone.isBelieved(deliveryId)))
      await this.subscribers.suppress(subscriberId, 'bounced', one.detail);
    if (SOFT.includes(kind)) await this.rest(subscriberId, one);
  }

  /** Where somebody forwards to an address that is gone, theirs may live: that is no reason to give it up at once. */
  private async kindFor(subscriberId: string | undefined, { kind, recipient }: Bounce): Promise<BounceKind> {
    if (kind !== 'hard' || recipient === undefined || subscriberId === undefined) return kind;
    const person = (await this.subscribers.byIds([subscriberId])).get(subscriberId);
    return person === undefined || person.address.toLowerCase() === recipient ? 'hard' : 'soft';
  }

  /**
   * Takes what a relay said to the recipients of one window: who it turned away for good, of so many. An address that is gone ends as one
   * that came back; a full box counts towards its rest. Never rejects: what cannot be noted is found again by the next warning.
   */
  async turnedAway(all: readonly TurnedAway[], recipients: number): Promise<void> {
    const { clock, log } = this.on;
    const read = all.map((one) => ({ ...one, ...readRefusal(one.reply) }));
    const gone = read.filter(({ kind }) => kind === 'hard');
    const full = read.filter(({ kind, status }) => kind === 'soft' && status?.startsWith('5.2.') === true);
    try {
      if (gone.length > mostGone(recipients)) {
        log.error(
          { gone: gone.length, recipients, example: gone[0]?.detail },
          'the mail relay calls so many addresses gone that none of them is given up: look at the relay',
        );
      } else {
        for (const { subscriberId, detail } of gone)
          await this.subscribers.suppress(subscriberId, 'bounced', `the relay said ${detail}`);
      }
      for (const { subscriberId, deliveryId, detail, kind } of full) {
        const one: Receipt = {
          deliveryId,
          kind: 'undelivered',
          at: clock.now(),
          detail: `${kind} ${detail}`,
        };
        await this.receipts.add([one], { taken: false });
        await this.rest(subscriberId, one);
      }
    } catch (error) {
      log.warn({ error, turnedAway: all.length }, 'addresses that are gone could not be noted');
    }
  }

  /** Enough soft failures let an address rest. */
  private async rest(subscriberId: string, { at, detail }: Receipt): Promise<void> {
    const since = toInstant(Date.parse(at) - SOFT_WITHIN_MS);
    const failed = await this.receipts.warningsFailed(subscriberId, since, SOFT);
    if (failed < SOFT_WARNINGS) return;
    await this.subscribers.suppress(
      subscriberId,
      'bounced',
      `${failed} warnings failed: ${detail}`,
      REST_DAYS,
    );
  }

  /** Somebody wrote "no more" to the address in List-Unsubscribe (RFC 2369). */
  async stop(subscriberId: string): Promise<void> {
    await this.subscribers.suppress(subscriberId, 'opted-out', 'mail to the unsubscribe address');
  }
}
