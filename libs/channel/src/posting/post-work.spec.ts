import { beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, type Instant } from '#contracts';
import { DatabaseAway } from '#postgres';
import { deliveryId, silentLog, sleep, textHash } from '#runtime';
import { account, FakePlatform, flood, warning } from '../testing/index.js';
import type { Armed, Arming } from '../chunks/arming.js';
import type { ChunkStore, TakenChunk } from '../chunks/chunk-store.js';
import type { DeliveryStore, Settled } from '../chunks/delivery-store.js';
import { Shutters } from '../gate/shutters.js';
import type { Leases } from '../handing-out/leases.js';
import type { PostRow, PostStore } from './post-store.js';
import { PlatformSide } from './platform-side.js';
import { PostWork } from './post-work.js';

const AT = toInstant('2026-11-21T10:00:00.000Z');
const UNTIL = toInstant('2026-11-21T16:00:00.000Z');
const accountId = account(1);
const key = { warningId: warning(1), version: 1, act: 'issue' as const, chunk: 0 };
const text = 'Leave Skegness now.';
const deliveryIdOfPost = deliveryId({ ...key, channel: 'social', target: accountId, part: 1 });
const about = { accountId, channel: 'social', platform: 'fake', language: 'en-GB', act: 'issue' };
const composed = { ...about, variant: 'first', leftOut: [], parts: [{ text, sha256: textHash(text) }] };
const sending = { ...key, mode: 'exercise', issuedAt: AT, sendUntil: UNTIL, severity: 'Minor', media: [] };
const chunk = {
  key,
  fence: 1,
  accountId,
  incidentId: flood,
  sending,
  texts: [composed],
} as unknown as TakenChunk;
const row = {
  deliveryId: deliveryIdOfPost,
  part: 1,
  language: 'en-GB',
  variant: 'first',
  answers: null,
  standsAlone: false,
  state: 'deferred',
  attempt: 0,
  unknowns: 0,
  due: true,
  ref: null,
  reason: null,
  detail: null,
} satisfies PostRow;

let platform: FakePlatform;
let armed: Armed | Error;
let isHeld: boolean;
let stopping: AbortController;
let settled: Settled[];
let did: string[];
let fails: number;
let now: Instant;
const shutters = () => work.shutters;
let work: { run: () => Promise<unknown>; shutters: Shutters };

beforeEach(() => {
  platform = new FakePlatform();
  armed = { armed: 7n, leftMs: 60_000 };
  isHeld = true;
  stopping = new AbortController();
  settled = [];
  did = [];
  fails = 0;
  now = AT;
  const parts = {
    accounts: new Map([[accountId, { account: { accountId, platform: 'fake' }, adapter: platform }]]),
    platform: new PlatformSide(() => platform.capabilities()),
    chunks: {
      take: () => Promise.resolve(chunk),
      release: async (_: unknown, pauseMs = 0) => void did.push(pauseMs > 0 ? 'rests' : 'given back'),
    } as Partial<ChunkStore>,
    deliveries: {
      inDoubt: () => Promise.resolve([]),
      settle: async (_: unknown, window: bigint | null, all: readonly Settled[]) => {
        if (fails-- > 0) throw new DatabaseAway(new Error('Connection terminated'));
        settled.push(...all);
        if (window !== null) did.push(`window ${window} closed`);
      },
    } as Partial<DeliveryStore>,
    arming: {
      arm: async (_: unknown, ids) => {
        did.push(`armed ${ids.length}`);
        if (armed instanceof Error) throw armed;
        return armed;
      },
      disarm: async (_: unknown, ids) => void did.push(`disarmed ${ids.length}`),
    } as Partial<Arming>,
    posts: {
      all: () => Promise.resolve([row]),
      report: () => Promise.resolve(),
      holdBehind: () => Promise.resolve(),
    } as Partial<PostStore>,
    leases: { hold: () => ({ held: () => isHeld, letGo: () => {} }) } as Partial<Leases>,
    shutters: new Shutters(),
    againAfterMs: [],
    sampleAfterMs: undefined,
    clock: { now: () => now },
    log: silentLog,
  } as unknown as ConstructorParameters<typeof PostWork>[0];
  const postWork = new PostWork(parts);
  work = { run: () => postWork.run(key, stopping.signal), shutters: parts.shutters };
});

describe('a post', () => {
  it('is armed, published and settled', async () => {
    await work.run();
    expect(did).toEqual(['armed 1', 'window 7 closed']);
    expect(settled).toMatchObject([{ state: 'accepted', tried: true }]);
    expect(platform.texts(accountId)).toEqual([text]);
  });

  it('that stands on the platform is on record as that, although the database restarts meanwhile', async () => {
    fails = 2;
    await work.run();
    expect(did).toEqual(['armed 1', 'window 7 closed']);
    expect([platform.calls, settled]).toMatchObject([1, [{ state: 'accepted' }]]);
  });

  it('is taken back when nobody can say whether it was armed: nothing has left', async () => {
    armed = new DatabaseAway(new Error('Connection terminated'));
    await expect(work.run()).rejects.toThrow('does not answer');
    expect([did, platform.calls]).toEqual([['armed 1', 'disarmed 1', 'rests'], 0]);
  });

  it('leaves also when the clock of this machine is fast: the database says how much time is left', async () => {
    now = toInstant(Date.parse(UNTIL) + 3_600_000);
    let isAborted: boolean | undefined;
    platform.behave = async (_, { signal }) => {
      await sleep(50);
      isAborted = signal.aborted;
      return undefined;
    };
    await work.run();
    expect([platform.calls, isAborted]).toEqual([1, false]);
  });

  it.each<[string, () => void, number?]>([
    ['its lease ran out', () => void (isHeld = false)],
    ['it was cancelled', () => shutters().cancelled(key.warningId, 1)],
    ['it was replaced', () => shutters().issued(key.warningId, 2)],
    ['the process stops', () => stopping.abort()],
    ['its time was over, by the clock of the database', () => {}, 0],
  ])(
    'does not leave any more when %s while its pictures were uploaded',
    async (_, happens, leftMs = 60_000) => {
      armed = { armed: 7n, leftMs };
      const stage = platform.stage.bind(platform);
      platform.stage = (part) => (happens(), stage(part));
      await work.run();
      expect(platform.calls).toBe(0);
      expect(settled).toMatchObject([{ state: 'deferred', waitMs: 0, tried: false }]);
    },
  );
});

describe('a post whose platform does not say what the account can do', () => {
  beforeEach(() => void (platform.capabilities = () => Promise.reject(new Error('connection refused'))));

  it('waits a while for the next try, armed for nobody', async () => {
    await work.run();
    expect(did).toEqual(['armed 0', 'window 7 closed']);
    expect(settled).toMatchObject([{ state: 'deferred', waitMs: 5_000 }]);
  });

  it.each([
    ['cancelled', 'cancelled'],
    ['superseded', 'cancelled'],
    ['expired', 'expired'],
  ] as const)('ends all the same when it was %s', async (shut, state) => {
    armed = { shut, inMs: null };
    await work.run();
    expect(settled).toMatchObject([{ state }]);
  });

  it('waits as well when the adapter cannot form it', async () => {
    platform.capabilities = () => new FakePlatform().capabilities();
    platform.form = () => {
      throw new Error('a facet has no end');
    };
    await work.run();
    expect(settled).toMatchObject([{ state: 'deferred', waitMs: 5_000 }]);
  });
});

it('an account whose work fails rests before somebody tries again', async () => {
  platform.publish = () => Promise.resolve(undefined as never);
  await expect(work.run()).rejects.toThrow();
  expect(did).toEqual(['armed 1', 'rests']);
});
