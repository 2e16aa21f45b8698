import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { writeRunFile } from '#runtime';
import { subscribersCommand } from './subscribers-command.js';

let test: TestDatabase;
let folder: string;
let out: string[];
let err: string[];

beforeAll(async () => {
  test = await testDatabase();
  folder = mkdtempSync(path.join(os.tmpdir(), 'larum-subscribers-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await test.close();
});
beforeEach(() => {
  [out, err] = [[], []];
});

const GOOD = `address,language,lat,lon,consent,name
ann@example.org,en-GB,53.10,0.24,yes,Ann
bob@example.org,cy-GB,,,2026-01-05,Bob
`;

function run(
  words: string[],
  env: Record<string, string> = { DATABASE_URL: test.url },
  stdin = '',
): Promise<number> {
  const io = {
    stdin: Readable.from([stdin]),
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
  };
  return subscribersCommand(words, io, { INIT_CWD: folder, ...env });
}

function file(text: string | Buffer, name = 'people.csv'): string {
  writeFileSync(path.join(folder, name), text);
  return name;
}

describe('npm run subscribers', () => {
  it('takes in a file, and the same file again changes nothing', async () => {
    expect(await run(['import', '--channel', 'email', file(GOOD)])).toBe(0);
    expect(out).toEqual([
      'email: 2 lines read, 2 added, 0 changed, 0 unchanged, 0 left out; 1 of those kept are without a point',
    ]);
    await run(['import', '--channel', 'email', 'people.csv']);
    expect(out.at(-1)).toMatch(/2 lines read, 0 added, 0 changed, 2 unchanged/);
    await run(['count', '--channel', 'email']);
    expect(out.at(-1)).toBe('email: 2 subscribers, 1 without a point, 0 suppressed');
  });

  it('changes who has moved, whatever the case of their address', async () => {
    const moved = 'address,language,lat,lon,consent\nANN@Example.org,en-GB,51.5,-0.1,yes\n';
    expect(await run(['import', '--channel', 'email', '-'], { DATABASE_URL: test.url }, moved)).toBe(0);
    expect(out).toEqual([
      'email: 1 lines read, 0 added, 1 changed, 0 unchanged, 0 left out; 0 of those kept are without a point',
    ]);
  });

  it('keeps the good lines and says which are bad, and why', async () => {
    const mixed = [
      'phone,language,lat,lon,consent',
      '07700 900001,en-GB,53.1,0.24,yes',
      '12,en-GB,53.1,0.24,yes',
      '07700 900002,English,53.1,0.24,yes',
      '07700 900003,en-GB,530.1,0.24,yes',
      '07700 900004,en-GB,53.1,,yes',
      '07700 900005,en-GB,53.1,0.24,no',
      '07700 900006,en-GB,53.1',
      '+44 7700 900001,en-GB,53.1,0.24,yes',
      '"07700 900007",,"53.1","0.24",yes',
    ].join('\r\n');
    expect(await run(['import', '--channel', 'sms', file(`\uFEFF${mixed}\r\n`)])).toBe(0);
    expect(out.at(-1)).toMatch(/9 lines read, 2 added, 0 changed, 0 unchanged, 7 left out/);
    expect(err).toEqual([
      'line 3: the phone number is not one that can be called',
      'line 4: the language is not a tag such as en-GB',
      'line 5: the latitude is not a number from -90 to 90',
      'line 6: the longitude is not a number from -180 to 180',
      'line 7: no consent is recorded: the column consent must say yes, or the date it was given, such as 2025-02-01',
      'line 8: has 3 fields, the first line has 5',
      'line 9: the same recipient stands in line 2',
    ]);
  });

  it.each([
    ['with a line break in it', '"eve@example.org\nBcc: mallory@example.com"'],
    ['that are two', '"eve@example.org,mallory@example.com"'],
    ['with a name', 'Eve <eve@example.org>'],
    ['without a domain', 'eve@localhost'],
    ['with a quoted part', '"""eve"" x@example.org"'],
  ])('takes no addresses %s', async (_, address) => {
    const csv = `address,language,lat,lon,consent\n${address},en-GB,53.1,0.24,yes\n`;
    expect(await run(['import', '--channel', 'email', file(csv)])).toBe(1);
    expect(err[0]).toMatch(/not one plain e-mail address/);
  });

  it.each([
    ['is empty', '', /the file is empty/],
    ['names no consent', 'address,language,lat,lon\n', /does not name these columns: consent/],
    ['is for the other channel', 'phone,language,lat,lon,consent\n', /does not name these columns: address/],
    ['is not CSV', 'address,language,lat,lon,consent\n"ann@example.org,en-GB\n', /the file is not CSV/],
  ])('refuses a file that %s, and imports nothing of it', async (_, text, why) => {
    expect(await run(['import', '--channel', 'email', file(text)])).toBe(1);
    expect(err[0]).toMatch(why);
    expect(err.at(-1)).toMatch(/nothing was imported/);
    expect(await test.db.query('select 1 from channel_email.staged_subscriber')).toEqual([]);
  });

  it('takes a file as a spreadsheet saves it with semicolons, and names the encoding that it cannot read', async () => {
    const saved = 'address;language;lat;lon;consent;name\nsian@example.org;cy-GB;53.1;0.24;yes;Siân\n';
    expect(await run(['import', '--channel', 'email', file(Buffer.from(saved, 'latin1'))])).toBe(1);
    expect(err).toEqual([
      expect.stringContaining('the file is not UTF-8: save it again as "CSV UTF-8"'),
      expect.stringContaining('nothing was imported'),
    ]);
    expect(await run(['import', '--channel', 'email', file(saved)])).toBe(0);
    expect(out.at(-1)).toMatch(/1 lines read, 1 added/);
  });

  it('says that a file is not there', async () => {
    expect(await run(['import', '--channel', 'email', 'nowhere.csv'])).toBe(1);
    expect(err[0]).toBe('there is no file nowhere.csv');
  });

  it('says that a folder is none', async () => {
    expect(await run(['import', '--channel', 'email', folder])).toBe(1);
    expect(err).toEqual([
      `${folder} is a folder: name a file in it`,
      expect.stringContaining('nothing was imported'),
    ]);
  });

  it('joins the system that runs on the data folder, and says when none does', async () => {
    expect(await run(['count', '--channel', 'email'], { DATA_DIR: folder })).toBe(2);
    expect(err[0]).toMatch(/nothing runs on/);
    writeRunFile(folder, {
      pid: process.pid,
      mode: 'exercise',
      url: 'http://127.0.0.1:1',
      databaseUrl: test.url,
    });
    expect(await run(['count', '--channel', 'email'], { DATA_DIR: folder })).toBe(0);
  });

  it.each([
    [['--help'], 0],
    [[], 0],
    [['export'], 2],
    [['import', 'people.csv'], 2],
    [['import', '--channel', 'fax', 'people.csv'], 2],
    [['import', '--channel', 'email'], 2],
    [['count', '--channel', 'email', 'people.csv'], 2],
    [['count', '--chanel', 'email'], 2],
  ])('explains itself when asked %j', async (words, code) => {
    expect(await run(words, {})).toBe(code);
    expect([...out, ...err].join('\n')).toMatch(/npm run subscribers -- import --channel email FILE\.csv/);
  });

  it('takes in fifty thousand people in seconds', async () => {
    const lines = Array.from(
      { length: 50_000 },
      (_, n) => `many${n}@example.org,en-GB,53.${n % 100},0.24,yes`,
    );
    const csv = `address,language,lat,lon,consent\n${lines.join('\n')}\n`;
    const began = performance.now();
    expect(await run(['import', '--channel', 'email', file(csv)])).toBe(0);
    expect(out.at(-1)).toMatch(/50000 lines read, 50000 added/);
    expect(performance.now() - began).toBeLessThan(60_000); // two seconds on a quiet machine
  });
});
