import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const MAIN = join(import.meta.dirname, '../main.ts');
const NODE_MODULES = join(import.meta.dirname, '../../../../node_modules');

/** The program of apps/practice-world, made runnable once, so that specs can start and kill real processes of it. */
export class WorldProgram {
  private constructor(private readonly folder: string) {}

  static async build(): Promise<WorldProgram> {
    const folder = await mkdtemp(join(tmpdir(), 'larum-practice-program-'));
    await symlink(NODE_MODULES, join(folder, 'node_modules'));
    await build({
      entryPoints: [MAIN],
      outfile: join(folder, 'main.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      conditions: ['source'],
      logLevel: 'error',
    });
    return new WorldProgram(folder);
  }

  /** A process on a data folder, ready to be spoken to. Rejects with what it printed when it ends instead. */
  start(dataDir: string, env: Record<string, string> = {}): Promise<ChildWorld> {
    const child = spawn(process.execPath, [join(this.folder, 'main.mjs')], {
      env: { MODE: 'exercise', PORT: '0', SMTP_PORT: '0', SMPP_PORT: '0', DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return ChildWorld.ready(child);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

/** A practice world in a process of its own. */
export class ChildWorld {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly ports: { http: number; smtp: number; smpp: number },
  ) {}

  static ready(child: ChildProcess): Promise<ChildWorld> {
    return new Promise((resolve, reject) => {
      let printed = '';
      child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      child.once('exit', (code) => reject(new Error(`the practice world ended with ${code}: ${printed}`)));
      createInterface(child.stdout!).on('line', (line) => {
        printed += `${line}\n`;
        const told = line.startsWith('{')
          ? (JSON.parse(line) as { msg: string; url: string; ports: ChildWorld['ports'] })
          : undefined;
        if (told?.msg === 'practice world open') resolve(new ChildWorld(child, told.url, told.ports));
      });
    });
  }

  /** Sends a signal and answers with the exit code, null after a kill. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    return ended;
  }
}
