import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process is started with. `url` is where its `/readyz` answers. */
export type AppStart = { app: string; env: Record<string, string>; url: string; logFile: string };

const READY_WITHIN_MS = 120_000;
/** A clean stop has three seconds; whoever looks at that measures it. */
const STOP_WITHIN_MS = 20_000;

/** One app as a process of its own, from the built checkout: what an operator would start, kill and start again. */
export class AppProcess {
  private child: ChildProcess | undefined;
  private ended: Promise<number | string | null> = Promise.resolve(null);

  constructor(readonly start: AppStart) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it and waits until it is ready. Throws with the end of its log when it is not within two minutes. */
  async up(): Promise<void> {
    this.begin();
    await this.ready();
  }

  /** Starts it and waits for nothing: for tests of what it does while something that it needs is away. */
  begin(): void {
    const { app, env, logFile } = this.start;
    const log = openSync(logFile, 'a');
    const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
    const child = spawn(process.execPath, [join('dist', 'apps', app, 'src', 'main.js')], {
      env: { PATH, HOME, ...(TMPDIR === '' ? {} : { TMPDIR }), ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child = child;
    const atExit = () => void child.kill('SIGKILL');
    process.once('exit', atExit);
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        process.off('exit', atExit);
        if (this.child === child) this.child = undefined;
        resolve(signal ?? code);
      }),
    );
  }

  /** As a crash: nothing is said, nothing is written. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** A clean stop, answered with the exit code; a process that does not end is killed. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    this.child?.kill(signal);
    const late = setTimeout(() => this.child?.kill('SIGKILL'), STOP_WITHIN_MS);
    const code = await this.ended;
    clearTimeout(late);
    return code;
  }

  /** The last lines that it logged. */
  logTail(lines = 15): string {
    return readFileSync(this.start.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Waits until it is ready. Throws with the end of its log when it is not in time. */
  async ready(withinMs = READY_WITHIN_MS): Promise<void> {
    const until = performance.now() + withinMs;
    while (performance.now() < until && this.child !== undefined) {
      const answer = await fetch(`${this.start.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(50);
    }
    throw new Error(`${this.start.app} did not become ready:\n${this.logTail()}`);
  }
}
