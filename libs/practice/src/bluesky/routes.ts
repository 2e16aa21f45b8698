import { z } from 'zod';
import type { PracticeAccount } from '../platform/account.js';
import { FAULT_KINDS, type Fault } from '../platform/faults.js';
import type { Answer } from '../http/answer.js';
import type { Call, Platform, Route } from '../http/http-door.js';
import { RateWindow } from '../http/rate-window.js';
import type { World } from '../platform/world.js';
import { cidOf } from '../atproto/cid.js';
import { faultOf, tid } from '../atproto/lexicon.js';
import { Feed } from './feed.js';
import type { Repos, Write } from './repos.js';
import { didOf, type Sessions } from './sessions.js';
import { ok, pageOf, rateHeaders, read, throttled, xrpcError } from './xrpc.js';

/** How this server behaves. `accessMs` is how long an access token lives. */
export type BlueskySettings = { pointsPerHour: number; logInsPerFiveMinutes: number; accessMs: number };

/** Bluesky's limits as its own page gives them (docs: rate limits): a record created costs 3 points, replaced 2, deleted 1. */
export const BLUESKY_SETTINGS: BlueskySettings = {
  pointsPerHour: 5_000,
  logInsPerFiveMinutes: 30,
  accessMs: 7_200_000,
};

const HOUR_MS = 3_600_000;
const FIVE_MINUTES_MS = 300_000;

const Put = z.looseObject({
  repo: z.string(),
  collection: z.string(),
  rkey: z.string(),
  record: z.record(z.string(), z.unknown()),
  swapRecord: z.string().nullish(),
});
const Create = Put.omit({ rkey: true, swapRecord: true }).extend({ rkey: z.string().optional() });
const Delete = Put.omit({ record: true });
const Many = z.looseObject({
  repo: z.string(),
  writes: z.array(
    z.looseObject({
      $type: z.enum(['create', 'update', 'delete'].map((name) => `com.atproto.repo.applyWrites#${name}`)),
      collection: z.string(),
      rkey: z.string().optional(),
      value: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

type Owned = (call: Call, account: PracticeAccount) => Promise<Answer> | Answer;

/** The XRPC methods of a Bluesky server that a warning service uses. Errors carry the names that real servers give. */
export class BlueskyServer {
  private readonly points: RateWindow;
  private readonly feed: Feed;
  private readonly logIns: RateWindow;

  constructor(
    private readonly world: World,
    private readonly repos: Repos,
    private readonly sessions: Sessions,
    private readonly settings: BlueskySettings,
  ) {
    this.feed = new Feed(repos);
    this.points = new RateWindow(settings.pointsPerHour, HOUR_MS);
    this.logIns = new RateWindow(settings.logInsPerFiveMinutes, FIVE_MINUTES_MS);
  }

  routes(): Route[] {
    const platform = this.platform();
    const open = (method: string, name: string, answer: Route['answer']): Route => ({
      method,
      path: `/xrpc/${name}`,
      answer,
      platform,
    });
    const owned = (method: string, name: string, answer: Owned) =>
      open(method, name, (call) => answer(call, this.sessions.account(call)));
    return [
      open('GET', 'com.atproto.server.describeServer', () =>
        ok({ did: 'did:web:localhost', availableUserDomains: ['.example'], inviteCodeRequired: true }),
      ),
      open('POST', 'com.atproto.server.createSession', (call) => this.logIn(call)),
      open('POST', 'com.atproto.server.refreshSession', (call) => ok(this.sessions.refresh(call))),
      owned('GET', 'com.atproto.server.getSession', (_, { handle }) =>
        ok({ did: didOf(handle), handle, active: true }),
      ),
      open('GET', 'com.atproto.identity.resolveHandle', (call) =>
        ok({ did: didOf(call.query.get('handle') ?? '') }),
      ),
      owned('POST', 'com.atproto.repo.putRecord', (call, account) => this.put(call, account)),
      owned('POST', 'com.atproto.repo.createRecord', (call, account) => this.create(call, account)),
      owned('POST', 'com.atproto.repo.deleteRecord', (call, account) => this.remove(call, account)),
      owned('POST', 'com.atproto.repo.applyWrites', (call, account) => this.many(call, account)),
      open('GET', 'com.atproto.repo.getRecord', (call) => this.record(call)),
      open('GET', 'com.atproto.repo.listRecords', (call) => this.records(call)),
      open('GET', 'app.bsky.feed.getPosts', (call) => this.feed.posts(call)),
      open('GET', 'app.bsky.feed.getPostThread', (call) => this.feed.thread(call)),
      owned('GET', 'app.bsky.notification.listNotifications', (call, account) =>
        this.feed.notifications(call, account),
      ),
    ];
  }

  private platform(): Platform {
    return {
      fault: (call) => {
        const to = this.sessions.handle(call);
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
    return allowance.allowed ? ok(this.sessions.create(identifier, password)) : throttled(allowance);
  }

  private async put(call: Call, account: PracticeAccount): Promise<Answer> {
    const { collection, rkey, record, swapRecord: swap } = this.owned(Put, call, account);
    return this.write(account, [{ action: 'put', collection, rkey, record, swap }], 2, ([done]) => ({
      ...this.committed(done?.changed === true),
      uri: done?.uri,
      cid: done?.cid,
      validationStatus: 'valid',
    }));
  }

  private create(call: Call, account: PracticeAccount): Promise<Answer> | Answer {
    const { collection, rkey = this.freshKey(), record } = this.owned(Create, call, account);
    return this.write(account, [{ action: 'create', collection, rkey, record }], 3, ([done]) => {
      return { ...this.committed(true), uri: done?.uri, cid: done?.cid, validationStatus: 'valid' };
    });
  }

  private remove(call: Call, account: PracticeAccount): Promise<Answer> | Answer {
    const { collection, rkey } = this.owned(Delete, call, account);
    return this.write(account, [{ action: 'delete', collection, rkey }], 1, ([done]) =>
      this.committed(done?.changed === true),
    );
  }

  private many(call: Call, account: PracticeAccount): Promise<Answer> | Answer {
    const { writes } = this.owned(Many, call, account);
    const asked = writes.map(({ $type, collection, rkey: given, value: record = {} }, n): Write => {
      const rkey = given ?? this.freshKey(n);
      if ($type.endsWith('#delete')) return { action: 'delete', collection, rkey };
      return { action: $type.endsWith('#create') ? 'create' : 'put', collection, rkey, record };
    });
    return this.write(account, asked, 3 * asked.length, (done) => {
      return {
        ...this.committed(true),
        results: done.map(({ uri, cid }) => ({ uri, cid, validationStatus: 'valid' })),
      };
    });
  }

  private async write(
    { handle }: PracticeAccount,
    writes: readonly Write[],
    cost: number,
    told: (done: { uri: string; cid: string; changed: boolean }[]) => object,
  ): Promise<Answer> {
    const allowance = this.points.take(handle, this.world.now(), cost);
    if (!allowance.allowed) return throttled(allowance);
    for (const write of writes) {
      const fault =
        write.action === 'delete' ? undefined : faultOf(write.collection, write.rkey, write.record);
      if (fault !== undefined) throw xrpcError(400, 'InvalidRequest', fault);
    }
    const body = told(await this.repos.write(handle, writes));
    return { status: 200, headers: rateHeaders(allowance), body };
  }

  private record(call: Call): Answer {
    const [repo, collection, rkey] = ['repo', 'collection', 'rkey'].map((name) => call.query.get(name) ?? '');
    const kept = this.repos.get(`at://${asDid(repo!)}/${collection}/${rkey}`);
    if (kept === undefined)
      throw xrpcError(400, 'RecordNotFound', `Could not locate record: at://${repo}/${collection}/${rkey}`);
    return ok({ uri: kept.uri, cid: kept.cid, value: kept.record });
  }

  private records(call: Call): Answer {
    const repo = call.query.get('repo') ?? '';
    const { page, next } = pageOf(
      this.repos.list(asDid(repo), call.query.get('collection') ?? ''),
      call.query,
    );
    return ok({ records: page.map(({ uri, cid, record: value }) => ({ uri, cid, value })), ...next });
  }

  private owned<Body extends { repo: string }>(
    schema: z.ZodType<Body>,
    call: Call,
    account: PracticeAccount,
  ): Body {
    const body = read(schema, call);
    if (asDid(body.repo) !== didOf(account.handle))
      throw xrpcError(401, 'AuthenticationRequired', 'Authentication Required');
    return body;
  }

  private committed(changed: boolean): object {
    const rev = this.freshKey();
    return changed ? { commit: { cid: cidOf({ rev }), rev } } : {};
  }

  private freshKey(clockId = 0): string {
    return tid(BigInt(this.world.now()) * 1000n, clockId);
  }
}

function asDid(repo: string): string {
  return repo.startsWith('did:') ? repo : didOf(repo);
}
