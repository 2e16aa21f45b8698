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

const [name = '', ...rest] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined || (rest.length > 0 && bench.takes === undefined)) {
  const list = Object.entries(benches).map(
    ([one, { says, takes }]) => `  npm run bench -- ${one.padEnd(11)} ${says}${takes ? ` ${takes}` : ''}`,
  );
  console.error(['Benchmarks; each prints a table and ends with one line of JSON.', ...list].join('\n'));
  process.exit(name === '' || name === '--help' ? 0 : 2);
}
await (await bench.load()).run(rest);
