import type { Receipts } from '#channel';
import type { DeliveryId } from '#contracts';
import type { Log } from '#runtime';
import type { BounceKind } from './read-bounce.js';

/**
 * Whoever calls more of one list gone than this is believed in nothing: a list that was lost on their side would else end the mails of
 * everybody on ours. A fifth, and at least three: real lists that are kept lose some per cent a year.
 */
export const mostGone = (recipients: number): number => Math.max(3, recipients / 5);

/** The first word of the evidence that an address is gone. */
const GONE: BounceKind = 'hard';
/** An answer is used again for so long: reading a hundred thousand deliveries for each of two thousand reports would slow the sending. */
const FRESH_MS = 5_000;

/** How many more reports of one sending are believed until it is counted again; below nought none is. */
type Spare = { left: number; askedAt: number };

/** Whether reports that an address is gone can be believed, sending by sending. */
export class GoneAtOnce {
  private readonly spare = new Map<string, Promise<Spare>>();
  private readonly told = new Set<string>();

  constructor(
    private readonly receipts: Pick<Receipts, 'placeOf' | 'returnedOf'>,
    private readonly log: Log,
  ) {}

  /** Of a delivery about which the receipt is kept already. The log says once of each sending that none of it is believed any more. */
  async isBelieved(deliveryId: DeliveryId): Promise<boolean> {
    const place = await this.receipts.placeOf(deliveryId);
    if (place === undefined) return false;
    const known = await this.spare.get(place);
    const isFresh = known !== undefined && performance.now() - known.askedAt < FRESH_MS;
    if (!isFresh || known.left === 0) return (await this.ask(place)).left >= 0;
    known.left -= 1;
    return known.left >= 0;
  }

  /** Reports that come while it is being counted wait for the same answer. */
  private ask(place: string): Promise<Spare> {
    const asked = this.count(place);
    this.spare.set(place, asked);
    asked.catch(() => this.spare.delete(place)); // the mail server hears of it, and brings the report again
    return asked;
  }

  private async count(place: string): Promise<Spare> {
    const { accepted, returned } = await this.receipts.returnedOf(place, GONE);
    const left = Math.floor(mostGone(accepted)) - returned;
    if (left < 0 && !this.told.has(place)) {
      this.told.add(place);
      this.log.error(
        { of: place, accepted, returned },
        'so many addresses of one warning are called gone that none more is given up: look at it',
      );
    }
    return { left, askedAt: performance.now() };
  }
}
