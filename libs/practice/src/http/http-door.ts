import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../platform/faults.js';
import { Told, send, type Answer } from './answer.js';

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

/** Nobody posts more than this; a caller that does gets 413. */
const MOST_BODY_BYTES = 1 << 20;

/** The one HTTP door of the practice world. Every platform hangs its routes here; faults strike at the door. */
export class HttpDoor {
  private readonly routes: { route: Route; pattern: RegExp }[];
  private readonly server: Server;

  constructor(routes: readonly Route[]) {
    this.routes = routes.map((route) => ({ route, pattern: asPattern(route.path) }));
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** Answers with the real port. Rejects when the port is taken. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((listening, failed) => {
      this.server.once('error', failed);
      this.server.listen(port, host, listening);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await wholeBody(request);
      if (body === 'too large')
        return await send(response, { status: 413, body: { error: 'Payload too large' } });
      const { route, call } = this.find(request, body);
      if (route === undefined) return await send(response, { status: 404, body: { error: 'Not found' } });
      await serveWithFaults(route, call, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) response.destroy();
      else if (error instanceof URIError)
        await send(response, { status: 400, body: { error: 'Bad address' } });
      else await send(response, { status: 500, body: { error: String(error) } });
    }
  }

  private find(request: IncomingMessage, body: Buffer): { route?: Route; call: Call } {
    const origin = `http://${request.headers.host ?? 'localhost'}`;
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? 'GET';
    const call: Call = {
      method,
      path: url.pathname,
      params: {},
      query: url.searchParams,
      headers: request.headers,
      body,
      origin,
    };
    for (const { route, pattern } of this.routes) {
      const found = route.method === method ? pattern.exec(url.pathname) : null;
      if (found !== null) {
        const params = Object.entries(found.groups ?? {}).map(([name, text]) => [
          name,
          decodeURIComponent(text),
        ]);
        return { route, call: { ...call, params: Object.fromEntries(params) as Record<string, string> } };
      }
    }
    return { call };
  }
}

async function serveWithFaults(route: Route, call: Call, response: ServerResponse): Promise<void> {
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

async function wholeBody(request: IncomingMessage): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > MOST_BODY_BYTES ? 'too large' : Buffer.concat(chunks);
}

function asPattern(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    const [, before = '', name] = /^([^:]*):(\w+)$/.exec(part) ?? [];
    return name === undefined ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : `${before}(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${parts.join('/')}$`);
}
