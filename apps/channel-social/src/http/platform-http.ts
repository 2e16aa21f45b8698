import { buildConnector, Pool } from 'undici';

/** One HTTP call to a platform. `path` begins with `/`; a body goes out as JSON. */
export type Call = {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: readonly (readonly [name: string, value: string])[];
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Ends the wait; whatever was on its way by then is `lost`. */
  signal?: AbortSignal;
};

/** What the platform answered. `json` is undefined when the body was no JSON. */
export type Answer = {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  json: unknown;
};

/**
 * How a call ended. `not-sent`: no byte of the request can have been read there, so nothing happened. `lost`: it may have
 * been done, and only the platform knows.
 */
export type Heard =
  | { heard: 'answer'; answer: Answer }
  | { heard: 'not-sent'; detail: string }
  | { heard: 'lost'; detail: string };

export type HttpSettings = {
  /** No connection within this: nothing was sent. */
  connectTimeoutMs: number;
  /** No whole answer within this: `lost`. */
  answerTimeoutMs: number;
};

/** Ten times the largest page of posts that we ask for; a longer answer is a fault of the platform, not a reason to fill memory. */
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;
const USER_AGENT = 'Larum/1 (emergency public warnings)';

/**
 * The one way to a platform: kept connections to one origin, time-outs, no redirects, bounded answers. It can reach no
 * other host than `origin`, whatever an answer says; secrets travel in headers only, so no path or log line holds one.
 */
export class PlatformHttp {
  readonly #pool: Pool;
  /** A connection and a whole answer take no longer; the pool's own limits begin anew with each piece that comes. */
  readonly #wholeMs: number;
  /** Failures of DNS, TCP and TLS: they come before the first byte of a request. */
  readonly #beforeTheFirstByte = new WeakSet<object>();

  constructor(
    readonly origin: string,
    settings: HttpSettings,
  ) {
    this.#wholeMs = settings.connectTimeoutMs + settings.answerTimeoutMs;
    const connect = buildConnector({ timeout: settings.connectTimeoutMs });
    this.#pool = new Pool(origin, {
      connections: 8,
      connect: (options, done) =>
        connect(options, (...end) => {
          if (end[0] !== null) this.#beforeTheFirstByte.add(end[0]);
          done(...end);
        }),
      headersTimeout: settings.answerTimeoutMs,
      bodyTimeout: settings.answerTimeoutMs,
      maxResponseSize: MOST_ANSWER_BYTES,
    });
  }

  /** Makes one call, once. Never throws and never repeats: what a failure means is the caller's to decide. */
  async call({ method, path, query = [], headers = {}, body, signal }: Call): Promise<Heard> {
    if (signal?.aborted) return { heard: 'not-sent', detail: 'it was too late to begin' };
    const search =
      query.length === 0
        ? ''
        : `?${new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]))}`;
    try {
      const response = await this.#pool.request({
        method,
        path: `${path}${search}`,
        headers: {
          accept: 'application/json',
          'user-agent': USER_AGENT,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.any([
          AbortSignal.timeout(this.#wholeMs),
          ...(signal === undefined ? [] : [signal]),
        ]),
      });
      const text = await response.body.text();
      const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
      const answer = {
        status: response.statusCode,
        headers: Object.fromEntries(flat),
        json: jsonOrUndefined(text),
      };
      return { heard: 'answer', answer };
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      const detail = `${method} ${path}: ${code ?? message ?? 'failed'}`;
      return this.#beforeTheFirstByte.has(Object(error))
        ? { heard: 'not-sent', detail }
        : { heard: 'lost', detail };
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
