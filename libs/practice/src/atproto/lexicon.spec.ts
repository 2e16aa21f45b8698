import { describe, expect, it } from '@jest/globals';
import { faultOf, tid } from './lexicon.js';

const KEY = '3m5zqyxqj4s2a';
const POST = 'app.bsky.feed.post';
const post = { $type: POST, text: 'FLOOD: leave now', createdAt: '2026-11-21T14:00:00.000Z', langs: ['en'] };
const FAMILY = '👨‍👩‍👧‍👦'; // one grapheme, 25 bytes

describe('what a Bluesky server thinks of a post', () => {
  it('is well when the post is', () => {
    expect(faultOf(POST, KEY, post)).toBeUndefined();
  });

  it.each([
    ['300 graphemes', 'ŵ'.repeat(300), undefined],
    ['301 graphemes', 'ŵ'.repeat(301), 'grapheme too big (maximum 300, got 301) at $.text'],
    ['120 family emoji, which are 3000 bytes', FAMILY.repeat(120), undefined],
    [
      '121 family emoji, which are 3025 bytes',
      FAMILY.repeat(121),
      'string too big (maximum 3000, got 3025) at $.text',
    ],
  ])('counts %s', (_, text, fault) => {
    expect(faultOf(POST, KEY, { ...post, text })).toEqual(fault && `Invalid ${POST} record: ${fault}`);
  });

  it.each([
    ['a time that is none', { createdAt: 'at noon' }, /ISO 8601 datetime at \$\.createdAt/],
    ['four languages', { langs: ['en', 'cy', 'ga', 'gd'] }, /at most 3 elements at \$\.langs/],
    [
      'an image without its alternative text',
      { embed: { $type: 'app.bsky.embed.images', images: [{ image: {} }] } },
      /"alt"/,
    ],
    ['a reply that names only its parent', { reply: { parent: { uri: 'at://x/y/z', cid: 'b' } } }, /reply/],
    ['another type than its collection', { $type: 'app.bsky.feed.like' }, /Invalid \$type/],
  ])('refuses %s', (_, change, fault) => {
    expect(faultOf(POST, KEY, { ...post, ...change })).toMatch(fault);
  });

  it.each(['self', '3m5zqyxqj4s2', '3m5zqyxqj4s2a3', 'zm5zqyxqj4s2a', '3M5zqyxqj4s2a', '3m5zqyxqj4s21'])(
    'refuses the key %s, which is no timestamp',
    (key) => expect(faultOf(POST, key, post)).toMatch(/must be a tid/),
  );

  it('takes other records under other keys, unread', () => {
    expect(faultOf('app.bsky.actor.profile', 'self', { $type: 'app.bsky.actor.profile' })).toBeUndefined();
    expect(faultOf('app.bsky.actor.profile', 'a/b', { $type: 'app.bsky.actor.profile' })).toMatch(/key/);
  });
});

describe('a timestamp key', () => {
  it('grows with time and is taken for a post', () => {
    const [earlier, later] = [tid(1_763_733_600_000_000n, 5), tid(1_763_733_600_000_001n, 0)];
    expect(earlier < later).toBe(true);
    expect(faultOf(POST, earlier, post)).toBeUndefined();
    expect(tid(0n, 0)).toBe('2222222222222');
  });
});
