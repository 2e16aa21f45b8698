import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Severity } from '#contracts';
import { sleep } from '#runtime';
import { LEASE_MS } from '../chunks/chunk-store.js';
import { cancelled, FakeSender, issued, ListWorld, listTexts, warning } from '../testing/index.js';

let world: ListWorld;
let post: FakeSender;

beforeEach(async () => {
  world = await ListWorld.open('email');
  post = new FakeSender('email');
});
afterEach(() => world.close());

const crowd = (size: number) =>
  Array.from(
    { length: size },
    (_, n) => `p${n}@example.org,en-GB,53.1,${(0.21 + (n % 80) / 1000).toFixed(3)},yes`,
  );
const first = (severity: Severity = 'Minor') =>
  issued({
    at: world.clock.now(),
    expiresAt: world.clock.in(60_000),
    severity,
    composed: listTexts('email', 1),
  });
const cancel = () => cancelled({ at: world.clock.now() });
const lastCounts = async () => (await world.facts('ChunkReported')).at(-1)?.['counts'];
const arrivals = () => {
  const times = new Map<string, number>();
  for (const { to } of post.taken) times.set(to, (times.get(to) ?? 0) + 1);
  return times;
};

/** A sender that takes the first `count` mails of its first window and is never heard of again. */
function dies(count: number): () => Promise<void> {
  let wake: () => void = () => {};
  const dead = new Promise<void>((resolve) => (wake = resolve));
  let taken = 0;
  post.behave = async () => {
    if (taken++ >= count && taken <= count + 1) await dead;
    return undefined;
  };
  return async () => {
    wake();
    await sleep(50);
  };
}

describe('a worker that dies with a window armed', () => {
  it('leaves its recipients unknown, for good and marked, when the warning is mild', async () => {
    const service = await world.service(post);
    await world.subscribe(...crowd(10));
    const wakeUp = dies(4);
    await service.start();
    await world.publish(first('Minor'));
    await world.until(
      () => post.taken.length,
      (taken) => taken === 4,
    );
    await world.killWorkers();
    expect(await world.settled()).toEqual({ unknown: 10 });
    expect(post.taken).toHaveLength(4);
    expect(await world.until(lastCounts, (counts) => counts !== undefined)).toMatchObject({
      unknown: 10,
      wasUnknown: 10,
    });
    await wakeUp();
  });

  it('has its recipients sent the identical message once more when the warning is grave', async () => {
    const service = await world.service(post);
    await world.subscribe(...crowd(10));
    const wakeUp = dies(4);
    await service.start();
    await world.publish(first('Severe'));
    await world.until(
      () => post.taken.length,
      (taken) => taken === 4,
    );
    await world.killWorkers();
    expect(await world.settled()).toEqual({ accepted: 10 });
    const times = arrivals();
    expect([...times.values()].filter((n) => n === 2)).toHaveLength(4);
    expect(new Set(post.taken.map(({ deliveryId }) => deliveryId)).size).toBe(10);
    expect(await world.until(lastCounts, (counts) => counts !== undefined)).toMatchObject({
      accepted: 10,
      wasUnknown: 10,
    });
    await wakeUp();
  });

  it('and wakes up too late writes to nobody, and what it knows for certain corrects the unknown', async () => {
    const service = await world.service(post);
    await world.subscribe(...crowd(10));
    const wakeUp = dies(4);
    await service.start();
    await world.publish(first('Minor'));
    await world.until(
      () => post.taken.length,
      (taken) => taken === 4,
    );
    await world.killWorkers();
    await world.settled();
    await sleep(LEASE_MS); // its lease was not kept: by now it knows
    await wakeUp();
    const states = await world.until(
      () => world.states(),
      (seen) => 'accepted' in seen,
    );
    expect(states).toEqual({ accepted: 5, unknown: 5 }); // the one in hand when it froze left, as it had begun to
    expect(post.taken).toHaveLength(5);
    expect(
      await world.until(lastCounts, (counts) => (counts as { accepted: number }).accepted === 5),
    ).toMatchObject({
      accepted: 5,
      unknown: 5,
      wasUnknown: 10,
    });
  });

  it('leaves few in doubt, however long the list: two windows of 25', async () => {
    const other = new FakeSender('email');
    const dead = await world.service(post);
    await world.subscribe(...crowd(600));
    let wake: () => void = () => {};
    const died = new Promise<void>((resolve) => (wake = resolve));
    post.behave = async () => {
      if (post.taken.length >= 120) await died;
      return undefined;
    };
    await dead.start();
    await world.publish(first('Minor'));
    await world.until(
      () => post.taken.length,
      (taken) => taken >= 120,
    );
    await sleep(50); // both windows are armed and hang
    await world.killWorkers();
    const successor = await world.service(other);
    await successor.start();
    await world.until(
      () => world.states(),
      (states) => 'unknown' in states,
    );
    wake();
    const states = await world.settled();
    const marked = await world.test.db.query(`select 1 from ${world.schema}.delivery where unknowns > 0`);
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.length).toBeLessThanOrEqual(2 * 25);
    expect((states['accepted'] ?? 0) + (states['unknown'] ?? 0)).toBe(600);
    const all = [...post.taken, ...other.taken].map(({ to }) => to);
    expect(new Set(all).size).toBe(all.length); // a mild warning: nobody twice
  });

  it('leaves people who get the cancel, because the warning may have reached them', async () => {
    const service = await world.service(post);
    await world.subscribe(...crowd(10));
    const wakeUp = dies(4);
    await service.start();
    await world.publish(first('Minor'));
    await world.until(
      () => post.taken.length,
      (taken) => taken === 4,
    );
    await world.publish(cancel());
    await sleep(200);
    expect(await world.states(1, 'cancel')).toEqual({}); // not yet: their window has no outcome
    await world.killWorkers();
    expect(await world.settled(1, 'cancel')).toEqual({ accepted: 10 });
    expect(await world.states(1)).toEqual({ unknown: 10 });
    await wakeUp();
  });
});

describe('a service that stops and starts', () => {
  it('goes on where it was, and nobody is warned twice', async () => {
    post.behave = async () => void (await sleep(2));
    const before = await world.service(post);
    await world.subscribe(...crowd(600));
    await before.start();
    await world.publish(first());
    await world.until(
      () => post.taken.length,
      (taken) => taken > 80,
    );
    await before.close();
    const stoppedAt = post.taken.length;
    await sleep(100);
    expect(post.taken).toHaveLength(stoppedAt); // a clean stop writes to no further recipient
    const lost = await world.test.db.query(
      `select 1 from ${world.schema}.chunk join ${world.schema}.delivery using (warning_id, version, act, chunk)
       where fence > 0 and not done and lease_until is null and state = 'planned'`,
    );
    expect(lost).toEqual([]); // what was begun is handed out again: its message on the stream has come already
    const after = await world.service(post);
    await after.start();
    expect(await world.settled()).toEqual({ accepted: 600 });
    expect([...arrivals().values()].every((n) => n === 1)).toBe(true);
    expect(arrivals().size).toBe(600);
  });

  it('sends nothing that was cancelled while it was away', async () => {
    const before = await world.service(post);
    await world.subscribe(...crowd(20));
    await before.start();
    await before.close();
    await world.publish(first());
    await world.publish(cancel());
    const after = await world.service(post);
    await after.start();
    await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length === 2,
    );
    await sleep(200);
    expect(post.taken).toHaveLength(0);
  });

  it('does not send a chunk that it finds on the stream when it was cancelled while it was away', async () => {
    post.behave = () => ({ outcome: 'deferred', until: world.clock.in(50), scope: 'app' });
    const before = await world.service(post);
    await world.subscribe(...crowd(20));
    await before.start();
    await world.publish(first());
    await world.until(
      () => world.states(),
      (states) => states['deferred'] === 20,
    );
    await before.close();
    post.behave = () => undefined;
    await world.publish(cancel());
    const after = await world.service(post);
    await after.start();
    expect(await world.settled()).toEqual({ cancelled: 20 });
    expect(post.taken).toHaveLength(0);
  });
});

describe('what is armed at any moment', () => {
  it('is two windows of 25 in each lane, whatever there is to send', async () => {
    post.behave = async () => void (await sleep(3));
    const service = await world.service(post);
    await world.subscribe(...crowd(700));
    await service.start();
    const grave = issued({
      warningId: warning(2),
      at: world.clock.now(),
      expiresAt: world.clock.in(60_000),
      severity: 'Extreme',
      composed: listTexts('email', 1),
    });
    await world.publish(first('Minor'), grave);
    expect(await world.settled()).toEqual({ accepted: 1_400 });
    const most = await world.test.db.query<{ urgent: boolean; windows: number; recipients: number }>(
      `with step as (
         select warning_id, armed_at as at, 1 as n, cardinality(deliveries) as size from ${world.schema}.armed
         union all select warning_id, settled_at, -1, -cardinality(deliveries) from ${world.schema}.armed),
       sum as (select warning_id, sum(n) over w as windows, sum(size) over w as recipients from step
               window w as (partition by warning_id order by at, n))
       select warning_id = $1 as urgent, max(windows)::int as windows, max(recipients)::int as recipients
       from sum group by 1 order by 1`,
      [warning(2)],
    );
    expect(most).toEqual([
      { urgent: false, windows: 2, recipients: 50 },
      { urgent: true, windows: 2, recipients: 50 },
    ]);
  });
});

describe('two replicas', () => {
  it('share the work, and nobody is warned twice', async () => {
    const other = new FakeSender('email');
    post.behave = async () => void (await sleep(1));
    other.behave = async () => void (await sleep(1));
    const services = [await world.service(post), await world.service(other)];
    await world.subscribe(...crowd(1_500));
    await Promise.all(services.map((service) => service.start()));
    await world.publish(first());
    expect(await world.settled()).toEqual({ accepted: 1_500 });
    const all = [...post.taken, ...other.taken].map(({ to }) => to);
    expect(new Set(all).size).toBe(1_500);
    expect(all).toHaveLength(1_500);
    expect(post.taken.length).toBeGreaterThan(0);
    expect(other.taken.length).toBeGreaterThan(0);
  });
});

describe('a sender that fails', () => {
  it('by throwing leaves everybody in its window unknown, not forgotten', async () => {
    post.send = () => Promise.reject(new Error('out of memory'));
    const service = await world.service(post);
    await world.subscribe(...crowd(5));
    await service.start();
    await world.publish(first('Minor'));
    expect(await world.settled()).toEqual({ unknown: 5 });
  });

  it('by forgetting somebody leaves that person unknown', async () => {
    const service = await world.service({
      channel: 'email',
      send: async ({ recipients: [one] }, { clock }) =>
        new Map(
          one === undefined
            ? []
            : [[one.deliveryId, { outcome: 'accepted', ref: { id: 'q1' }, at: clock.now() }]],
        ),
    });
    await world.subscribe(...crowd(3));
    await service.start();
    await world.publish(first('Minor'));
    expect(await world.settled()).toEqual({ accepted: 1, unknown: 2 });
  });
});
