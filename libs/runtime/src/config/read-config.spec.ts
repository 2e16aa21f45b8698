import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigurationWrong, readConfig } from '#runtime';

const Environment = z.object({
  MODE: z.enum(['live', 'exercise']),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  SMS_GATEWAY_TOKEN: z.string().min(20),
  SMS_PER_SECOND: z.coerce.number().int().min(1).max(1_000).default(50),
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().regex(/^[^:]+:\d+$/, 'expected host:port'))),
});
const right = {
  MODE: 'exercise',
  DATABASE_URL: 'postgres://larum@127.0.0.1/larum',
  SMS_GATEWAY_TOKEN: 'a-token-of-twenty-four-x',
  KAFKA_BROKERS: 'one:9092,two:9092',
};

const mistakesOf = (env: Record<string, string>): string => {
  try {
    readConfig(Environment, env);
  } catch (error) {
    if (error instanceof ConfigurationWrong) return error.message;
  }
  return 'none';
};

describe('the configuration', () => {
  it('is read with its defaults', () => {
    expect(readConfig(Environment, { ...right, HOME: '/somewhere' })).toEqual({
      ...right,
      SMS_PER_SECOND: 50,
      KAFKA_BROKERS: ['one:9092', 'two:9092'],
    });
  });

  it('counts an empty value as not set', () => {
    expect(readConfig(Environment, { ...right, SMS_PER_SECOND: '' }).SMS_PER_SECOND).toBe(50);
    expect(mistakesOf({ ...right, MODE: '' })).toBe('configuration is wrong: ✖ is not set → at MODE');
  });

  it('tells every mistake at once', () => {
    const said = mistakesOf({ DATABASE_URL: 'mysql://x', KAFKA_BROKERS: 'one', SMS_PER_SECOND: '0' });
    for (const key of ['MODE', 'DATABASE_URL', 'SMS_GATEWAY_TOKEN', 'SMS_PER_SECOND', 'KAFKA_BROKERS[0]']) {
      expect(said).toContain(`→ at ${key}`);
    }
  });

  it('never repeats a value, which may be a secret', () => {
    const said = mistakesOf({
      ...right,
      SMS_GATEWAY_TOKEN: 'short-secret',
      DATABASE_URL: 'hunter2',
      MODE: 'letmein',
    });
    expect(said).not.toMatch(/short-secret|hunter2|letmein/);
  });
});
