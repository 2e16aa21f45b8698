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

  it.each([
    'Call 999 #1',
    'a#b',
    '# nothing',
    'gov.uk/alerts',
    'https://.',
    'https:///x',
    `#${'a'.repeat(65)}`,
  ])('are none in %s', (text) => {
    expect(marked(text)).toEqual([]);
  });

  it('are those that were approved with the text: a shortened link leads to the whole', () => {
    const text = 'Rhybudd ŵ: gov.uk/… #flood @gov.example';
    const entity = (kind: string, shown: string, uri?: string) => {
      const byteStart = Buffer.byteLength(text.slice(0, text.indexOf(shown)));
      return { kind, text: shown, byteStart, byteEnd: byteStart + Buffer.byteLength(shown), uri };
    };
    const approved = [
      entity('link', 'gov.uk/…', 'https://www.gov.uk/flood-warnings'),
      entity('hashtag', '#flood'),
      entity('mention', '@gov.example'),
    ];
    expect(facets(text, approved).map(({ features }) => features[0])).toEqual([
      { $type: 'app.bsky.richtext.facet#link', uri: 'https://www.gov.uk/flood-warnings' },
      { $type: 'app.bsky.richtext.facet#tag', tag: 'flood' },
    ]);
  });

  it('that do not stand where they say are left out: what is tapped must be what is read', () => {
    const wrong = [{ kind: 'link', text: 'gov.uk', byteStart: 1, byteEnd: 7, uri: 'https://gov.uk' }];
    expect(facets('gov.uk/flood', wrong)).toEqual([]);
  });

  it('that the server would refuse are left out: one of them would cost the whole post', () => {
    const text = `read this #${'a'.repeat(65)}`;
    const wrong = [
      { kind: 'link', text: 'this', byteStart: 5, byteEnd: 9, uri: 'the other page' },
      { kind: 'link', text: 'this', byteStart: 5, byteEnd: 9, uri: 'javascript:alert(1)' },
      { kind: 'link', text: 'this', byteStart: 5, byteEnd: 9 },
      { kind: 'hashtag', text: text.slice(10), byteStart: 10, byteEnd: text.length },
    ];
    expect(facets(text, wrong)).toEqual([]);
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
      { seed: 20261121 },
    );
  });
});
