import { BindRefused } from '../link/bind-refused.js';
import { SmppLink, type LinkEvents, type LinkSettings } from '../link/smpp-link.js';

export type KeptLinkSettings = Omit<LinkSettings, 'host' | 'port' | 'tls'> & {
  /** Where to bind, in order of preference: a session that fails, or does not last, is opened again at the next one. */
  endpoints: readonly { host: string; port: number; tls: boolean }[];
  /** First pause before a session is opened again; it doubles up to `reconnectMostMs`, each with jitter. */
  reconnectFirstMs: number;
  reconnectMostMs: number;
  /** A session that lasted so long (10 s unless told) was a good one: pauses and order of preference begin anew. */
  steadyMs?: number;
};

const STEADY_MS = 10_000;

/** How one kept session does. `why` is for the log; `loginRefused`: only a person can help. */
export type KeptLinkEvents = {
  incoming: LinkEvents['incoming'];
  free: LinkEvents['free'];
  up(link: SmppLink, endpoint: string): void;
  down(link: SmppLink | undefined, endpoint: string, why: string, loginRefused: boolean): void;
};

/** One session that is opened, and opened again whenever it ends, until it is stopped. */
export class KeptLink {
  #link: SmppLink | undefined;
  #endpoint = 0;
  #failures = 0;
  #again: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly settings: KeptLinkSettings,
    private readonly events: KeptLinkEvents,
    private readonly chance: () => number,
  ) {}

  /** Begins to bind. Returns at once; `up` tells when it is bound. */
  start(): void {
    void this.#open();
  }

  /** Opens no more, lets replies in flight come in for `waitMs`, and unbinds. */
  async stop(waitMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#again);
    await this.#link?.drain(waitMs);
  }

  async #open(): Promise<void> {
    const { endpoints } = this.settings;
    const endpoint = endpoints[this.#endpoint % endpoints.length]!;
    const name = `${endpoint.host}:${endpoint.port}`;
    let openedAt = performance.now();
    const closed = (why: string): void => {
      const link = this.#link;
      this.#link = undefined;
      const lasted = performance.now() - openedAt >= (this.settings.steadyMs ?? STEADY_MS);
      [this.#failures, this.#endpoint] = lasted ? [0, 0] : [this.#failures + 1, this.#endpoint + 1];
      this.#ended(link, name, why, false);
    };
    try {
      const { incoming, free } = this.events;
      this.#link = await SmppLink.open({ ...this.settings, ...endpoint }, { incoming, closed, free });
    } catch (error) {
      [this.#failures, this.#endpoint] = [this.#failures + 1, this.#endpoint + 1];
      const why = error instanceof Error ? error.message : 'failed';
      return this.#ended(undefined, name, why, error instanceof BindRefused && error.needsPerson);
    }
    if (this.#stopped) return this.#link.drain(0);
    openedAt = performance.now();
    this.events.up(this.#link, name);
  }

  #ended(link: SmppLink | undefined, name: string, why: string, loginRefused: boolean): void {
    if (this.#stopped) return; // as we wished
    this.events.down(link, name, why, loginRefused);
    const { reconnectFirstMs, reconnectMostMs } = this.settings;
    const most = Math.min(reconnectMostMs, reconnectFirstMs * 2 ** this.#failures);
    this.#again = setTimeout(() => void this.#open(), most * (0.5 + this.chance() / 2));
  }
}
