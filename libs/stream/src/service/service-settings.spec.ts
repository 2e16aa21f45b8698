import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Brokers, portSetting, serviceSettings } from './service-settings.js';

const Config = z.object({ ...serviceSettings, PORT: portSetting(3100) });
const least = {
  MODE: 'exercise',
  DATABASE_URL: 'postgres://larum@127.0.0.1:5432/sms',
  KAFKA_BROKERS: '127.0.0.1:9092',
};
/** The keys that are found wrong. */
const wrong = (more: Record<string, unknown>, without?: string): string[] => {
  const given: Record<string, unknown> = { ...least, ...more };
  if (without !== undefined) delete given[without];
  return Config.safeParse(given).error?.issues.map(({ path }) => String(path[0])) ?? [];
};

describe('what a service is told', () => {
  it('is its world, its database and its brokers; the rest has defaults', () =>
    expect(Config.parse(least)).toEqual({
      ...least,
      KAFKA_BROKERS: ['127.0.0.1:9092'],
      KAFKA_REPLICATION: 3,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      PORT: 3100,
    }));

  it.each(['MODE', 'DATABASE_URL', 'KAFKA_BROKERS'])('is not guessed: %s has no default', (key) =>
    expect(wrong({}, key)).toEqual([key]),
  );

  it.each<[key: string, value: string]>([
    ['MODE', 'test'],
    ['MODE', 'LIVE'],
    ['MODE', ''],
    ['DATABASE_URL', 'mysql://127.0.0.1/sms'],
    ['DATABASE_URL', '127.0.0.1:5432'],
    ['DATABASE_URL', 'http://127.0.0.1/postgresql'],
    ['KAFKA_REPLICATION', '0'],
    ['KAFKA_REPLICATION', '8'],
    ['KAFKA_REPLICATION', '1.5'],
    ['KAFKA_REPLICATION', 'three'],
    ['LOG_LEVEL', 'trace'],
    ['LOG_LEVEL', 'INFO'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
  ])('is refused where it is wrong: %s=%s', (key, value) => expect(wrong({ [key]: value })).toEqual([key]));

  it.each<[key: string, value: string]>([
    ['MODE', 'live'],
    ['DATABASE_URL', 'postgresql://larum:s3cret@db.example/sms?sslmode=require'],
    ['KAFKA_REPLICATION', '1'],
    ['KAFKA_REPLICATION', '7'],
    ['HOST', '0.0.0.0'],
    ['LOG_LEVEL', 'debug'],
    ['PORT', '0'],
    ['PORT', '65535'],
  ])('is taken where it is right: %s=%s', (key, value) => expect(wrong({ [key]: value })).toEqual([]));

  it('lists every mistake at once', () =>
    expect(wrong({ MODE: 'x', KAFKA_BROKERS: '', PORT: 'x' }).sort()).toEqual([
      'KAFKA_BROKERS',
      'MODE',
      'PORT',
    ]));
});

describe('the brokers', () => {
  it.each([
    ['kafka:9092', ['kafka:9092']],
    ['one:9092,two:9092', ['one:9092', 'two:9092']],
    [' one:9092 , two:19092 ', ['one:9092', 'two:19092']],
    ['10.0.0.1:1', ['10.0.0.1:1']],
  ])('"%s"', (list, brokers) => expect(Brokers.parse(list)).toEqual(brokers));

  it.each([
    '',
    ' ',
    'kafka',
    'kafka:',
    ':9092',
    'one:9092,',
    'one:9092,,two:9092',
    'a b:9092',
    'kafka:port',
    'http://kafka:9092',
    'kafka:123456',
  ])('"%s" are none', (list) => expect(Brokers.safeParse(list).success).toBe(false));
});
