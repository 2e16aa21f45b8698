import { randomUUID } from 'node:crypto';
import type { AppProcess } from './app-process.js';

/** Who a request comes from. */
export type Person = 'author' | 'approver' | 'communications' | 'partner' | 'reviewer';

/** An answer with its status, whatever it is: a test says itself what it expects. */
export type Answer = { status: number; body: Record<string, unknown> };

/** A running house, in one process or in one per app. Tests and benches know only this. */
export type RunningHouse = {
  form: 'standalone' | 'distributed';
  /** Where each part of the interface answers. */
  urls: { command: string; log: string; gateway: string; email: string; practice: string };
  tokens: Record<Person, string>;
  /** The processes by app; a standalone has one, `standalone`. */
  processes: ReadonlyMap<string, AppProcess>;
  /** Database of an app, for benches that read time stamps; never for tests of behaviour. */
  databaseUrl(app: string): string;
  stop(): Promise<void>;
};

/** Which part of the interface answers a path. */
function baseOf({ urls }: RunningHouse, path: string): string {
  if (/^\/v1\/(incidents\/[^/]+\/timeline|warnings\/[^/]+\/report)/.test(path)) return urls.log;
  if (path.startsWith('/v1/events')) return urls.gateway;
  if (path.startsWith('/v1/unsubscribe')) return urls.email;
  return urls.command;
}

/** Asks the interface as a person would; a POST gets an idempotency key of its own. */
export async function ask(
  house: RunningHouse,
  person: Person,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const isText = typeof body === 'string';
  const answer = await fetch(`${baseOf(house, path)}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${house.tokens[person]}`,
      ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      ...(body === undefined ? {} : { 'content-type': isText ? 'application/cap+xml' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
