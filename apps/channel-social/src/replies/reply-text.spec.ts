import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { replyText } from './reply-text.js';

describe('what somebody answered', () => {
  it.each([
    ['is the road open?', 'is the road open?'],
    ['two\r\nlines\rand a third', 'two\nlines\nand a third'],
    ['bell\u0007 and zero\u0000', 'bell and zero'],
    ['half a \ud83c wave', 'half a \ufffd wave'],
    ['e\u0301', 'é'],
    ['dŵr 🌊', 'dŵr 🌊'],
  ])('%j is kept as %j', (came, kept) => expect(replyText(came)).toBe(kept));

  it('is cut where nobody would read on, at a whole character', () => {
    const long = replyText(`${'a'.repeat(19_999)}🌊${'b'.repeat(50)}`);
    expect(long).toBe(`${'a'.repeat(19_999)}…`);
  });

  it('can always be stored and shown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (came) => {
        const kept = replyText(came);
        expect(kept.isWellFormed()).toBe(true);
        expect(kept).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }),
      { seed: 20261121 },
    );
  });
});
