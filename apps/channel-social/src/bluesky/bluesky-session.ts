import type { Outcome } from '#channel';
import { toInstant, type Instant } from '#contracts';
import { z } from 'zod';
import { judge } from '../http/judge.js';
import type { Call, Heard, PlatformHttp } from '../http/platform-http.js';
import { BLUESKY_ROWS, seenByBluesky } from './bluesky-answers.js';

const Session = z.looseObject({ did: z.string(), accessJwt: z.string(), refreshJwt: z.string() });
type Session = z.infer<typeof Session>;

/** Where a session's refresh token outlives the process: logging in is rationed to 30 in 5 minutes and 100–300 a day. */
export type SessionShelf = {
  load(): Promise<string | null>;
  save(refreshJwt: string): Promise<void>;
};

/** One account's login. Renews itself; many calls at once make one renewal. */
export class BlueskySession {
  #session: Session | undefined;
  #renewing: Promise<Session | Outcome> | undefined;

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
    if (heard.heard !== 'answer' || seenByBluesky(heard.answer).error !== 'ExpiredToken') return heard;
    session = await this.#renew(session);
    return 'did' in session ? this.#once(call(session.did), session) : session;
  }

  #once(call: Call, { accessJwt }: Session): Promise<Heard> {
    return this.http.call({ ...call, headers: { ...call.headers, authorization: `Bearer ${accessJwt}` } });
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
      await this.shelf.save(session.refreshJwt);
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
    const session = this.#read(heard);
    if (session !== undefined) return session;
    const outcome = this.#judged(heard);
    return outcome.outcome === 'refused' && outcome.reason !== 'policy' ? undefined : outcome;
  }

  async #logIn(): Promise<Session | Outcome> {
    const { identifier, appPassword } = this.login;
    const heard = await this.http.call({
      method: 'POST',
      path: '/xrpc/com.atproto.server.createSession',
      body: { identifier, password: appPassword },
    });
    return this.#read(heard) ?? this.#judged(heard);
  }

  #read(heard: Heard): Session | undefined {
    if (heard.heard !== 'answer' || heard.answer.status !== 200) return undefined;
    return Session.safeParse(heard.answer.json).data;
  }

  /** A login publishes nothing: where a post would be `unknown`, this is only late. */
  #judged(heard: Heard): Outcome {
    const about = { now: this.now(), replying: false };
    const outcome = judge(heard, BLUESKY_ROWS, seenByBluesky, about);
    if (outcome.outcome !== 'unknown') return outcome;
    return judge({ heard: 'not-sent', detail: outcome.detail }, BLUESKY_ROWS, seenByBluesky, about);
  }
}
