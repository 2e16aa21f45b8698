import type { StreamMessage } from '../event-stream.js';
import { NeverWorks } from '../never-works.js';

/** What isolation needs from whoever keeps the messages. */
export type Isolating = {
  /** Hands these to the handler once; what it threw, or undefined when it finished with all of them. */
  call(messages: readonly StreamMessage[]): Promise<unknown>;
  /** Neither done nor parked yet. */
  isOpen(message: StreamMessage): boolean;
  park(message: StreamMessage, why: string): Promise<void>;
  /** It failed alone. Returns whether it had not done so before. */
  failedAlone(message: StreamMessage, error: unknown): boolean;
  /** Stop here: the partition is not ours any more. */
  over(): boolean;
};

/** So many messages that fail one after another with none between that works: then the fault is not in the messages. */
const FRUITLESS_BEFORE_WAITING = 3;

type Pass = { stuck: Set<string>; fruitless: number; patience: number };

/**
 * Tries the messages, and when that fails smaller and smaller pieces of them, until each that fails has failed alone.
 * Messages behind a failed one of the same key are left untouched, so that order per key holds; the others go on.
 * Returns 'storm' when it gave up early because everything fails: a database is away, and trying 500 records one by one helps nobody.
 */
export async function isolate(
  messages: readonly StreamMessage[],
  on: Isolating,
  patience = FRUITLESS_BEFORE_WAITING,
): Promise<'tried' | 'storm'> {
  const pass: Pass = { stuck: new Set(), fruitless: 0, patience };
  await tryPiece(messages, on, pass);
  return pass.fruitless >= patience ? 'storm' : 'tried';
}

async function tryPiece(piece: readonly StreamMessage[], on: Isolating, pass: Pass): Promise<void> {
  const todo = piece.filter((message) => on.isOpen(message) && !pass.stuck.has(orderKey(message)));
  if (todo.length === 0 || on.over() || pass.fruitless >= pass.patience) return;
  const error = await on.call(todo);
  const left = todo.filter((message) => on.isOpen(message));
  if (left.length < todo.length) pass.fruitless = 0;
  if (error === undefined || left.length === 0 || on.over()) return;
  const culprit = culpritOf(error, left);
  if (culprit) {
    const parked = await on.park(culprit, (error as NeverWorks).message).then(
      () => true,
      (parkFailed: unknown) => setAside(culprit, parkFailed, on, pass),
    );
    if (parked) pass.fruitless = 0;
    return tryPiece(left, on, pass);
  }
  const [only, ...more] = left;
  if (only && todo.length === 1) return void setAside(only, error, on, pass);
  if (only && more.length === 0) return tryPiece([only], on, pass);
  const half = Math.ceil(left.length / 2);
  await tryPiece(left.slice(0, half), on, pass);
  await tryPiece(left.slice(half), on, pass);
}

function culpritOf(error: unknown, left: readonly StreamMessage[]): StreamMessage | undefined {
  if (!(error instanceof NeverWorks)) return undefined;
  const named = error.culprit;
  if (named) return left.find((message) => message.offset === named.offset);
  return left.length === 1 ? left[0] : undefined;
}

function setAside(message: StreamMessage, error: unknown, on: Isolating, pass: Pass): false {
  pass.stuck.add(orderKey(message));
  if (on.failedAlone(message, error)) pass.fruitless += 1;
  return false;
}

/** Messages with the same order key keep their order; one without a key waits for nobody. */
export function orderKey(message: StreamMessage): string {
  return message.key === '' ? `\u0000${message.offset}` : message.key;
}
