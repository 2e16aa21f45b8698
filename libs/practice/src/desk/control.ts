import { z } from 'zod';
import { Told, type Answer } from '../http/answer.js';
import type { Call, Route } from '../http/route.js';
import { FaultChannel, FaultOrder } from '../platform/faults.js';
import type { World } from '../platform/world.js';
import type { Arrival } from '../record/facts.js';

const Query = z.object({ channel: FaultChannel.optional(), from: z.coerce.number().int().min(0).default(0) });

/** The desk of whoever runs the exercise: what arrived, and faults on order. `owed` tells what is still to come. */
export function controlRoutes(world: World, owed: () => object): Route[] {
  return [
    { method: 'GET', path: '/livez', answer: () => ({ status: 200, body: { status: 'ok' } }) },
    { method: 'GET', path: '/readyz', answer: () => ({ status: 200, body: { status: 'ok' } }) },
    { method: 'GET', path: '/practice/arrivals', answer: (call) => arrivals(world, call) },
    {
      method: 'GET',
      path: '/practice/counts',
      answer: () => ({ status: 200, body: { ...world.record.counts(), owed: owed() } }),
    },
    { method: 'GET', path: '/practice/mails/:position', answer: (call) => rawMail(world, call) },
    {
      method: 'GET',
      path: '/practice/faults',
      answer: () => ({ status: 200, body: { faults: world.faults.list() } }),
    },
    { method: 'POST', path: '/practice/faults', answer: (call) => order(world, call) },
    { method: 'DELETE', path: '/practice/faults', answer: (call) => clear(world, call) },
  ];
}

function arrivals(world: World, call: Call): Answer {
  const { channel, from } = query(call);
  const lines = asLines(world.record.arrivals(channel, from));
  return { status: 200, headers: { 'content-type': 'application/jsonl; charset=utf-8' }, body: lines };
}

async function* asLines(arrivals: AsyncIterable<Arrival>): AsyncGenerator<string> {
  let lines = '';
  for await (const arrival of arrivals) {
    lines += `${JSON.stringify(arrival)}\n`;
    if (lines.length > 60_000) {
      yield lines;
      lines = '';
    }
  }
  if (lines !== '') yield lines;
}

async function rawMail(world: World, call: Call): Promise<Answer> {
  const arrival = await world.record.arrival(Number(call.params['position']));
  if (arrival?.fact !== 'mail') throw problem(404, 'no-such-mail', 'No mail arrived at this position.');
  const raw = await world.record.readMail(arrival.raw);
  // As plain text, never as a page: a mail may hold anything.
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  return { status: 200, headers, body: raw.toString('utf8') };
}

// JSON alone is taken, so that no page in a browser on this machine can order faults by a plain form.
function order(world: World, call: Call): Answer {
  if (!(call.headers['content-type'] ?? '').startsWith('application/json')) {
    throw problem(415, 'json-only', 'Send the fault as application/json.');
  }
  const order = FaultOrder.safeParse(asJson(call.body.toString('utf8')));
  if (!order.success) throw problem(400, 'no-such-fault', z.prettifyError(order.error));
  return { status: 201, body: world.faults.order(order.data) };
}

function clear(world: World, call: Call): Answer {
  world.faults.clear(query(call).channel);
  return { status: 204 };
}

function query(call: Call) {
  const read = Query.safeParse(Object.fromEntries(call.query));
  if (!read.success) throw problem(400, 'bad-query', z.prettifyError(read.error));
  return read.data;
}

function problem(status: number, code: string, detail: string): Told {
  const headers = { 'content-type': 'application/problem+json' };
  return new Told({ status, headers, body: { type: `/docs/problems#${code}`, code, status, detail } });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says what it wants instead
  }
}
