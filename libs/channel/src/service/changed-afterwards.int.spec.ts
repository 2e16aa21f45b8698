import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WarningIssued } from '#contracts';
import { textHash } from '#runtime';
import { Gates } from '../gate/gates.js';
import {
  busyUntil,
  cancelled,
  FakePlatform,
  FakeSender,
  issued,
  ListWorld,
  listTexts,
  SocialWorld,
  type IssuedWish,
} from '../testing/index.js';

/** Somebody with the channel's own database open, between the approval and the sending. */
describe('what was changed in the store of a list channel after it was approved', () => {
  let world: ListWorld;
  let post: FakeSender;
  beforeEach(async () => {
    world = await ListWorld.open('email');
    post = new FakeSender('email');
  });
  afterEach(() => world.close());

  const version = (wish: Partial<IssuedWish> = {}): WarningIssued =>
    issued({
      at: world.clock.now(),
      expiresAt: world.clock.in(60_000),
      composed: listTexts('email', 1),
      ...wish,
    });
  const PEOPLE = ['ann@example.org,en-GB,53.10,0.24,yes', 'bob@example.org,en-GB,53.12,0.25,yes'];
  const LONDON = 'cat@example.org,en-GB,51.50,-0.12,yes';

  /** Issued to ann and bob, and the relay is busy for a minute: time to change something. */
  async function waiting(): Promise<void> {
    const service = await world.service(post);
    await world.subscribe(...PEOPLE, LONDON);
    await service.start();
    post.behave = () => ({ outcome: 'deferred', until: world.clock.in(60_000), scope: 'app' });
    await world.publish(version());
    await world.until(
      () => world.states(),
      (states) => states['deferred'] === 2,
    );
    post.behave = () => undefined;
  }
  /** Once the minute is over. */
  const settled = async (act = 'issue') => {
    await world.dueNow();
    return world.settled(1, act);
  };
  const reasons = () =>
    world.test.db.query(
      `select distinct reason, detail from channel_email.delivery where reason is not null`,
    );

  it('a text together with its own hash: nobody gets it, and the report says so', async () => {
    await waiting();
    await world.test.db.execute(
      `update channel_email.sending set composed = jsonb_set(jsonb_set(composed, '{0,parts,0,text}', to_jsonb($1::text)),
         '{0,parts,0,sha256}', to_jsonb($2::text))`,
      ['All is well.', textHash('All is well.')],
    );
    expect(await settled()).toEqual({ refused: 2 });
    expect(post.taken).toEqual([]);
    expect(await reasons()).toEqual([
      { reason: 'invalid', detail: 'what is kept of it is not what was approved and planned' },
    ]);
  });

  it('whom a delivery goes to: that one is refused, the others go out', async () => {
    await waiting();
    const moved = await world.test.db.execute(
      `update channel_email.delivery set target = (select subscriber_id from channel_email.subscriber where address = 'cat@example.org')
       where target = (select subscriber_id from channel_email.subscriber where address = 'ann@example.org')`,
    );
    expect(moved).toBe(1);
    expect(await settled()).toEqual({ accepted: 1, refused: 1 });
    expect(post.taken.map(({ to }) => to)).toEqual(['bob@example.org']);
  });

  it('what may have gone out before stays unknown when its text is changed before the second time', async () => {
    const service = await world.service(post);
    await world.subscribe(...PEOPLE);
    post.behave = () => ({ outcome: 'unknown', detail: 'connection lost' });
    await service.start();
    await world.publish(version({ severity: 'Extreme' }));
    await world.until(
      () => world.states(),
      (states) => states['deferred'] === 2,
    );
    await world.test.db.execute(
      `update channel_email.sending set composed = jsonb_set(composed, '{0,subject}', '"No flood"')`,
    );
    expect(await world.settled()).toEqual({ unknown: 2 });
    expect(post.taken).toHaveLength(2); // once each, and not the changed one
  });

  describe('before it was planned', () => {
    /** The version stands in the store, and its planner comes later. */
    async function stored(): Promise<void> {
      await world.service(post);
      await world.subscribe(...PEOPLE, LONDON);
      await new Gates(world.test.db, world.schema, 'email').raise(version(), 'here');
    }
    const refused = async () => {
      await world.services[0]?.start();
      const [plan] = await world.until(
        () => world.facts('PlanReported'),
        (facts) => facts.length > 0,
      );
      return plan?.['refused'];
    };

    it('its area: it is planned for nobody, rather than for a whole country', async () => {
      await stored();
      await world.test.db.execute(
        `update channel_email.sending set area = '{"type":"MultiPolygon","coordinates":[[[[-8,49],[2,49],[2,61],[-8,61],[-8,49]]]]}'`,
      );
      expect(await refused()).toBe('what this channel keeps of it is not what was approved');
      expect([await world.states(), post.taken]).toEqual([{}, []]);
    });

    it('a text with its hash: it is planned for nobody', async () => {
      await stored();
      await world.test.db.execute(
        `update channel_email.sending set composed = jsonb_set(jsonb_set(composed, '{0,parts,0,text}', to_jsonb($1::text)),
           '{0,parts,0,sha256}', to_jsonb($2::text))`,
        ['All is well.', textHash('All is well.')],
      );
      expect(await refused()).toBe('what this channel keeps of it is not what was approved');
    });

    it('nothing: it goes out as it was approved', async () => {
      await stored();
      expect(await refused()).toBeUndefined();
      expect(await world.settled()).toEqual({ accepted: 2 });
    });
  });

  it('the text of a cancel: nobody gets another one', async () => {
    const service = await world.service(post);
    await world.subscribe(...PEOPLE);
    await service.start();
    await world.publish(version());
    await world.settled();
    post.behave = (_, { sending }) =>
      sending.act === 'cancel'
        ? { outcome: 'deferred', until: world.clock.in(60_000), scope: 'app' }
        : undefined;
    await world.publish(cancelled({ at: world.clock.now() }));
    await world.until(
      () => world.states(1, 'cancel'),
      (states) => states['deferred'] === 2,
    );
    post.behave = () => undefined;
    await world.test.db.execute(
      `update channel_email.sending set composed = jsonb_set(jsonb_set(composed, '{1,parts,0,text}', to_jsonb($1::text)),
         '{1,parts,0,sha256}', to_jsonb($2::text)) where act = 'cancel'`,
      ['The flood goes on.', textHash('The flood goes on.')],
    );
    expect(await settled('cancel')).toEqual({ refused: 2 });
    expect(post.taken.every(({ act }) => act === 'issue')).toBe(true);
  });
});

describe('what was changed in the store of the social channel after it was approved', () => {
  let world: SocialWorld;
  beforeEach(async () => {
    world = await SocialWorld.open();
  });
  afterEach(() => world.close());
  /** The platform was busy, and that is on record. */
  const tried = () =>
    world.until(
      () => world.test.db.query(`select 1 from channel_social.delivery where attempt > 0`),
      (rows) => rows.length > 0,
    );

  it('a post together with its own hash: it is not posted, and the report says so', async () => {
    const platform = new FakePlatform();
    const service = await world.service([platform]);
    await service.start();
    platform.behave = () => busyUntil(world.clock.in(60_000));
    await world.publish(world.issued(1, {}));
    await tried();
    platform.behave = () => undefined;
    const calls = platform.calls;
    await world.test.db.execute(
      `update channel_social.sending set composed = jsonb_set(jsonb_set(composed, '{0,parts,0,text}', to_jsonb($1::text)),
         '{0,parts,0,sha256}', to_jsonb($2::text))`,
      ['All is well.', textHash('All is well.')],
    );
    await world.dueNow();
    expect(await world.settled()).toEqual({ refused: 1 });
    expect([platform.calls - calls, platform.posts]).toEqual([0, []]);
    const reports = await world.until(
      () => world.facts('PostReported'),
      (facts) => facts.at(-1)?.['state'] === 'refused',
    );
    expect(reports.at(-1)).toMatchObject({ reason: 'invalid' });
  });

  it('the number of a post: it is not posted in another’s place', async () => {
    const platform = new FakePlatform();
    const service = await world.service([platform]);
    await service.start();
    platform.behave = () => busyUntil(world.clock.in(60_000));
    await world.publish(world.issued(1, { parts: 2 }));
    await tried();
    platform.behave = () => undefined;
    await world.test.db.execute(`update channel_social.delivery set part = 3 - part`);
    await world.dueNow();
    expect(await world.settled()).toEqual({ refused: 2 });
    expect(platform.posts).toEqual([]);
  });
});
