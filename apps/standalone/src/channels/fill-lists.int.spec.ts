import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { importSubscribers, subscriberMigrations, Subscribers } from '#audience';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { practiceRecipients } from '#practice';
import { HealthRegistry, Metrics, silentLog, SystemClock } from '#runtime';
import { newStream } from '#stream';
import { portsInARow } from '../../../../test/support/house/ports.js';
import { ExerciseConfig } from '../config.js';
import { floodContent, LLANRWST } from '../exercise/flood-content.js';
import { fillLists } from './fill-lists.js';
import { openPractice } from './open-practice.js';

const people = practiceRecipients('llanrwst', 50, LLANRWST, 4);

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase();
  for (const schema of ['channel_email', 'channel_sms'])
    await migrate(test.db, { schema, migrations: subscriberMigrations });
});
afterEach(() => test.close());

const count = async (schema: string) => (await new Subscribers(test.db, schema).count()).all;

describe('the people of an exercise', () => {
  it('stand on both lists, each with a place, so that an area chooses among them', async () => {
    await fillLists(test.db, people);
    const { geometry } = floodContent('first', 0).area;
    for (const schema of ['channel_email', 'channel_sms']) {
      expect(await count(schema)).toBe(50);
      const inside = await new Subscribers(test.db, schema).inArea(geometry, null, 100);
      expect(inside.length).toBeGreaterThan(5);
      expect(inside.length).toBeLessThan(50);
    }
  });

  it('are the same on both lists: by mail and by text the same households are warned', async () => {
    await fillLists(test.db, people);
    const { geometry } = floodContent('first', 0).area;
    const [mails, texts] = await Promise.all(
      ['channel_email', 'channel_sms'].map((schema) =>
        new Subscribers(test.db, schema).inArea(geometry, null, 100),
      ),
    );
    const known = new Map(people.map(({ address, phone }) => [address, phone]));
    const phones = (mails ?? []).map(({ address }) => known.get(address));
    expect(phones.toSorted()).toEqual((texts ?? []).map(({ address }) => address).toSorted());
  });

  it('are not added a second time at a second start', async () => {
    await fillLists(test.db, people);
    await fillLists(test.db, people);
    expect(await count('channel_email')).toBe(50);
  });

  it('leave a list alone on which somebody stands already, and still fill the other', async () => {
    const csv = 'address,language,lat,lon,consent\nann@people.example,en-GB,53.138,-3.796,yes\n';
    await importSubscribers(test.db, { schema: 'channel_email', channel: 'email' }, Readable.from([csv]));
    await fillLists(test.db, people);
    expect([await count('channel_email'), await count('channel_sms')]).toEqual([1, 50]);
  });
});

describe('a house in an exercise', () => {
  it('is not ready before its people are on the lists: what is approved until then would reach nobody', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'larum-practice-'));
    const health = new HealthRegistry();
    const stream = newStream({ db: test.db, log: silentLog, clientId: 'test' });
    const parts = { mode: 'exercise' as const, db: test.db, stream, health, log: silentLog };
    const config = ExerciseConfig.parse({ PORT: await portsInARow(5), PRACTICE_RECIPIENTS: 50 });
    const all = { ...parts, metrics: new Metrics(), clock: new SystemClock() };
    const practice = await openPractice(config, dataDir, all);
    try {
      expect(await health.readiness()).toMatchObject({ ready: false, checks: { lists: expect.anything() } });
      await practice.fill(test.db);
      expect([await health.readiness(), await count('channel_sms')]).toEqual([
        { ready: true, checks: {} },
        50,
      ]);
    } finally {
      await practice.close();
      await stream.close();
      rmSync(dataDir, { recursive: true });
    }
  });
});
