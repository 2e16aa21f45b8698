import { ALLOWED_HOSTS, lint, lintText, mayGoOut } from '#wording';
import type { Finding } from '#wording';
import type { MasterFile } from '../read-master.js';
import { lintMasterOf } from '../read-master.js';
import type { Sink } from '../lines.js';

const MARK = { refuse: 'REFUSED', acknowledge: 'REASON NEEDED', hint: 'hint' } as const;

async function print(found: readonly Finding[], write: Sink): Promise<number> {
  for (const { level, rule, language, field, start, end, message, mend } of found) {
    const place = [language, field, start === end ? undefined : `${start}–${end}`].filter(
      (some) => some !== undefined,
    );
    const offer =
      mend === undefined ? '' : mend === '' ? ' (mend: take it out)' : ` (mend: ${JSON.stringify(mend)})`;
    await write(`${MARK[level].padEnd(14)} ${place.join(' ')}: ${message}${offer} [${rule}]\n`);
  }
  if (found.length === 0) await write('nothing found\n');
  return mayGoOut(found) ? 0 : 1;
}

/** Prints what the checks find in a master; 1 when something must not go out. Accepted findings are left out. */
export function lintMasterCommand(master: MasterFile, now: string | undefined, write: Sink): Promise<number> {
  const allowedHosts = [...ALLOWED_HOSTS, ...master.allowedHosts];
  const found = lint(lintMasterOf(master), { now, allowedHosts });
  return print(
    found.filter(({ rule }) => !master.annotated.includes(rule)),
    write,
  );
}

/** The same for a text by itself. */
export function lintTextCommand(
  text: string,
  mode: 'live' | 'exercise',
  language: string,
  write: Sink,
): Promise<number> {
  return print(lintText(text, { mode, language }), write);
}
