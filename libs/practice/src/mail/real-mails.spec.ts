import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import PostalMime from 'postal-mime';
import { readMail } from './mail-text.js';

const folder = process.env['REAL_INPUT_DIR'];
if (folder === undefined) {
  console.warn('SKIPPED: REAL_INPUT_DIR is not set, so no real mails are read');
}

(folder === undefined ? describe.skip : describe)('real mails', () => {
  const bounces = join(folder ?? '', 'bounces');
  const mails = folder === undefined ? [] : readdirSync(bounces).filter((name) => name.endsWith('.eml'));
  const squeezed = (text: string | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();

  it('are read as another reader reads them: the same id, the same subject, the same first words', async () => {
    expect(mails.length).toBeGreaterThan(150);
    const differ: string[] = [];
    for (const name of mails) {
      const raw = readFileSync(join(bounces, name));
      const theirs = await new PostalMime().parse(raw);
      const ours = readMail(raw);
      if (ours.messageId !== (theirs.messageId ?? '')) differ.push(`${name}: id ${ours.messageId}`);
      if (squeezed(ours.subject) !== squeezed(theirs.subject))
        differ.push(`${name}: subject ${ours.subject}`);
      const words = squeezed(ours.text).slice(0, 200);
      if (theirs.text !== undefined && !squeezed(theirs.text).startsWith(words))
        differ.push(`${name}: ${words}`);
    }
    expect(differ).toEqual([]);
  });
});
