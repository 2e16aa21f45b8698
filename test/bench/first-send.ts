import { distributedHouse } from '../support/house/distributed.js';
import type { RunningHouse } from '../support/house/form.js';
import { standaloneHouse } from '../support/house/standalone.js';
import { startBroker } from '../support/kafka/broker.js';
import { asked, WrongUsage, wholeNumber } from './asked.js';
import { BareMail } from './first-send/bare-mail.js';
import { percentile, row } from './first-send/figures.js';
import { floor, kafkaStream, postgresStream } from './first-send/floor.js';
import { MailSink } from './first-send/mail-sink.js';
import { ours, RECIPIENTS, STEPS, type Measured, type PublishedAt } from './first-send/ours.js';
import { onEmbedded, onKafka } from './first-send/published.js';

type Figures = { p50: number; p99: number; floorP50: number; floorP99: number };
type Stream = 'embedded' | 'kafka';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** First send on both streams, or on the one that `--on` names, with `--rounds` warnings on each (300). */
export async function run(args: readonly string[]): Promise<void> {
  const options = asked(args, { rounds: '300', on: 'embedded,kafka' });
  const rounds = wholeNumber('rounds', options.rounds, 1);
  const wanted = options.on.split(',');
  const stranger = wanted.find((one) => one !== 'embedded' && one !== 'kafka');
  if (stranger !== undefined) throw new WrongUsage(`--on is embedded, kafka or both, not ${stranger}`);
  const figures: Partial<Record<Stream, Figures>> = {};
  if (wanted.includes('embedded')) figures.embedded = await embedded(rounds);
  if (wanted.includes('kafka')) figures.kafka = await kafka(rounds);
  say(JSON.stringify({ bench: 'first-send', figures }));
}

async function embedded(rounds: number): Promise<Figures> {
  const sink = await MailSink.open();
  const env = { PRACTICE_SMTP_URL: `smtp://127.0.0.1:${sink.port}`, LOG_LEVEL: 'info' };
  const house = await standaloneHouse({ recipients: RECIPIENTS, env });
  return measured('the embedded stream, one process', house, sink, {
    rounds,
    publishedAt: onEmbedded,
    bare: postgresStream(house.databaseUrl('standalone')),
  });
}

async function kafka(rounds: number): Promise<Figures> {
  const { KAFKA_BROKERS } = process.env;
  const broker = KAFKA_BROKERS ? undefined : await startBroker();
  const brokers = broker?.brokers ?? KAFKA_BROKERS?.split(',') ?? [];
  try {
    const sink = await MailSink.open();
    const env = { SMTP_URL: `smtp://127.0.0.1:${sink.port}` };
    const house = await distributedHouse(brokers, { recipients: RECIPIENTS, env });
    return await measured('Kafka, one process per app', house, sink, {
      rounds,
      publishedAt: onKafka(brokers),
      bare: kafkaStream(brokers),
    });
  } finally {
    await broker?.stop();
  }
}

type Setting = { rounds: number; publishedAt: PublishedAt; bare: Parameters<typeof floor>[0] };

/** The floor stands before and after ours, with the same house idle beside it, so that both met the same machine. */
async function measured(
  name: string,
  house: RunningHouse,
  sink: MailSink,
  { rounds, publishedAt, bare }: Setting,
): Promise<Figures> {
  try {
    const databaseUrl = house.databaseUrl('incident-command');
    const half = { databaseUrl, sink, rounds: Math.ceil(rounds / 2) };
    const sinkPerS = await speedOf(sink);
    const before = await floor(bare, half);
    const found = await ours(house, { sink, rounds, publishedAt });
    const floors = [...before, ...(await floor(bare, half))];
    table(name, found, floors);
    const oursPerS = percentile(found.mailsPerS, 50);
    say(
      `the sink takes ${Math.round(sinkPerS)} mails/s, the house sends ${Math.round(oursPerS)}/s: ${(sinkPerS / oursPerS).toFixed(1)} times faster`,
    );
    if (sinkPerS < 3 * oursPerS)
      say('! the sink is less than 3 times faster: it is part of what was measured');
    const ratio = percentile(found.total, 50) / percentile(floors, 50);
    say(`p50 is ${ratio.toFixed(1)} times the floor's\n`);
    return {
      p50: percentile(found.total, 50),
      p99: percentile(found.total, 99),
      floorP50: percentile(floors, 50),
      floorP99: percentile(floors, 99),
    };
  } finally {
    await house.stop();
    await sink.close();
  }
}

function table(name: string, { total, steps }: Measured, floors: readonly number[]): void {
  const lines = [
    [name, 'p50', 'p99', 'worst'],
    row('approval sent → first mail accepted', total),
    ...STEPS.map((step) => row(`  ${step}`, steps[step])),
    row('the bare floor', floors),
  ];
  say(`\nmilliseconds of ${total.length} warnings to ${RECIPIENTS} recipients each`);
  for (const [what = '', ...cells] of lines)
    say(what.padEnd(38) + cells.map((cell) => cell.padStart(9)).join(''));
}

/** Mails per second over as many connections as the house keeps. */
async function speedOf(sink: MailSink): Promise<number> {
  const links = await Promise.all(Array.from({ length: 5 }, () => BareMail.open(sink.port)));
  const one = async (link: BareMail, count: number) => {
    for (let n = 0; n < count; n += 1) await link.send('speed');
  };
  await Promise.all(links.map((link) => one(link, 200)));
  const began = performance.now();
  await Promise.all(links.map((link) => one(link, 1_000)));
  const perS = 5_000 / ((performance.now() - began) / 1_000);
  for (const link of links) link.close();
  return perS;
}
