import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process began, in a form that only compares; empty when there is none. Together with its id it names a process
 * for good: ids are used again, after a restart of the machine within seconds.
 */
export function beganAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // proc_pid_stat(5): from field 3, the state
    return fields[0] === 'Z' ? '' : (fields[19] ?? ''); // field 22, starttime; a zombie has ended, and only its parent sleeps
  } catch {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }; // else one owner would write what another reads differently
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env });
    return stdout?.trim() ?? '';
  }
}
