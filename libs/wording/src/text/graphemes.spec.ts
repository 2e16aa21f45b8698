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
