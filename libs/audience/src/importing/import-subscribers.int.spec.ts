import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { subscriberMigrations } from '../migrations/subscriber.migration.js';
import { FileRefused } from './csv-lines.js';
import { importSubscribers, type Imported } from './import-subscribers.js';

const SCHEMA = 'channel_email';
const HEADER = 'address,language,lat,lon,consent';
let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase();
  await migrate(test.db, { schema: SCHEMA, migrations: subscriberMigrations });
});
afterAll(() => test.close());
beforeEach(() => test.db.execute(`truncate ${SCHEMA}.subscriber`));

const load = (csv: string | Readable): Promise<Imported> =>
  importSubscribers(
    test.db,
    { schema: SCHEMA, channel: 'email' },
    typeof csv === 'string' ? Readable.from([csv]) : csv,
  );

type Kept = { address: string; language: string; lat: number | null; lon: number | null };
const kept = (): Promise<Kept[]> =>
  test.db.query<Kept>(
    `select address, language, place[1] as lat, place[0] as lon from ${SCHEMA}.subscriber order by lower(address)`,
  );
const staged = () => test.db.query(`select line from ${SCHEMA}.staged_subscriber`);

describe('a file of subscribers', () => {
  it('tells the line in which a wrong one begins, also after quoted line breaks and empty lines', async () => {
    const lines = [
      `\uFEFF${HEADER},note`,
      'ann@example.org,en-GB,53.1,0.24,yes,"likes',
      'long',
      'notes"',
      '',
      'bob,en-GB,53.1,0.24,yes,',
      '"cat@example.org","en-GB","53.1","0.24","yes","says ""hello"""',
      'dan@example.org,en-GB,53.1,0.24,no,"again',
      'two lines"',
      'eve@example.org,en-GB,53.1,0.24,yes,',
      '',
    ];
    for (const end of ['\n', '\r\n']) {
      await test.db.execute(`truncate ${SCHEMA}.subscriber`);
      const done = await load(lines.join(end));
      expect(done.badLines.map(({ line }) => line)).toEqual([6, 8]);
      expect((await kept()).map(({ address }) => address)).toEqual([
        'ann@example.org',
        'cat@example.org',
        'eve@example.org',
      ]);
    }
  });

  it('may have its columns in any order and more of them', async () => {
    await load('Consent,name,LON,lat,Language,Address\nyes,Ann,0.24,53.1,cy-GB,ann@example.org\n');
    expect(await kept()).toEqual([{ address: 'ann@example.org', language: 'cy-GB', lat: 53.1, lon: 0.24 }]);
  });

  it('keeps the first line of those that name the same person, and lists the others by it', async () => {
    const done = await load(
      [
        HEADER,
        'ann@example.org,en-GB,53.1,0.24,yes',
        'bob@example.org,en-GB,,,yes',
        'ANN@EXAMPLE.ORG,cy-GB,51.5,-0.1,yes',
        'bob@example.org,en-GB,,,no',
        'Ann@example.org,en-GB,,,yes',
        'Bob@example.org,en-GB,,,yes',
      ].join('\n'),
    );
    expect(done).toMatchObject({ lines: 6, added: 2, bad: 4, withoutPoint: 1 });
    expect(done.badLines).toEqual([
      { line: 4, why: 'the same recipient stands in line 2' },
      { line: 5, why: expect.stringContaining('no consent') },
      { line: 6, why: 'the same recipient stands in line 2' },
      { line: 7, why: 'the same recipient stands in line 3' },
    ]);
    expect(await kept()).toMatchObject([{ language: 'en-GB', lat: 53.1 }, { lat: null }]);
  });

  it('is asked about places that look changed over, and keeps them', async () => {
    const done = await load(
      `${HEADER}\nann@example.org,en-GB,0.24,53.1,yes\nbob@example.org,en-GB,53.1,0.24,yes`,
    );
    expect(done).toMatchObject({ added: 2, bad: 0, doubtful: 1 });
    expect(done.doubtfulLines).toEqual([{ line: 2, why: expect.stringContaining('changed over') }]);
  });

  it('that names a column twice is refused: nobody can say which of them counts', async () => {
    await expect(load(`${HEADER},lat\nann@example.org,en-GB,53.1,0.24,yes,51\n`)).rejects.toThrow(
      FileRefused,
    );
  });

  it('lists a thousand bad lines and counts the rest', async () => {
    const done = await load(`${HEADER}\n${'nobody,en-GB,53.1,0.24,yes\n'.repeat(1_500)}`);
    expect(done).toMatchObject({ lines: 1_500, bad: 1_500, added: 0 });
    expect(done.badLines).toHaveLength(1_000);
    expect(done.badLines.at(-1)?.line).toBe(1_001);
  });

  it.each(['end of the file', 'file server'])('leaves nothing half done when the %s fails', async (what) => {
    const lines = function* () {
      yield `${HEADER}\n`;
      for (let n = 0; n < 500; n += 1) yield `many${n}@example.org,en-GB,53.1,0.24,yes\n`;
      if (what === 'file server') throw new Error('the network is down');
      yield '"never closed';
    };
    await expect(load(Readable.from(lines()))).rejects.toThrow(/network is down|not CSV/);
    expect(await kept()).toEqual([]);
    expect(await staged()).toEqual([]);
  });

  it('goes in over many pages, each person once', async () => {
    const lines = function* () {
      yield `${HEADER}\n`;
      for (let n = 0; n < 22_000; n += 1) yield `many${n % 21_000}@example.org,en-GB,53.1,0.24,yes\n`;
    };
    const first = await load(Readable.from(lines()));
    expect(first).toMatchObject({ lines: 22_000, added: 21_000, changed: 0, unchanged: 0, bad: 1_000 });
    expect(await load(Readable.from(lines()))).toMatchObject({ added: 0, changed: 0, unchanged: 21_000 });
  });

  it('takes any file to the same list, loses no line, and changes nothing the second time', async () => {
    const address = fc.constantFrom('ann', 'Ann', 'bob', 'cat', 'dan').map((name) => `${name}@example.org`);
    const field = fc.constantFrom('', '53.1', '0.24', '-200', 'here', '1,5');
    const line = fc.record({
      address: fc.oneof({ weight: 4, arbitrary: address }, { weight: 1, arbitrary: fc.constant('nobody') }),
      language: fc.constantFrom('', 'en-GB', 'cy-GB', 'Welsh'),
      lat: field,
      lon: field,
      consent: fc.constantFrom('yes', 'yes', 'yes', 'no', '2026-01-05'),
    });
    const files = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean());
    await fc.assert(
      fc.asyncProperty(files, async ([lines, end, bom]) => {
        await test.db.execute(`truncate ${SCHEMA}.subscriber`);
        const rows = lines.map((one) =>
          Object.values(one)
            .map((text) => (text === '' ? '' : `"${text}"`))
            .join(','),
        );
        const csv = `${bom ? '\uFEFF' : ''}${[HEADER, ...rows].join(end)}${end}`;
        const done = await load(csv);
        const people = await kept();
        expect(done.lines).toBe(lines.length);
        expect(done.added + done.bad).toBe(lines.length);
        expect(done.badLines).toHaveLength(done.bad);
        expect(people).toHaveLength(done.added);
        expect(people.filter(({ lat }) => lat === null)).toHaveLength(done.withoutPoint);
        expect(people.every((one) => lines.some((given) => given.address === one.address))).toBe(true);
        expect(await load(csv)).toMatchObject({
          added: 0,
          changed: 0,
          unchanged: people.length,
          bad: done.bad,
        });
        expect(await kept()).toEqual(people);
      }),
      { numRuns: 40, seed: 20261121 },
    );
  });
});
