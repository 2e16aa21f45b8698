import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WarningIssued } from '#contracts';
import { sleep } from '#runtime';
import {
  ann,
  bob,
  cancelled,
  FakeSender,
  flood,
  issued,
  ListWorld,
  listTexts,
  WAINFLEET,
  warning,
  type IssuedWish,
} from '../testing/index.js';

let world: ListWorld;
let post: FakeSender;

beforeEach(async () => {
  world = await ListWorld.open('email');
  post = new FakeSender('email');
});
afterEach(() => world.close());

/** Ann and Bob live in Wainfleet, Cat in London, and nobody knows where Dan lives. */
const PEOPLE = [
  'ann@example.org,en-GB,53.10,0.24,yes',
  'bob@example.org,cy-GB,53.12,0.25,yes',
  'cat@example.org,en-GB,51.50,-0.12,yes',
  'dan@example.org,en-GB,,,yes',
];

function version(number: number, wish: Partial<IssuedWish> = {}): WarningIssued {
  const { clock } = world;
  const composed = listTexts('email', number, ['en-GB', 'cy-GB']);
  return issued({ version: number, at: clock.now(), expiresAt: clock.in(60_000), composed, ...wish });
}
const cancel = (number: number) => cancelled({ version: number, at: world.clock.now() });
const crowd = (size: number) =>
  Array.from(
    { length: size },
    (_, n) => `p${n}@example.org,en-GB,53.1,${(0.21 + (n % 80) / 1000).toFixed(3)},yes`,
  );

async function started(...people: string[]) {
  const service = await world.service(post);
  await world.subscribe(...people);
  await service.start();
  return service;
}
const inForce = (count: number) =>
  world.until(
    () => world.facts('GateInForce'),
    (facts) => facts.length >= count,
  );

describe('a warning on a list channel', () => {
  it('is told to its sender while an officer reads it, and nothing of it leaves before it is approved', async () => {
    await started(...PEOPLE);
    const submitted = { ...version(1), type: 'WarningSubmitted' as const, by: ann };
    await world.publish(submitted);
    await world.until(
      () => Promise.resolve(post.expected),
      (expected) => expected.length > 0,
    );
    const { incidentId, warningId, mode, content } = submitted;
    const texts = ['en-GB issue first', 'en-GB cancel alone', 'cy-GB issue first', 'cy-GB cancel alone'];
    expect(post.expected).toEqual([
      { texts, about: { incidentId, warningId, mode, severity: content.severity } },
    ]);
    expect(post.taken).toEqual([]);
  });

  it('reaches everybody in its area in their language, and nobody outside', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    expect(await world.settled()).toEqual({ accepted: 2 });
    expect(post.arrived()).toEqual([
      'ann@example.org: Flooding. v1 first en-GB',
      'bob@example.org: Flooding. v1 first cy-GB',
    ]);
    const [plan] = await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length > 0,
    );
    expect(plan).toMatchObject({ recipients: 2, chunks: 1, withoutPoint: 1, complete: true });
    const reports = await world.until(
      () => world.facts('ChunkReported'),
      (facts) => facts.length > 0,
    );
    expect(reports.at(-1)?.['counts']).toMatchObject({ planned: 2, pending: 0, accepted: 2, wasUnknown: 0 });
  });

  it('is sent once, however often its event is repeated', async () => {
    await started(...PEOPLE);
    const first = version(1);
    await world.publish(first);
    await world.settled();
    await world.publish(first, first);
    await world.publish(version(1, { warningId: warning(2), version: 1 }));
    await world.until(
      () => post.taken.length,
      (taken) => taken >= 4,
    );
    await sleep(150);
    expect(post.taken).toHaveLength(4);
    expect(await world.facts('GateInForce')).toHaveLength(4); // one per event that was published, and none twice
  });

  it('leaves in chunks while the rest is still being worked out, and reaches all of a thousand', async () => {
    await started(...crowd(1_000));
    await world.publish(version(1));
    expect(await world.settled()).toEqual({ accepted: 1_000 });
    expect(new Set(post.taken.map(({ to }) => to)).size).toBe(1_000);
    const chunks = await world.facts('ChunkPlanned');
    expect(chunks[0]).toMatchObject({ chunk: 0, recipients: 25 });
    expect(chunks.map(({ recipients }) => Number(recipients)).reduce((a, b) => a + b)).toBe(1_000);
  });

  it('goes to nobody who has opted out, and the report says why', async () => {
    const service = await started(...PEOPLE);
    const ann = await service.subscribers.byAddress('ann@example.org');
    await service.subscribers.suppress(ann?.subscriberId ?? '', 'opted-out', 'one-click');
    await world.publish(version(1));
    expect(await world.settled()).toEqual({ accepted: 1, suppressed: 1 });
    const reports = await world.until(
      () => world.facts('ChunkReported'),
      (facts) => facts.length > 0,
    );
    expect(reports.at(-1)).toMatchObject({ reasons: { 'opted-out': 1 }, counts: { suppressed: 1 } });
  });

  it('is not sent before it takes effect', async () => {
    await started(...PEOPLE);
    const effectiveAt = world.clock.in(4_000);
    await world.publish(version(1, { effectiveAt }));
    await world.until(
      () => world.states(),
      (states) => states['deferred'] === 2,
    );
    expect(post.taken).toHaveLength(0);
    await world.settled();
    expect(world.clock.now() >= effectiveAt).toBe(true);
    expect(post.taken).toHaveLength(2);
  });

  it('is tried again when the relay says so, and not before', async () => {
    const tried: string[] = [];
    post.behave = (recipient, _, { clock }) => {
      tried.push(clock.now());
      return tried.length === 1
        ? { outcome: 'deferred', until: world.clock.in(300), scope: 'recipient' }
        : undefined;
    };
    await started('ann@example.org,en-GB,53.10,0.24,yes');
    await world.publish(version(1));
    expect(await world.settled()).toEqual({ accepted: 1 });
    expect(Date.parse(tried[1] ?? '') - Date.parse(tried[0] ?? '')).toBeGreaterThanOrEqual(300);
    expect(post.taken[0]?.attempt).toBe(2);
  });

  it('is never tried again after its expiry: what waits ends as expired', async () => {
    post.behave = () => ({ outcome: 'deferred', until: world.clock.in(60_000), scope: 'app' });
    await started(...PEOPLE);
    await world.publish(version(1, { expiresAt: world.clock.in(4_000) }));
    expect(await world.settled()).toEqual({ expired: 2 });
    expect(post.taken).toHaveLength(0);
    const reports = await world.until(
      () => world.facts('ChunkReported'),
      (facts) => (facts.at(-1)?.['counts'] as Record<string, number> | undefined)?.['expired'] === 2,
    );
    expect(reports.at(-1)?.['counts']).toMatchObject({ planned: 2, pending: 0 });
  });

  it('that has expired already is planned for nobody', async () => {
    await started(...PEOPLE);
    await world.publish(version(1, { expiresAt: world.clock.in(-1_000) }));
    await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length === 1,
    );
    expect(post.taken).toHaveLength(0);
    expect(await world.states()).toEqual({});
  });
});

describe('what is not what was approved', () => {
  const refusal = async () => {
    const [plan] = await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length > 0,
    );
    return plan?.['refused'];
  };

  it.each<[string, (event: WarningIssued) => WarningIssued, RegExp]>([
    [
      'another expiry',
      (event) => ({ ...event, content: { ...event.content, expiresAt: world.clock.in(90_000) } }),
      /content/,
    ],
    [
      'a larger area',
      (event) => ({
        ...event,
        content: { ...event.content, area: { ...event.content.area, geometry: BRITAIN } },
      }),
      /area hash/,
    ],
    [
      'another text',
      (event) => ({ ...event, composed: event.composed.map((text) => ({ ...text, subject: 'Free money' })) }),
      /content hash/,
    ],
    ['the other world', (event) => ({ ...event, mode: 'live' as const }), /world live/],
    [
      'a field that nobody approved',
      (event) => ({ ...event, content: { ...event.content, note: 'sneaked in' } }),
      /content/,
    ],
  ])('such as %s is refused, loudly, and reaches nobody', async (_, tamper, why) => {
    await started(...PEOPLE);
    await world.publish(tamper(version(1)));
    expect(await refusal()).toMatch(why);
    expect(post.taken).toHaveLength(0);
  });

  it('such as a part whose own hash is wrong is refused although the content hash covers it', async () => {
    await started(...PEOPLE);
    const texts = listTexts('email', 1).map((text) => ({
      ...text,
      parts: [{ text: 'Other words', sha256: 'f'.repeat(64) }],
    }));
    await world.publish(version(1, { composed: texts }));
    expect(await refusal()).toMatch(/its hash differs/);
    expect(post.taken).toHaveLength(0);
  });

  it('or whose area crosses itself goes to nobody, rather than to somebody else', async () => {
    await started(...PEOPLE);
    const bow: typeof WAINFLEET = {
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [0, 53],
            [2, 54],
            [2, 53],
            [0, 55],
            [0, 53],
          ],
        ],
      ],
    };
    await world.publish(version(1, { geometry: bow }));
    expect(await refusal()).toMatch(/crosses itself/);
    expect(post.taken).toHaveLength(0);
  });

  it('does not keep the genuine one from being sent, whichever comes first', async () => {
    await started(...PEOPLE);
    const genuine = version(1);
    const forged = {
      ...genuine,
      composed: genuine.composed.map((text) => ({ ...text, subject: 'Free money' })),
    };
    await world.publish(forged);
    expect(await refusal()).toMatch(/content hash/);
    await world.publish(genuine);
    await world.until(
      () => world.states(),
      (states) => states['accepted'] === 2,
    );
    await world.publish(forged);
    await inForce(1);
    await sleep(150);
    expect(post.arrived()).toEqual([
      'ann@example.org: Flooding. v1 first en-GB',
      'bob@example.org: Flooding. v1 first cy-GB',
    ]);
    const plans = await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length === 2,
    );
    expect(plans.at(-1)).toMatchObject({ recipients: 2, complete: true });
    expect(plans.at(-1)).not.toHaveProperty('refused'); // the newest report replaces the others
  });

  it('leaves the gate of the version before it as it was', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish({ ...version(2), areaHash: 'f'.repeat(64) });
    await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length === 2,
    );
    const [gate] = await world.test.db.query(`select current_version from channel_email.gate`);
    expect(gate).toEqual({ current_version: 1 });
  });
});

describe('a cancel on a list channel', () => {
  it('goes to everybody who got the warning, and says when it is in force', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish(cancel(1));
    expect(await world.settled(1, 'cancel')).toEqual({ accepted: 2 });
    expect(post.arrived().filter((line) => line.includes('Withdrawn'))).toEqual([
      'ann@example.org: Withdrawn. v1 en-GB',
      'bob@example.org: Withdrawn. v1 cy-GB',
    ]);
    expect((await inForce(2)).at(-1)).toMatchObject({ because: 'cancel', version: 1 });
  });

  it('that overtakes its warning wins for good', async () => {
    await started(...PEOPLE);
    await world.publish(cancel(1));
    await inForce(1);
    await world.publish(version(1));
    await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length === 2,
    );
    await sleep(100);
    expect(post.taken).toHaveLength(0);
  });

  it('does not go to people whom the warning never reached', async () => {
    post.behave = (recipient, { sending }) =>
      sending.act === 'issue' && recipient.address.startsWith('ann')
        ? { outcome: 'refused', reason: 'gone', detail: '550 5.1.1' }
        : undefined;
    await started(...PEOPLE);
    await world.publish(version(1));
    expect(await world.settled()).toEqual({ accepted: 1, refused: 1 });
    await world.publish(cancel(1));
    expect(await world.settled(1, 'cancel')).toEqual({ accepted: 1 });
    expect(post.taken.filter(({ act }) => act === 'cancel').map(({ to }) => to)).toEqual(['bob@example.org']);
  });

  it('goes to people who moved away after they were warned', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.subscribe('ann@example.org,en-GB,51.5,-0.1,yes');
    await world.publish(cancel(1));
    expect(await world.settled(1, 'cancel')).toEqual({ accepted: 2 });
  });

  it('stops a long warning in the middle, at most one window later', async () => {
    post.behave = async () => void (await sleep(5));
    await started(...crowd(1_500));
    await world.publish(version(1));
    await world.until(
      () => post.taken.length,
      (taken) => taken > 60,
    );
    await world.publish(cancel(1));
    await inForce(2);
    const then = post.taken.filter(({ act }) => act === 'issue').length;
    const states = await world.settled();
    expect(states['cancelled']).toBeGreaterThan(0);
    expect(post.taken.filter(({ act }) => act === 'issue').length - then).toBeLessThanOrEqual(50);
    const withdrawn = await world.settled(1, 'cancel');
    expect(withdrawn).toEqual({ accepted: states['accepted'] });
  });

  it('is sent although the warning has expired', async () => {
    await started(...PEOPLE);
    const expiresAt = world.clock.in(4_000);
    await world.publish(version(1, { expiresAt }));
    expect(await world.settled()).toEqual({ accepted: 2 });
    await world.until(
      () => world.clock.now(),
      (now) => now > expiresAt,
    );
    await world.publish(cancel(1));
    expect(await world.settled(1, 'cancel')).toEqual({ accepted: 2 });
  });
});

describe('an update on a list channel', () => {
  it('answers the warning where it was accepted, and is a first message where it was refused', async () => {
    post.behave = (recipient, { sending }) =>
      sending.version === 1 && recipient.address.startsWith('bob')
        ? { outcome: 'refused', reason: 'policy', detail: '550 5.7.1' }
        : undefined;
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish(version(2));
    expect(await world.settled(2)).toEqual({ accepted: 2 });
    const [first, ...second] = post.taken;
    expect(second.map(({ to, text, answers }) => [to, text, answers]).sort()).toEqual([
      ['ann@example.org', 'Flooding. v2 thread en-GB', first?.deliveryId],
      ['bob@example.org', 'Flooding. v2 alone cy-GB', null],
    ]);
  });

  it('reaches those in its larger area who were not warned before', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish(version(2, { geometry: BRITAIN }));
    expect(await world.settled(2)).toEqual({ accepted: 3 });
    expect(post.taken.find(({ to }) => to.startsWith('cat'))?.text).toBe('Flooding. v2 alone en-GB');
  });

  it('ends what its warning has not sent yet as superseded', async () => {
    post.behave = (_, { sending }) =>
      sending.version === 1
        ? { outcome: 'deferred', until: world.clock.in(30_000), scope: 'app' }
        : undefined;
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.until(
      () => world.states(),
      (states) => states['deferred'] === 2,
    );
    await world.publish(version(2));
    expect(await world.settled(2)).toEqual({ accepted: 2 });
    expect(await world.settled(1)).toEqual({ cancelled: 2 });
    expect(post.taken.every(({ text }) => text.includes('v2 alone'))).toBe(true);
  });

  it('after another update reaches everybody once, although they stand in the record of both', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish(version(2));
    await world.settled(2);
    await world.publish(version(3, { message: 'all-clear' }));
    expect(await world.settled(3)).toEqual({ accepted: 2 });
    await world.publish(cancel(3));
    expect(await world.settled(3, 'cancel')).toEqual({ accepted: 2 });
    expect(post.taken).toHaveLength(8);
  });

  it('that is the all-clear says nothing to those who were never warned', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish(version(2, { message: 'all-clear', geometry: BRITAIN }));
    expect(await world.settled(2)).toEqual({ accepted: 2 });
    expect(post.taken.some(({ to }) => to.startsWith('cat'))).toBe(false);
  });
});

describe('a version that leaves the channel out', () => {
  const elsewhere = (number: number, wish: Partial<IssuedWish> = {}) =>
    version(number, { channels: ['sms'], composed: listTexts('sms', number), ...wish });
  const lastPlan = (count: number) =>
    world
      .until(
        () => world.facts('PlanReported'),
        (facts) => facts.length === count,
      )
      .then((facts) => facts.at(-1));

  it('sends nothing here, stops what waited, and says how many are left with the one before', async () => {
    post.behave = (recipient) =>
      recipient.address.startsWith('bob')
        ? { outcome: 'deferred', until: world.clock.in(30_000), scope: 'recipient' }
        : undefined;
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.until(
      () => world.states(),
      (states) => states['accepted'] === 1 && states['deferred'] === 1,
    );
    await world.publish(elsewhere(2));
    expect(await world.settled()).toEqual({ accepted: 1, cancelled: 1 });
    expect(await lastPlan(2)).toMatchObject({
      version: 2,
      recipients: 0,
      complete: true,
      refused: 'version 2 leaves this channel out, and 1 here still have an earlier one',
    });
    expect(post.taken).toHaveLength(1);
  });

  it('says so also when it is an all-clear, which nobody here can be sent: no text was approved for them', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish(elsewhere(2, { message: 'all-clear' }));
    expect(await lastPlan(2)).toMatchObject({
      refused: 'version 2 leaves this channel out, and 2 here still have an earlier one',
    });
  });

  it('says nothing where nobody got anything', async () => {
    await started('cat@example.org,en-GB,51.50,-0.12,yes');
    await world.publish(version(1));
    await world.publish(elsewhere(2));
    expect(await lastPlan(2)).not.toHaveProperty('refused');
  });

  it('is cancelled here with the text of the last version that was for this channel', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish(elsewhere(2));
    await lastPlan(2);
    await world.publish(cancel(2));
    expect(await world.settled(2, 'cancel')).toEqual({ accepted: 2 });
    expect(post.arrived().filter((line) => line.includes('Withdrawn'))).toEqual([
      'ann@example.org: Withdrawn. v1 en-GB',
      'bob@example.org: Withdrawn. v1 cy-GB',
    ]);
  });

  it('is followed here by one that names it again: as an update to those who were warned', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish(elsewhere(2));
    await lastPlan(2);
    await world.publish(version(3));
    expect(await world.settled(3)).toEqual({ accepted: 2 });
    expect(post.taken.filter(({ text }) => text.includes('v3 thread'))).toHaveLength(2);
  });
});

describe('an expiry', () => {
  const expired = (number: number) => ({
    type: 'WarningExpired' as const,
    warningId: warning(1),
    incidentId: flood,
    by: bob,
    at: world.clock.now(),
    version: number,
  });
  const becauseOf = async (count: number) =>
    (await inForce(count)).map(({ because, version: number }) => `${String(because)} ${String(number)}`);

  it('is said to be in force, and ends what waits', async () => {
    post.behave = () => ({ outcome: 'deferred', until: world.clock.in(30_000), scope: 'app' });
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.until(
      () => world.states(),
      (states) => states['deferred'] === 2,
    );
    await world.publish(expired(1));
    expect(await world.settled()).toEqual({ expired: 2 });
    expect(await becauseOf(2)).toEqual(['version 1', 'expiry 1']);
  });

  it.each(['correction', 'all-clear'] as const)(
    'of a version whose %s goes on for longer is said to be in force, and ends nothing of that',
    async (message) => {
      await started(...PEOPLE);
      await world.publish(version(1));
      await world.settled();
      post.behave = () => ({ outcome: 'deferred', until: world.clock.in(60_000), scope: 'app' });
      await world.publish(version(2, { message }));
      await world.until(
        () => world.states(2),
        (states) => states['deferred'] === 2,
      );
      post.behave = () => undefined;
      await world.publish(expired(2));
      expect(await becauseOf(3)).toEqual(['version 1', 'version 2', 'expiry 2']);
      await world.dueNow();
      expect(await world.settled(2)).toEqual({ accepted: 2 });
    },
  );

  it('of a version that was replaced changes nothing', async () => {
    await started(...PEOPLE);
    await world.publish(version(1));
    await world.settled();
    await world.publish(version(2), expired(1));
    expect(await world.settled(2)).toEqual({ accepted: 2 });
    expect(await becauseOf(2)).toEqual(['version 1', 'version 2']);
  });
});

const BRITAIN: typeof WAINFLEET = {
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [-8, 49],
        [2, 49],
        [2, 61],
        [-8, 61],
        [-8, 49],
      ],
    ],
  ],
};
