import { fork } from 'node:child_process';
import { asked, wholeNumber } from './asked.js';
import { percentile } from './first-send/figures.js';
import { bare, flood, own, pool, type Sender } from './mails/senders.js';

const SENDERS: readonly (readonly [name: string, sender: Sender])[] = [
  ['bare socket', bare],
  ['our transport', own],
  ['nodemailer pool', pool],
];

type Run = { perS: number; cpuMs: number };
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const median = (all: readonly number[]): number => percentile(all, 50);

/** Mails per second and processor time to a sink on loopback, in turns: ours, nodemailer's pool, and a bare socket. */
export async function run(args: readonly string[]): Promise<void> {
  const options = asked(args, { mails: '10000', rounds: '5' });
  const mails = wholeNumber('mails', options.mails, 100);
  const rounds = wholeNumber('rounds', options.rounds, 1);
  const sink = fork(new URL('./mails/sink-process.js', import.meta.url));
  const port = await new Promise<number>((resolve) => sink.once('message', (said) => resolve(Number(said))));
  const figures: Record<string, Record<string, number>> = {};
  for (const connections of [1, 5, 20]) {
    const sinkPerS = (await timed(flood, port, mails, connections)).perS;
    const runs = new Map<string, Run[]>(SENDERS.map(([name]) => [name, []]));
    for (const [name, sender] of SENDERS) await sender(port, 100, connections).then(() => name); // warm
    for (let round = 0; round < rounds; round += 1) {
      const turn = [...SENDERS.slice(round % SENDERS.length), ...SENDERS.slice(0, round % SENDERS.length)];
      for (const [name, sender] of turn) runs.get(name)?.push(await timed(sender, port, mails, connections));
    }
    say(`${connections} connections, ${mails} mails, the sink alone takes ${Math.round(sinkPerS)}/s`);
    const ofThis: Record<string, number> = { sink: Math.round(sinkPerS) };
    for (const [name, all] of runs) {
      const perS = Math.round(median(all.map((one) => one.perS)));
      const cpuMs = median(all.map((one) => one.cpuMs)) / mails;
      say(
        `  ${name.padEnd(16)} ${String(perS).padStart(7)}/s   ${cpuMs.toFixed(3)} ms of processor for each`,
      );
      ofThis[name] = perS;
      ofThis[`${name} cpuMs`] = Number(cpuMs.toFixed(3));
    }
    figures[connections] = ofThis;
  }
  sink.disconnect();
  say(JSON.stringify({ bench: 'mails', figures }));
}

async function timed(sender: Sender, port: number, mails: number, connections: number): Promise<Run> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  await sender(port, mails, connections);
  const { user, system } = process.cpuUsage(before);
  return { perS: (mails / (performance.now() - began)) * 1_000, cpuMs: (user + system) / 1_000 };
}
