import { describe, expect, it } from '@jest/globals';
import twitter from 'twitter-text';
import { emojiSequenceEnd, isPictograph } from './emoji.js';

describe('where an emoji of several characters ends', () => {
  it.each([
    ['a family of four', '👨‍👩‍👧‍👦', 11],
    ['a fire fighter', '👩‍🚒', 5],
    ['a fire fighter with a skin tone', '👩🏽‍🚒', 7],
    ['a heart on fire', '❤️‍🔥', 5],
    ['a couple with two skin tones', '👩🏻‍🤝‍👨🏿', 12],
    ['a thumb with a skin tone', '👍🏽', 4],
    ['a pointing hand whose selector stands before the tone', '☝️🏻', 4],
    ['the flag of Wales', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', 14],
    ['the flag of the United Kingdom', '🇬🇧', 4],
    ['a keycap', '1️⃣', 3],
    ['a keycap without a selector', '1⃣', 2],
    ['a hash as a keycap', '#️⃣', 3],
    ['a warning sign with a selector', '⚠️', 2],
    ['a cup, which is a picture anyway, with a selector', '☕️', 2],
    ['the eye in a speech bubble', '👁‍🗨', 5],
  ])('%s', (_, emoji, end) => {
    expect(emojiSequenceEnd(emoji, 0)).toBe(end);
    expect(emojiSequenceEnd(`a${emoji}b`, 1)).toBe(1 + end);
    expect(emoji).toHaveLength(end);
  });

  it.each([
    ['a letter', 'a'],
    ['a wave, which is one character', '🌊'],
    ['a wave with a selector that it has no use for', '🌊️'],
    ['two letters that are no flag', '🇽🇽'],
    ['a figure with a selector', '1️'],
    ['a joiner', '\u200d'],
    ['a selector', '\ufe0f'],
    ['a letter with a skin tone', 'a🏽'],
    ['a made-up joined one', '🌊‍🔥'],
    ['nothing', ''],
    ['half of a character before a joiner', '\ud83c\u200d'],
  ])('is where it starts for %s', (_, text) => expect(emojiSequenceEnd(text, 0)).toBe(0));

  it('is the end of its longest known beginning when a joined one goes on', () => {
    expect(emojiSequenceEnd('👩‍🚒‍🌊', 0)).toBe(5);
    expect(emojiSequenceEnd('👍🏽🏽', 0)).toBe(4);
  });
});

describe('every emoji of one character, with what may follow it', () => {
  const weigh = (text: string) => twitter.parseTweet(text).weightedLength;
  const ours = (text: string) => {
    let weight = 0;
    for (let at = 0; at < text.length;) {
      const end = emojiSequenceEnd(text, at);
      const point = text.codePointAt(at) ?? 0;
      weight += end > at ? 2 : point <= 0x10ff || (point >= 0x2000 && point <= 0x200d) ? 1 : 2;
      at = end > at ? end : at + (point > 0xffff ? 2 : 1);
    }
    return weight;
  };
  const all = Array.from({ length: 0x1fb00 }, (_, point) => point)
    .filter((point) => point < 0xd800 || point > 0xdfff)
    .map((point) => String.fromCodePoint(point))
    .filter((character) => /\p{Emoji}/u.test(character));
  const differing = (after: string) => all.filter((emoji) => ours(emoji + after) !== weigh(emoji + after));

  it('weighs as twitter-text 3.1.0 has it, alone and with a text selector', () => {
    expect(all.length).toBeGreaterThan(1_300);
    expect(differing('')).toEqual([]);
    expect(differing('\ufe0e')).toEqual([]);
  });

  it('weighs less with a selector where Unicode has made two more of them pictures since', () =>
    expect(differing('\ufe0f')).toEqual(['♾', '⚧']));

  it('weighs less with a skin tone where Unicode has allowed it since, and more for one that it never recommended', () => {
    const found = differing('🏽');
    const more = found.filter((emoji) => ours(`${emoji}🏽`) > weigh(`${emoji}🏽`));
    expect(more).toEqual(['⛷']);
    for (const emoji of found.filter((one) => !more.includes(one)))
      expect(emoji).toMatch(/\p{Emoji_Modifier_Base}/u);
  });
});

describe('a picture', () => {
  it.each(['🌊', '⚠', '⚠️', '©', '🇬', '1⃣', '👩‍🚒', '♥', '☎'])('is %s', (cluster) =>
    expect(isPictograph(cluster)).toBe(true),
  );
  it.each(['a', '1', '#', '’', '水', '\u200d', '\ufe0f', '—', ''])('is not %j', (cluster) =>
    expect(isPictograph(cluster)).toBe(false),
  );
});
