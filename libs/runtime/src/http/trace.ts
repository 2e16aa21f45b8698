import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** W3C Trace Context §3.2.2: version, trace id, parent id, flags. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

const current = new AsyncLocalStorage<string>();

/** A `traceparent` of our own hop: the caller's trace when `given` is a valid one, else a new trace. */
export function nextTraceparent(given?: string): string {
  const hop = randomBytes(8).toString('hex');
  if (given !== undefined && TRACEPARENT.test(given)) return `${given.slice(0, 36)}${hop}${given.slice(52)}`;
  return `00-${randomBytes(16).toString('hex')}-${hop}-01`;
}

/** Runs `work` so that `currentTraceparent()` and every log line inside it belong to this trace. */
export function inTrace<T>(traceparent: string, work: () => T): T {
  return current.run(traceparent, work);
}

/** The `traceparent` of what is being worked on, or null outside of any request or message. */
export function currentTraceparent(): string | null {
  return current.getStore() ?? null;
}

/** The trace id alone: what a caller is told after a failure, and what the log is searched for. */
export function currentTraceId(): string | null {
  return current.getStore()?.slice(3, 35) ?? null;
}

/** For every log line: the trace it belongs to. */
export function traceFields(): Record<string, string> {
  const traceId = currentTraceId();
  return traceId === null ? {} : { traceId };
}
