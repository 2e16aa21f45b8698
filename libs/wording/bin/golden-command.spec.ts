import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ALLOWED_HOSTS, compose, isPlatform, lint, measure, PLATFORMS } from '#wording';
import { lintMasterOf, requestOf } from './read-master.js';
import { GOLDEN_LANGUAGES, goldenText, readMasters } from './commands/golden-command.js';

const samples = fileURLToPath(new URL('../samples/', import.meta.url));
const masters = await readMasters(join(samples, 'masters'));
const HOURS = 3_600_000;

describe('the golden library', () => {
  it('has at least forty masters, of every kind of message, in both languages and both worlds', () => {
    expect(masters.length).toBeGreaterThanOrEqual(40);
    const messages = new Set(masters.map(({ master }) => master.message));
    expect([...messages].sort()).toEqual([
      'all-clear',
      'cancel',
      'correction',
      'first',
      'holding',
      'rumour-rebuttal',
      'update',
    ]);
    expect(masters.filter(({ master }) => master.texts['cy-GB'] !== undefined).length).toBeGreaterThanOrEqual(
      12,
    );
    expect(new Set(masters.map(({ master }) => master.mode)).size).toBe(2);
    expect(new Set(masters.map(({ master }) => master.kind)).size).toBe(3);
  });

  const files = PLATFORMS.flatMap((platform) =>
    GOLDEN_LANGUAGES.map((language) => [platform, language] as const),
  );

  it.each(files)('reads on %s in %s as it was approved', async (platform, language) => {
    const golden = await readFile(join(samples, 'golden', `${platform}.${language}.txt`), 'utf8');
    expect(goldenText(masters, platform, language)).toBe(golden);
  });

  it.each(masters.map(({ name, master }) => [name, master] as const))(
    '%s fits on every platform, or says why not',
    (_, master) => {
      for (const language of Object.keys(master.texts)) {
        for (const platform of PLATFORMS) {
          const request = requestOf(master, language, platform);
          if (typeof request === 'string') throw new Error(request);
          const composed = compose(request);
          if (!composed.ok)
            throw new Error(`${platform} ${language}: ${composed.reason}, ${composed.detail}`);
          for (const { text } of composed.parts)
            expect(isPlatform(platform) && measure(platform, text).fits).toBe(true);
        }
      }
    },
  );

  it.each(masters.map(({ name, master }) => [name, master] as const))(
    '%s raises no alarm but the annotated ones',
    (_, master) => {
      const now = new Date(Date.parse(master.expiresAt ?? '') - 11 * HOURS).toISOString();
      const found = lint(lintMasterOf(master), {
        now,
        allowedHosts: [...ALLOWED_HOSTS, ...master.allowedHosts],
      });
      const rules = [...new Set(found.map(({ rule }) => rule))].sort();
      expect(rules).toEqual([...master.annotated].sort());
    },
  );
});
