import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import twitter from 'twitter-text';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { xWeight } from './x-weight.js';

const weight = (text: string) => xWeight(text, 23).weight;

describe('the weight of a post on X', () => {
  it.each(Array.from('…•→€™✓⏰水道ẁẃẅỳ'))('%s weighs 2', (character) => expect(weight(character)).toBe(2));

  it.each(Array.from('–—“”’£°²½©\u200b\u00adŵŷâêîôûŴŶÿ'))('%s weighs 1', (character) =>
    expect(weight(character)).toBe(1),
  );

  it.each(['👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '🇬🇧', '1️⃣', '1⃣', '⚠️', '⚠', '👍🏽', '©️', '❤️‍🔥', '🧑‍🤝‍🧑', '☕️', '⚡️', '🀄️', '☝️🏻', '👁‍🗨'])(
    'the emoji %s weighs 2',
    (emoji) => expect(weight(emoji)).toBe(2),
  );

  it('weighs every code point as the four ranges of configuration v3 say', () => {
    const light = (point: number) =>
      point <= 0x10ff ||
      (point >= 0x2000 && point <= 0x200d) ||
      (point >= 0x2010 && point <= 0x201f) ||
      (point >= 0x2032 && point <= 0x2037);
    const wrong: string[] = [];
    for (let point = 0; point <= 0x2ffff; point += point < 0x3000 ? 1 : 7) {
      const character = String.fromCodePoint(point);
      // A mark by itself, and what NFC writes as something else, is another matter.
      if ((point >= 0xd800 && point <= 0xdfff) || character.normalize('NFC') !== character) continue;
      if (weight(character) !== (light(point) ? 1 : 2)) wrong.push(character);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['nothing', '', 0],
    ['a space', ' ', 1],
    ['a line end', 'a\nb', 3],
    ['140 Chinese characters', '水'.repeat(140), 280],
    ['140 families', '👨‍👩‍👧‍👦'.repeat(140), 280],
    ['140 flags of Wales', '🏴󠁧󠁢󠁷󠁬󠁳󠁿'.repeat(140), 280],
    ['280 Welsh letters', 'ŵ'.repeat(280), 280],
    ['NFC makes one of a letter and its accent', 'w\u0302'.repeat(10), 10],
    ['NFC makes three of one Hebrew letter', 'A\ufb2c', 4],
    ['an accent that joins nothing', 'q\u0301', 2],
    ['pictures of several ages', 'H🐱☺👨‍👩‍👧‍👦', 7],
    ['skin tones and professions', '🙋🏽👨‍🎤', 4],
    ['a picture and a joiner that joins nothing', '🌊\u200d', 3],
    ['a skin tone by itself', '🏽', 2],
    ['a selector by itself', '\ufe0f', 2],
    ['two letters that are no flag', '🇽🇽', 4],
    ['a letter of a flag by itself', '🇬', 2],
    ['a figure with a selector', '1\ufe0f', 3],
    ['half of a character', '\ud83c', 2],
    ['invisible marks', '\u200b\u200c\u200d\u00ad', 4],
    ['marks of direction', '\u200e\u200f\u202a\u2066', 8],
    ['dashes and quotes', '‐‑‒–—―‖‘’‚‛“”„‟', 15],
    ['primes', '′″‴‵‶‷', 6],
    ['what lies between these ranges', '†‡•…‰', 10],
  ])('%s', (_, text, count) => {
    expect(weight(text)).toBe(count);
    expect(twitter.parseTweet(text).weightedLength).toBe(count);
  });

  it.each([
    ['a link and text', 'Hi http://test.co', 26],
    ['a link and a space', 'http://www.twitter.com/jack ', 24],
    ['ten links', 'https://www.twitter.com/aloha '.repeat(10), 240],
    ['a link between Chinese', '水 gov.uk 水', 29],
    [
      'a link of 4,088 (its protocol is counted twice) and one more',
      `https://a.uk/${'a'.repeat(4_075)} https://a.uk/${'a'.repeat(4_076)}`,
      23 + 1 + 4_089,
    ],
    ['a label of 64', `${'randomurl'.repeat(7)}s.com`, 68],
    ['a link between marks of direction', '\u2066\u202ahttp://foobar.پاکستان/\u202c\u2069', 31],
    ['a link behind a hash is text', '#gov.uk', 7],
    ['a mailbox is text', 'flood@gov.uk', 12],
    ['a picture and a link', '🌊gov.uk', 25],
  ])('with links: %s', (_, text, count) => {
    expect(weight(text)).toBe(count);
    expect(twitter.parseTweet(text).weightedLength).toBe(count);
  });

  it('weighs an accent that stands alone together with its letter', () => expect(weight('e\u0301')).toBe(1));

  it.each([
    'gov.uk',
    'www.gov.uk',
    'floodline.info',
    'gov.uk/alerts',
    'https://gov.uk/a?b=c#d',
    'HTTP://GOV.UK',
  ])('%s costs 23 however long', (link) =>
    expect(xWeight(link, 23)).toEqual({ weight: 23, links: [link], valid: true }),
  );

  it.each([
    'a@b.gov.uk',
    'e.g.',
    '9.30am',
    '999.',
    'Kingston.Please',
    'shut',
    '#gov.uk',
    `${'a'.repeat(64)}.gov.uk`,
  ])('%s is no link', (text) =>
    expect(xWeight(text, 23)).toEqual({ weight: text.length, links: [], valid: true }),
  );

  it('makes a link of a forgotten space', () => {
    expect(xWeight('Close the road.It is flooded', 23)).toMatchObject({
      links: ['road.It'],
      weight: 10 + 23 + 11,
    });
    expect(xWeight('Leave now.Do not wait', 23).links).toEqual(['now.Do']);
  });

  it('takes the price of a link from the account', () => expect(xWeight('gov.uk', 30).weight).toBe(30));

  it.each(['', '\ufffe', 'flood\uffff', '\ufeffflood'])('is not valid when X would refuse %j', (text) =>
    expect(xWeight(text, 23).valid).toBe(false),
  );

  it('agrees with twitter-text 3.1.0 on weight, links and validity, but for emoji that are newer than it', () => {
    const newer = /\u200d|[\u{1f000}-\u{1faff}]|\ufe0f/u;
    holds(
      fc.property(anyText(), (text) => {
        const theirs = twitter.parseTweet(text);
        const ours = xWeight(text, 23);
        expect(ours.links).toEqual(twitter.extractUrls(text.normalize('NFC')));
        // A sequence that it does not know it counts piece by piece: never less than we do.
        if (newer.test(text)) expect(ours.weight).toBeLessThanOrEqual(theirs.weightedLength);
        else expect(ours.weight).toBe(theirs.weightedLength);
        if (ours.weight === theirs.weightedLength)
          expect(ours.valid && ours.weight <= 280).toBe(theirs.valid);
      }),
      1_500,
    );
  });

  it('differs from twitter-text 3.1.0 where Unicode has added sequences since, and nowhere else', () => {
    const differing = ['❤️‍🔥', '🧑‍🤝‍🧑', '🐻‍❄️', '🫱🏽‍🫲🏿'].map((emoji) => [
      emoji,
      twitter.parseTweet(emoji).weightedLength,
      weight(emoji),
    ]);
    expect(differing).toEqual([
      ['❤️‍🔥', 5, 2],
      ['🧑‍🤝‍🧑', expect.any(Number), 2],
      ['🐻‍❄️', expect.any(Number), 2],
      ['🫱🏽‍🫲🏿', expect.any(Number), 2],
    ]);
  });

  it('adds up where a space and a full stop keep texts apart', () =>
    holds(
      fc.property(
        anyText(),
        anyText(),
        (a, b) => weight(`${a} . ${b}`) === weight(`${a} .`) + weight(` ${b}`),
      ),
    ));
});
