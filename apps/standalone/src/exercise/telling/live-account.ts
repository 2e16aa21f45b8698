import { EventEmitter, once } from 'node:events';
import { inWords } from '../../../../incident-log/src/timeline/in-words.js';
import type { LarumClient } from '../larum-client.js';

type Told = { type: string; time: string; data: Record<string, unknown> };

/** Groups of recipients and samples come by the dozen: they are told as figures in the closing table, not line by line. */
const TOO_MANY = new Set([
  'ChunkPlanned',
  'EngagementSampled',
  'ReceiptsCounted',
  'AccountReported',
  'AccountHealthReported',
]);

/** The public answers in swarms: the first few are read out. */
const MOST_ANSWERS = 6;

/** What happens, line by line. `told` waits until a step of a version was printed, or for a few seconds where it never comes. */
export type LiveAccount = { stop(): void; told(type: string, version: number): Promise<void> };

/** A stream that is behind must not hold the exercise up. */
const LONGEST_BEHIND_MS = 20_000;

/**
 * Prints what happens, as a reviewer sees it on the live stream, until `stop`, or until the process stops (`until`). A group of recipients is told once it is finished.
 */
export async function liveAccount(
  reviewer: LarumClient,
  print: (line: string) => void,
  until: AbortSignal,
): Promise<LiveAccount> {
  const stopping = new AbortController();
  const stopped = AbortSignal.any([stopping.signal, until]);
  const ended = new AbortController();
  const steps = new EventEmitter();
  const told = new Set<string>();
  let answers = 0;
  const tellOnce = (line: string, { type, data }: Told) => {
    if (type === 'InboundReceived') answers += 1;
    if (type !== 'InboundReceived' || answers <= MOST_ANSWERS) print(line);
    if (answers === MOST_ANSWERS && type === 'InboundReceived')
      print('              … further answers are counted in the closing table');
    const step = stepOf(type, data['version']);
    told.add(step);
    steps.emit(step);
  };
  const events = await reviewer.follow('/v1/events', stopped);
  void (async () => {
    let rest = '';
    const text = new TextDecoder();
    for await (const bytes of events) {
      const messages = (rest + text.decode(bytes, { stream: true })).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) tell(message, tellOnce);
    }
  })()
    .catch((error: unknown) => {
      if (!stopped.aborted) print(`(the live stream ended: ${String(error)})`);
    })
    .finally(() => ended.abort());
  return {
    stop: () => stopping.abort(),
    told: async (type, version) => {
      const step = stepOf(type, version);
      const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(LONGEST_BEHIND_MS)]);
      if (!told.has(step)) await once(steps, step, { signal }).catch(() => undefined);
    },
  };
}

const stepOf = (type: string, version: unknown): string => `${type} ${String(version)}`;

function tell(message: string, print: (line: string, told: Told) => void): void {
  const line = message.split('\n').find((one) => one.startsWith('data: '));
  if (line === undefined) return;
  const told = JSON.parse(line.slice('data: '.length)) as Told;
  const { type, time, data } = told;
  if (TOO_MANY.has(type) || isUnfinished(type, data)) return;
  print(`${time.slice(11, 23)}  ${inWords(type, data)}`, told);
}

function isUnfinished(type: string, data: Record<string, unknown>): boolean {
  if (type === 'PostReported') return data['state'] === 'pending';
  if (type !== 'ChunkReported') return type === 'PlanReported' && data['complete'] !== true;
  return (data['counts'] as { pending: number }).pending > 0;
}
