import { existsSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { sleep } from '#runtime';
import { codeOf } from '../database/database-away.js';

/** What PostgreSQL's own lock file says (`postmaster.pid`, PostgreSQL "Database File Layout"): lines 1, 4 and 8. */
export type Postmaster = { pid: number; port: number; status: string };

/** The lock file of the cluster, or undefined when there is none or it is being written. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  try {
    const lines = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return pid > 0 ? { pid, port, status: (lines[7] ?? '').trim() } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether that process runs. A zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  return processState(pid) !== 'Z';
}

function processState(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  } catch {
    return undefined;
  }
}

/** The command line of a process, or an empty text. */
export function commandOf(pid: number): string {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
}

/**
 * Stops a server: SIGINT (fast shutdown: sessions are ended, nothing is lost), and SIGQUIT when it has not gone after
 * `patienceMs`; then it recovers at its next start.
 */
export async function stopServer(pid: number, patienceMs: number): Promise<void> {
  signal(pid, 'SIGINT');
  if (await isGone(pid, patienceMs)) return;
  signal(pid, 'SIGQUIT');
  if (await isGone(pid, 5_000)) return;
  signal(pid, 'SIGKILL');
  await isGone(pid, 5_000);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it is gone already
  }
}

async function isGone(pid: number, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}
