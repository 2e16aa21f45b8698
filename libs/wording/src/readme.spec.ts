import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { compose } from './index.js';
import type { ComposeRequest } from './index.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const readme = await readFile(here('../README.md'), 'utf8');
const blocks = (kind: string) =>
  Array.from(readme.matchAll(new RegExp(`\`\`\`${kind}\n([^]*?)\`\`\``, 'g')), ([, block = '']) => block);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'larum-wording-'));
  await build({
    entryPoints: [here('../bin/wording.ts')],
    bundle: true,
    outfile: join(folder, 'wording.mjs'),
    format: 'esm',
    platform: 'node',
    conditions: ['source'],
    logLevel: 'silent',
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `wording` as the shell would, with what is echoed into it. */
function run(args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'wording.mjs'), ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

describe('the README', () => {
  it.each(blocks('console'))('shows what its command prints: %s', (block) => {
    const [command = '', ...output] = block.split('\n');
    const echoed = /^\$ echo '([^']*)' \| /.exec(command)?.[1];
    const after = command.slice(command.indexOf('wording -- ') + 'wording -- '.length);
    const args = Array.from(after.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
    expect(run(args, echoed === undefined ? '' : `${echoed}\n`).stdout).toBe(output.join('\n'));
  });

  it('shows code that runs', () => {
    // region readme
    const warning: ComposeRequest = {
      platform: 'x',
      language: 'en-GB',
      mode: 'exercise',
      message: 'first',
      variant: 'first',
      version: 1,
      text: {
        source: 'Derbyshire Constabulary',
        hazard: 'The dam at Toddbrook Reservoir is damaged and may fail',
        impact: 'Water could reach the town within minutes',
        place: 'Whaley Bridge and Furness Vale',
        guidance: 'Leave now. Go to Chapel-en-le-Frith High School.',
      },
      contact: 'Floodline 0345 988 1188',
      expiresAt: '2026-11-22T18:00:00.000Z',
    };
    expect(compose(warning)).toEqual({
      ok: true,
      parts: [
        {
          text:
            'EXERCISE. Derbyshire Constabulary: The dam at Toddbrook Reservoir is damaged and may fail. ' +
            'Water could reach the town within minutes. Area: Whaley Bridge and Furness Vale. ' +
            'Leave now. Go to Chapel-en-le-Frith High School. In force until 18:00 Sun 22 Nov. EXERCISE',
          entities: [],
        },
      ],
      leftOut: ['contact'],
    });
    // endregion
  });

  it('shows that very code', async () => {
    const source = await readFile(here('./readme.spec.ts'), 'utf8');
    const region = /\/\/ region readme\n([^]*?)\n *\/\/ endregion/.exec(source)?.[1] ?? '';
    const bare = (code: string) => code.replace(/\s+/g, ' ').trim();
    expect(blocks('ts').map(bare)).toEqual([bare(region)]);
  });
});

describe('the command', () => {
  it('explains itself, and asks for a command', () => {
    expect(run(['--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('measure --platform NAME'),
    });
    expect(run([]).status).toBe(2);
  });

  it.each([
    [['measure', '--platform', 'myspace'], '--platform must be one of x, bluesky'],
    [['sms', '--bits', '9', 'a'], '--bits must be 8 or 16'],
    [['sms', '--reference', '256', 'a'], '--reference must be a whole number below 256'],
    [['lint', '/no/such/file'], '/no/such/file cannot be read'],
    [['dance'], 'there is no command dance'],
    [['measure', '--colour'], "Unknown option '--colour'"],
  ])('says what is wrong with %j', (args, message) =>
    expect(run(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) }),
  );

  it('answers 100,000 lines', () => {
    const { status, stdout } = run(
      ['measure', '--platform', 'sms'],
      '{"text":"Leave now. €5"}\n'.repeat(100_000),
    );
    expect([status, stdout.split('\n').length]).toEqual([0, 100_001]);
  });

  it('ends with 1 when a text must not go out', () =>
    expect(run(['lint', '--mode', 'exercise'], 'This is not a drill.\n')).toMatchObject({ status: 1 }));
});
