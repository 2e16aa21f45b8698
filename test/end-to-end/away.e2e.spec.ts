import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { floodContent } from '../../apps/standalone/src/exercise/flood-content.js';
import type { AppProcess } from '../support/house/app-process.js';
import { arrivals, countTo } from '../support/house/arrivals.js';
import { Cable } from '../support/house/cable.js';
import { distributedHouse } from '../support/house/distributed.js';
import { ask, type RunningHouse } from '../support/house/form.js';
import { Officers } from '../support/house/officers.js';
import { portsInARow } from '../support/house/ports.js';
import { until, type Look } from '../support/house/readiness.js';
import { standaloneHouse } from '../support/house/standalone.js';
import { startBroker, type Broker } from '../support/kafka/broker.js';
import { whyNoOwnBroker } from '../support/kafka/find-broker.js';

const whyNot = await whyNoOwnBroker();
if (whyNot !== undefined) console.warn(`NOT TESTED without Kafka at a start: ${whyNot}`);

const CHANNELS = ['social', 'email', 'sms'];
const NO_KAFKA = /^Kafka does not answer: /;
const NO_DATABASE = /^the database does not answer: .*ECONNREFUSED/;

/** How often each telephone got a text. */
const texts = async (house: RunningHouse) => countTo(await arrivals(house), 'text', () => true);

(whyNot === undefined ? describe : describe.skip)('what the services need is away when they start', () => {
  let broker: Broker;
  let house: RunningHouse;
  let officers: Officers;
  let incidentId: string;
  let cable: Cable;
  const services = () => [...house.processes.values()].filter(({ start }) => start.app !== 'practice-world');

  /** Code 0: everything was let go within the three seconds that a clean stop has. */
  const stopCleanly = async () => {
    const took = async (one: AppProcess) => {
      const began = performance.now();
      const code = await one.stop('SIGTERM');
      return { app: one.start.app, code, ms: Math.round(performance.now() - began) };
    };
    const ends = await Promise.all(services().map(took));
    console.info(`stopped while Kafka is away: ${ends.map(({ app, ms }) => `${app} ${ms} ms`).join(', ')}`);
    expect(ends.map(({ app, code }) => [app, code])).toEqual(ends.map(({ app }) => [app, 0]));
  };

  beforeAll(async () => {
    broker = await startBroker();
    const postgresThrough = async (port: number) => {
      cable = await Cable.to(port, await portsInARow(1));
      return cable.port;
    };
    house = await distributedHouse(broker.brokers, { recipients: 30, postgresThrough });
    officers = new Officers(house);
    incidentId = await officers.incident('Before');
    await Promise.all(services().map((one) => one.stop()));
    await broker.kill();
    for (const one of services()) one.begin();
  }, 240_000);
  afterAll(async () => {
    await house.stop();
    await cable.pull();
    await broker.stop();
  }, 60_000);

  it('every one of them lives, waits, says on /readyz what it waits for, and none ends', async () => {
    for (const { start } of services()) {
      // It has opened its database, so that what is left is the stream.
      const { status, checks } = await until(start.url, (look) => look.checks['database'] === 'ok', 60_000);
      expect(status).toBe(503);
      const waiting = Object.entries(checks).filter(([, said]) => said !== 'ok');
      expect([start.app, waiting.length > 0]).toEqual([start.app, true]);
      expect(JSON.stringify(waiting)).not.toMatch(/ {4}at |\\n|undefined/);
      expect((await fetch(`${start.url}/livez`)).status).toBe(200);
    }
    const pids = services().map(({ pid }) => pid);
    await sleep(12_000); // longer than kafkajs itself is patient
    expect(services().map(({ pid }) => pid)).toEqual(pids);
    expect(pids.every((pid) => pid !== undefined)).toBe(true);
  }, 120_000);

  it('they stop as cleanly as ever while they wait, and wait again', async () => {
    await stopCleanly();
    for (const one of services()) one.begin();
    for (const { start } of services())
      await until(start.url, ({ checks }) => NO_KAFKA.test(checks['stream'] ?? ''), 60_000);
  }, 120_000);

  it('officers write and approve meanwhile, and nothing of it is lost', async () => {
    const { id, revision } = await officers.draft(incidentId, floodContent('first', Date.now()));
    await officers.issue(id, revision);
    expect((await texts(house)).size).toBe(0);
    const began = performance.now();
    await broker.restart();
    for (const { start } of services()) await until(start.url, ({ status }) => status === 200, 60_000);
    console.info(
      `all services ready ${Math.round(performance.now() - began)} ms after the broker was started`,
    );
    const rows = await officers.settled(id, 1, CHANNELS, 90_000);
    const sms = rows.find(({ channel }) => channel === 'sms');
    const arrived = await texts(house);
    expect(arrived.size).toBe(sms?.states['accepted']);
    expect([...arrived.values()].every((times) => times === 1)).toBe(true);
  }, 300_000);

  it('every one of them starts before PostgreSQL as well, and is ready when that is there', async () => {
    await Promise.all(services().map((one) => one.stop()));
    await cable.pull();
    for (const one of services()) one.begin();
    const pids = services().map(({ pid }) => pid);
    for (const { start } of services()) {
      // A look that is slow may say of its own slowness first.
      const isTold = (look: Look) => NO_DATABASE.test(look.checks['database'] ?? '');
      const { status, checks } = await until(start.url, isTold, 60_000);
      expect([start.app, status, Object.keys(checks)]).toEqual([start.app, 503, ['database']]);
      expect((await fetch(`${start.url}/livez`)).status).toBe(200);
    }
    await cable.putBack();
    for (const { start } of services()) await until(start.url, ({ status }) => status === 200, 60_000);
    expect(services().map(({ pid }) => pid)).toEqual(pids);
  }, 300_000);

  it('Kafka goes while everything runs: all of them say so, and come back with it', async () => {
    await broker.kill();
    for (const { start } of services()) {
      const isTold = ({ checks }: Look) =>
        checks['database'] === 'ok' && NO_KAFKA.test(checks['stream'] ?? '');
      expect((await until(start.url, isTold, 60_000)).status).toBe(503);
      expect((await fetch(`${start.url}/livez`)).status).toBe(200);
    }
    await broker.restart();
    for (const { start } of services()) await until(start.url, ({ status }) => status === 200, 60_000);
  }, 300_000);

  it('a stop while it is away is no less clean than others, whatever is still on its way', async () => {
    await broker.kill();
    await officers.incident('Recorded, and not on the stream yet');
    await stopCleanly();
  }, 60_000);
});

describe('PostgreSQL is away while everything runs', () => {
  const AWAY_MS = 35_000; // longer than a statement and a connection may take
  let database: TestDatabase;
  let cable: Cable;
  let house: RunningHouse;
  let officers: Officers;
  let incidentId: string;
  beforeAll(async () => {
    database = await testDatabase();
    const url = new URL(database.url);
    cable = await Cable.to(Number(url.port), await portsInARow(1));
    url.port = String(cable.port);
    house = await standaloneHouse({ recipients: 30, env: { DATABASE_URL: url.href } });
    officers = new Officers(house);
    incidentId = await officers.incident('Llanrwst flood');
  }, 120_000);
  afterAll(async () => {
    await house.stop();
    await cable.pull();
    await database.close();
  }, 60_000);

  it('/readyz names it at once and /livez stays, requests get 503 and when to come back, and it heals by itself', async () => {
    const { urls, processes } = house;
    const pid = processes.get('standalone')?.pid;
    const { id, revision } = await officers.draft(incidentId, floodContent('first', Date.now()));
    const hashes = await officers.submit(id, revision);
    await cable.pull();
    const away = performance.now();
    const { checks } = await until(urls.command, ({ status }) => status === 503, 30_000);
    expect(checks['database']).toEqual(expect.any(String));
    expect(checks['database']).not.toMatch(/^ok$|postgres:\/\//);
    while (performance.now() - away < AWAY_MS) {
      const { status, body } = await ask(house, 'approver', 'POST', `/v1/warnings/${id}/approve`, hashes);
      expect([status, body['code']]).toEqual([503, 'database-away']);
      expect((await fetch(`${urls.command}/livez`)).status).toBe(200);
      await sleep(1_000);
    }
    await cable.putBack();
    const back = performance.now();
    await until(urls.command, ({ status }) => status === 200, 60_000);
    console.info(`ready ${Math.round(performance.now() - back)} ms after the database was back`);
    expect(processes.get('standalone')?.pid).toBe(pid);
    await officers.ask(202, 'approver', 'POST', `/v1/warnings/${id}/approve`, hashes);
    const rows = await officers.settled(id, 1, CHANNELS);
    const arrived = await texts(house);
    expect(arrived.size).toBe(rows.find(({ channel }) => channel === 'sms')?.states['accepted']);
    expect([...arrived.values()].every((times) => times === 1)).toBe(true);
  }, 300_000);

  it('in the middle of a warning: everybody has it in the end, and nobody twice but who was in doubt', async () => {
    const before = await texts(house);
    const { id, revision } = await officers.draft(incidentId, floodContent('first', Date.now()));
    await officers.issue(id, revision);
    await cable.pull();
    await sleep(3_000);
    await cable.putBack();
    const rows = await officers.settled(id, 1, CHANNELS, 90_000);
    const sms = rows.find(({ channel }) => channel === 'sms');
    const now = await texts(house);
    const more = [...now].map(([to, times]) => times - (before.get(to) ?? 0));
    expect(more.filter((times) => times > 0).length).toBeGreaterThanOrEqual(sms?.states['accepted'] ?? 1);
    expect(more.filter((times) => times > 1).length).toBeLessThanOrEqual(sms?.wasUnknown ?? 0);
  }, 300_000);

  it('a stop while it is away is clean, and within its three seconds', async () => {
    await cable.pull();
    const began = performance.now();
    const code = await house.processes.get('standalone')?.stop('SIGTERM');
    expect(performance.now() - began).toBeLessThan(8_000); // its own three, and what a busy machine takes to see it
    expect(code).toBe(0);
    await cable.putBack();
  }, 60_000);
});
