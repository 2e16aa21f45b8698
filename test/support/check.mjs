// What `npm run check` does: every step runs, each says in one line how it went, and what failed is printed whole.
import { spawn } from 'node:child_process';

const jest = [
  '--experimental-vm-modules',
  'node_modules/jest/bin/jest.js',
  '--config',
  'test/jest.config.mjs',
];

const steps = [
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['lint', 'node_modules/oxlint/bin/oxlint', '--deny-warnings', 'apps', 'libs', 'test'],
  ['format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  [
    'imports',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'apps',
    'libs',
    'test',
  ],
  ['unused', 'node_modules/knip/bin/knip.js', '--config', '.knip.json', '--no-progress'],
  ['openapi', 'libs/runtime/bin/prepare.mjs', 'openapi', '--check'],
  ['house rules', ...jest, 'test/architecture'],
];

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (code) => resolve({ code, output }));
  });
}

if (process.argv.includes('--help')) {
  console.log(`npm run check: ${steps.map(([name]) => name).join(', ')}. Exit 1 when one fails.
  npm run check -- lint format     only these steps`);
  process.exit(0);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some(([step]) => step === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}. There are: ${steps.map(([name]) => name).join(', ')}`);
  process.exit(2);
}

const failed = [];
for (const [name, ...args] of steps) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const began = performance.now();
  const { code, output } = await run(args);
  const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  console.log(`${code === 0 ? '✔' : '✖'} ${name.padEnd(12)} ${took}`);
  if (code !== 0) {
    failed.push(name);
    console.log(output.trimEnd());
  }
}
if (failed.length > 0) console.error(`check failed: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);
