/** What the pulse of a link sets off. */
export type PulseEvents = {
  /** Asks the gateway whether it is there. */
  ask(): void;
  /** The gateway is not there any more. */
  dead(why: string): void;
  /** It is heard again after it was doubted. */
  back(): void;
};

/** Questions in a row that may stay without an answer (CHANNELS §G.2). */
const MOST_MISSED = 2;

/**
 * Whether a gateway is still there. Any byte proves it. After silence it is asked, and twice in vain means that it is gone; after a
 * text without an answer and not a byte since, it is doubted: asked at once, and given `answerTimeoutMs` to say anything.
 */
export class Pulse {
  #heardAt = performance.now();
  #missed = 0;
  #asking: NodeJS.Timeout | undefined;
  #doubt: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: { enquireEveryMs: number; answerTimeoutMs: number },
    private readonly on: PulseEvents,
  ) {}

  /** Nobody knows whether it is there: nothing should be entrusted to it. */
  get doubted(): boolean {
    return this.#doubt !== undefined;
  }

  /** Begins to ask after silence. */
  start(): void {
    this.#asking = setInterval(() => this.#ask(), this.settings.enquireEveryMs);
  }

  heard(): void {
    this.#heardAt = performance.now();
    this.#missed = 0;
    this.#asking?.refresh();
    if (this.#doubt === undefined) return;
    clearTimeout(this.#doubt);
    this.#doubt = undefined;
    this.on.back();
  }

  /** What was written at `writtenAt` (`performance.now()`) got no answer in time. */
  unanswered(writtenAt: number): void {
    if (this.#asking === undefined || this.#doubt !== undefined || this.#heardAt > writtenAt) return;
    this.#doubt = setTimeout(
      () => this.on.dead('the gateway is silent: neither a text nor an enquire_link was answered'),
      this.settings.answerTimeoutMs,
    );
    this.on.ask();
  }

  stop(): void {
    clearInterval(this.#asking);
    clearTimeout(this.#doubt);
    this.#asking = undefined;
  }

  #ask(): void {
    if (this.#missed >= MOST_MISSED) {
      this.on.dead('the gateway left two enquire_link without an answer');
      return;
    }
    this.#missed += 1;
    this.on.ask();
  }
}
