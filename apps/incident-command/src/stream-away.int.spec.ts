import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import {
  HealthRegistry,
  Metrics,
  newToken,
  sha256Hex,
  silentLog,
  startHttp,
  TokenBook,
  type HttpServer,
} from '#runtime';
import { newStream, type EventStream } from '#stream';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { minute } from '#warning/testing';
import { IncidentCommandModule } from './incident-command.module.js';
import { problemTable } from './problems/problem-table.js';
import { readRefusal } from './problems/read-refusal.js';
import { HandClock } from './testing/control-room.js';

let test: TestDatabase;
let stream: EventStream;
let server: HttpServer;
let isAway = true;
const folder = mkdtempSync(path.join(os.tmpdir(), 'larum-stream-away-'));
const token = newToken('exercise');

beforeAll(async () => {
  test = await testDatabase();
  const tokensFile = path.join(folder, 'tokens.json');
  const ann = {
    id: `off_${'a'.repeat(32)}`,
    name: 'ann',
    roles: ['author'],
    agency: null,
    languages: [],
    tokenSha256: sha256Hex(token),
    mode: 'exercise',
  };
  writeFileSync(tokensFile, JSON.stringify([ann]));
  stream = newStream({ db: test.db, log: silentLog, clientId: 'incident-command' });
  const away = new Proxy(stream, {
    get: (of, name: keyof EventStream) => {
      const method = of[name];
      if (typeof method !== 'function') return method;
      return (...args: never[]) => {
        if (isAway && name !== 'close') return Promise.reject(new Error('no broker answers'));
        return (method as (...given: never[]) => unknown).apply(of, args);
      };
    },
  });
  const health = new HealthRegistry();
  const metrics = new Metrics();
  const parts = {
    mode: 'exercise',
    db: test.db,
    stream: away,
    health,
    metrics,
    clock: new HandClock(minute(0)),
    log: silentLog,
  } as const;
  const tokens = TokenBook.open(tokensFile, 'exercise', silentLog);
  const module = IncidentCommandModule.register({ ...parts, tokens });
  server = await startHttp(module, {
    name: 'test',
    port: 0,
    log: silentLog,
    health,
    metrics,
    problems: [problemTable],
    readers: [readRefusal],
  });
});
afterAll(async () => {
  await server.close();
  await stream.close();
  await test.close();
  rmSync(folder, { recursive: true });
});

const open = (name: string) =>
  fetch(`${server.url}/v1/incidents`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': name,
    },
    body: JSON.stringify({ type: 'flood', name, leadAgency: 'Derbyshire Police' }),
  });
/** What `/metrics` says of the events that are recorded and not on the stream. */
const lag = async () => {
  const figures = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^larum_relay_lag_events\{record="incident_command"\} (\d+)$/m.exec(figures)?.[1]);
};
const ready = async () => (await fetch(`${server.url}/readyz`)).status;

describe('while the stream is away', () => {
  it('officers are answered and what they do is recorded; it goes out, in order, when the stream is back', async () => {
    expect(await ready()).toBe(503);
    for (const name of ['one', 'two', 'three']) expect((await open(name)).status).toBe(201);
    expect(await lag()).toBe(3);
    isAway = false;
    const topic = topics('exercise').incidents;
    const published = async () => {
      const ends = await stream.endOffsets(topic).catch(() => new Map<number, bigint>());
      const parts = await Promise.all(
        [...ends.keys()].map((partition) => stream.read({ topic, partition, offset: 0n, limit: 100 })),
      );
      return parts
        .flat()
        .map(({ value }) => (JSON.parse(new TextDecoder().decode(value)) as { name: string }).name);
    };
    const end = performance.now() + 40_000;
    while ((await published()).length < 3 && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await published()).toSorted()).toEqual(['one', 'three', 'two']);
    while ((await ready()) !== 200 && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ready()).toBe(200);
    while ((await lag()) !== 0 && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await lag()).toBe(0);
  });
});
