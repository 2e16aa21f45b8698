import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './root.mjs';

/** When a process began, as a text to compare, or '' when there is no such process: numbers are used again. */
export function beganAt(pid) {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // proc_pid_stat(5): from field 3, state
      return fields[0] === 'Z' ? '' : fields[19];
    } catch {
      return '';
    }
  }
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }; // else two that look would read it differently
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env });
  return (stdout ?? '').trim();
}

/** Which tool is at work here: it goes on when whoever started it is killed. */
const note = path.join(root, '.cache', 'prepare.tool');
const tools = new Set();
let isEnding = false;
/** A tool that does not heed a signal within this is killed. */
const HEEDS_WITHIN_MS = 5_000;

/** Runs a tool in the checkout, with its words on standard error, and gives its exit code; none any more after `endTools`. */
export function runTool(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    if (isEnding) return;
    const tool = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
      ...options,
    });
    tools.add(tool);
    noteTool(tool.pid);
    tool.once('error', (error) => {
      tools.delete(tool);
      reject(error);
    });
    tool.once('exit', (code) => {
      tools.delete(tool);
      rmSync(note, { force: true });
      if (!isEnding) resolve(code ?? 1);
    });
  });
}

function noteTool(pid) {
  if (pid === undefined) return;
  try {
    writeFileSync(note, JSON.stringify({ pid, host: os.hostname(), began: beganAt(pid) }));
  } catch {
    // A disk that is full: the tool will say so itself.
  }
}

/** The process of a tool that is at work here, whoever started it; undefined when there is none. */
export function toolAtWork() {
  try {
    const { pid, host, began } = JSON.parse(readFileSync(note, 'utf8'));
    return host === os.hostname() && began !== '' && beganAt(pid) === began ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the tools that run, and resolves when they are gone: one that is left would go on writing into the checkout. */
export async function endTools(signal) {
  isEnding = true;
  const gone = [...tools].map((tool) => new Promise((resolve) => tool.once('exit', resolve)));
  for (const tool of tools) {
    tool.kill(signal);
    setTimeout(() => tool.kill('SIGKILL'), HEEDS_WITHIN_MS).unref();
  }
  await Promise.all(gone);
}
