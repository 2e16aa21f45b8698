import { WrongUsage } from './asked.js';

/** A benchmark: prints a table for people, then one line of JSON `{"bench": …, "figures": {…}}`. */
type Bench = { run(args: readonly string[]): Promise<void> };

const benches: Readonly<Record<string, { says: string; takes?: string; load: () => Promise<Bench> }>> = {
  'first-send': {
    says: 'from the approval to the first acceptance at the mail sink, on both streams, beside the bare floor',
    takes: '[--rounds N] [--on embedded|kafka]',
    load: () => import('./first-send.js'),
  },
  mails: {
    says: 'mails per second to a sink: our SMTP transport beside nodemailer and a bare socket',
    takes: '[--mails N] [--rounds N]',
    load: () => import('./mails.js'),
  },
  cap: {
    says: 'alerts read, checked and written per second, beside the bare XML parser',
    load: () => import('./cap.js'),
  },
  wording: {
    says: 'texts measured, adapted and checked, beside the libraries that count as well',
    load: () => import('./wording.js'),
  },
};

const list = [
  'Benchmarks; each prints a table and ends with one line of JSON.',
  ...Object.entries(benches).map(
    ([one, { says, takes }]) => `  npm run bench -- ${one.padEnd(11)} ${says}${takes ? ` ${takes}` : ''}`,
  ),
].join('\n');

const [name = '', ...rest] = process.argv.slice(2);
const asksForHelp = [name, ...rest].some((word) => word === '--help' || word === '-h');

async function main(): Promise<void> {
  if (name === '' || asksForHelp) return console.log(list);
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (bench === undefined) throw new WrongUsage(`There is no benchmark "${name}"`);
  if (rest.length > 0 && bench.takes === undefined)
    throw new WrongUsage(`${name} takes nothing besides its name`);
  await (await bench.load()).run(rest);
}

// What was started ends with this process: a default signal would leave it behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

await main().catch((error: unknown) => {
  if (!(error instanceof WrongUsage)) throw error;
  console.error(`${error.message}.\n\n${list}`);
  process.exitCode = 2;
});
