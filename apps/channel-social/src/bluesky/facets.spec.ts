import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { facets } from './facets.js';

/** What a reader of the post would mark, cut out by the byte offsets. */
const marked = (text: string) =>
  facets(text).map(({ index, features }) => [
    Buffer.from(text).subarray(index.byteStart, index.byteEnd).toString(),
    features[0]!.uri ?? features[0]!.tag,
  ]);

describe('links and hashtags of a post', () => {
  it('are found by byte offsets, also after ŵ and emoji', () => {
    expect(marked('Llifogydd dŵr 🌊 gweler https://llyw.cymru/llifogydd #Llifogydd')).toEqual([
      ['https://llyw.cymru/llifogydd', 'https://llyw.cymru/llifogydd'],
      ['#Llifogydd', 'Llifogydd'],
    ]);
  });

  it.each([
    ['See https://www.gov.uk/flood.', 'https://www.gov.uk/flood'],
    ['(https://www.gov.uk/flood)', 'https://www.gov.uk/flood'],
    ['“https://www.gov.uk/flood”', 'https://www.gov.uk/flood'],
    ['https://www.gov.uk/a?b=c&d=e#f, then', 'https://www.gov.uk/a?b=c&d=e#f'],
  ])('leave the punctuation of %s to the sentence', (text, uri) => {
    expect(marked(text)).toEqual([[uri, uri]]);
  });

  it.each(['Call 999 #1', 'a#b', '# nothing', 'gov.uk/alerts'])('are none in %s', (text) => {
    expect(marked(text)).toEqual([]);
  });

  it('always stand inside the text, in order, on whole characters', () => {
    const piece = fc.oneof(
      fc.constantFrom('https://a.uk/x', '#flood', ' ', '🌊', 'ŵ', '.'),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let at = 0;
        for (const { index } of facets(text)) {
          expect(index.byteStart).toBeGreaterThanOrEqual(at);
          expect(index.byteEnd).toBeGreaterThan(index.byteStart);
          const cut = Buffer.from(text).subarray(index.byteStart, index.byteEnd);
          expect(text).toContain(cut.toString());
          at = index.byteEnd;
        }
        expect(at).toBeLessThanOrEqual(Buffer.byteLength(text));
      }),
    );
  });
});
