import { beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, type Act, type DeliveryId, type Variant } from '#contracts';
import { deliveryId } from '#runtime';
import type { PostRef } from '../adapter/outcome.js';
import type { SocialAccount } from '../adapter/social-adapter.js';
import { account, composed, FakePlatform, flood, warning, type TextWish } from '../testing/index.js';
import { approvedPost } from './approved-post.js';
import type { PostRow } from '../posting/post-store.js';
import { mustStandAlone } from '../posting/stand-alone.js';

const AT = toInstant('2026-11-21T10:00:00.000Z');
const ME = account(1);
const picture = { sha256: 'a'.repeat(64), mediaType: 'image/png' as const, alt: { 'en-GB': 'A map' } };
const social: SocialAccount = {
  account: {
    accountId: ME,
    channel: 'social',
    platform: 'fake',
    name: '@larum',
    languages: ['en-GB'],
    kind: 'corporate',
  },
  adapter: new FakePlatform(),
};
const words = (wish: Partial<TextWish> & Pick<TextWish, 'texts'>) =>
  composed({ channel: 'social', accountId: ME, platform: 'fake', variant: 'thread', ...wish });
const texts = [
  words({ texts: ['answer 1', 'answer 2'] }),
  words({ language: 'cy-GB', texts: ['ateb 1'] }),
  words({ variant: 'alone', texts: ['alone 1'] }),
  words({ language: 'cy-GB', variant: 'alone', texts: ['ar ei ben ei hun 1', 'ar ei ben ei hun 2'] }),
  words({ act: 'cancel', variant: 'alone', texts: ['withdrawn'] }),
];

let act: Act;
let rows: PostRow[];
let first: PostRef | undefined;
beforeEach(() => {
  act = 'issue';
  rows = [row(1), row(2), row(3, { language: 'cy-GB' })];
  first = { id: 'v1' };
});

function row(part: number, wish: Partial<PostRow> = {}): PostRow {
  const of = { warningId: warning(1), version: 2, act, channel: 'social', target: ME, part };
  return {
    deliveryId: deliveryId(of),
    part,
    language: 'en-GB',
    variant: 'thread' as Variant,
    answers: `dlv_${'1'.repeat(32)}` as DeliveryId,
    standsAlone: false,
    state: 'planned',
    attempt: 0,
    unknowns: 0,
    due: true,
    ref: null,
    reason: null,
    detail: null,
    ...wish,
  };
}
const posted = (part: number, wish: Partial<PostRow> = {}) =>
  row(part, { state: 'accepted', ref: { id: `post-${part}` }, ...wish });

type Wish = { tampered?: boolean; account?: SocialAccount; texts?: typeof texts };
function found(post: PostRow, wish: Wish = {}) {
  const key = { warningId: warning(1), version: 2, act, chunk: 0 };
  const chunk = {
    key,
    fence: 1,
    accountId: ME,
    incidentId: flood,
    recipients: rows.length,
    urgent: false,
    revision: 0,
    sending: {
      mode: 'exercise' as const,
      message: 'update' as const,
      severity: 'Severe' as const,
      urgency: 'Expected' as const,
      incidentId: flood,
      ...key,
      issuedAt: AT,
      sendUntil: AT,
      media: [picture],
    },
    texts: wish.texts ?? texts,
    tampered: wish.tampered ?? false,
  };
  const store = { all: async () => rows, firstPost: async () => first };
  return approvedPost(chunk as never, 'account' in wish ? wish.account : social, post, store);
}

describe('a post of a next version', () => {
  it('answers the first post of the warning, and brings its picture', async () =>
    expect(await found(rows[0]!)).toMatchObject({
      answersEarlier: true,
      part: { text: 'answer 1', replyTo: { root: { id: 'v1' }, parent: { id: 'v1' } }, media: [picture] },
    }));

  it('answers the one before it in its own language, in the thread of the first', async () => {
    rows = [posted(1), row(2), posted(3, { language: 'cy-GB' })];
    expect(await found(rows[1]!)).toMatchObject({
      answersEarlier: false,
      part: { text: 'answer 2', replyTo: { root: { id: 'v1' }, parent: { id: 'post-1' } }, media: [] },
    });
  });

  it('finds its text by its place in its language, whatever number it has among all', async () =>
    expect(await found(rows[2]!)).toMatchObject({ part: { text: 'ateb 1', language: 'cy-GB', part: 3 } }));

  it('stands by itself where nothing was shown', async () => {
    first = undefined;
    expect(await found(rows[0]!)).toMatchObject({ answersEarlier: false, part: { replyTo: null } });
  });
});

describe('a post that has to stand alone', () => {
  it('has the words that were approved for that, and answers nothing', async () => {
    rows = [row(1, { standsAlone: true })];
    expect(await found(rows[0]!)).toMatchObject({
      answersEarlier: false,
      part: { text: 'alone 1', replyTo: null, media: [picture] },
    });
  });

  it('is followed by those that these words need beyond the planned ones, and by no other', async () => {
    const cymraeg = { language: 'cy-GB', standsAlone: true };
    rows = [row(1), row(2), posted(3, cymraeg), row(4, cymraeg), row(5, cymraeg)];
    expect(await found(rows[3]!)).toMatchObject({
      part: { text: 'ar ei ben ei hun 2', replyTo: { root: { id: 'post-3' }, parent: { id: 'post-3' } } },
    });
    expect(await found(rows[4]!)).toMatchObject({ state: 'suppressed', reason: 'target-gone' });
  });

  it('is not needed when the words that stand alone take fewer', async () => {
    rows = [posted(1, { standsAlone: true }), row(2, { standsAlone: true })];
    expect(await found(rows[1]!)).toEqual({
      state: 'suppressed',
      reason: 'target-gone',
      detail: 'what stands alone takes fewer posts',
    });
  });

  it('and withdraws, has the one text of the cancel', async () => {
    act = 'cancel';
    rows = [row(1, { variant: 'alone', standsAlone: true })];
    expect(await found(rows[0]!)).toMatchObject({ part: { text: 'withdrawn', replyTo: null, media: [] } });
  });
});

describe('a post is not sent', () => {
  const refused = (detail: string, reason = 'invalid') => ({ state: 'refused', reason, detail });

  it.each<[string, () => Wish, object]>([
    [
      'whose version was changed in the store',
      () => ({ tampered: true }),
      refused('what is kept of it is not what was approved and planned'),
    ],
    [
      'for an account that is not here',
      () => ({ account: undefined as never }),
      refused('this service has no such account'),
    ],
    ['without a text', () => ({ texts: [] }), refused('no text was approved for it')],
    [
      'whose text has another hash than was approved',
      () => ({
        texts: [words({ texts: ['answer 1'] })].map((text) => ({
          ...text,
          parts: [{ text: 'All is well.', sha256: text.parts[0]!.sha256 }],
        })),
      }),
      refused('no text was approved for it'),
    ],
  ])('%s', async (_, wish, why) => expect(await found(rows[0]!, wish())).toEqual(why));

  it('in another’s place: its id is made of its number', async () =>
    expect(await found({ ...rows[0]!, part: 2 })).toMatchObject({
      detail: expect.stringContaining('not what was approved'),
    }));

  it('behind one that was refused: half a thread is no text by itself', async () => {
    rows = [row(1, { state: 'refused' }), row(2)];
    expect(await found(rows[1]!)).toEqual(refused('the post before it was refused', 'target-gone'));
  });

  it('for fewer words of its own when it is the first that stands alone: then a text is missing', async () => {
    rows = [row(1, { standsAlone: true })];
    expect(await found(rows[0]!, { texts: [words({ texts: ['answer 1'] })] })).toEqual(
      refused('no text was approved for it'),
    );
  });
});

describe('a refusal', () => {
  const gone = { outcome: 'refused', reason: 'target-gone', detail: '404' } as const;
  const asks = (
    answersEarlier: boolean,
    standsAlone: boolean,
    outcome: Parameters<typeof mustStandAlone>[2],
  ) => mustStandAlone({ answersEarlier }, { standsAlone }, outcome);

  it('of the answer and not of the words lets the post stand alone, once', () => {
    expect(asks(true, false, gone)).toBe(true);
    expect(asks(true, false, { ...gone, reason: 'reply-not-allowed' })).toBe(true);
    expect(asks(true, true, gone)).toBe(false);
    expect(asks(false, false, gone)).toBe(false);
  });

  it.each([
    'too-long',
    'invalid',
    'duplicate',
    'policy',
    'auth',
    'scope',
    'key-conflict',
    'gone',
    'other',
  ] as const)('as %s is not mended by standing alone', (reason) =>
    expect(asks(true, false, { ...gone, reason })).toBe(false),
  );

  it('is not what a lost reply, a pause or a success is', () => {
    expect(asks(true, false, { outcome: 'unknown', detail: 'target-gone' })).toBe(false);
    expect(asks(true, false, { outcome: 'deferred', until: AT, scope: 'account' })).toBe(false);
    expect(asks(true, false, { outcome: 'accepted', ref: { id: '1' }, at: AT })).toBe(false);
  });
});
