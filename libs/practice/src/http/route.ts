import type { IncomingMessage } from 'node:http';
import type { Fault } from '../platform/faults.js';
import type { Answer } from './answer.js';

/** One request, read whole. */
export type Call = {
  method: string;
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Where the caller reached us, such as `http://127.0.0.1:8081`. */
  origin: string;
};

/** What the door does around a route when a fault is on order. */
export type Platform = {
  /** The fault that strikes this call, if one does. */
  fault(call: Call): Fault | undefined;
  /** What the platform says instead of doing its work. Undefined: this kind strikes after the work. */
  instead(fault: Fault): Answer | undefined;
};

export type Route = {
  method: string;
  /** Parts that begin with a colon are handed over by name. */
  path: string;
  answer(call: Call): Promise<Answer> | Answer;
  platform?: Platform;
};
