import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainText } from './own-statuses.js';

/** HTML as Mastodon makes it of a text, shortened links and all. */
const html = (text: string) =>
  text
    .split('\n\n')
    .map(
      (paragraph) =>
        `<p>${paragraph.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('\n', '<br />')}</p>`,
    )
    .join('');

describe('the text of a post', () => {
  it('comes back from its HTML', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('<', '>', '&', '"', "'", '&amp;', 'ŵ', '🌊', '\n'),
        fc.string({ unit: 'grapheme-ascii', maxLength: 4 }),
      ),
      maxLength: 60,
    });
    const even = (written: string) => written.replace(/\s+/g, ' ').trim();
    fc.assert(
      fc.property(text, (written) => void expect(even(plainText(html(written)))).toBe(even(written))),
    );
  });

  it('holds links whole, although only their beginning is shown', () => {
    const link =
      '<a href="https://www.gov.uk/flood"><span class="invisible">https://www.</span><span class="ellipsis">gov.uk</span><span class="invisible">/flood</span></a>';
    expect(plainText(`<p>See ${link}</p>`)).toBe('See https://www.gov.uk/flood');
  });

  it('leaves alone what it does not know', () => {
    expect(plainText('a &nosuch; b &#99999999; c &#x1F30A;')).toBe('a &nosuch; b &#99999999; c 🌊');
  });

  it('takes no longer for hostile text than its length', () => {
    const started = performance.now();
    plainText(`${'<'.repeat(200_000)}${'&#'.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
