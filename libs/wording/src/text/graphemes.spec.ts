import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { KIND, kindOf } from './character-kinds.js';
import { countGraphemes, graphemes } from './graphemes.js';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const bySegmenter = (text: string) => Array.from(segmenter.segment(text)).length;

describe('characters that a reader sees', () => {
  it.each([
    ['a family of four', '👨‍👩‍👧‍👦', 1],
    ['the flag of Wales', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', 1],
    ['the flag of the United Kingdom', '🇬🇧', 1],
    ['a keycap', '1️⃣', 1],
    ['a warning sign with and without selector', '⚠️⚠', 2],
    ['e with a combining acute', 'e\u0301', 1],
    ['Welsh letters', 'ŵŷâ', 3],
    ['a carriage return with its line feed', '\r\n', 1],
    ['a line feed before a carriage return', '\n\r', 2],
    ['Korean syllables from jamo', '\u1112\u1161\u11ab\u1100\u116e\u11a8', 2],
    ['three regional indicators', '🇬🇧🇬', 2],
    ['a soft hyphen inside a word', 'flood\u00adwater', 11],
    ['an Arabic number sign before a Latin letter', '\u0600a', 1],
    ['nothing', '', 0],
  ])('%s', (_, text, count) => {
    expect(countGraphemes(text)).toBe(count);
    expect([...graphemes(text)]).toHaveLength(count);
  });

  it('are the same with and without the short way for plain letters', () =>
    holds(
      fc.property(anyText(), (text) => countGraphemes(text) === bySegmenter(text)),
      1_000,
    ));

  it.each([
    '🏴󠁧󠁢󠁷󠁬󠁳󠁿',
    '👨‍👩‍👧‍👦',
    '🇬🇧🇬🇧',
    'e\u0301\u0302',
    '\r\n',
    '\u1112\u1161\u11ab',
    'क्षि',
    '👍🏽',
    '\ud83c',
    '\u{1f3f4}\u{e0067}',
  ])('are the same wherever a window of the segmenter may cut %j', (joined) => {
    for (let before = 0; before < 140; before += 1) {
      // A letter that we leave to the segmenter opens the window.
      const text = `𐀀${'a'.repeat(before)}${joined}b`;
      expect([before, countGraphemes(text)]).toEqual([before, bySegmenter(text)]);
    }
  });

  it('are the same in long texts of rare letters, whatever is between them', () => {
    const rare = fc.constantFrom(
      '𐀀',
      'क्षि',
      '\u1112\u1161',
      '🏴󠁧󠁢󠁷󠁬󠁳󠁿',
      '👨‍👩‍👧‍👦',
      '\u0e33',
      '\u0903',
      '𝐚',
      '\u{e0067}',
      '\u{1f9d1}',
      'a',
    );
    holds(
      fc.property(fc.array(rare, { minLength: 20, maxLength: 200 }), (some) => {
        const text = some.join('');
        expect(countGraphemes(text)).toBe(bySegmenter(text));
      }),
      400,
    );
  });

  it('are the same at every place where plain and joined characters meet', () => {
    const units = [
      'a',
      'é',
      '’',
      '\u0301',
      '\u200d',
      '\ufe0f',
      '🌊',
      '🇬',
      '\u0600',
      '\r',
      '\n',
      '\u00ad',
      '\u0903',
      '©',
    ];
    const differing: string[] = [];
    for (const a of units)
      for (const b of units)
        for (const c of units)
          for (const d of units) {
            const text = a + b + c + d;
            if (countGraphemes(text) !== bySegmenter(text)) differing.push(text);
          }
    expect(differing).toEqual([]);
  });

  it.each([
    ['alone', KIND.alone, '', 2],
    ['alone but for an accent', KIND.alone, '\u0301', 2],
    ['a control', KIND.control, '\u0301', 3],
    ['an extending mark', KIND.extend, 'a', 2],
  ])('know every character that is %s as the segmenter does', (_, kind, after, clusters) => {
    const points = Array.from({ length: 0xe0200 }, (__, point) => point).filter(
      (point) => kindOf(point) === kind,
    );
    expect(points.length).toBeGreaterThan(90);
    const differing = points.filter((point) => {
      const text = `x${String.fromCodePoint(point)}${after}`;
      return bySegmenter(text) !== clusters || countGraphemes(text) !== clusters;
    });
    expect(differing).toEqual([]);
  });

  it('are the same in stretches longer than what the segmenter is shown at once', () => {
    for (const text of ['\u0915\u094d', '\u1112\u1161\u11ab', 'ก็', '\u0600', '🇬', '\u0915\u0301\u200d'].map(
      (c) => c.repeat(130),
    )) {
      expect([text.slice(0, 3), countGraphemes(text)]).toEqual([text.slice(0, 3), bySegmenter(text)]);
    }
  });

  it('add up where a full stop and a plain letter keep texts apart', () =>
    holds(
      fc.property(
        anyText(),
        anyText(),
        (a, b) => countGraphemes(`${a}. x${b}`) === countGraphemes(`${a}. `) + countGraphemes(`x${b}`),
      ),
    ));
});

/** Unicode Standard Annex 29, table 1c: each rule on two or three characters, and how many clusters they make. */
describe('the rules of Unicode Annex 29', () => {
  it.each([
    ['GB3 joins CR and LF', '\r\n', 1],
    ['GB4 breaks after a control', '\u0000\u0301', 2],
    ['GB4 breaks after a line feed', '\n\u0301', 2],
    ['GB4 breaks after a zero width space', '\u200b\u0301', 2],
    ['GB5 breaks before a control', 'a\u0000', 2],
    ['GB5 breaks before a carriage return', 'a\r\n', 2],
    ['GB6 joins L and V', '\u1100\u1161', 1],
    ['GB6 joins L and LV', '\u1100\uac00', 1],
    ['GB6 joins L and L', '\u1100\u1100', 1],
    ['GB7 joins V and T', '\u1161\u11a8', 1],
    ['GB7 joins LV and T', '\uac00\u11a8', 1],
    ['GB7 joins LV and V', '\uac00\u1161', 1],
    ['GB8 joins LVT and T', '\uac01\u11a8', 1],
    ['GB8 does not join LVT and V', '\uac01\u1161', 2],
    ['T and L are apart', '\u11a8\u1100', 2],
    ['GB9 joins an extending mark', 'a\u0308', 1],
    ['GB9 joins several', 'a\u0308\u0327\u0301', 1],
    ['GB9 joins a zero width joiner', 'a\u200d', 1],
    ['GB9 joins a zero width non-joiner', 'a\u200c', 1],
    ['GB9 joins a selector', 'a\ufe0f', 1],
    ['GB9 joins a skin tone, also to a letter', 'a🏽', 1],
    ['GB9a joins a spacing mark', '\u0915\u0903', 1],
    ['GB9a joins the Thai vowel am', '\u0e01\u0e33', 1],
    ['GB9b joins what a prepended mark stands before', '\u0600\u0661', 1],
    ['GB9b does not join a control', '\u0600\n', 2],
    ['GB9c joins a conjunct', '\u0915\u094d\u0937', 1],
    ['GB9c joins a conjunct with a joiner', '\u0915\u094d\u200d\u0937', 1],
    ['without a linker consonants are apart', '\u0915\u0937', 2],
    ['GB11 joins pictures by a joiner', '👩\u200d🚒', 1],
    ['GB11 joins over a selector', '❤️\u200d🔥', 1],
    ['GB11 joins over a skin tone', '👩🏽\u200d🚒', 1],
    ['GB11 joins no letter to a picture', 'a\u200d🚒', 2],
    ['GB11 joins no letter behind a picture', '👩\u200da', 2],
    ['pictures without a joiner are apart', '👩🚒', 2],
    ['GB12 joins two regional letters', '🇬🇧', 1],
    ['GB13 counts them in pairs', '🇬🇧🇫🇷', 2],
    ['GB13 in pairs behind a letter', 'a🇬🇧🇫', 3],
    ['GB13 a joiner parts them', '🇬\u200d🇧', 2],
    ['GB999 parts everything else', 'ab水', 3],
    ['a lone high half', 'a\ud83cb', 3],
    ['a lone low half', 'a\udf0ab', 3],
    ['halves the wrong way round', '\udf0a\ud83c', 2],
    ['a mark at the start', '\u0301a', 2],
    ['a keycap', '#\ufe0f\u20e3', 1],
    ['a flag by tags', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 1],
  ])('%s', (_, text, count) => {
    expect(countGraphemes(text)).toBe(count);
    expect(bySegmenter(text)).toBe(count);
  });
});
