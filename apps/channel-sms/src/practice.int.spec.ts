import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ListWorld, cancelled, issued, listTexts } from '#channel/testing';
import { PracticeWorld, practiceRecipients, type TextFact } from '#practice';
import { HealthRegistry, Metrics, silentLog, startHttp } from '#runtime';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChannelSmsModule } from './channel-sms.module.js';
import { SmsConfig } from './config.js';

const PEOPLE = 2_000;

describe('the SMS channel and the SMSC of the practice world', () => {
  let world: ListWorld;
  let practice: PracticeWorld;
  let folder: string;
  const closing: (() => Promise<void>)[] = [];

  /** The app as a process runs it: module, health and all. */
  const run = async (settings: Record<string, unknown> = {}) => {
    const { db } = world.test;
    const [health, metrics] = [new HealthRegistry(), new Metrics()];
    const config = SmsConfig.parse({
      SMPP_URL: `smpp://larum:practice@127.0.0.1:${practice.ports.smpp}`,
      SMPP_LOGIN_MODE: 'exercise',
      SMPP_PARTS_PER_SECOND: 10_000,
      SMPP_WINDOW: 50,
      SMPP_ANSWER_TIMEOUT_MS: 5_000,
      SMS_SENDER: '+447700900999',
      SMS_ACCOUNT_ID: `acc_${'5'.repeat(32)}`,
      ...settings,
    });
    const { stream, clock } = world;
    const parts = { mode: 'exercise' as const, db, stream, clock, log: silentLog, health, metrics };
    const server = await startHttp(ChannelSmsModule.register(config, parts), {
      name: 'channel-sms',
      port: 0,
      log: silentLog,
      health,
      metrics,
    });
    closing.push(() => server.close());
    await world.until(
      async () => (await fetch(`${server.url}/readyz`)).status,
      (status) => status === 200,
    );
    return server;
  };
  const people = (count: number) =>
    practiceRecipients('sms', count, { lat: 53.1, lon: 0.25 }, 2).map(
      ({ phone, language, lat, lon }) => `${phone},${language},${lat},${lon},2026-11-01T00:00:00Z`,
    );
  const texts = async () => {
    const found: TextFact[] = [];
    for await (const arrival of practice.arrivals('sms')) if (arrival.fact === 'text') found.push(arrival);
    return found;
  };
  const flood = () =>
    issued({
      at: world.clock.now(),
      expiresAt: world.clock.in(3_600_000),
      channels: ['sms'],
      composed: listTexts('sms', 1, ['en-GB', 'cy-GB']),
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'channel-sms-'));
    practice = await PracticeWorld.open({
      dataDir: folder,
      seed: 'sms',
      sms: { receiptAfterMs: 50, answerAfterMs: 200 },
    });
    world = await ListWorld.open('sms');
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    await world.close();
    await practice.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('gets a warning to two thousand people within seconds, each once, and hears receipts, answers and STOP', async () => {
    const server = await run();
    await world.subscribe(...people(PEOPLE));
    const started = performance.now();
    await world.publish(flood());
    const states = await world.settled();
    const tookMs = performance.now() - started;
    expect((states['accepted'] ?? 0) + (states['refused'] ?? 0)).toBe(PEOPLE);
    expect(states['refused']).toBeGreaterThan(0); // some numbers of the seeded public are gone
    const arrived = await texts();
    expect(arrived).toHaveLength(states['accepted']!);
    expect(new Set(arrived.map(({ to }) => to)).size).toBe(arrived.length);
    expect(tookMs).toBeLessThan(60_000); // two to three seconds on a quiet machine

    const counted = await world.until(
      async () => (await world.facts('ReceiptsCounted')).at(-1),
      (fact) => Number(fact?.['delivered']) > 0.9 * PEOPLE && Number(fact?.['undelivered']) > 0,
    );
    expect(Number(counted!['delivered']) + Number(counted!['undelivered'])).toBeLessThanOrEqual(
      states['accepted']!,
    );
    const inbound = await world.until(
      () => world.facts('InboundReceived'),
      (facts) =>
        facts.some(({ keyword }) => keyword === 'stop') && facts.some(({ keyword }) => keyword === undefined),
    );
    expect(inbound.every(({ warningId }) => warningId !== undefined)).toBe(true);
    const [row] = await world.test.db.query<{ n: bigint }>(
      `select count(*) as n from channel_sms.subscriber where suppressed = 'opted-out'`,
    );
    expect(Number(row!.n)).toBeGreaterThan(0);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('larum_sms_links 2');
    process.stdout.write(`channel-sms: ${PEOPLE} people in ${Math.round(tookMs)} ms\n`);
  }, 180_000);

  it.each([
    ['throttle', 5],
    ['queue-full', 5],
    ['slow', 3],
    ['early-receipt', 5],
    ['duplicate-receipt', 5],
    ['unknown-receipt', 5],
  ] as const)(
    'loses nobody and doubles nobody when the SMSC misbehaves: %s',
    async (kind, count) => {
      await run();
      await world.subscribe(...people(60));
      practice.faults.order({ channel: 'sms', kind, count, ms: 200 });
      await world.publish(flood());
      const states = await world.settled();
      expect((states['accepted'] ?? 0) + (states['refused'] ?? 0)).toBe(60);
      const arrived = await texts();
      expect(arrived).toHaveLength(states['accepted']!);
      expect(new Set(arrived.map(({ to }) => to)).size).toBe(arrived.length);
    },
    120_000,
  );

  it('marks for good whom a cut link left in doubt', async () => {
    await run({ SMPP_ANSWER_TIMEOUT_MS: 2_000 });
    await world.subscribe(...people(60));
    practice.faults.order({ channel: 'sms', kind: 'cut-after-body', count: 1 });
    await world.publish(flood());
    await world.settled();
    const told = async () =>
      (await world.facts('ChunkReported')).map(({ counts }) => counts as Record<string, number>);
    await world.until(told, (seen) => seen.some(({ wasUnknown }) => Number(wasUnknown) > 0));
    const arrived = await texts();
    expect(new Set(arrived.map(({ to }) => to)).size).toBe(arrived.length); // Moderate: not sent again, a person decides
  }, 120_000);

  it('sends no further text once a cancel is in force', async () => {
    await run({ SMPP_PARTS_PER_SECOND: 50, SMPP_WINDOW: 5 });
    await world.subscribe(...people(600));
    await world.publish(flood());
    await world.until(
      async () => (await texts()).length,
      (arrived) => arrived > 20,
    );
    await world.publish(cancelled({ at: world.clock.now() }));
    const states = await world.settled();
    expect(states['cancelled']).toBeGreaterThan(200);
    await world.settled(1, 'cancel');
    const arrived = await texts();
    const [warned, withdrawn] = ['Flooding', 'Withdrawn'].map((word) =>
      arrived.filter(({ text }) => text.startsWith(word)),
    );
    expect(warned).toHaveLength(states['accepted']!);
    expect(withdrawn!.length).toBeLessThanOrEqual(warned!.length);
    expect(withdrawn!.length).toBeGreaterThan(0.9 * warned!.length);
  }, 180_000);
});
