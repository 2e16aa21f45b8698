import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send } from './answer.js';
import type { Call, Route } from './route.js';
import { serveCall } from './serve-call.js';

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
      await serveCall(route, call, response);
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
