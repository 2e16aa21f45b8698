import type { Outcome } from '#channel';
import { toInstant, type Instant } from '#contracts';
import { z } from 'zod';
import { answered } from '../http/answered.js';
import { judge } from '../http/judge.js';
import type { Call, Heard, PlatformHttp } from '../http/platform-http.js';
import { BLUESKY_ROWS, errorNamed, seenByBluesky } from './bluesky-answers.js';

const Session = z.looseObject({ did: z.string(), accessJwt: z.string(), refreshJwt: z.string() });
type Session = z.infer<typeof Session>;

/** Where a session's refresh token outlives the process: logging in is rationed to 30 in 5 minutes and 100–300 a day. */
export type SessionShelf = {
  load(): Promise<string | null>;
  save(refreshJwt: string): Promise<void>;
};

/** A refused login, or one whose token was refused, is not tried again before: each try counts, also with a wrong password, and a day has a hundred at the least. */
const NOT_BEFORE_MS = 15 * 60_000;

/** One account's login. Renews itself; many calls at once make one renewal. */
export class BlueskySession {
  #session: Session | undefined;
  #renewing: Promise<Session | Outcome> | undefined;
  #refused: { until: number; outcome: Outcome } | undefined;
  /** Until then no session is thrown away because its token was refused. */
  #keptUntil = 0;

  constructor(
    private readonly http: PlatformHttp,
    private readonly login: { identifier: string; appPassword: string },
    private readonly shelf: SessionShelf,
    private readonly now: () => Instant = () => toInstant(Date.now()),
  ) {}

  /** The account's DID, or why there is no session. Nothing has been published when this is an outcome. */
  async did(): Promise<string | Outcome> {
    const session = this.#session ?? (await this.#renew(undefined));
    return 'did' in session ? session.did : session;
  }

  /**
   * Makes one call as the account. An expired access token is renewed and the same call made again: the first was refused,
   * so nothing was done twice. Gives an outcome when there is no session to call with.
   */
  async call(call: (did: string) => Call): Promise<Heard | Outcome> {
    let session = this.#session ?? (await this.#renew(undefined));
    if (!('did' in session)) return session;
    const heard = await this.#once(call(session.did), session);
    const error = heard.heard === 'answer' ? errorNamed(heard.answer) : '';
    if (error === 'InvalidToken') this.#forget(session);
    if (error !== 'ExpiredToken') return heard;
    session = await this.#renew(session);
    return 'did' in session ? this.#once(call(session.did), session) : session;
  }

  #once(call: Call, { accessJwt }: Session): Promise<Heard> {
    return this.http.call({ ...call, headers: { ...call.headers, authorization: `Bearer ${accessJwt}` } });
  }

  /** The server does not know the token any more, as after a new signing key: the next call begins anew, but not each of them. */
  #forget(session: Session): void {
    const now = Date.parse(this.now());
    if (this.#session !== session || now < this.#keptUntil) return;
    this.#session = undefined;
    this.#keptUntil = now + NOT_BEFORE_MS;
  }

  #renew(old: Session | undefined): Promise<Session | Outcome> {
    if (this.#session !== undefined && this.#session !== old) return Promise.resolve(this.#session);
    this.#renewing ??= this.#fresh().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #fresh(): Promise<Session | Outcome> {
    const kept = this.#session?.refreshJwt ?? (await this.shelf.load());
    const refreshed = kept === null ? undefined : await this.#refresh(kept);
    const session = refreshed ?? (await this.#logIn());
    if ('did' in session) {
      this.#session = session;
      // A warning goes out although the login cannot be kept: the next start logs in anew, which is rationed and not forbidden.
      await this.shelf.save(session.refreshJwt).catch(() => undefined);
    }
    return session;
  }

  /** Undefined: this token is no longer good, log in anew. */
  async #refresh(refreshJwt: string): Promise<Session | Outcome | undefined> {
    const heard = await this.http.call({
      method: 'POST',
      path: '/xrpc/com.atproto.server.refreshSession',
      headers: { authorization: `Bearer ${refreshJwt}` },
    });
    const session = answered(heard, Session);
    if (session !== undefined) return session;
    const outcome = this.#judged(heard);
    return outcome.outcome === 'refused' && outcome.reason !== 'policy' ? undefined : outcome;
  }

  async #logIn(): Promise<Session | Outcome> {
    const now = Date.parse(this.now());
    if (this.#refused !== undefined && now < this.#refused.until) return this.#refused.outcome;
    const { identifier, appPassword } = this.login;
    const heard = await this.http.call({
      method: 'POST',
      path: '/xrpc/com.atproto.server.createSession',
      body: { identifier, password: appPassword },
    });
    const session = answered(heard, Session);
    if (session !== undefined) return session;
    const outcome = this.#judged(heard);
    if (outcome.outcome === 'refused') this.#refused = { until: now + NOT_BEFORE_MS, outcome };
    const throttled =
      heard.heard === 'answer' && outcome.outcome === 'deferred' && heard.answer.status === 429;
    if (throttled) this.#refused = { until: Date.parse(outcome.until), outcome };
    return outcome;
  }

  /** A login publishes nothing: where a post would be `unknown`, this is only late. */
  #judged(heard: Heard): Outcome {
    const about = { now: this.now(), replying: false };
    const outcome = judge(heard, BLUESKY_ROWS, seenByBluesky, about);
    if (outcome.outcome !== 'unknown') return outcome;
    return judge({ heard: 'not-sent', detail: outcome.detail }, BLUESKY_ROWS, seenByBluesky, about);
  }
}
