import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog } from '#runtime';
import { until } from '../testing/consumer.js';
import { openService } from './open-service.js';
import type { ServiceSettings } from './service-settings.js';

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase();
});
afterEach(() => test.close());

/** Nobody listens on port 1 of loopback: a service must open without its brokers. */
const settings = (more: Partial<ServiceSettings> = {}): ServiceSettings => ({
  MODE: 'exercise',
  DATABASE_URL: test.url,
  KAFKA_BROKERS: ['127.0.0.1:1'],
  KAFKA_REPLICATION: 1,
  HOST: '127.0.0.1',
  LOG_LEVEL: 'error',
  ...more,
});
const sessionsOf = async (name: string): Promise<number> =>
  (await test.db.query('select 1 from pg_stat_activity where application_name = $1', [name])).length;

describe('what a service stands on', () => {
  it('opens without its brokers, names its connections, and lets go of all of them', async () => {
    const service = await openService(settings(), 'channel-sms');
    expect(service.mode).toBe('exercise');
    expect(await sessionsOf('channel-sms')).toBeGreaterThanOrEqual(2);
    await service.close();
    await until('its connections are gone', async () => (await sessionsOf('channel-sms')) === 0);
  });

  it('says that its database is well, and when it is not', async () => {
    const service = await openService(settings(), 'channel-sms');
    expect((await service.health.readiness()).checks['database']).toBe('ok');
    await service.db.close();
    const found = await service.health.readiness();
    expect(found.ready).toBe(false);
    expect(found.checks['database']).toMatch(/^the database does not answer: ./);
    await service.stream.close();
  });

  it('is not ready without its brokers, and says so', async () => {
    const service = await openService(settings(), 'channel-sms');
    expect((await service.health.readiness()).ready).toBe(false);
    await until('it names them', async () => {
      const { stream = '' } = (await service.health.readiness()).checks;
      return /^Kafka does not answer: .*127\.0\.0\.1:1$/.test(stream);
    });
    await service.close();
  });

  it('refuses the database of the other world, and holds no connection to it afterwards', async () => {
    await (await openService(settings(), 'channel-sms')).close();
    const opening = openService(settings({ MODE: 'live' }), 'channel-sms');
    await expect(opening).rejects.toMatchObject({ name: 'OtherWorld', forOperator: true });
    await expect(opening).rejects.toThrow('belongs to the world exercise');
    await until('its connections are gone', async () => (await sessionsOf('channel-sms')) === 0);
  });

  it('tells the operator which database cannot be opened, without its password', async () => {
    const url = new URL(test.url);
    url.port = '1';
    const opening = openService(settings({ DATABASE_URL: url.href }), 'channel-sms');
    await expect(opening).rejects.toMatchObject({ name: 'DatabaseNotOpened', forOperator: true });
    await expect(opening).rejects.not.toThrow(url.password);
  });

  it('of many that start at once on an empty database all open', async () => {
    const services = await Promise.all(
      Array.from({ length: 4 }, (_, n) => openService(settings(), `service ${n}`)),
    );
    for (const service of services) await service.close();
    const db = await Database.open({ url: test.url, max: 1, log: silentLog });
    expect(await db.query('select mode from larum.world')).toEqual([{ mode: 'exercise' }]);
    await db.close();
  });
});
