import { spawn, type ChildProcess } from 'node:child_process';
import { SmsGateway } from '../gateway/sms-gateway.js';
import type { Submitted } from '../gateway/submit-outcome.js';
import { isReceipt, plainId, readReceipt } from '../receipts/delivery-receipt.js';
import { readIncoming } from '../replies/incoming-text.js';
import { SmsForm, type TextStyle } from '../sending/sms-form.js';
import { aText } from './scripted-smsc.js';

// Runs beside jsmpp's SMPPServerSimulator in a network of their own and prints what happened as one line of JSON.

const [jars = ''] = process.argv.slice(2);
const PORT = 8_056;

function simulator(): ChildProcess {
  const args = [
    '-Xmx128m',
    `-Djsmpp.simulator.port=${PORT}`,
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
  ];
  const main = ['-cp', `${jars}/*`, 'org.jsmpp.examples.SMPPServerSimulator'];
  return spawn('java', [...args, ...main], { stdio: 'ignore' });
}

const receipts = new Map<string, string>();
const heard: { from: string; text: string }[] = [];
let bound = 0;
const gateway = (password: string, told: (loginRefused: boolean) => void) =>
  new SmsGateway(
    {
      endpoints: [{ host: '127.0.0.1', port: PORT, tls: false }],
      systemId: 'j',
      password,
      systemType: 'CMT', // the simulator says hello to who binds as this
      bindAs: 'transceiver',
      binds: 2,
      window: 10,
      connectTimeoutMs: 20_000,
      answerTimeoutMs: 10_000,
      enquireEveryMs: 5_000,
      partsPerSecond: 10_000,
      reconnectFirstMs: 50,
      reconnectMostMs: 400,
    },
    {
      incoming: async (pdu) => {
        const receipt = isReceipt(pdu) ? readReceipt(pdu, 'decimal') : undefined;
        if (receipt !== undefined) receipts.set(receipt.messageId, receipt.state);
        if (!isReceipt(pdu)) heard.push(readIncoming(pdu, 'gsm'));
      },
      bound: () => void (bound += 1),
      unbound: (_, __, loginRefused) => told(loginRefused),
    },
  );

const within = (ms: number) => ({
  until: performance.now() + ms,
  urgent: false,
  mayWrite: () => true,
  late: () => {},
});
async function until(holds: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}
const count = (ends: readonly Submitted[], result: string) =>
  ends.filter((end) => end.result === result).length;

let java = simulator();
const ours = gateway('jpwd', () => {});
ours.start();
await until(() => ours.boundLinks === 2, 60_000);

const ends = await Promise.all(
  Array.from({ length: 300 }, (_, n) => ours.submit(aText(`text ${n}`), within(40_000))),
);
const ids = ends.flatMap((end) => (end.result === 'accepted' ? [plainId(end.messageId, 'hex')] : []));

const long = { gsm: 'Leave now. '.repeat(30), welsh: 'Gadewch nawr, dŵr yn codi. '.repeat(12) };
const styles: TextStyle['joining'][] = ['udh8', 'udh16', 'sar', 'payload'];
const joined: Record<string, string[]> = {};
for (const joining of styles)
  for (const [name, text] of Object.entries(long)) {
    const form = new SmsForm(text, { alphabet: 'gsm', joining });
    const parts = await Promise.all(
      form.forReference(7).map((segment) => ours.submit({ ...aText(), ...segment }, within(40_000))),
    );
    joined[`${joining} ${name}`] = parts.map(({ result }) => result);
  }
await until(() => ids.every((id) => receipts.has(id)), 60_000);
const found = ids.filter((id) => receipts.get(id) === 'delivered').length;

const refused: boolean[] = [];
const stranger = gateway('wrong', (loginRefused) => refused.push(loginRefused));
stranger.start();
await until(() => refused.length > 0, 20_000);
await stranger.stop(0);

const boundBefore = bound;
const flying = Array.from({ length: 400 }, (_, n) => ours.submit(aText(`late ${n}`), within(60_000)));
await new Promise((resolve) => setImmediate(resolve));
java.kill('SIGKILL');
await until(() => ours.boundLinks === 0, 20_000);
java = simulator();
const after = await Promise.all(flying);
const again = await ours.submit(aText('again'), within(40_000));
await ours.stop(1_000);
java.kill('SIGKILL');

const told = {
  accepted: count(ends, 'accepted'),
  ids: new Set(ids).size,
  delivered: found,
  joined,
  heard,
  loginRefused: refused[0],
  killed: { accepted: count(after, 'accepted'), unknown: count(after, 'unknown'), all: after.length },
  boundAgain: bound > boundBefore,
  again: again.result,
};
process.stdout.write(`${JSON.stringify(told)}\n`);
process.exit(0);
