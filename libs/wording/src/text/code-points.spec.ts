import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { countCodePoints, unitsAt, utf8Bytes } from './code-points.js';

const encoder = new TextEncoder();

describe('code points and bytes', () => {
  it.each([
    ['👨‍👩‍👧‍👦', 7, 25],
    ['🏴󠁧󠁢󠁷󠁬󠁳󠁿', 7, 28],
    ['🇬🇧', 2, 8],
    ['1️⃣', 3, 7],
    ['⚠️', 2, 6],
    ['⚠', 1, 3],
    ['ŵ', 1, 2],
    ['\r\n', 2, 2],
    ['', 0, 0],
  ])('%s', (text, points, bytes) => {
    expect(countCodePoints(text)).toBe(points);
    expect(utf8Bytes(text)).toBe(bytes);
  });

  it('are those of an encoder, also for halves of characters', () =>
    holds(
      fc.property(
        anyText(),
        (text) =>
          utf8Bytes(text) === encoder.encode(text).length &&
          countCodePoints(text) === Array.from(text).length,
      ),
    ));

  it('count a stretch of a text', () => {
    expect(utf8Bytes('aŵ🌊b', 1, 4)).toBe(6);
    expect(utf8Bytes('aŵ🌊b', 4, 5)).toBe(1);
    expect(unitsAt('aŵ🌊b', 2)).toBe(2);
    expect(unitsAt('aŵ🌊b', 3)).toBe(1);
  });
});
