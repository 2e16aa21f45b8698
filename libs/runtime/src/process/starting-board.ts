import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readiness } from '../http/health.js';
import { houseProblem } from '../problems/house-problems.js';

/** What a process answers before its module does. */
export type StartingBoard = {
  /** Where it answers; the one that was asked for, or a free one for 0. */
  port: number;
  /** From now on `/readyz` says that the process waits for `name`, and why. */
  waitsFor(name: string, why: string): void;
  /** Lets go of the port. May be called again. */
  close(): Promise<void>;
};

/** A prober that is slow to hand in its question does not keep the module from its port. */
const LEAVE_WITHIN_MS = 100;
const AGAIN_AFTER_S = '1';

/**
 * Holds the port of a process that is not up yet, so that whoever watches it can tell one that waits from one that is dead:
 * `/livez` 200, `/readyz` 503 with what it waits for, and the problem `database-away` for everything else. Throws what `listen` throws.
 */
export async function openStartingBoard(at: { port: number; host: string }): Promise<StartingBoard> {
  let checks: Readiness['checks'] = { process: 'is starting' };
  const server = createServer(answering(() => ({ ready: false, checks })));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(at.port, at.host, resolve);
  });
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    waitsFor: (name, why) => void (checks = { [name]: why }),
    close: () => (closing ??= letGo(server)),
  };
}

function answering(readiness: () => Readiness): RequestListener {
  return ({ url = '' }, response) => {
    // Each answer ends its connection: the next question shall find the module.
    response.setHeader('Connection', 'close').setHeader('Cache-Control', 'no-store');
    const answer = (status: number, body: unknown, type = 'application/json') =>
      response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8` }).end(JSON.stringify(body));
    const [path] = url.split('?');
    if (path === '/livez') return answer(200, { alive: true });
    if (path === '/readyz') return answer(503, readiness());
    response.setHeader('Retry-After', AGAIN_AFTER_S);
    return answer(503, houseProblem('database-away'), 'application/problem+json');
  };
}

async function letGo(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), LEAVE_WITHIN_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearTimeout(late);
}
