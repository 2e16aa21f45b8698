import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { programFile } from '../embedded/binaries.js';
import { identity, type Launch } from './launch-server.js';

/**
 * Gives the superuser of a cluster that does not run this password, in PostgreSQL's single-user mode. For a data folder whose own note of
 * it is gone or empty: else nobody could ever come in again. `password` has letters, digits, `-` and `_` alone.
 */
export async function setPassword({
  native,
  cluster,
  password,
  runAs,
}: Omit<Launch, 'settings'> & { password: string }): Promise<void> {
  const program = path.join(native, 'bin', programFile('postgres'));
  const server = spawn(program, ['--single', '-D', cluster, 'postgres'], {
    ...identity(runAs),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const ended = once(server, 'exit');
  server.stdin.on('error', () => {}); // one that ends at once says why
  server.stdin.end(`alter role larum password '${password}'\n`);
  const [said, [code]] = await Promise.all([text(server.stderr), ended]);
  if (code !== 0 || /\b(ERROR|FATAL)\b/.test(said))
    throw new Error(
      `the password of the embedded database could not be set: ${said || `it ended with ${code}`}`,
    );
}
