import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** The unprivileged user that PostgreSQL runs as when we are root: PostgreSQL itself refuses to run as root. */
export type RunAs = { name: string; uid: number; gid: number };

/** Outlives a restart of the machine where it can, has room for a database, and every user can reach it. */
export const ROOMY_TEMP = process.platform === 'win32' ? os.tmpdir() : '/var/tmp';

/** Whom to run as: undefined means as ourselves. */
export function chooseUser(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody', 'daemon']) {
    const [name, , uid, gid] = users.find(([user]) => user === wanted) ?? [];
    if (name !== undefined && Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root and none of the users postgres, nobody or daemon exists: create one, or set DATABASE_URL',
  );
}

/** Whether that user can pass through to `file` or folder, asked of the system itself. */
export function canReach(file: string, { uid, gid }: RunAs): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$0"', file], { uid, gid, cwd: '/' }).status === 0;
}

/** A folder that we own and nobody else can write to; not a link to one. */
export function isSafeFolderOfOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory()) return false;
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0);
}
