import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a run of the command came to. */
export type CommandRun = { status: number | null; stdout: string; stderr: string };

/** The command `wording` as one file in a folder of its own, to be run as a shell would run it. */
export class BuiltCommand {
  private constructor(
    readonly folder: string,
    readonly file: string,
  ) {}

  static async make(): Promise<BuiltCommand> {
    const folder = await mkdtemp(join(tmpdir(), 'larum-wording-'));
    const file = join(folder, 'wording.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('../../bin/wording.ts', import.meta.url))],
      bundle: true,
      outfile: file,
      format: 'esm',
      platform: 'node',
      conditions: ['source'],
      logLevel: 'silent',
    });
    return new BuiltCommand(folder, file);
  }

  /** Runs it with `input` on standard input. */
  run(args: readonly string[], input: string | Uint8Array = ''): CommandRun {
    const { status, stdout, stderr } = spawnSync(process.execPath, [this.file, ...args], {
      input,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return { status, stdout, stderr };
  }

  /** Runs `line` in a shell, with `$WORDING` for the command. */
  shell(line: string): CommandRun {
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line], {
      env: { ...process.env, WORDING: `${process.execPath} ${this.file}` },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return { status, stdout, stderr };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
