import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compose, isPlatform, measure, PLATFORMS } from '#wording';
import { Misuse } from '../command-line.js';
import type { MasterFile } from '../read-master.js';
import { readMaster, requestOf } from '../read-master.js';
import type { Sink } from '../lines.js';

/** The languages of the golden library. */
export const GOLDEN_LANGUAGES = ['en-GB', 'cy-GB'] as const;

/** A master of the library with the name of its file. */
export type NamedMaster = { name: string; master: MasterFile };

/** The masters of a folder, in the order of their names. */
export async function readMasters(folder: string): Promise<NamedMaster[]> {
  const all = await readdir(folder).catch(() => {
    throw new Misuse(
      `${folder} cannot be read: run this in the checkout, or name the folder that holds masters and golden`,
    );
  });
  const names = all.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/\.json$/, ''),
      master: readMaster(await readFile(join(folder, name), 'utf8')),
    })),
  );
}

/** Every master of the library on one platform in one language, for a person to read through. */
export function goldenText(masters: readonly NamedMaster[], platform: string, language: string): string {
  const chapters = masters
    .filter(({ master }) => master.texts[language] !== undefined)
    .map(
      ({ name, master }) =>
        `${'='.repeat(10)} ${name} (${master.message}, ${master.mode})\n${chapter(master, platform, language)}`,
    );
  return `${chapters.join('\n')}`;
}

function chapter(master: MasterFile, platform: string, language: string): string {
  const request = requestOf(master, language, platform);
  if (typeof request === 'string') return `not composed: ${request}\n`;
  const composed = compose(request);
  if (!composed.ok) return `refused, ${composed.reason}: ${composed.detail}\n`;
  const subject = composed.subject === undefined ? '' : `Subject: ${composed.subject}\n`;
  const parts = composed.parts.map(({ text, entities }, index) => {
    const {
      used,
      max,
      parts: sms,
      pages,
    } = isPlatform(platform) ? measure(platform, text) : { used: 0, max: 0 };
    const more = sms === undefined ? (pages === undefined ? '' : `, ${pages} page(s)`) : `, ${sms} part(s)`;
    const links = entities.map(({ kind, start, end, byteStart, byteEnd, uri = '' }) =>
      `${kind} ${start}–${end}, bytes ${byteStart}–${byteEnd} ${uri}`.trim(),
    );
    return [
      `--- ${index + 1} of ${composed.parts.length}: ${used} of ${max}${more}`,
      text,
      ...links.map((link) => `    ${link}`),
      '',
    ].join('\n');
  });
  const leftOut = composed.leftOut.length === 0 ? '' : `left out: ${composed.leftOut.join(', ')}\n`;
  return subject + parts.join('') + leftOut;
}

/** Writes the golden files anew. What then differs in them is a changed promise. */
export async function goldenCommand(samples: string, write: Sink): Promise<number> {
  const masters = await readMasters(join(samples, 'masters'));
  for (const platform of PLATFORMS) {
    for (const language of GOLDEN_LANGUAGES) {
      await writeFile(
        join(samples, 'golden', `${platform}.${language}.txt`),
        goldenText(masters, platform, language),
      );
    }
  }
  await write(`${PLATFORMS.length * GOLDEN_LANGUAGES.length} golden files of ${masters.length} masters\n`);
  return 0;
}
