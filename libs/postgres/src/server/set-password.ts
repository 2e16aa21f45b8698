import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { programFile } from '../embedded/binaries.js';
import { identity, type Launch } from './launch-server.js';

/**
 * Gives the superuser of a cluster that does not run this password, in PostgreSQL's single-user mode. For a data folder whose own note of
 * it is gone or empty: else nobody could ever come in again. `password` has letters, digits, `-` and `_` alone.
 */
export function setPassword({
  native,
  cluster,
  password,
  runAs,
}: Omit<Launch, 'settings'> & { password: string }): void {
  const { status, stderr, error } = spawnSync(
    path.join(native, 'bin', programFile('postgres')),
    ['--single', '-D', cluster, 'postgres'],
    { ...identity(runAs), encoding: 'utf8', input: `alter role larum password '${password}'\n` },
  );
  if (status !== 0 || /\bERROR\b|\bFATAL\b/.test(stderr))
    throw new Error(`the password of the embedded database could not be set: ${stderr || String(error)}`);
}
