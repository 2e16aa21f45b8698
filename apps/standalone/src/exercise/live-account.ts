import { inWords } from '../../../incident-log/src/timeline/in-words.js';
import type { LarumClient } from './larum-client.js';

type Told = { type: string; time: string; data: Record<string, unknown> };

/** Slices and samples come by the dozen: they are told as figures in the closing table, not line by line. */
const TOO_MANY = new Set([
  'ChunkPlanned',
  'EngagementSampled',
  'ReceiptsCounted',
  'AccountReported',
  'AccountHealthReported',
]);

/** The public answers in swarms: the first few are read out. */
const MOST_ANSWERS = 6;

/**
 * Prints what happens, as a reviewer sees it on the live stream, until `stop`. A slice of recipients is told once it is
 * finished; a count of shares when it has grown.
 */
export async function liveAccount(
  reviewer: LarumClient,
  print: (line: string) => void,
): Promise<{ stop(): void }> {
  const stopping = new AbortController();
  let answers = 0;
  const tellOnce = (line: string, type: string) => {
    if (type === 'InboundReceived') answers += 1;
    if (type !== 'InboundReceived' || answers <= MOST_ANSWERS) print(line);
    if (answers === MOST_ANSWERS && type === 'InboundReceived')
      print('              … further answers are counted in the closing table');
  };
  const events = await reviewer.follow('/v1/events', stopping.signal);
  void (async () => {
    let rest = '';
    const text = new TextDecoder();
    for await (const bytes of events) {
      const messages = (rest + text.decode(bytes, { stream: true })).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) tell(message, tellOnce);
    }
  })().catch((error: unknown) => {
    if (!stopping.signal.aborted) print(`(the live stream ended: ${String(error)})`);
  });
  return { stop: () => stopping.abort() };
}

function tell(message: string, print: (line: string, type: string) => void): void {
  const line = message.split('\n').find((one) => one.startsWith('data: '));
  if (line === undefined) return;
  const { type, time, data } = JSON.parse(line.slice('data: '.length)) as Told;
  if (TOO_MANY.has(type) || isUnfinished(type, data)) return;
  print(`${time.slice(11, 23)}  ${inWords(type, data)}`, type);
}

function isUnfinished(type: string, data: Record<string, unknown>): boolean {
  if (type === 'PostReported') return data['state'] === 'pending';
  if (type !== 'ChunkReported') return type === 'PlanReported' && data['complete'] !== true;
  return (data['counts'] as { pending: number }).pending > 0;
}
