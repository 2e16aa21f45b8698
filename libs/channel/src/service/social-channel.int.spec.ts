import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instant } from '#contracts';
import { account, busyUntil, cancelled, FakePlatform, SocialWorld } from '../testing/index.js';

let world: SocialWorld;
let platform: FakePlatform;

beforeEach(async () => {
  world = await SocialWorld.open();
  platform = new FakePlatform();
});
afterEach(() => world.close());

const cancel = (version: number) => cancelled({ version, at: world.clock.now() });

describe('a warning on social accounts', () => {
  it('is posted part by part, each answering the one before', async () => {
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1, { parts: 3 }));
    expect(await world.settled()).toEqual({ accepted: 3 });
    expect(platform.posts.map(({ text, parent, root }) => [text, parent, root])).toEqual([
      ['v1 first 1', null, null],
      ['v1 first 2', 'post-1', 'post-1'],
      ['v1 first 3', 'post-2', 'post-1'],
    ]);
    const facts = await world.until(
      () => world.facts('PostReported'),
      (all) => all.length === 6,
    );
    expect(facts.map(({ part, state }) => `${String(part)} ${String(state)}`)).toEqual([
      '1 pending',
      '2 pending',
      '3 pending',
      '1 accepted',
      '2 accepted',
      '3 accepted',
    ]);
    expect(facts.at(-1)).toMatchObject({
      ref: 'post-3',
      url: 'https://fake.example/post-3',
      platform: 'fake',
    });
  });

  it('is answered by its update and its all-clear', async () => {
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1));
    await world.settled(1);
    await world.publish(world.issued(2));
    await world.settled(2);
    await world.publish(world.issued(3, { message: 'all-clear' }));
    await world.settled(3);
    expect(platform.posts.map(({ text, parent }) => [text, parent])).toEqual([
      ['v1 first 1', null],
      ['v2 thread 1', 'post-1'],
      ['v3 thread 1', 'post-1'],
    ]);
  });

  it('is not held up on one account by another that is slow', async () => {
    const slow = new FakePlatform();
    let goOn = (): void => {};
    const stuck = new Promise<void>((resolve) => (goOn = resolve));
    slow.behave = () => stuck.then(() => undefined);
    const service = await world.service([slow, platform]);
    await service.start();
    await world.publish(world.issued(1, { accounts: 2 }));
    await world.until(
      () => platform.posts.length,
      (posts) => posts === 1,
    );
    expect(slow.posts).toHaveLength(0);
    goOn();
    await world.settled();
  });

  it('is posted again when the platform was busy, and not before it said', async () => {
    const called: Instant[] = [];
    platform.behave = (_, ctx) =>
      called.push(ctx.clock.now()) === 1 ? busyUntil(world.clock.in(300)) : undefined;
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1, { parts: 2 }));
    expect(await world.settled()).toEqual({ accepted: 2 });
    expect(called).toHaveLength(3);
    expect(Date.parse(called[1] ?? '') - Date.parse(called[0] ?? '')).toBeGreaterThanOrEqual(300);
    expect(platform.texts(account(1))).toEqual(['v1 first 1', 'v1 first 2']);
  });

  it('is found on the platform after a lost reply, and not posted twice', async () => {
    let lost = 0;
    platform.behave = () => (lost++ === 0 ? 'lost-reply' : undefined);
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1));
    expect(await world.settled()).toEqual({ accepted: 1 });
    expect(platform.posts).toHaveLength(1);
    expect(platform.calls).toBe(1);
    const facts = await world.until(
      () => world.facts('PostReported'),
      (all) => all.at(-1)?.['state'] === 'accepted',
    );
    expect(facts.at(-1)).toMatchObject({ wasUnknown: true, ref: 'post-1' });
  });

  it('is posted once more when the platform does not have it', async () => {
    let lost = 0;
    platform.behave = () => (lost++ === 0 ? 'lost-request' : undefined);
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1));
    expect(await world.settled()).toEqual({ accepted: 1 });
    expect(platform.calls).toBe(2);
    expect(platform.posts).toHaveLength(1);
  });

  it.each([
    ['stays unknown when it is mild', 'Minor' as const, 1, { unknown: 1 }],
    ['is posted once more when it is grave', 'Severe' as const, 2, { accepted: 1 }],
  ])('whose fate nobody can tell %s', async (_, severity, calls, states) => {
    let lost = 0;
    platform.behave = () => (lost++ === 0 ? 'lost-request' : undefined);
    platform.see = () => ({ kind: 'cannot-tell' });
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1, { severity }));
    expect(await world.settled()).toEqual(states);
    expect(platform.calls).toBe(calls);
  });

  it('ends its thread where the platform refuses a part', async () => {
    platform.behave = ({ part }) =>
      part === 2 ? { outcome: 'refused', reason: 'too-long', detail: 'limit is 300' } : undefined;
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1, { parts: 3 }));
    expect(await world.settled()).toEqual({ accepted: 1, refused: 2 });
    expect(platform.calls).toBe(2);
  });

  it('refuses loudly for an account that this service does not have', async () => {
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1, { accounts: 2 }));
    expect(await world.settled()).toEqual({ accepted: 1, refused: 1 });
    const facts = await world.until(
      () => world.facts('PostReported'),
      (all) => all.length === 4,
    );
    expect(facts.find(({ state }) => state === 'refused')).toMatchObject({
      detail: 'this service has no such account',
    });
  });
});

describe('a cancel on social accounts', () => {
  it('goes where the warning was accepted, and nowhere else', async () => {
    const refusing = new FakePlatform();
    refusing.behave = ({ act }) =>
      act === 'issue' ? { outcome: 'refused', reason: 'auth', detail: 'token revoked' } : undefined;
    const service = await world.service([platform, refusing]);
    await service.start();
    await world.publish(world.issued(1, { accounts: 2 }));
    await world.settled(1);
    await world.publish(cancel(1));
    await world.settled(1, 'cancel');
    expect(platform.texts(account(1))).toEqual(['v1 first 1', 'withdrawn v1']);
    expect(refusing.posts).toHaveLength(0);
  });

  it('goes where the update failed but the warning stands', async () => {
    platform.behave = ({ version, act }) =>
      version === 2 && act === 'issue' ? { outcome: 'refused', reason: 'policy', detail: 'no' } : undefined;
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1));
    await world.settled(1);
    await world.publish(world.issued(2));
    await world.settled(2);
    await world.publish(cancel(2));
    expect(await world.settled(2, 'cancel')).toEqual({ accepted: 1 });
    expect(platform.texts(account(1))).toEqual(['v1 first 1', 'withdrawn v2']);
  });

  it('that overtakes its warning wins', async () => {
    const service = await world.service([platform]);
    await service.start();
    await world.publish(cancel(1));
    await world.until(
      () => world.facts('GateInForce'),
      (facts) => facts.length === 1,
    );
    await world.publish(world.issued(1));
    await world.until(
      () => world.facts('GateInForce'),
      (facts) => facts.length === 2,
    );
    const plans = await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.some(({ act }) => act === 'issue'),
    );
    for (const plan of plans) {
      expect(plan).toMatchObject({ version: 1, recipients: 0, complete: true });
      expect(plan).not.toHaveProperty('refused');
    }
    expect(platform.calls).toBe(0);
  });

  it('ends what was waiting to be tried again', async () => {
    platform.behave = ({ act }, ctx) => (act === 'issue' ? busyUntil(ctx.deadline) : undefined);
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1));
    await world.until(
      () => platform.calls,
      (calls) => calls === 1,
    );
    await world.publish(cancel(1));
    expect(await world.settled(1)).toEqual({ cancelled: 1 });
    await world.settled(1, 'cancel').catch(() => undefined);
    expect(platform.posts).toHaveLength(0);
  });
});

describe('an update on social accounts', () => {
  it('is a first message where the warning was refused', async () => {
    platform.behave = ({ version }) =>
      version === 1 ? { outcome: 'refused', reason: 'auth', detail: 'token expired' } : undefined;
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1));
    await world.settled(1);
    await world.publish(world.issued(2));
    await world.settled(2);
    expect(platform.posts.map(({ text, parent }) => [text, parent])).toEqual([['v2 alone 1', null]]);
  });

  it('is no word at all where the warning was refused and all is clear', async () => {
    platform.behave = () => ({ outcome: 'refused', reason: 'auth', detail: 'token expired' });
    const service = await world.service([platform]);
    await service.start();
    await world.publish(world.issued(1));
    await world.settled(1);
    await world.publish(world.issued(2, { message: 'all-clear' }));
    expect(await world.settled(2)).toEqual({});
    expect(platform.calls).toBe(1);
    expect(await world.facts('PlanReported')).toMatchObject([{ version: 2, recipients: 0, complete: true }]);
  });
});

describe('what a platform counts', () => {
  it('comes back as samples, null where it does not tell', async () => {
    platform.counts = { shares: 3, likes: null, replies: 1 };
    const service = await world.service([platform], { sampleEveryMs: [20, 1_500] });
    await service.start();
    await world.publish(world.issued(1));
    await world.until(
      () => world.facts('EngagementSampled'),
      (facts) => facts.length === 1,
    );
    platform.counts = { shares: 5, likes: null, replies: 1 };
    const facts = await world.until(
      () => world.facts('EngagementSampled'),
      (all) => all.length === 2,
    );
    expect(facts.map(({ shares, likes, replies }) => [shares, likes, replies])).toEqual([
      [3, null, 1],
      [5, null, 1],
    ]);
  });

  it('is what its accounts can do as well: reported at start', async () => {
    platform.max = 432;
    const service = await world.service([platform]);
    await service.start();
    const [report] = await world.until(
      () => world.facts('AccountReported'),
      (facts) => facts.length === 1,
    );
    expect(report).toMatchObject({ accountId: account(1), platform: 'fake', limits: { max: 432 } });
  });
});

describe('a version that leaves the social channel out', () => {
  it('posts nothing, and says how many accounts still show the one before', async () => {
    const platforms = [new FakePlatform(), new FakePlatform()];
    const service = await world.service(platforms);
    await service.start();
    await world.publish(world.issued(1, { accounts: 2 }));
    expect(await world.settled()).toEqual({ accepted: 2 });
    await world.publish(world.issued(2, { accounts: 0, channels: ['email'] }));
    const [plan] = await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length > 0,
    );
    expect(plan).toMatchObject({
      version: 2,
      channel: 'social',
      recipients: 0,
      refused: 'version 2 leaves this channel out, and 2 here still have an earlier one',
    });
    expect(platforms.map(({ posts }) => posts.length)).toEqual([1, 1]);
  });
});

describe('a cancel after a version that left an account out', () => {
  it('goes there as well, with the text that was approved for that account', async () => {
    const platforms = [new FakePlatform(), new FakePlatform()];
    const service = await world.service(platforms);
    await service.start();
    await world.publish(world.issued(1, { accounts: 2 }));
    expect(await world.settled()).toEqual({ accepted: 2 });
    await world.publish(world.issued(2, { accounts: 1 }));
    expect(await world.settled(2)).toEqual({ accepted: 1 });
    await world.publish(cancel(2));
    expect(await world.settled(2, 'cancel')).toEqual({ accepted: 2 });
    expect(platforms.map((one, n) => one.texts(account(n + 1)))).toEqual([
      ['v1 first 1', 'v2 thread 1', 'withdrawn v2'],
      ['v1 first 1', 'withdrawn v1'],
    ]);
  });
});
