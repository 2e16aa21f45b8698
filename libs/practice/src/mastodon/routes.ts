import type { PracticeAccount } from '../platform/account.js';
import { FAULT_KINDS, type Fault } from '../platform/faults.js';
import { type Answer } from '../http/answer.js';
import type { Call, Platform, Route } from '../http/route.js';
import { RateWindow } from '../http/rate-window.js';
import type { World } from '../platform/world.js';
import { rateHeaders, unauthorised } from './answers.js';
import { Reading } from './reading.js';
import type { MastodonCrowd } from './statuses/crowd.js';
import type { Posts } from './statuses/posts.js';
import { StatusCalls, type StatusLimits } from './statuses/status-calls.js';
import { accountJson, instanceJson } from './statuses/status-json.js';

/** How this server behaves. The defaults are Mastodon's own. */
export type MastodonSettings = StatusLimits & {
  /** False for clones without `/api/v2/instance`. */
  tellsLimits: boolean;
  /** Calls of one account in five minutes. */
  callsPerWindow: number;
};

/** Mastodon's limits as its own pages give them (docs: api/rate-limits). */
export const MASTODON_SETTINGS: MastodonSettings = {
  maxCharacters: 500,
  honoursKey: true,
  tellsLimits: true,
  callsPerWindow: 300,
  removalsPerWindow: 30,
};

const FIVE_MINUTES_MS = 300_000;

/** What lies behind the methods. */
type Parts = { posts: Posts; crowd: MastodonCrowd; accounts: readonly PracticeAccount[] };

/** The Mastodon API as far as a warning service uses it. Answers, limits and words follow version 4.3. */
export class MastodonServer {
  private readonly calls: RateWindow;
  private readonly statuses: StatusCalls;

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
    private readonly settings: MastodonSettings,
  ) {
    this.calls = new RateWindow({ limit: settings.callsPerWindow, windowMs: FIVE_MINUTES_MS });
    this.statuses = new StatusCalls(parts, settings, world.now);
  }

  routes(): Route[] {
    const platform = this.platform();
    const { statuses } = this;
    const reading = new Reading(this.parts, statuses);
    const { maxCharacters } = this.settings;
    const open = (method: string, path: string, answer: Route['answer']): Route => ({
      method,
      path,
      answer,
      platform,
    });
    const owned = (
      method: string,
      path: string,
      answer: (call: Call, account: PracticeAccount) => Promise<Answer> | Answer,
    ) => open(method, path, (call) => this.limited(call, answer));
    return [
      ...(this.settings.tellsLimits
        ? [
            open('GET', '/api/v2/instance', ({ origin }) => ({
              status: 200,
              body: instanceJson(origin, maxCharacters),
            })),
          ]
        : []),
      owned('GET', '/api/v1/accounts/verify_credentials', (call, account) => ({
        status: 200,
        body: accountJson(account, call.origin),
      })),
      owned('GET', '/api/v1/accounts/:id/statuses', (call) => reading.statusesOf(call)),
      owned('POST', '/api/v1/statuses', (call, account) => statuses.post(call, account)),
      owned('GET', '/api/v1/statuses', (call) => statuses.many(call)),
      owned('GET', '/api/v1/statuses/:id', (call) => ({ status: 200, body: statuses.shown(call) })),
      owned('GET', '/api/v1/statuses/:id/context', (call) => statuses.context(call)),
      owned('PUT', '/api/v1/statuses/:id', (call, account) => statuses.edit(call, account)),
      owned('DELETE', '/api/v1/statuses/:id', (call, account) => statuses.remove(call, account)),
      owned('GET', '/api/v1/notifications', (call, account) => reading.notifications(call, account)),
    ];
  }

  private platform(): Platform {
    return {
      fault: (call) => {
        const to = this.accountOf(call)?.handle;
        const on = call.method === 'GET' ? 'read' : 'write';
        return this.world.faults.take('mastodon', FAULT_KINDS.mastodon, {
          on,
          ...(to !== undefined && { to }),
        });
      },
      instead: (fault) => this.instead(fault),
    };
  }

  private instead(fault: Fault): Answer | undefined {
    switch (fault.kind) {
      case '429': {
        const resetAt = this.world.now() + fault.ms;
        const allowance = { limit: this.settings.callsPerWindow, remaining: 0, resetAt, allowed: false };
        return { status: 429, headers: rateHeaders(allowance), body: { error: 'Too many requests' } };
      }
      case '503':
        return {
          status: 503,
          headers: { 'content-type': 'text/html' },
          body: '<h1>503 Service Unavailable</h1>',
        };
      case '401':
        return unauthorised.answer;
      case 'refuse':
        return { status: 422, body: { error: "Validation failed: Text can't be blank" } };
      default:
        return undefined;
    }
  }

  private async limited(
    call: Call,
    answer: (call: Call, account: PracticeAccount) => Promise<Answer> | Answer,
  ): Promise<Answer> {
    const account = this.accountOf(call);
    if (account === undefined) throw unauthorised;
    const allowance = this.calls.take(account.handle, this.world.now());
    const headers = rateHeaders(allowance);
    if (!allowance.allowed) return { status: 429, headers, body: { error: 'Too many requests' } };
    const given = await answer(call, account);
    return { ...given, headers: { ...headers, ...given.headers } };
  }

  private accountOf(call: Call): PracticeAccount | undefined {
    const token = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
    return this.parts.accounts.find((account) => account.secret === token);
  }
}
