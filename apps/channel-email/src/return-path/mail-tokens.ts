import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DeliveryId } from '#contracts';

/** Hex digits of the authentication code: 64 bits, far more than anybody can try against a mail server. */
const CODE_DIGITS = 16;

/**
 * What comes back to us and says who it is about: return paths and unsubscribe links. Lower-case hex throughout, because some
 * mail servers change the case of local parts; 54 of 64 octets (RFC 5321 §4.5.3.1.1).
 */
export class MailTokens {
  constructor(
    private readonly key: string,
    private readonly bounceDomain: string,
  ) {}

  /** The envelope sender of one delivery (VERP): `b+<delivery><code>@<bounce domain>`. */
  returnPath(deliveryId: DeliveryId): string {
    const id = deliveryId.slice('dlv_'.length);
    return `b+${id}${this.code(`bounce ${id}`)}@${this.bounceDomain}`;
  }

  /** Whose bounce this is; undefined for an address that we never gave out. */
  readReturnPath(address: string): DeliveryId | undefined {
    const found = /^b\+([0-9a-f]{32})([0-9a-f]{16})@(.+)$/.exec(address.toLowerCase());
    if (found?.[1] === undefined || found[3] !== this.bounceDomain.toLowerCase()) return undefined;
    return this.isCode(found[2] ?? '', `bounce ${found[1]}`) ? (`dlv_${found[1]}` as DeliveryId) : undefined;
  }

  /** Where this person may write to hear no more (RFC 2369): `u+<subscriber><code>@<bounce domain>`. */
  stopAddress(subscriberId: string): string {
    return `u+${this.unsubscribeToken(subscriberId)}@${this.bounceDomain}`;
  }

  /** Who wrote to hear no more; undefined for an address that we never gave out. */
  readStopAddress(address: string): string | undefined {
    const found = /^u\+([0-9a-f]{48})@(.+)$/.exec(address.toLowerCase());
    return found?.[1] === undefined || found[2] !== this.bounceDomain.toLowerCase()
      ? undefined
      : this.readUnsubscribeToken(found[1]);
  }

  /** What stands in an unsubscribe link of this person. */
  unsubscribeToken(subscriberId: string): string {
    const id = subscriberId.slice('sub_'.length);
    return `${id}${this.code(`unsubscribe ${id}`)}`;
  }

  /** Who wants to hear no more; undefined for a token that we never gave out. */
  readUnsubscribeToken(token: string): string | undefined {
    const found = /^([0-9a-f]{32})([0-9a-f]{16})$/.exec(token.toLowerCase());
    if (found?.[1] === undefined) return undefined;
    return this.isCode(found[2] ?? '', `unsubscribe ${found[1]}`) ? `sub_${found[1]}` : undefined;
  }

  private code(about: string): string {
    return createHmac('sha256', this.key).update(about).digest('hex').slice(0, CODE_DIGITS);
  }

  private isCode(code: string, about: string): boolean {
    return timingSafeEqual(Buffer.from(code), Buffer.from(this.code(about)));
  }
}
