import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ComposedText, MessageKind } from '#contracts';
import { textHash } from '#runtime';
import {
  account,
  busyUntil,
  cancelled,
  composed,
  FakePlatform,
  SocialWorld,
  type TextWish,
} from '../testing/index.js';

let world: SocialWorld;
let platform: FakePlatform;

beforeEach(async () => {
  world = await SocialWorld.open();
  platform = new FakePlatform();
});
afterEach(() => world.close());

/** The warning is out, and then somebody takes a post of it down. */
async function takenDown(
  warning: Partial<Parameters<SocialWorld['issued']>[1]> = {},
  texts = ['v1 first 1'],
): Promise<void> {
  const service = await world.service([platform]);
  await service.start();
  await world.publish(world.issued(1, warning));
  await world.settled(1);
  for (const text of texts) platform.takeDown(text);
}
const shown = () => platform.posts.map(({ text, parent, root }) => [text, parent, root]);
const words = (language: string, wish: Partial<TextWish> & Pick<TextWish, 'texts'>): ComposedText =>
  composed({ channel: 'social', accountId: account(1), platform: 'fake', language, ...wish });
/** The last report of each post of a version. */
const reports = async (version: number, act = 'issue') => {
  const all = (await world.facts('PostReported')).filter(
    (fact) => fact['version'] === version && fact['act'] === act,
  );
  return [...new Map(all.map((fact) => [fact['part'], fact])).values()];
};
const finallyReported = (version: number, states: string[], act = 'issue') =>
  world.until(
    () => reports(version, act),
    (seen) => JSON.stringify(seen.map(({ state }) => state)) === JSON.stringify(states),
  );

describe('when the first post was taken down', () => {
  it.each<MessageKind>(['update', 'correction', 'all-clear'])(
    'the public gets the %s all the same: the text that was approved to stand alone, recorded as that',
    async (message) => {
      await takenDown();
      await world.publish(world.issued(2, { message }));
      expect(await world.settled(2)).toEqual({ accepted: 1 });
      expect(shown()).toEqual([['v2 alone 1', null, null]]);
      const [report] = await finallyReported(2, ['accepted']);
      expect(report).toMatchObject({
        ref: 'post-2',
        attempt: 2,
        wasUnknown: false,
        detail: 'it stands alone: the post that it was to answer is gone',
      });
    },
  );

  it('a cancel goes out with the very text that was approved, as a post of its own', async () => {
    await takenDown();
    await world.publish(cancelled({ at: world.clock.now() }));
    expect(await world.settled(1, 'cancel')).toEqual({ accepted: 1 });
    expect(shown()).toEqual([['withdrawn v1', null, null]]);
    await finallyReported(1, ['accepted'], 'cancel');
  });

  it('a platform that refuses answers as such gets it alone as well', async () => {
    await takenDown({}, []);
    platform.behave = ({ replyTo }) =>
      replyTo === null ? undefined : { outcome: 'refused', reason: 'reply-not-allowed', detail: '403' };
    await world.publish(world.issued(2));
    expect(await world.settled(2)).toEqual({ accepted: 1 });
    expect(platform.texts(account(1))).toEqual(['v1 first 1', 'v2 alone 1']);
  });

  it('an answer that is refused for its words is refused, and nothing else is posted for it', async () => {
    await takenDown({}, []);
    platform.behave = ({ version }) =>
      version === 2 ? { outcome: 'refused', reason: 'policy', detail: 'no' } : undefined;
    await world.publish(world.issued(2));
    expect(await world.settled(2)).toEqual({ refused: 1 });
    expect(platform.calls).toBe(2);
  });

  it('and what stands alone is refused too, that is the end of it', async () => {
    await takenDown();
    platform.behave = ({ replyTo }) =>
      replyTo === null ? { outcome: 'refused', reason: 'target-gone', detail: '404' } : undefined;
    await world.publish(world.issued(2));
    expect(await world.settled(2)).toEqual({ refused: 1 });
    expect([platform.calls, shown()]).toEqual([3, []]);
    const [report] = await finallyReported(2, ['refused']);
    expect(report).toMatchObject({ reason: 'target-gone' });
  });

  it('nothing that was not approved goes instead: without a text that stands alone it stays refused', async () => {
    await takenDown();
    await world.publish(
      world.issued(2, { composed: [words('en-GB', { variant: 'thread', texts: ['v2 thread'] })] }),
    );
    expect(await world.settled(2)).toEqual({ refused: 1 });
    expect(shown()).toEqual([]);
  });

  it('a text that stands alone and was changed in the store meanwhile is not posted', async () => {
    await takenDown();
    platform.behave = ({ replyTo }, ctx) => (replyTo === null ? busyUntil(ctx.deadline) : undefined);
    await world.publish(world.issued(2));
    await world.until(
      () => world.test.db.query(`select 1 from channel_social.delivery where stands_alone and attempt = 2`),
      (rows) => rows.length === 1,
    );
    await world.test.db.execute(
      `update channel_social.sending set composed = jsonb_set(jsonb_set(composed, '{1,parts,0,text}', to_jsonb($1::text)),
         '{1,parts,0,sha256}', to_jsonb($2::text)) where version = 2`,
      ['All is well.', textHash('All is well.')],
    );
    platform.behave = () => undefined;
    await world.dueNow();
    expect(await world.settled(2)).toEqual({ refused: 1 });
    expect(shown()).toEqual([]);
  });

  it('it waits as long as the platform asks, and is posted once although the reply is lost', async () => {
    await takenDown();
    let tries = 0;
    platform.behave = ({ replyTo }) => {
      if (replyTo !== null) return undefined;
      tries += 1;
      return tries === 1 ? busyUntil(world.clock.in(50)) : tries === 2 ? 'lost-reply' : undefined;
    };
    await world.publish(world.issued(2));
    expect(await world.settled(2)).toEqual({ accepted: 1 });
    expect(shown()).toEqual([['v2 alone 1', null, null]]);
    const [report] = await finallyReported(2, ['accepted']);
    expect(report).toMatchObject({ wasUnknown: true, detail: expect.stringContaining('stands alone') });
  });

  it('the next version stands alone too, and a cancel still comes', async () => {
    await takenDown();
    await world.publish(world.issued(2));
    await world.settled(2);
    await world.publish(world.issued(3, { message: 'all-clear' }));
    expect(await world.settled(3)).toEqual({ accepted: 1 });
    await world.publish(cancelled({ version: 3, at: world.clock.now() }));
    expect(await world.settled(3, 'cancel')).toEqual({ accepted: 1 });
    expect(platform.texts(account(1))).toEqual(['v2 alone 1', 'v3 alone 1', 'withdrawn v3']);
  });
});

describe('a thread whose first post was to answer one that is gone', () => {
  /** An update whose answer takes so many posts, and whose text that stands alone takes so many. */
  const update = (thread: number, alone: number, languages = ['en-GB']) => {
    const texts = (language: string, variant: string, many: number) =>
      Array.from({ length: many }, (_, n) => `v2 ${language} ${variant} ${n + 1}/${many}`);
    return world.issued(2, {
      composed: languages.flatMap((language) => [
        words(language, { variant: 'thread', texts: texts(language, 'thread', thread) }),
        words(language, { variant: 'alone', texts: texts(language, 'alone', alone) }),
        words(language, { act: 'cancel', variant: 'alone', texts: [`withdrawn ${language}`] }),
      ]),
    });
  };

  it.each([
    ['as many', 2, 2, { accepted: 2 }, ['accepted', 'accepted']],
    [
      'fewer: the others are not needed',
      3,
      1,
      { accepted: 1, suppressed: 2 },
      ['accepted', 'suppressed', 'suppressed'],
    ],
    ['more: they are added', 1, 3, { accepted: 3 }, ['accepted', 'accepted', 'accepted']],
  ])('is posted whole where what stands alone takes %s', async (_, thread, alone, states, reported) => {
    await takenDown();
    await world.publish(update(thread, alone));
    expect(await world.settled(2)).toEqual(states);
    expect(shown()).toEqual(
      Array.from({ length: alone }, (_, n) => [
        `v2 en-GB alone ${n + 1}/${alone}`,
        n === 0 ? null : `post-${n + 1}`,
        n === 0 ? null : 'post-2',
      ]),
    );
    await finallyReported(2, reported);
  });

  it('is so in its own language alone: where the first post stands, it is answered', async () => {
    const languages = ['en-GB', 'cy-GB'];
    const first = languages.flatMap((language) => [
      words(language, { texts: [`v1 ${language}`] }),
      words(language, { act: 'cancel', variant: 'alone', texts: [`withdrawn ${language}`] }),
    ]);
    await takenDown({ composed: first }, ['v1 en-GB']);
    await world.publish(update(1, 2, languages));
    await finallyReported(2, ['accepted', 'accepted', 'accepted']);
    expect(shown().toSorted()).toEqual([
      ['v1 cy-GB', null, null],
      ['v2 cy-GB thread 1/1', 'post-2', 'post-2'],
      ['v2 en-GB alone 1/2', null, null],
      ['v2 en-GB alone 2/2', expect.any(String), expect.any(String)],
    ]);
  });

  it('that is taken down while it is being posted ends there: half a thread is no text by itself', async () => {
    await takenDown({}, []);
    platform.behave = ({ part, version }) => {
      if (version === 2 && part === 2) platform.takeDown('v2 en-GB thread 1/2');
      return undefined;
    };
    await world.publish(update(2, 1));
    expect(await world.settled(2)).toEqual({ accepted: 1, refused: 1 });
    expect(platform.texts(account(1))).toEqual(['v1 first 1']);
  });
});
