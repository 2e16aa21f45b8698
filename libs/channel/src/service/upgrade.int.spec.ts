import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topics, wrap, type WarningEvent } from '#contracts';
import { silentLog, textHash, type Log } from '#runtime';
import {
  account,
  cancelled,
  FakePlatform,
  FakeSender,
  issued,
  ListWorld,
  listTexts,
  recorded,
  SocialWorld,
  type World,
} from '../testing/index.js';

type AnyWorld = Pick<World<never>, 'test' | 'schema'>;

/** The schema as the builds left it that did not keep hashes of what was approved. */
async function asBefore({ test, schema }: AnyWorld): Promise<void> {
  const later = [
    'Approved1764100000000',
    'StandsAlone1764200000000',
    'ApprovedBefore1764300000000',
    'Taken1764400000000',
  ];
  await test.db.execute(`drop table ${schema}.approved`);
  await test.db.execute(`alter table ${schema}.sending drop column texts_version`);
  await test.db.execute(`alter table ${schema}.delivery drop column stands_alone`);
  await test.db.execute(`alter table ${schema}.receipt drop column taken`);
  expect(await test.db.execute(`delete from ${schema}.migration where name = any($1)`, [later])).toBe(4);
}

describe('an upgrade of a list channel in the middle of a warning', () => {
  let world: ListWorld;
  let post: FakeSender;
  let said: string[];
  beforeEach(async () => {
    said = [];
    const log = { ...silentLog, error: (_: unknown, sentence: string) => void said.push(sentence) } as Log;
    world = await ListWorld.open('email', { ...log, child: () => log } as Log);
    post = new FakeSender('email');
    await world.service(post);
    await world.subscribe('ann@example.org,en-GB,53.10,0.24,yes', 'bob@example.org,en-GB,53.12,0.25,yes');
    await world.services[0]?.start();
  });
  afterEach(() => world.close());

  const version = (number = 1) =>
    issued({
      version: number,
      at: world.clock.now(),
      expiresAt: world.clock.in(600_000),
      composed: listTexts('email', number),
    });
  const busy = () =>
    void (post.behave = () => ({ outcome: 'deferred', until: world.clock.in(60_000), scope: 'app' }));
  const deferred = (number: number, act: string) =>
    world.until(
      () => world.states(number, act),
      (states) => states['deferred'] === 2,
    );
  /** The old build stops, and the new one starts on its schema. */
  async function upgraded(meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    await world.services.pop()?.close();
    await asBefore(world);
    await meanwhile();
    post.behave = () => undefined;
    const service = await world.service(post);
    await service.start();
    await world.dueNow();
  }
  const texts = () => post.taken.map(({ to, text }) => `${to} ${text}`).toSorted();

  it('sends what was waiting for another attempt', async () => {
    busy();
    await world.publish(version());
    await deferred(1, 'issue');
    await upgraded();
    expect(await world.settled()).toEqual({ accepted: 2 });
    expect(said).toEqual([]);
  });

  it('takes no older word of a refusal for an arrival', async () => {
    const receipts = `channel_email.receipt (delivery_id, kind, at, detail)`;
    await upgraded(() =>
      world.test.db.execute(
        `insert into ${receipts} select kind, kind, clock_timestamp(), '' from unnest(array['undelivered', 'bounced']) kind`,
      ),
    );
    const kept = await world.test.db.query(`select kind, taken from channel_email.receipt order by kind`);
    expect(kept).toEqual([
      { kind: 'bounced', taken: true },
      { kind: 'undelivered', taken: false },
    ]);
  });

  it('plans and sends what was only stored', async () => {
    busy();
    await world.publish(version());
    await deferred(1, 'issue');
    await upgraded(async () => {
      await world.test.db.execute(
        `truncate channel_email.delivery, channel_email.chunk, channel_email.armed`,
      );
      // As if it had planned nobody; the number of a chunk is not used again, because the record of the first one stays.
      await world.test.db.execute(
        `update channel_email.plan set done = false, cursor = '{}', chunks = 7, recipients = 0`,
      );
    });
    expect(await world.settled()).toEqual({ accepted: 2 });
  });

  it('withdraws afterwards what went out before', async () => {
    await world.publish(version());
    await world.settled();
    await upgraded();
    await world.publish(cancelled({ at: world.clock.now() }));
    expect(await world.settled(1, 'cancel')).toEqual({ accepted: 2 });
    expect(texts()).toEqual(
      ['ann', 'bob'].flatMap((name) => [
        `${name}@example.org Flooding. v1 first en-GB`,
        `${name}@example.org Withdrawn. v1 en-GB`,
      ]),
    );
  });

  it('goes on with a cancel that was under way, with the words of the version that it withdraws', async () => {
    await world.publish(version());
    await world.settled();
    await world.publish(version(2));
    await world.settled(2);
    busy();
    await world.publish(cancelled({ version: 2, at: world.clock.now() }));
    await deferred(2, 'cancel');
    await upgraded();
    expect(await world.settled(2, 'cancel')).toEqual({ accepted: 2 });
    expect(texts().filter((text) => text.includes('Withdrawn. v2'))).toHaveLength(2);
  });

  it('updates afterwards what went out before', async () => {
    await world.publish(version());
    await world.settled();
    await upgraded();
    await world.publish(version(2));
    expect(await world.settled(2)).toEqual({ accepted: 2 });
    expect(texts().filter((text) => text.includes('v2 thread'))).toHaveLength(2);
  });

  it('sends nothing that was changed in the store before: it is held against the event', async () => {
    busy();
    await world.publish(version());
    await deferred(1, 'issue');
    await upgraded(() =>
      world.test.db.execute(
        `update channel_email.sending set composed = jsonb_set(jsonb_set(composed, '{0,parts,0,text}', to_jsonb($1::text)),
           '{0,parts,0,sha256}', to_jsonb($2::text))`,
        ['All is well.', textHash('All is well.')],
      ),
    );
    expect(await world.settled()).toEqual({ refused: 2 });
    expect(texts().filter((text) => text.includes('All is well'))).toEqual([]);
  });

  it('is not fooled by a forged event that stands before the genuine one', async () => {
    const genuine = version();
    const forged = structuredClone(genuine);
    forged.composed[0]!.parts[0] = { text: 'All is well.', sha256: textHash('All is well.') };
    busy();
    await world.publish(forged, genuine);
    await deferred(1, 'issue');
    await upgraded();
    expect(await world.settled()).toEqual({ accepted: 2 });
    expect(texts().filter((text) => text.includes('All is well'))).toEqual([]);
  });

  it('refuses what is not on the stream any more, and tells the operator what to do', async () => {
    busy();
    await world.publish(version());
    await deferred(1, 'issue');
    await upgraded(() => world.test.db.execute(`delete from stream.message`)); // its retention is over
    expect(await world.settled()).toEqual({ refused: 2 });
    expect(said).toContain(
      'versions stored by an earlier build are not on the stream any more: nothing of them is sent, issue them anew',
    );
  });

  it('finds a version behind many others, in whatever partition it lies', async () => {
    const old = { type: 'WarningDrafted', at: world.clock.now(), incidentId: `inc_${'f'.repeat(32)}` };
    const draft = (n: number): WarningEvent & { at: never } =>
      ({
        ...old,
        warningId: `wrn_${n.toString(16).padStart(32, '9')}`,
        version: 1,
        by: `off_${'a'.repeat(32)}`,
        content: {},
      }) as never;
    await world.stream.publish(
      Array.from({ length: 600 }, (_, n) => ({
        topic: topics('exercise').warnings,
        ...wrap(recorded(draft(n), 1), 'incident-command', `wrn_${'0'.repeat(31)}1`),
      })),
    );
    busy();
    await world.publish(version());
    await deferred(1, 'issue');
    await upgraded();
    expect(await world.settled()).toEqual({ accepted: 2 });
  });
});

describe('an upgrade of the social channel in the middle of a warning', () => {
  it('posts what was waiting, and answers it with the update', async () => {
    const world = await SocialWorld.open();
    try {
      const platform = new FakePlatform();
      platform.behave = () => ({ outcome: 'deferred', until: world.clock.in(60_000), scope: 'account' });
      await (await world.service([platform])).start();
      await world.publish(world.issued(1));
      await world.until(
        () => world.test.db.query(`select 1 from channel_social.delivery where attempt > 0`),
        (rows) => rows.length > 0,
      );
      await world.services.pop()?.close();
      await asBefore(world);
      platform.behave = () => undefined;
      await (await world.service([platform])).start();
      await world.dueNow();
      expect(await world.settled()).toEqual({ accepted: 1 });
      await world.publish(world.issued(2));
      expect(await world.settled(2)).toEqual({ accepted: 1 });
      expect(platform.texts(account(1))).toEqual(['v1 first 1', 'v2 thread 1']);
    } finally {
      await world.close();
    }
  });
});
