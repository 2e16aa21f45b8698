import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BLUESKY, CYMRAEG, MASTODON, SocialWorld } from './testing/social-world.js';
import { takeDown } from './testing/take-down.js';

const ALL = { [MASTODON]: 'accepted', [CYMRAEG]: 'accepted', [BLUESKY]: 'accepted' };

describe('when somebody has taken the warning down from two of three accounts', () => {
  let world: SocialWorld;
  beforeEach(async () => {
    world = await SocialWorld.open();
    await world.start();
    await world.publish(world.version(1));
    expect(await world.settled()).toEqual(ALL);
    const gone = (await world.posts()).filter(({ to }) => to !== 'rhybuddion_sir');
    for (const post of gone) await takeDown(world.practice.url, post);
  });
  afterEach(() => world.close());

  /** What was posted since, by account: what it says, and whether it answers something. */
  const since = async (version: string) =>
    Object.fromEntries(
      (await world.posts())
        .filter(({ text }) => text.includes(version))
        .map(({ to, text, inReplyTo }) => [to, [text.split(', ').at(-1), inReplyTo !== undefined]]),
    );

  it('the all-clear reaches their readers by itself, and answers the post that still stands', async () => {
    await world.publish(world.version(2, { message: 'all-clear' }));
    expect(await world.settled(2)).toEqual(ALL);
    expect(await since('version 2')).toEqual({
      county_warnings: ['alone', false],
      'county-warnings.example': ['alone', false],
      rhybuddion_sir: ['thread', true],
    });
    const reports = await world.reports(2);
    const detail = 'it stands alone: the post that it was to answer is gone';
    expect(reports.get(MASTODON)).toMatchObject({ attempt: 2, detail });
    expect(reports.get(BLUESKY)).toMatchObject({ attempt: 2, detail });
    expect(reports.get(CYMRAEG)).toMatchObject({ attempt: 1, detail: null });
  });

  it('the withdrawal reaches them too', async () => {
    await world.publish(world.cancel());
    expect(await world.settled(1, 'cancel')).toEqual(ALL);
    expect(await since('withdrawn')).toEqual({
      county_warnings: ['version 1', false],
      'county-warnings.example': ['version 1', false],
      rhybuddion_sir: ['version 1', true],
    });
  });
});
