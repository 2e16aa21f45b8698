import { ALLOWED_HOSTS, lint, lintText, mayGoOut } from '#wording';
import type { Finding } from '#wording';
import { Misuse } from '../command-line.js';
import { printable } from '../lines.js';
import type { Sink } from '../lines.js';
import { lintMasterOf, readMaster } from '../read-master.js';
import type { MasterFile } from '../read-master.js';

const MARK = { refuse: 'REFUSED', acknowledge: 'REASON NEEDED', hint: 'hint' } as const;
/** Languages whose words the rules know. */
const LANGUAGES = ['en-GB', 'cy-GB'];

/** As they were written on the command line. `file` is the name of the file that was read, if any. */
export type LintCall = {
  now?: string;
  mode?: string;
  language?: string;
  file?: string | undefined;
};

/** Checks a master (a JSON object) or a text by itself, and prints what was found; 1 when something must not go out. */
export function lintCommand(written: string, call: LintCall, write: Sink): Promise<number> {
  if (written.trim() === '') throw new Misuse('there is no text to check');
  if (!isMaster(written, call.file)) return lintAlone(written, call, write);
  if (call.mode !== undefined || call.language !== undefined) {
    throw new Misuse('--mode and --language are for a text by itself; a master says both');
  }
  if (call.now !== undefined && Number.isNaN(Date.parse(call.now))) {
    throw new Misuse('--now must be a time such as 2026-11-22T10:00:00.000Z');
  }
  return lintMasterCommand(readMaster(written), call.now, write);
}

/** A file named `.json` is a master whatever is in it; else what is a JSON object, and not a text that begins with a slot. */
function isMaster(written: string, file: string | undefined): boolean {
  if (file?.endsWith('.json')) return true;
  if (!written.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(written);
    return true;
  } catch {
    return /^\s*\{\s*"/.test(written);
  }
}

function lintAlone(
  text: string,
  { mode = 'live', language = 'en-GB', now }: LintCall,
  write: Sink,
): Promise<number> {
  if (mode !== 'live' && mode !== 'exercise') throw new Misuse('--mode must be live or exercise');
  if (!LANGUAGES.includes(language)) throw new Misuse(`--language must be ${LANGUAGES.join(' or ')}`);
  if (now !== undefined) throw new Misuse('--now is for a master, which says until when it holds');
  return lintTextCommand(text, mode, language, write);
}

async function print(found: readonly Finding[], write: Sink): Promise<number> {
  for (const { level, rule, language, field, start, end, message, mend } of found) {
    const place = [language, field, start === end && start === 0 ? undefined : `${start}–${end}`].filter(
      (some) => some !== undefined,
    );
    const offer =
      mend === undefined
        ? ''
        : mend === ''
          ? ' (mend: take it out)'
          : ` (mend: ${start === end ? 'put in ' : ''}${JSON.stringify(mend)})`;
    await write(`${MARK[level].padEnd(14)} ${place.join(' ')}: ${printable(message)}${offer} [${rule}]\n`);
  }
  if (found.length === 0) await write('nothing found\n');
  return mayGoOut(found) ? 0 : 1;
}

/** Prints what the checks find in a master. Accepted findings are left out. */
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
