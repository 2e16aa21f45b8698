import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Told, send, type Answer } from './answer.js';
import type { Call, Route } from './route.js';

/** Does what a call asks, unless a fault on order strikes it: before the work, in its place, or after it. */
export async function serveCall(route: Route, call: Call, response: ServerResponse): Promise<void> {
  const fault = route.platform?.fault(call);
  if (fault?.kind === 'cut-before-body') return void response.destroy();
  const instead = fault && route.platform?.instead(fault);
  if (instead !== undefined) return send(response, instead);
  const answer = await answerOf(route, call);
  switch (fault?.kind) {
    case 'cut-after-body':
      return void response.destroy();
    case 'hang':
      return undefined; // the caller's own patience ends it
    case '500-after-body':
      return send(response, { status: 500, body: { error: 'Something went wrong on our end' } });
    case 'rubbish':
      return send(response, {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"id":"1',
      });
    case 'slow':
      await pause(fault.ms);
      return send(response, answer);
    default:
      return send(response, answer);
  }
}

async function answerOf(route: Route, call: Call): Promise<Answer> {
  try {
    return await route.answer(call);
  } catch (error) {
    if (error instanceof Told) return error.answer;
    throw error;
  }
}
