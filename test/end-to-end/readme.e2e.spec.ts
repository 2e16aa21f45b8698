import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppProcess } from '../support/house/app-process.js';
import { portsInARow } from '../support/house/ports.js';
import { mainOf, toTheEnd } from '../support/house/to-the-end.js';
import { blocksOf, sessionsOf } from '../support/readme/blocks.js';
import { notPrinted } from '../support/readme/masked.js';

const UP_WITHIN_MS = 240_000;

/** What a README shows under this command. */
function shownUnder(file: string, command: string): string {
  const found = blocksOf(file)
    .flatMap(sessionsOf)
    .find((one) => one.command === command);
  if (found === undefined) throw new Error(`${file} does not show ${command} any more`);
  return found.output;
}

/** A line that runs as a person has pasted it, for at most a minute: what it said so far, and in the end. */
function running(line: string, env: Record<string, string> = {}) {
  const { PATH = '' } = process.env;
  const child = spawn('sh', ['-c', line], { env: { PATH, ...env }, detached: true });
  let said = '';
  for (const from of [child.stdout, child.stderr])
    from.on('data', (data: Buffer) => (said += data.toString()));
  const stop = () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM');
  };
  const late = setTimeout(stop, 60_000);
  const ended = new Promise<string>((resolve) =>
    child.once('close', () => {
      clearTimeout(late);
      resolve(said);
    }),
  );
  /** Waits until it has said something, or has ended. */
  const says = async (holds: (soFar: string) => boolean): Promise<string> => {
    while (!holds(said) && child.exitCode === null && child.signalCode === null) await sleep(50);
    return said;
  };
  return { says, stop, ended };
}

const shell = (line: string, env: Record<string, string> = {}): Promise<string> => running(line, env).ended;

let dataDir: string;
let port: number;
let standalone: AppProcess;
const terminal = () => readFileSync(standalone.start.logFile, 'utf8');
const linesAfter = (text: string, head: string) => text.slice(text.indexOf(head) + head.length).split('\n');

/** The lines of the welcome that send one more warning. */
function printedLines(): string {
  const lines = linesAfter(terminal(), 'exactly what he was shown:\n');
  return lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith('  ')),
    )
    .join('\n');
}

/** Waits until the terminal shows `words` for the `times`th time. */
async function shows(words: string, times = 1): Promise<void> {
  for (const until = performance.now() + UP_WITHIN_MS; terminal().split(words).length <= times;) {
    if (performance.now() > until) throw new Error(`the terminal never showed ${words}:\n${terminal()}`);
    await sleep(100);
  }
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'larum-readme-'));
  chmodSync(dataDir, 0o755); // else root's database lies elsewhere, and stays there
  port = await portsInARow(5);
  standalone = new AppProcess({
    app: 'standalone',
    url: `http://127.0.0.1:${port}`,
    logFile: join(dataDir, 'terminal.log'),
    // As `npm start` without settings; only the public is quicker, and is watched for a shorter time.
    env: { PORT: String(port), DATA_DIR: join(dataDir, 'data'), REACTIONS_MS: '500', WATCH_MS: '6000' },
  });
  await standalone.up();
  await shows('Ctrl-C stops everything.');
}, UP_WITHIN_MS);
afterAll(async () => {
  await standalone.stop('SIGINT');
  rmSync(dataDir, { recursive: true, force: true });
}, 90_000);

describe('what the READMEs show is what a newcomer sees:', () => {
  it('npm start plays the exercise, line by line as shown', () => {
    const shown = shownUnder('README.md', 'npm start');
    expect(shown.split('\n').length).toBeGreaterThan(20);
    expect(notPrinted(shown, terminal())).toEqual([]);
  });

  it('its account is told in the order in which things happen', () => {
    const told = terminal();
    const steps = [
      'ANN opens',
      'BOB reads',
      'version 1 approved',
      'The warning is out',
      'The exercise is over',
    ];
    const places = steps.map((step) => told.indexOf(step));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('the lines that it prints send the next warning as they stand, and an agency follows it by the curl of its README', async () => {
    const command = `curl -N -H "Authorization: Bearer $TOKEN" 'http://127.0.0.1:8080/v1/events?types=WarningIssued,WarningCancelled'`;
    const TOKEN = / (lrx_\S+) +partner$/m.exec(terminal())?.[1] ?? '';
    const following = running(command.replace('8080', String(port)).replace('curl', 'curl -sSv'), { TOKEN });
    await following.says((soFar) => soFar.includes('HTTP/1.1 200')); // a reader hears what comes from now on
    const said = await shell(printedLines());
    const answers = said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers.map((one) => one['revision'] ?? one['warningId'])).toEqual([
      2,
      3,
      expect.stringMatching(/^wrn_/),
    ]);
    const shown = shownUnder('apps/partner-gateway/README.md', command);
    const heard = await following.says((soFar) => notPrinted(shown, soFar).length === 0);
    following.stop();
    await following.ended;
    expect(notPrinted(shown, heard)).toEqual([]);
  }, 120_000);

  it('the replay that it names tells the same story, and ends with its digest', async () => {
    const command = /npm run replay -- (--incident inc_\w+)$/m.exec(terminal())?.[1] ?? '';
    const replayed = await toTheEnd(
      'apps/incident-log/bin/replay.js',
      { DATA_DIR: join(dataDir, 'data') },
      { args: command.split(' ') },
    );
    expect(replayed).toMatchObject({ code: 0, err: '' });
    expect(replayed.out).toContain('incident opened: Llanrwst flood (exercise)');
    expect(replayed.out.trimEnd().split('\n').at(-1)).toMatch(/[0-9a-f]{64}/);
  }, 120_000);

  it(
    'a second start carries on and plays nothing',
    async () => {
      await standalone.stop('SIGINT');
      expect(terminal().trimEnd().split('\n').at(-1)).toMatch(/^Larum has stopped\. What is not sent yet/);
      const before = terminal().split('EXERCISE: a flood').length;
      await standalone.up();
      await shows('Ctrl-C stops everything.', 2);
      expect(terminal().split('EXERCISE: a flood')).toHaveLength(before);
      expect(linesAfter(terminal(), 'The exercise is over.').join('\n')).toContain('kept in tokens.json');
      expect(terminal()).toMatch(
        /^Replay the newest incident: {2}DATA_DIR='.*' npm run replay -- --incident inc_\w+$/m,
      );
    },
    UP_WITHIN_MS,
  );

  it('the practice world starts, and throttles ten texts, as its README says', async () => {
    const [start = '', order = ''] = blocksOf('apps/practice-world/README.md')
      .flatMap(sessionsOf)
      .map(({ command }) => command);
    const first = await portsInARow(3);
    const ports = { PORT: String(first), SMTP_PORT: String(first + 1), SMPP_PORT: String(first + 2) };
    const env = { ...ports, DATA_DIR: join(dataDir, 'world') };
    const isUp = `until curl -sf -o /dev/null http://127.0.0.1:${first}/practice/counts; do sleep 0.2; done`;
    const said = await shell(
      `${start} & ${isUp}; ${order.replace('8089', String(first))}; kill -INT $!; wait $!`,
      env,
    );
    expect(notPrinted(shownUnder('apps/practice-world/README.md', start), said)).toEqual([]);
    expect(said).toMatch(/"channel":"sms".*"throttle"/);
  }, 120_000);

  it('npm test ends with its count', async () => {
    const counted =
      '{ numPassedTests: 1, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0 }';
    const said = await shell(
      `node -e "import('./libs/runtime/bin/closing-line.mjs').then((one) => new one.default().onRunComplete(null, ${counted}))"`,
    );
    expect(notPrinted(shownUnder('README.md', 'npm test'), said)).toEqual([]);
  });

  it.each([
    'start',
    'test',
    'check',
    'bench',
    'crash',
    'cap',
    'wording',
    'subscribers',
    'replay',
    'openapi',
    'build',
  ])(
    'npm run %s explains itself on standard output',
    async (name) => {
      const said = await shell(`node libs/runtime/bin/prepare.mjs ${name} --help 2>/dev/null || echo failed`);
      expect(said).toMatch(new RegExp(`npm (run )?${name}|${name}:`));
      expect(said).not.toMatch(/^ {4}at |installing|failed/m);
    },
    120_000,
  );

  it('the options of the crash series that the README of faults shows are known to it', async () => {
    const help = await toTheEnd('test/faults/crash.js', {}, { args: ['--help'] });
    const commands = blocksOf('test/faults/README.md').flatMap(sessionsOf);
    const options = commands.flatMap(({ command }) => command.match(/--\w+/g) ?? []);
    expect(options.length).toBeGreaterThan(0);
    for (const option of options) expect(help.out).toContain(option);
  });

  it('a port that is taken, and a start while it runs, are told as one sentence each', async () => {
    const again = await toTheEnd(mainOf('standalone'), {
      PORT: String(port),
      DATA_DIR: join(dataDir, 'data'),
    });
    expect(again.err).toMatch(
      /^Larum already runs on .* \(process \d+\)\. Stop it first, or start on another folder: DATA_DIR=… npm start\n$/,
    );
    const elsewhere = await toTheEnd(mainOf('standalone'), {
      PORT: String(port),
      DATA_DIR: join(dataDir, 'other'),
    });
    expect(elsewhere.err).toMatch(
      /^ports \d+, \d+, \d+, \d+ and \d+ of 127\.0\.0\.1 are taken by other programs: stop them, or .*PORT=…\n$/,
    );
  }, 120_000);
});
