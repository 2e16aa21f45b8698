import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { cancelledMeanwhile } from './cancelled-meanwhile.js';
import { doomedDistributed, doomedStandalone } from './houses.js';
import { momentOf } from './moment.js';
import { seeded } from './seeded.js';
import { tellWith, type Told } from './tale.js';

const HELP = `npm run crash -- [--form standalone|distributed|cancel] [--seed S] [--moments N] [--recipients N]
Kills with kill -9 at seeded moments while a warning goes out, starts again, and counts what arrived.
  standalone   the one process, at N moments (default 10) of as many exercises
  distributed  each process and the broker in turn, on a real Kafka
  cancel       the SMS channel is away while its warning is cancelled
Without --form all three. A seed that is printed repeats the run. Exit code 1 when a promise is broken.`;

const FORMS = ['standalone', 'distributed', 'cancel'] as const;
type Form = (typeof FORMS)[number];
type Asked = { seed: string; moments: number; recipients: number };

const print = (line: string) => console.log(line);
const column = (text: string | number, width: number) => String(text).padStart(width);

function head(form: string): void {
  print(`\n${form}`);
  print(
    `${'killed'.padEnd(17)}${'in'.padEnd(10)}${'ending'.padEnd(11)}    at  arrived  deliveries  landed  unknown  doubled  ready s  resumed s  seconds`,
  );
}

const seconds = (ms: number | null) => (ms === null ? '-' : (ms / 1_000).toFixed(1));

function row(told: Told): void {
  const { victim, moment, reached, deliveries, arrived, unknown, doubled, broken } = told;
  const at = `${Math.round(moment.share * 100)} %`;
  const figures = [
    column(at, 6),
    column(reached, 9),
    column(deliveries, 12),
    column(arrived, 8),
    column(unknown, 9),
  ];
  const rest = [
    column(doubled, 9),
    column(seconds(told.readyMs), 9),
    column(seconds(told.resumedMs), 11),
    column(seconds(told.tookMs), 9),
  ];
  print([victim.padEnd(17), moment.step.padEnd(10), moment.ending.padEnd(11), ...figures, ...rest].join(''));
  for (const sentence of broken.slice(0, 10)) print(`  BROKEN ${sentence}`);
  if (broken.length > 10) print(`  BROKEN and ${broken.length - 10} more`);
}

async function standalone({ seed, moments, recipients }: Asked): Promise<number> {
  const doomed = await doomedStandalone(seed, recipients);
  try {
    head(`the standalone, killed at ${moments} moments, ${recipients} people on each list`);
    let broken = 0;
    for (let n = 0; n < moments; n += 1) {
      for (const victim of doomed.victims) {
        const told = await tellWith(doomed.house, victim, momentOf(seed, n), recipients);
        row(told);
        broken += told.broken.length;
      }
    }
    return broken;
  } finally {
    await doomed.close();
  }
}

async function distributed({ seed, recipients }: Asked): Promise<number> {
  const doomed = await doomedDistributed(seed, recipients);
  try {
    head(`one process per app, each killed in turn, ${recipients} people on each list`);
    let broken = 0;
    for (const [n, victim] of doomed.victims.entries()) {
      const told = await tellWith(doomed.house, victim, momentOf(`${seed} distributed`, n), recipients);
      row(told);
      broken += told.broken.length;
    }
    return broken;
  } finally {
    await doomed.close();
  }
}

async function cancel({ seed, recipients }: Asked): Promise<number> {
  const doomed = await doomedDistributed(seed, recipients);
  try {
    print(`\nthe SMS channel is away while its warning is cancelled, ${recipients} people on each list`);
    print('killed at   texts before   warnings after   cancels after');
    let broken = 0;
    for (const share of [0, 0.1 + seeded(seed, 'cancel')() * 0.6]) {
      const { before, after, cancels, broken: wrong } = await cancelledMeanwhile(doomed, share);
      print(
        `${column(`${Math.round(share * 100)} %`, 9)}${column(before, 15)}${column(after, 17)}${column(cancels, 16)}`,
      );
      for (const sentence of wrong.slice(0, 10)) print(`  BROKEN ${sentence}`);
      broken += wrong.length + after;
    }
    return broken;
  } finally {
    await doomed.close();
  }
}

const RUNS: Record<Form, (asked: Asked) => Promise<number>> = { standalone, distributed, cancel };

function told(): ReturnType<typeof read>['values'] {
  try {
    return read().values;
  } catch (error) {
    return wrongUsage(error instanceof Error ? error.message : String(error));
  }
}

function wrongUsage(why: string): never {
  console.error(`${why}\n\n${HELP}`);
  process.exit(2);
}

function read() {
  return parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      seed: { type: 'string' },
      form: { type: 'string' },
      moments: { type: 'string' },
      recipients: { type: 'string' },
    },
  });
}

// What was started ends with this process: a default signal would leave it behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const values = told();
if (values.help) {
  print(HELP);
  process.exit(0);
}
const forms = FORMS.filter((form) => values.form === undefined || values.form === form);
const asked: Asked = {
  seed: values.seed ?? randomBytes(4).toString('hex'),
  moments: Number(values.moments ?? 10),
  recipients: Number(values.recipients ?? 2_000),
};
if (forms.length === 0) wrongUsage(`--form is ${FORMS.join(', ')}, not ${values.form}`);
if (!(asked.moments >= 1)) wrongUsage(`--moments is a number from 1 on, not ${values.moments}`);
if (!(asked.recipients >= 10)) wrongUsage(`--recipients is a number from 10 on, not ${values.recipients}`);
const again = `npm run crash -- --seed ${asked.seed}${values.form === undefined ? '' : ` --form ${values.form}`}`;
print(
  `Seed ${asked.seed}; this run again: ${again} --moments ${asked.moments} --recipients ${asked.recipients}`,
);
let broken = 0;
for (const form of forms) broken += await RUNS[form](asked);
print(broken === 0 ? '\nNobody lost, nobody warned twice without the mark.' : `\n${broken} promises broken.`);
process.exitCode = broken === 0 ? 0 : 1;
