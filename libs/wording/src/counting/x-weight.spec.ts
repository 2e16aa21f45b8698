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
