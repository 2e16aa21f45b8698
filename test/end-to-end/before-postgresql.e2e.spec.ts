import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { lockKey, rememberMode } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { AppProcess } from '../support/house/app-process.js';
import { Cable } from '../support/house/cable.js';
import { portsInARow } from '../support/house/ports.js';
import { readiness, until } from '../support/house/readiness.js';
import { mainOf, toTheEnd } from '../support/house/to-the-end.js';

const LONGEST_MS = 60_000;

let folder: string;
let database: TestDatabase;
let cable: Cable;
let service: AppProcess;
let env: Record<string, string>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** A service behind a cable that is not plugged in: nobody answers where its database should be. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'larum-before-'));
  const tokens = join(folder, 'tokens.json');
  writeFileSync(tokens, '[]');
  const [near, http] = [await portsInARow(1), await portsInARow(1)];
  cable = await Cable.to(Number(new URL(database.url).port), near);
  await cable.pull();
  env = {
    MODE: 'exercise',
    DATABASE_URL: at({ port: String(near) }),
    KAFKA_BROKERS: '127.0.0.1:9', // nobody: the database is what it waits for first
    TOKENS_FILE: tokens,
    PORT: String(http),
  };
  const url = `http://127.0.0.1:${http}`;
  service = new AppProcess({ app: 'incident-log', env, url, logFile: join(folder, 'log') });
});
afterEach(async () => {
  await service.stop();
  await cable.pull();
  rmSync(folder, { recursive: true, force: true });
});

function at(wish: { port?: string; password?: string; pathname?: string }): string {
  return Object.assign(new URL(database.url), wish).href;
}
const log = () => readFileSync(join(folder, 'log'), 'utf8');
const waits = () =>
  until(service.start.url, ({ checks }) => /does not answer/.test(checks['database'] ?? ''), LONGEST_MS);

/** As long as another process is at the migrations, the service asks again and again whether it is its turn. */
async function asksForItsTurn(): Promise<void> {
  const asking = `select from pg_stat_activity where query like 'select pg_try_advisory_lock($1) as ours'`;
  for (const end = performance.now() + LONGEST_MS; ; await sleep(50)) {
    if ((await database.db.query(asking)).length > 0) return;
    if (performance.now() > end) throw new Error('the service did not come to its migrations');
  }
}

describe('a service that starts before PostgreSQL', () => {
  it('lives, says what it waits for, and is the same process when the database is there', async () => {
    service.begin();
    const why = `the database does not answer: connect ECONNREFUSED 127.0.0.1:${cable.port}`;
    const { status } = await until(service.start.url, ({ checks }) => checks['database'] === why, LONGEST_MS);
    const { pid } = service;
    expect(status).toBe(503);
    expect((await fetch(`${service.start.url}/livez`)).status).toBe(200);
    expect((await fetch(`${service.start.url}/v1/incidents/inc_1/timeline`)).status).toBe(503);
    expect(log()).toContain('PostgreSQL does not answer and is tried again');
    await cable.putBack();
    await until(service.start.url, (look) => look.checks['database'] === 'ok', LONGEST_MS);
    expect((await fetch(`${service.start.url}/v1/incidents/inc_1/timeline`)).status).toBe(401);
    expect(log()).toContain('PostgreSQL answers');
    expect(service.pid).toBe(pid);
  }, 120_000);

  it('ends cleanly and at once when it is told to stop meanwhile', async () => {
    service.begin();
    await waits();
    expect(await service.stop('SIGTERM')).toBe(0);
    expect(log()).toContain('"stopped"');
  }, 120_000);

  it('waits again when the database goes while another process is at the migrations', async () => {
    const others = await database.db.tryHold(lockKey('incident_log', 'migrate'), () => {});
    await cable.putBack();
    service.begin();
    await asksForItsTurn();
    await cable.pull();
    await others?.release();
    const { status, checks } = await waits();
    expect([status, checks['database']]).toEqual([
      503,
      expect.stringMatching(/^the database does not answer: /),
    ]);
    await cable.putBack();
    await until(service.start.url, (look) => look.checks['database'] === 'ok', LONGEST_MS);
  }, 120_000);

  it('ends when the database that answers at last refuses it', async () => {
    service = new AppProcess({
      ...service.start,
      env: { ...env, DATABASE_URL: at({ port: String(cable.port), password: 'wrong' }) },
    });
    service.begin();
    await waits();
    await cable.putBack();
    for (const end = performance.now() + LONGEST_MS; service.pid !== undefined; await sleep(50))
      expect(performance.now()).toBeLessThan(end);
    expect(log()).toMatch(/cannot be opened \(password authentication failed .*\): correct DATABASE_URL\n$/);
  }, 120_000);
});

describe('a service whose database answers and is the wrong one does not wait', () => {
  it.each([
    [
      'with a wrong password',
      { password: 'wrong' },
      /password authentication failed .*correct DATABASE_URL$/,
    ],
    ['of a name that there is not', { pathname: '/no_such' }, /does not exist\): correct DATABASE_URL$/],
  ])(
    '%s',
    async (_, wish, sentence) => {
      const ended = await toTheEnd(mainOf('incident-log'), { ...env, DATABASE_URL: at(wish) });
      expect([ended.code, ended.err.trim()]).toEqual([1, expect.stringMatching(sentence)]);
      expect(ended.err.trim().split('\n')).toHaveLength(1);
      expect(ended.err).not.toMatch(/wrong@|:wrong/);
    },
    120_000,
  );

  it('of the other world', async () => {
    const other = await testDatabase();
    await rememberMode(other.db, 'live');
    const ended = await toTheEnd(mainOf('incident-log'), { ...env, DATABASE_URL: other.url });
    await other.close();
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/^this database belongs to the world live, .*\n$/);
  }, 120_000);

  it('nor one whose tokens file is not there, whatever becomes of the database', async () => {
    const ended = await toTheEnd(mainOf('incident-log'), { ...env, TOKENS_FILE: join(folder, 'none') });
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/tokens file .*none cannot be read: name the right one in TOKENS_FILE\n$/);
    expect(await readiness(service.start.url)).toEqual({ status: 0, checks: {} });
  }, 120_000);
});
