import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
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

  const facet = (feature: object, index: object = { byteStart: 0, byteEnd: 5 }) => ({
    facets: [{ index, features: [feature] }],
  });
  const link = (uri: unknown) => facet({ $type: 'app.bsky.richtext.facet#link', uri });
  const tag = (name: unknown) => facet({ $type: 'app.bsky.richtext.facet#tag', tag: name });

  it.each([
    ['a link to nowhere', link('https://'), /uri must be a uri at \$\.facets\.0\.features\.0/],
    ['a link without a scheme', link('www.gov.uk/flood'), /must be a uri/],
    ['a link with a space', link('https://www.gov.uk/a b'), /must be a uri/],
    ['a link that is none', link(undefined), /must be a uri/],
    ['a hashtag of 65 letters', tag('a'.repeat(65)), /grapheme too big \(maximum 64, got 65\)/],
    ['a hashtag without a name', tag(''), /tag must be a string/],
    [
      'a facet that begins before the text',
      facet({ $type: 'x' }, { byteStart: -1, byteEnd: 5 }),
      /byteStart/,
    ],
    ['a facet at a fraction of a byte', facet({ $type: 'x' }, { byteStart: 0.5, byteEnd: 5 }), /byteStart/],
    ['a language in words', { langs: ['English (British)'] }, /language tag/],
    ['a text that is none', { text: 7 }, /\$\.text/],
  ])('refuses %s, and the whole post with it', (_, change, fault) => {
    expect(faultOf(POST, KEY, { ...post, ...change })).toMatch(fault);
  });

  it.each([
    ['a link', link('https://www.gov.uk/flood?a=b#c')],
    ['a hashtag of 64 emoji', tag(FAMILY.repeat(64))],
    ['a feature of tomorrow', facet({ $type: 'app.bsky.richtext.facet#map', place: 'Wainfleet' })],
    ['languages with their countries', { langs: ['en-GB', 'cy-GB', 'gd'] }],
    ['no facets at all', { facets: [] }],
    ['fields that nobody knows', { tags: ['flood'] }],
  ])('takes %s', (_, change) => expect(faultOf(POST, KEY, { ...post, ...change })).toBeUndefined());

  it.each([null, 'FLOOD', 7, undefined])('refuses %j, which is no record', (record) => {
    expect(faultOf(POST, KEY, record)).toMatch(/must be an object/);
  });

  it.each(['', '.', '..', 'a b', 'a/b', 'x'.repeat(513), 'ŵ'])(
    'refuses the key %j on any collection',
    (key) => {
      expect(faultOf('app.bsky.actor.profile', key, { $type: 'app.bsky.actor.profile' })).toBe(
        'Record key is not valid',
      );
    },
  );

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

  it('sorts as its times do, for any two moments', () => {
    const moment = fc.bigInt({ min: 0n, max: 2n ** 52n });
    fc.assert(
      fc.property(moment, moment, fc.nat(1_023), fc.nat(1_023), (one, other, a, b) => {
        fc.pre(one !== other);
        expect(tid(one, a) < tid(other, b)).toBe(one < other);
        expect(faultOf(POST, tid(one, a), post)).toBeUndefined();
      }),
      { seed: 20261121 },
    );
  });
});
