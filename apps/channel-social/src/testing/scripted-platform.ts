import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. `path` is without the query. */
export type Arrived = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | undefined>>;
  body: Record<string, unknown>;
};

type Said = { status?: number; headers?: Record<string, string>; json?: unknown; text?: string };

/**
 * What the platform answers. `cut` closes the connection after the body was read; `silent` never answers; `held` answers when it is
 * told to.
 */
export type Given = Said | 'cut' | 'silent' | 'held';

/** A platform on loopback that answers as a test tells it, and remembers what arrived. */
export class ScriptedPlatform {
  readonly arrived: Arrived[] = [];
  /** Answers by `METHOD /path`; the last one of a list stays. */
  readonly #answers = new Map<string, Given[]>();
  readonly #held: ServerResponse[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async listen(): Promise<ScriptedPlatform> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ScriptedPlatform(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers `METHOD /path` with each of `given` in turn, and with the last for good. */
  on(route: string, ...given: Given[]): this {
    this.#answers.set(route, given);
    return this;
  }

  /** Answers whatever was held so far. */
  answerHeld(said: Said): void {
    for (const response of this.#held.splice(0)) say(response, said);
  }

  /** What arrived at `METHOD /path`. */
  at(route: string): Arrived[] {
    return this.arrived.filter(({ method, path }) => `${method} ${path}` === route);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const url = new URL(request.url ?? '/', 'http://platform');
    const text = Buffer.concat(pieces).toString();
    this.arrived.push({
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers as Record<string, string>,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    });
    const given = this.#answers.get(`${request.method} ${url.pathname}`) ?? [{ status: 404, json: {} }];
    const now = given.length > 1 ? given.shift()! : given[0]!;
    if (now === 'cut') return void request.socket.destroy();
    if (now === 'silent') return;
    if (now === 'held') return void this.#held.push(response);
    say(response, now);
  }
}

function say(response: ServerResponse, now: Said): void {
  response.sendDate = false; // its clock is the test's, and it shows one only where the test says so
  response.writeHead(now.status ?? 200, { 'content-type': 'application/json', ...now.headers });
  response.end(now.text ?? JSON.stringify(now.json ?? {}));
}
