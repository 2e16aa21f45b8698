import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { warning } from '#channel/testing';
import { BLUESKY, CYMRAEG, MASTODON, SocialWorld } from './testing/social-world.js';

const ALL = (state: string) => ({ [MASTODON]: state, [CYMRAEG]: state, [BLUESKY]: state });

describe('the social channel', () => {
  let world: SocialWorld;
  const open = async (options = {}) => (world = await SocialWorld.open(options));

  beforeEach(() => open());
  afterEach(() => world.close());

  it('posts a warning once on every account, in its language, and says where it stands', async () => {
    await world.start();
    await world.publish(world.version(1));
    expect(await world.settled()).toEqual(ALL('accepted'));
    const posts = await world.posts();
    expect(posts.map(({ text }) => text).toSorted()).toEqual([
      'County Warnings bluesky: flooding, version 1, first',
      'County Warnings mastodon: flooding, version 1, first',
      'Rhybuddion y Sir mastodon: flooding, version 1, first',
    ]);
    expect(posts.find(({ to }) => to === 'rhybuddion_sir')).toMatchObject({ language: 'cy' });
    const reports = await world.reports();
    expect(reports.get(BLUESKY)).toMatchObject({ platform: 'bluesky', wasUnknown: false });
    expect(reports.get(BLUESKY)!['url']).toMatch(/^https:\/\/bsky\.app\/profile\/did:.*\/post\//);
    expect(reports.get(MASTODON)!['url']).toContain('/@county_warnings/');
  });

  it('tells what each account can carry, as its platform says', async () => {
    await world.close();
    await open({ mastodon: { maxCharacters: 5_000 } });
    await world.start();
    const told = await world.until(
      () => world.facts('AccountReported'),
      (facts) => facts.length === 3,
    );
    expect(told.find(({ accountId }) => accountId === MASTODON)).toMatchObject({
      limits: { max: 5_000, urlCost: 23 },
    });
    expect(told.find(({ accountId }) => accountId === BLUESKY)).toMatchObject({
      limits: { max: 300, maxBytes: 3_000 },
    });
  });

  it('brings back shares, likes and replies', async () => {
    await world.start();
    await world.publish(world.version(1));
    await world.settled();
    const samples = await world.until(
      () => world.facts('EngagementSampled'),
      (facts) =>
        [MASTODON, CYMRAEG, BLUESKY].every((id) =>
          facts.some((one) => one['accountId'] === id && Number(one['shares']) > 0),
        ),
    );
    expect(samples.at(-1)).toMatchObject({ channel: 'social', version: 1, warningId: warning(1) });
    const [reply] = await world.until(
      () => world.facts('InboundReceived'),
      (facts) => facts.length > 0,
    );
    expect(reply).toMatchObject({ channel: 'social', warningId: warning(1) });
    expect(String(reply!['text']).length).toBeGreaterThan(3);
  });

  it('reads every reply once, also after a restart', async () => {
    await world.start();
    await world.publish(world.version(1));
    await world.settled();
    await world.until(
      () => world.facts('InboundReceived'),
      (facts) => facts.length >= 3,
    );
    await world.services.pop()!.close();
    await world.start();
    await new Promise((resolve) => setTimeout(resolve, 600));
    // The public goes on answering: both are counted by one statement.
    const [counted] = await world.test.db.query(
      `select (select count(*)::int from channel_social.event where type = 'InboundReceived') as facts,
         count(*)::int as known, count(distinct platform_id)::int as different from channel_social.reply_author`,
    );
    const { known } = counted ?? {};
    expect(counted).toEqual({ facts: known, known, different: known });
    expect(known).toBeGreaterThanOrEqual(3);
  });

  it('answers the first post with the update and with the all-clear', async () => {
    await world.start();
    await world.publish(world.version(1));
    await world.settled();
    await world.publish(world.version(2));
    expect(await world.settled(2)).toEqual(ALL('accepted'));
    await world.publish(world.version(3, { message: 'all-clear' }));
    expect(await world.settled(3)).toEqual(ALL('accepted'));
    const posts = await world.posts();
    for (const to of ['county_warnings', 'rhybuddion_sir', 'county-warnings.example']) {
      const [first, update, clear] = posts.filter((post) => post.to === to);
      expect(first).not.toHaveProperty('inReplyTo');
      expect([update, clear]).toMatchObject([{ inReplyTo: first!.id }, { inReplyTo: first!.id }]);
      expect(update!.text).toContain('version 2, thread');
    }
  });

  it('gives an account that never showed the first post an update that stands alone', async () => {
    world.practice.faults.order({ channel: 'mastodon', kind: 'refuse', to: 'county_warnings' });
    await world.start();
    await world.publish(world.version(1));
    expect(await world.settled()).toEqual({ ...ALL('accepted'), [MASTODON]: 'refused' });
    await world.publish(world.version(2));
    expect(await world.settled(2)).toEqual(ALL('accepted'));
    const update = (await world.posts()).find(({ to }) => to === 'county_warnings');
    expect(update!.text).toContain('version 2, alone');
    expect(update).not.toHaveProperty('inReplyTo');
  });

  it('withdraws where the warning was shown, and nowhere else', async () => {
    world.practice.faults.order({ channel: 'bluesky', kind: 'refuse', to: 'county-warnings.example' });
    await world.start();
    await world.publish(world.version(1));
    await world.settled();
    await world.publish(world.cancel());
    expect(await world.settled(1, 'cancel', 2)).toEqual({ [MASTODON]: 'accepted', [CYMRAEG]: 'accepted' });
    const withdrawn = (await world.posts()).filter(({ text }) => text.includes('withdrawn'));
    expect(withdrawn.map(({ to }) => to).toSorted()).toEqual(['county_warnings', 'rhybuddion_sir']);
  });

  it.each(['cut-after-body', '500-after-body', 'rubbish'])(
    'posts once although the reply was lost: %s',
    async (kind) => {
      world.practice.faults.order({ channel: 'mastodon', kind, to: 'county_warnings' });
      world.practice.faults.order({ channel: 'bluesky', kind, to: 'county-warnings.example' });
      await world.start();
      await world.publish(world.version(1));
      expect(await world.settled()).toEqual(ALL('accepted'));
      expect(await world.posts()).toHaveLength(3);
      const reports = await world.reports();
      expect([MASTODON, BLUESKY, CYMRAEG].map((id) => reports.get(id)!['wasUnknown'])).toEqual([
        true,
        true,
        false,
      ]);
    },
  );

  it('posts once also on a clone that ignores the idempotency key', async () => {
    await world.close();
    await open({ mastodon: { honoursKey: false, tellsLimits: false } });
    world.practice.faults.order({ channel: 'mastodon', kind: 'cut-after-body', to: 'county_warnings' });
    await world.start();
    await world.publish(world.version(1));
    expect(await world.settled()).toEqual(ALL('accepted'));
    expect((await world.posts()).filter(({ to }) => to === 'county_warnings')).toHaveLength(1);
  });

  it('waits as long as the platform asks, and posts then', async () => {
    world.practice.faults.order({ channel: 'mastodon', kind: '429', ms: 1_200, to: 'county_warnings' });
    await world.start();
    await world.publish(world.version(1));
    const reports = await world.until(
      () => world.reports(),
      (seen) => seen.get(MASTODON)?.['state'] === 'accepted',
    );
    expect(reports.get(MASTODON)).toMatchObject({ attempt: 2, wasUnknown: false });
  });

  it('does not hold up one platform for another that hangs', async () => {
    world.practice.faults.order({ channel: 'mastodon', kind: 'hang', count: null, ms: 60_000, on: 'all' });
    await world.start();
    await world.publish(world.version(1));
    const reports = await world.until(
      () => world.reports(),
      (seen) => seen.get(BLUESKY)?.['state'] === 'accepted',
    );
    expect(reports.get(MASTODON)?.['state'] ?? 'pending').toBe('pending');
  });

  it('stops soon although a platform hangs on a question whether it is there', async () => {
    world.practice.faults.order({
      channel: 'mastodon',
      kind: 'hang',
      on: 'read',
      count: null,
      ms: 3_600_000,
    });
    const asked = () => world.practice.faults.list().some(({ struck }) => struck >= 2);
    const service = await world.start({ SOCIAL_ANSWER_TIMEOUT_MS: '60000' });
    await world.until(asked, (all) => all);
    const before = await world.facts('AccountHealthReported');
    const began = performance.now();
    await service.close();
    expect(performance.now() - began).toBeLessThan(30_000); // the answer would be waited for for a minute
    // Nothing is known of the account: to be let go of is no answer.
    expect(await world.facts('AccountHealthReported')).toEqual(before);
  }, 120_000);

  it('that is stopped while it remembers how its accounts were begins nothing any more', async () => {
    const service = await world.make();
    let listens = 0;
    service.channel.start = async () => void (listens += 1);
    const started = service.start();
    await service.close();
    await started;
    expect(listens).toBe(0);
  });

  it('refuses on an account whose token was taken away, and says that a person must look', async () => {
    const accounts = world.accounts.map((account) =>
      account.accountId === MASTODON ? { ...account, secret: 'wrong' } : account,
    );
    await world.start({}, accounts);
    const [health] = await world.until(
      () => world.facts('AccountHealthReported'),
      (facts) => facts.length > 0,
    );
    expect(health).toMatchObject({ accountId: MASTODON, health: 'broken' });
    await world.publish(world.version(1));
    expect(await world.settled()).toEqual({ ...ALL('accepted'), [MASTODON]: 'refused' });
    expect((await world.reports()).get(MASTODON)).toMatchObject({ reason: 'auth' });
    await world.services.pop()!.close();
    await world.start(); // with the right one
    await world.until(
      () => world.facts('AccountHealthReported'),
      (facts) => facts.at(-1)?.['accountId'] === MASTODON && facts.at(-1)?.['health'] === 'ok',
    );
  });

  it('keeps its login over a restart, sealed, for logging in is rationed', async () => {
    await world.close();
    await open({ bluesky: { logInsPerFiveMinutes: 1 } });
    await world.start();
    await world.publish(world.version(1));
    await world.settled();
    const [kept] = await world.test.db.query<{ sealed: Uint8Array }>(
      'select sealed from channel_social.kept_session',
    );
    expect(Buffer.from(kept!.sealed).includes('eyJ')).toBe(false); // how every JWT begins
    await world.services.pop()!.close();
    await world.start();
    await world.publish(world.version(2));
    expect(await world.settled(2)).toEqual(ALL('accepted'));
  });

  it('does not start with a secret of the other world', async () => {
    const [first, ...rest] = world.accounts;
    await expect(world.start({}, [{ ...first!, mode: 'live' }, ...rest])).rejects.toThrow(
      'has a secret for live',
    );
    world.services.length = 0;
  });
});
