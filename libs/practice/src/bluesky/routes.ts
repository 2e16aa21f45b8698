import { z } from 'zod';
import type { PracticeAccount } from '../platform/account.js';
import { FAULT_KINDS, type Fault } from '../platform/faults.js';
import type { Answer } from '../http/answer.js';
import type { Call, Platform, Route } from '../http/route.js';
import { RateWindow } from '../http/rate-window.js';
import type { World } from '../platform/world.js';
import type { Feed } from './repo/feed.js';
import { RepoCalls } from './repo/repo-calls.js';
import type { Repos } from './repo/repos.js';
import { didOf, type Sessions } from './sessions.js';
import { ok, read, throttled, xrpcError } from './xrpc.js';

/** How this server behaves. `accessMs` is how long an access token lives. */
export type BlueskySettings = {
  pointsPerHour: number;
  pointsPerDay: number;
  logInsPerFiveMinutes: number;
  logInsPerDay: number;
  accessMs: number;
};

/** Bluesky's limits as its own page gives them (docs: rate limits): a record created costs 3 points, replaced 2, deleted 1. */
export const BLUESKY_SETTINGS: BlueskySettings = {
  pointsPerHour: 5_000,
  pointsPerDay: 35_000,
  logInsPerFiveMinutes: 30,
  logInsPerDay: 300,
  accessMs: 7_200_000,
};

const FIVE_MINUTES_MS = 300_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What lies behind the methods. */
type Parts = { repos: Repos; feed: Feed; sessions: Sessions };

type Owned = (call: Call, account: PracticeAccount) => Promise<Answer> | Answer;

/** The XRPC methods of a Bluesky server that a warning service uses. Errors carry the names that real servers give. */
export class BlueskyServer {
  private readonly logIns: RateWindow;
  private readonly calls: RepoCalls;

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
    private readonly settings: BlueskySettings,
  ) {
    this.logIns = new RateWindow(
      { limit: settings.logInsPerFiveMinutes, windowMs: FIVE_MINUTES_MS },
      { limit: settings.logInsPerDay, windowMs: DAY_MS },
    );
    const points = new RateWindow(
      { limit: settings.pointsPerHour, windowMs: HOUR_MS },
      { limit: settings.pointsPerDay, windowMs: DAY_MS },
    );
    this.calls = new RepoCalls(parts.repos, points, world.now);
  }

  routes(): Route[] {
    const platform = this.platform();
    const { calls } = this;
    const { feed, sessions } = this.parts;
    const open = (method: string, name: string, answer: Route['answer']): Route => ({
      method,
      path: `/xrpc/${name}`,
      answer,
      platform,
    });
    const owned = (method: string, name: string, answer: Owned) =>
      open(method, name, (call) => answer(call, sessions.account(call)));
    return [
      open('GET', 'com.atproto.server.describeServer', () =>
        ok({ did: 'did:web:localhost', availableUserDomains: ['.example'], inviteCodeRequired: true }),
      ),
      open('POST', 'com.atproto.server.createSession', (call) => this.logIn(call)),
      open('POST', 'com.atproto.server.refreshSession', (call) => ok(sessions.refresh(call))),
      owned('GET', 'com.atproto.server.getSession', (_, { handle }) =>
        ok({ did: didOf(handle), handle, active: true }),
      ),
      open('GET', 'com.atproto.identity.resolveHandle', (call) =>
        ok({ did: didOf(call.query.get('handle') ?? '') }),
      ),
      owned('POST', 'com.atproto.repo.putRecord', (call, account) => calls.put(call, account)),
      owned('POST', 'com.atproto.repo.createRecord', (call, account) => calls.create(call, account)),
      owned('POST', 'com.atproto.repo.deleteRecord', (call, account) => calls.remove(call, account)),
      owned('POST', 'com.atproto.repo.applyWrites', (call, account) => calls.many(call, account)),
      open('GET', 'com.atproto.repo.getRecord', (call) => calls.record(call)),
      open('GET', 'com.atproto.repo.listRecords', (call) => calls.records(call)),
      open('GET', 'app.bsky.feed.getPosts', (call) => feed.posts(call)),
      open('GET', 'app.bsky.feed.getPostThread', (call) => feed.thread(call)),
      owned('GET', 'app.bsky.notification.listNotifications', (call, account) =>
        feed.notifications(call, account),
      ),
    ];
  }

  private platform(): Platform {
    return {
      fault: (call) => {
        const to = this.parts.sessions.handle(call);
        const on = call.method === 'GET' ? 'read' : 'write';
        return this.world.faults.take('bluesky', FAULT_KINDS.bluesky, {
          on,
          ...(to !== undefined && { to }),
        });
      },
      instead: (fault) => this.instead(fault),
    };
  }

  private instead(fault: Fault): Answer | undefined {
    switch (fault.kind) {
      case '429':
        return throttled({
          limit: this.settings.pointsPerHour,
          remaining: 0,
          resetAt: this.world.now() + fault.ms,
          allowed: false,
        });
      case '503':
        return xrpcError(503, 'NotEnoughResources', 'Service Unavailable').answer;
      case '401':
        return xrpcError(400, 'InvalidToken', 'Token has been revoked').answer;
      case 'refuse':
        return xrpcError(400, 'InvalidRequest', 'Invalid app.bsky.feed.post record').answer;
      default:
        return undefined;
    }
  }

  private logIn(call: Call): Answer {
    const { identifier, password } = read(
      z.looseObject({ identifier: z.string(), password: z.string() }),
      call,
    );
    const allowance = this.logIns.take(identifier, this.world.now());
    return allowance.allowed ? ok(this.parts.sessions.create(identifier, password)) : throttled(allowance);
  }
}
