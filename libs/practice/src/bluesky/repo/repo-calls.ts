import { z } from 'zod';
import { cidOf } from '../../atproto/cid.js';
import { faultOf, tid } from '../../atproto/lexicon.js';
import type { Answer } from '../../http/answer.js';
import type { RateWindow } from '../../http/rate-window.js';
import type { Call } from '../../http/route.js';
import type { PracticeAccount } from '../../platform/account.js';
import { didOf } from '../sessions.js';
import { ok, pageOf, rateHeaders, read, throttled, xrpcError } from '../xrpc.js';
import type { Repos, Write } from './repos.js';

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

/** Points that a write costs (docs: rate limits). */
const COST: Readonly<Record<Write['action'], number>> = { create: 3, put: 2, delete: 1 };

/** What an account may do with its repository: write records one by one or many at once, and read them. */
export class RepoCalls {
  constructor(
    private readonly repos: Repos,
    private readonly points: RateWindow,
    private readonly now: () => number,
  ) {}

  /** `com.atproto.repo.putRecord`. */
  async put(call: Call, account: PracticeAccount): Promise<Answer> {
    const { collection, rkey, record, swapRecord: swap } = this.owned(Put, call, account);
    return this.write(account, [{ action: 'put', collection, rkey, record, swap }], ([done]) => ({
      ...this.committed(done?.changed === true),
      uri: done?.uri,
      cid: done?.cid,
      validationStatus: 'valid',
    }));
  }

  /** `com.atproto.repo.createRecord`. */
  create(call: Call, account: PracticeAccount): Promise<Answer> | Answer {
    const { collection, rkey = this.freshKey(), record } = this.owned(Create, call, account);
    return this.write(account, [{ action: 'create', collection, rkey, record }], ([done]) => {
      return { ...this.committed(true), uri: done?.uri, cid: done?.cid, validationStatus: 'valid' };
    });
  }

  /** `com.atproto.repo.deleteRecord`. */
  remove(call: Call, account: PracticeAccount): Promise<Answer> | Answer {
    const { collection, rkey } = this.owned(Delete, call, account);
    return this.write(account, [{ action: 'delete', collection, rkey }], ([done]) =>
      this.committed(done?.changed === true),
    );
  }

  /** `com.atproto.repo.applyWrites`: all of them or none. */
  many(call: Call, account: PracticeAccount): Promise<Answer> | Answer {
    const { writes } = this.owned(Many, call, account);
    const asked = writes.map(({ $type, collection, rkey: given, value: record = {} }, n): Write => {
      const rkey = given ?? this.freshKey(n);
      if ($type.endsWith('#delete')) return { action: 'delete', collection, rkey };
      return { action: $type.endsWith('#create') ? 'create' : 'put', collection, rkey, record };
    });
    return this.write(account, asked, (done) => {
      return {
        ...this.committed(true),
        results: done.map(({ uri, cid }) => ({ uri, cid, validationStatus: 'valid' })),
      };
    });
  }

  private async write(
    { handle }: PracticeAccount,
    writes: readonly Write[],
    told: (done: { uri: string; cid: string; changed: boolean }[]) => object,
  ): Promise<Answer> {
    const cost = writes.reduce((sum, { action }) => sum + COST[action], 0);
    const allowance = this.points.take(handle, this.now(), cost);
    if (!allowance.allowed) return throttled(allowance);
    for (const write of writes) {
      const fault =
        write.action === 'delete' ? undefined : faultOf(write.collection, write.rkey, write.record);
      if (fault !== undefined) throw xrpcError(400, 'InvalidRequest', fault);
    }
    const body = told(await this.repos.write(handle, writes));
    return { status: 200, headers: rateHeaders(allowance), body };
  }

  /** `com.atproto.repo.getRecord`. */
  record(call: Call): Answer {
    const [repo, collection, rkey] = ['repo', 'collection', 'rkey'].map((name) => call.query.get(name) ?? '');
    const kept = this.repos.get(`at://${asDid(repo!)}/${collection}/${rkey}`);
    if (kept === undefined)
      throw xrpcError(400, 'RecordNotFound', `Could not locate record: at://${repo}/${collection}/${rkey}`);
    return ok({ uri: kept.uri, cid: kept.cid, value: kept.record });
  }

  /** `com.atproto.repo.listRecords`. */
  records(call: Call): Answer {
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
    return tid(BigInt(this.now()) * 1000n, clockId);
  }
}
function asDid(repo: string): string {
  return repo.startsWith('did:') ? repo : didOf(repo);
}
