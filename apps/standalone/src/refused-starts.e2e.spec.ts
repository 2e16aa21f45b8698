import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase } from '#postgres/testing';
import { portsInARow } from '../../../test/support/house/ports.js';
import { mainOf, toTheEnd } from '../../../test/support/house/to-the-end.js';

const SECONDS_OF_A_START = 120_000;

let folder: string;
let taken: Server;
let port: number;
let free: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'larum-refused-'));
  writeFileSync(join(folder, 'a-file'), 'somebody’s notes\n');
  mkdirSync(join(folder, 'live'));
  writeFileSync(join(folder, 'live', 'world'), 'live\n');
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  ({ port } = taken.address() as AddressInfo);
  free = await portsInARow(5);
});
afterAll(async () => {
  await new Promise((resolve) => taken.close(resolve));
  rmSync(folder, { recursive: true });
});

const start = (env: Record<string, string>) =>
  toTheEnd(mainOf('standalone'), { DATA_DIR: join(folder, 'new', 'data'), ...env });

describe('a start that cannot be', () => {
  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      'with settings that are wrong, all of them at once',
      () => ({ PORT: 'eighty', WATCH_MS: '-1', LOG_LEVEL: 'loud', PRACTICE_RECIPIENTS: '9' }),
      /^configuration is wrong: .*PORT.*LOG_LEVEL.*PRACTICE_RECIPIENTS.*WATCH_MS/,
    ],
    ['in a world that nobody knows', () => ({ MODE: 'LIVE' }), /MODE/],
    ['live, with nothing to warn by', () => ({ MODE: 'live' }), /^configuration is wrong: .*DATABASE_URL/],
    [
      'with a practice world on another machine',
      () => ({ PRACTICE_URL: 'http://mx.example:8089' }),
      /PRACTICE_URL/,
    ],
    [
      'on a file in place of a folder',
      () => ({ DATA_DIR: join(folder, 'a-file') }),
      /a-file cannot be used, because it is a file and not a folder: mend that, or name another folder/,
    ],
    [
      'below a file',
      () => ({ DATA_DIR: join(folder, 'a-file', 'data') }),
      /cannot be used, because a part of it is a file and not a folder/,
    ],
    [
      'on the folder of the other world',
      () => ({ DATA_DIR: join(folder, 'live') }),
      /belongs to the world live, and this start asks for exercise\. Start on another folder: DATA_DIR=… npm start/,
    ],
    [
      'on a port that another program has',
      () => ({ PORT: String(port) }),
      /of 127\.0\.0\.1 (is|are) taken by .*: stop .*, or choose another port with PORT=…/,
    ],
    [
      'at an address that this machine has not',
      () => ({ HOST: '203.0.113.9' }), // RFC 5737: in documents only
      /^203\.0\.113\.9 is not an address of this machine: correct HOST/,
    ],
    [
      'on a PostgreSQL that is not there',
      () => ({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/larum', PORT: String(free) }),
      /^the database 127\.0\.0\.1:1\/larum cannot be opened .*: start PostgreSQL there, or correct DATABASE_URL/,
    ],
  ])(
    '%s is one sentence on standard error, says what to do, and leaves nothing behind',
    async (_, env, sentence) => {
      const before = readdirSync(folder, { recursive: true }).toSorted();
      const { code, out, err } = await start(env());
      expect(err).toMatch(sentence);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
      expect(err).not.toMatch(/^ {4}at |Error:/m);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(before);
      expect(existsSync(join(folder, 'new'))).toBe(false);
    },
    SECONDS_OF_A_START,
  );

  it(
    'once it has made the officers’ tokens takes them back: the next start would take them for handed out',
    async () => {
      const database = await testDatabase();
      try {
        const { code, err } = await start({
          MODE: 'live',
          DATA_DIR: join(folder, 'first-live'),
          DATABASE_URL: database.url,
          PORT: String(free),
          SMTP_URL: 'smtp://127.0.0.1:1',
          SMTP_LOGIN_MODE: 'live',
          EMAIL_ACCOUNT: `acc_${'1'.repeat(32)}`,
          MAIL_FROM: 'warnings@north-wales.example',
          MAIL_FROM_NAME: 'North Wales Police',
          BOUNCE_DOMAIN: 'bounces.north-wales.example',
          BOUNCE_PORT: String(port),
          MAIL_TOKEN_KEY: 'k'.repeat(32),
          PUBLIC_URL: 'http://127.0.0.1:8080',
        });
        expect([code, err]).toEqual([1, expect.stringMatching(new RegExp(`^port ${port} of .* is taken`))]);
        expect(readdirSync(join(folder, 'first-live')).toSorted()).toEqual(['larum.log', 'world']);
      } finally {
        await database.close();
      }
    },
    SECONDS_OF_A_START,
  );
});
