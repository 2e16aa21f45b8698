import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppProcess } from './app-process.js';

/** How a clean stop went. */
type CleanStop = {
  code: number | string | null;
  /** From the signal until the process was gone. */
  tookMs: number;
  /**
   * How much of it nobody could do anything about: the process, the slowest of those that it started, and at the end whoever measured
   * this were ready to run and had to wait for a processor.
   */
  heldMs: number;
};

/** Sends the signal, and measures until the process is gone. */
export async function cleanStop(process: AppProcess, signal: NodeJS.Signals): Promise<CleanStop> {
  const pids = [process.pid ?? 0, ...descendants(process.pid ?? 0)];
  const before = new Map(pids.map((pid) => [pid, waitedMs(pid)]));
  const after = new Map(before);
  const from = performance.now();
  const ended = process.stop(signal);
  const isGone = ended.then(() => true);
  let ownBefore = 0;
  do {
    for (const pid of pids) after.set(pid, Math.max(waitedMs(pid), after.get(pid) ?? 0));
    ownBefore = waitedMs('self');
  } while (!(await Promise.race([isGone, sleep(10, false)])));
  const tookMs = Math.round(performance.now() - from);
  const [main = 0, ...others] = pids.map((pid) => (after.get(pid) ?? 0) - (before.get(pid) ?? 0));
  const own = waitedMs('self') - ownBefore;
  return { code: await ended, tookMs, heldMs: Math.round(main + Math.max(0, ...others) + own) };
}

/** For how long a process was ready to run and another one ran, since it began; 0 where the system does not say, or it has ended. */
function waitedMs(pid: number | 'self'): number {
  try {
    const [, waitedNs = '0'] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / 1_000_000;
  } catch {
    return 0;
  }
}

/** The processes that this one has started, and theirs; none where the system does not say. */
function descendants(pid: number): number[] {
  const parents = new Map(processes().map((one) => [one, parentOf(one)]));
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found.slice(1);
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number | undefined {
  try {
    // `pid (name) state parent …`: a name may hold anything, brackets too.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}
