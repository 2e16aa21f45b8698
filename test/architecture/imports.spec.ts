import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = resolve('.');
const require = createRequire(join(root, 'package.json'));
const { forbidden } = require(join(root, '.dependency-cruiser.cjs')) as { forbidden: { name: string }[] };
const RULES = [...new Set(forbidden.map(({ name }) => name))];

/** One file for each rule that breaks it, in a house in miniature. */
const BREAKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-cycles': {
    'libs/cap/src/egg.ts': `import { hen } from './hen.js'; export const egg = () => hen;`,
  },
  'every-import-resolves': { 'libs/cap/src/lost.ts': `import './nowhere.js';` },
  'apps-do-not-know-each-other': {
    'apps/incident-log/src/neighbour.ts': `import '../../incident-command/src/main.js';`,
  },
  'libs-do-not-know-apps': {
    'libs/cap/src/upwards.ts': `import '../../../apps/incident-command/src/main.js';`,
  },
  'libs-import-one-way': { 'libs/postgres/src/upwards.ts': `import '#stream';` },
  'a-lib-is-entered-by-its-front-door': {
    'apps/incident-log/src/window.ts': `import '../../../libs/runtime/src/inside.js';`,
  },
  'only-specs-import-testing': { 'apps/incident-log/src/shipped.ts': `import '#runtime/testing';` },
  'only-exercises-import-practice': { 'apps/channel-sms/src/live.ts': `import '#practice';` },
  'contracts-know-only-zod': { 'libs/contracts/src/files.ts': `import 'node:fs';` },
  'the-warning-is-pure': { 'libs/warning/src/clock.ts': `import 'node:timers';` },
  'wording-runs-in-a-browser': { 'libs/wording/src/files.ts': `import 'node:fs';` },
  'only-stream-knows-kafkajs': { 'apps/channel-sms/src/kafka.ts': `import 'kafkajs';` },
  'only-postgres-knows-pg': {
    'libs/stream/src/pg.ts': `import 'pg';`,
    'libs/audience/src/copy.ts': `import 'pg-copy-streams';`,
  },
  'typeorm-stays-in-entities-and-migrations': { 'apps/channel-sms/src/orm.ts': `import 'typeorm';` },
  'only-channel-email-knows-nodemailer': { 'apps/channel-sms/src/mail.ts': `import 'nodemailer';` },
  'only-runtime-knows-pino': { 'libs/stream/src/log.ts': `import 'pino';` },
};

/** What looks like a break and is allowed. */
const ALLOWED: Readonly<Record<string, string>> = {
  'apps/standalone/src/main.ts': `import '../../incident-command/src/main.js'; import '#practice';`,
  'apps/practice-world/src/main.ts': `import '#practice';`,
  'apps/incident-log/src/log.spec.ts': `import '#runtime/testing'; import '#practice'; import '../../incident-command/src/main.js';`,
  'apps/channel-sms/src/list.entity.ts': `import 'typeorm';`,
  'libs/stream/src/down.ts': `import '#postgres'; import '#runtime'; import '#contracts'; import 'kafkajs';`,
  'libs/wording/src/types.ts': `import type { Text } from '#contracts'; export type Own = Text;`,
  'test/end-to-end/flood.e2e.spec.ts': `import '#practice'; import '#runtime/testing';`,
};

const FRONT_DOORS = Object.fromEntries(
  [
    'audience',
    'cap',
    'channel',
    'contracts',
    'postgres',
    'practice',
    'runtime',
    'stream',
    'warning',
    'wording',
  ].flatMap((lib) => [
    [`libs/${lib}/src/index.ts`, 'export type Text = string;'],
    [`libs/${lib}/src/testing/index.ts`, 'export {};'],
  ]),
);
const PACKAGES = ['kafkajs', 'pg', 'pg-copy-streams', 'typeorm', 'nodemailer', 'pino'];

let house: string;
let violations: { rule: string; from: string }[];
beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'larum-imports-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), `${text}\n`);
  };
  const all = [
    FRONT_DOORS,
    { 'apps/incident-command/src/main.ts': '', 'libs/runtime/src/inside.ts': '' },
    { 'libs/cap/src/hen.ts': `import { egg } from './egg.js'; export const hen = () => egg;` },
    ALLOWED,
    ...Object.values(BREAKS),
  ];
  for (const [path, text] of all.flatMap((files) => Object.entries(files))) write(path, text);
  for (const name of PACKAGES) {
    write(`node_modules/${name}/index.js`, '');
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
  }
  symlinkSync(join(root, 'node_modules', 'typescript'), join(house, 'node_modules', 'typescript'));
  for (const file of ['tsconfig.json', '.dependency-cruiser.cjs']) write(file, readFileSync(file, 'utf8'));
  const { type, imports } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0']));
  write('package.json', JSON.stringify({ type, imports, dependencies }));
  const cruise = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type=json',
      'apps',
      'libs',
      'test',
    ],
    { cwd: house, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (!cruise.stdout.startsWith('{')) throw new Error(`dependency-cruiser said: ${cruise.stderr}`);
  const { summary } = JSON.parse(cruise.stdout) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  violations = summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
}, 60_000);
afterAll(() => rmSync(house, { recursive: true }));

describe('a rule about imports', () => {
  it.each(RULES)('can fail: %s', (rule) => {
    const files = Object.keys(BREAKS[rule] ?? {});
    expect(files.length).toBeGreaterThan(0);
    const caught = violations.filter((one) => one.rule === rule).map(({ from }) => from);
    expect(files.filter((file) => !caught.includes(file))).toEqual([]);
  });

  it('leaves alone what is allowed', () =>
    expect(violations.filter(({ from }) => from in ALLOWED)).toEqual([]));

  it('has a name that reads as a sentence, and stands in the list once', () => {
    for (const rule of RULES) expect(rule).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(Object.keys(BREAKS).toSorted()).toEqual(RULES.toSorted());
  });
});

describe('a rule of the linter', () => {
  it.each([
    ['any', 'export const a: any = 1;', 'no-explicit-any'],
    ['a variable that nobody uses', 'const a = 1;', 'no-unused-vars'],
    ['a stop that somebody left in', 'debugger;', 'no-debugger'],
    ['a key that is given twice', 'export const a = { b: 1, b: 2 };', 'no-dupe-keys'],
    [
      'a throw that is lost',
      'export const a = () => { try { return 1; } finally { return 2; } };',
      'no-unsafe-finally',
    ],
  ])('can fail: %s', (_, text, rule) => {
    const file = join(house, 'snippet.ts');
    writeFileSync(file, `${text}\n`);
    const lint = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/oxlint/bin/oxlint'),
        '--deny-warnings',
        '-c',
        join(root, '.oxlintrc.json'),
        file,
      ],
      { encoding: 'utf8' },
    );
    expect([lint.status, lint.stdout]).toEqual([1, expect.stringContaining(rule)]);
  });
});
