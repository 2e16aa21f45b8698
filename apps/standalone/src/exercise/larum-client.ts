import { randomUUID } from 'node:crypto';

/** An answer that was not a 2xx: what Larum said, for the person who reads it. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(`${status} ${code}: ${detail}`);
  }
}

/** Larum's HTTP interface as one officer uses it. */
export class LarumClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Throws `Refused`. */
  async get<Answer>(path: string): Promise<Answer> {
    return this.ask<Answer>('GET', path);
  }

  /** Throws `Refused`. Each call has an idempotency key of its own. */
  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.ask<Answer>('POST', path, body);
  }

  /** The live stream as it comes, until `signal`. */
  async follow(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const answer = await fetch(`${this.url}${path}`, { headers: this.headers(), signal });
    if (!answer.ok || answer.body === null)
      throw new Refused(answer.status, 'no-stream', await answer.text());
    return answer.body;
  }

  private async ask<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...this.headers(), ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said = (await answer.json().catch(() => undefined)) as Record<string, unknown> | undefined;
    if (said === undefined) throw new Refused(answer.status, 'unreadable', 'the answer is not JSON');
    if (!answer.ok) throw new Refused(answer.status, String(said['code']), String(said['detail']));
    return said as Answer;
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}`, 'idempotency-key': randomUUID() };
  }
}
