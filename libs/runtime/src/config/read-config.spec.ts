import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigurationWrong, plainWords, readConfig } from '#runtime';

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

describe('what an operator hears of a wrong setting', () => {
  const Settings = z.object({
    PORT: z.coerce.number().int().min(1).max(65_535).optional(),
    PAUSE_S: z.coerce.number().positive().optional(),
    SHARE: z.coerce.number().lt(1).optional(),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn']).optional(),
    WORLD: z.literal('live').optional(),
    KEY: z.string().min(32).optional(),
    NAME: z.string().min(1).max(11).optional(),
    LANGUAGES: z
      .string()
      .transform((text) => text.split(' ').filter((one) => one !== ''))
      .pipe(z.array(z.string()).min(1).max(2))
      .optional(),
    NAMES: z
      .string()
      .transform((text) => text.split(','))
      .pipe(z.array(z.string().min(1)))
      .optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    ANY_URL: z.url().optional(),
    FROM: z.email().optional(),
    BROKER: z.string().regex(/:/, 'expected host:port').optional(),
  });

  it.each([
    ['PORT', 'eighty', 'must be a number'],
    ['PORT', '80.5', 'must be a whole number'],
    ['PORT', '0', 'must be at least 1'],
    ['PORT', '65536', 'must be at most 65535'],
    ['PAUSE_S', '0', 'must be more than 0'],
    ['SHARE', '1', 'must be less than 1'],
    ['LOG_LEVEL', 'loud', 'must be debug, info or warn'],
    ['WORLD', 'test', 'must be live'],
    ['KEY', 'short', 'must be at least 32 characters long'],
    ['NAME', 'twelve chars', 'must be at most 11 characters long'],
    ['DATABASE_URL', 'mysql://x', 'must be a URL such as postgres://…'],
    ['DATABASE_URL', 'postgres', 'must be a URL such as postgres://…'],
    ['SMTP_URL', 'relay:25', 'must be a URL such as smtp://…'],
    ['ANY_URL', 'here', 'must be a URL'],
    ['LANGUAGES', ' ', 'must be at least 1 in number'],
    ['LANGUAGES', 'en cy gd', 'must be at most 2 in number'],
    ['FROM', 'ann', 'must be an e-mail address'],
    ['BROKER', 'kafka', 'expected host:port'],
  ])('%s=%s: %s', (key, value, said) => {
    const mistakes = () => readConfig(Settings, { [key]: value });
    expect(mistakes).toThrow(new ConfigurationWrong([{ key, message: said }]));
  });

  it('says of what is missing deeper down that it is missing, and of a list or an object how it is written', () => {
    const Deep = z.object({
      ROW: z.object({
        name: z.string(),
        mode: z.enum(['live', 'exercise']),
        text: z.string(),
        list: z.array(z.string()),
        pair: z.tuple([z.number(), z.number()]),
        on: z.boolean(),
        map: z.record(z.string().regex(/^en/, 'must begin with en'), z.string()),
      }),
    });
    const row = { text: 1, list: 'x', pair: 1, on: 'yes', map: { cy: 'x' } };
    const { error } = Deep.safeParse({ ROW: row }, { error: plainWords });
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'is missing',
      'is missing: it must be live or exercise',
      'must be a text',
      'must be a list: […]',
      'must be a list: […]',
      'must be true or false',
      'must begin with en',
    ]);
  });

  it('says where in a list the mistake is', () =>
    expect(() => readConfig(Settings, { NAMES: 'one,,three' })).toThrow(
      'configuration is wrong: ✖ must not be empty → at NAMES[1]',
    ));

  it('has no word of the library in it, whatever is wrong', () => {
    const wrong = Object.fromEntries(Object.keys(Settings.shape).map((key) => [key, '€']));
    const said = (() => {
      try {
        return readConfig(Settings, wrong);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(said).not.toMatch(/invalid|expected (?!host)|received|NaN|"/i);
  });
});
