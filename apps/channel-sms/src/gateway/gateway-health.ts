/** Sessions that begin within a steady time before they are taken for a gateway that closes each of them. */
const MOST_BEGINNINGS = 5;

export type HealthSettings = {
  /** A gateway that cannot be used for less than this is no news for a person, ms. */
  brokenAfterMs: number;
  /** A gateway that could be used for so long without a break is well again, ms. */
  steadyMs: number;
};

/**
 * When a person is told that the gateway is broken, and when that it is well again: once each, however often sessions come
 * and go. A refused login is told at once; so is a gateway that closes every session as soon as it has begun.
 */
export class GatewayHealth {
  #told: 'ok' | 'broken' = 'ok';
  #beginnings = 0;
  #breaking: NodeJS.Timeout | undefined;
  #steady: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: HealthSettings,
    private readonly tell: (health: 'ok' | 'broken', detail: string) => void,
  ) {}

  /** A person was told so by an earlier process, and of nothing since. Before the first session. */
  wasBroken(): void {
    this.#told = 'broken';
  }

  /** A session was bound. `usable`: texts can leave and receipts can come now. */
  bound(usable: boolean): void {
    if (!usable) return;
    this.#beginnings += 1;
    this.#cancelBreaking();
    this.#steady ??= setTimeout(() => this.#isSteady(), this.settings.steadyMs);
    if (this.#beginnings <= MOST_BEGINNINGS) this.#say('ok', 'bound to the gateway again');
  }

  /** A session ended or could not be begun. */
  unbound(usable: boolean, why: string, loginRefused: boolean): void {
    if (usable) return;
    clearTimeout(this.#steady);
    this.#steady = undefined;
    if (loginRefused || this.#beginnings > MOST_BEGINNINGS) this.#say('broken', why);
    else this.#breaking ??= setTimeout(() => this.#say('broken', why), this.settings.brokenAfterMs);
  }

  /** Tells nothing more. */
  stop(): void {
    this.#cancelBreaking();
    clearTimeout(this.#steady);
  }

  #isSteady(): void {
    this.#steady = undefined;
    this.#beginnings = 0;
    this.#say('ok', 'bound to the gateway again');
  }

  #cancelBreaking(): void {
    clearTimeout(this.#breaking);
    this.#breaking = undefined;
  }

  #say(health: 'ok' | 'broken', detail: string): void {
    this.#cancelBreaking();
    if (health === this.#told) return;
    this.#told = health;
    this.tell(health, detail);
  }
}
