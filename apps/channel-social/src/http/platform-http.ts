import { Readable } from 'node:stream';
import { buildConnector, Pool } from 'undici';

/** One HTTP call to a platform. `path` begins with `/`; a body goes out as JSON. */
export type Call = {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: readonly (readonly [name: string, value: string])[];
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Ends the call. What has left by then is waited for a moment longer, and then it is `lost`. */
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
  /** How long the reply to a body that has left is waited for after the call's signal; 1.5 s unless told (DESIGN §5). */
  lastReplyMs?: number;
};

const LAST_REPLY_MS = 1_500;

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
  readonly #lastReplyMs: number;
  /** Failures of DNS, TCP and TLS: they come before the first byte of a request. */
  readonly #beforeTheFirstByte = new WeakSet<object>();

  constructor(
    readonly origin: string,
    settings: HttpSettings,
  ) {
    this.#wholeMs = settings.connectTimeoutMs + settings.answerTimeoutMs;
    this.#lastReplyMs = settings.lastReplyMs ?? LAST_REPLY_MS;
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
  async call(call: Call): Promise<Heard> {
    const { method, path, signal } = call;
    if (signal?.aborted) return { heard: 'not-sent', detail: 'it was too late to begin' };
    const over = new AbortController();
    const endNow = (): void => over.abort(new Error('no answer in time'));
    const text = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
    let left = false;
    const body = text === undefined ? null : told(text, () => (left = true));
    let timer = setTimeout(endNow, this.#wholeMs);
    const end = (): void => {
      clearTimeout(timer);
      if (left) timer = setTimeout(endNow, this.#lastReplyMs);
      else endNow();
    };
    signal?.addEventListener('abort', end, { once: true });
    try {
      const answer = this.#answer(call, body, text?.length ?? 0, over.signal);
      // The pool does not look at the signal of what still waits for a connection.
      return { heard: 'answer', answer: await Promise.race([answer, ended(over.signal)]) };
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      const detail = `${method} ${path}: ${code ?? message ?? 'failed'}`;
      const isNotSent = this.#beforeTheFirstByte.has(Object(error)) || (body !== null && !left);
      return { heard: isNotSent ? 'not-sent' : 'lost', detail };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }

  async #answer(
    { method, path, query = [], headers = {} }: Call,
    body: Readable | null,
    bytes: number,
    signal: AbortSignal,
  ): Promise<Answer> {
    const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]));
    const response = await this.#pool.request({
      method,
      path: query.length === 0 ? path : `${path}?${search}`,
      headers: {
        accept: 'application/json',
        'user-agent': USER_AGENT,
        ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': String(bytes) }),
        ...headers,
      },
      body,
      signal,
    });
    const text = await response.body.text();
    const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
    return { status: response.statusCode, headers: Object.fromEntries(flat), json: jsonOrUndefined(text) };
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

/** A body that tells when it is asked for: the request is then on its way, headers and all. */
function told(text: Buffer, leaves: () => void): Readable {
  return new Readable({
    read() {
      leaves();
      this.push(text);
      this.push(null);
    },
  });
}

/** Rejects when the call is over. */
const ended = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
