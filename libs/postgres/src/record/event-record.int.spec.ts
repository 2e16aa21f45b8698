import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalJson, silentLog } from '#runtime';
import { Database, DatabaseAway, DatabaseNotOpened, EventRecord, migrate, recordMigrations } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { fact } from '../testing/facts.js';

let test: TestDatabase;
let schemas = 0;
let record: EventRecord;

beforeAll(async () => {
  test = await testDatabase({ max: 20 });
});
afterAll(() => test.close());
beforeEach(async () => {
  schemas += 1;
  await migrate(test.db, { schema: `app_${schemas}`, migrations: recordMigrations });
  record = new EventRecord(test.db, `app_${schemas}`);
});

describe('the record', () => {
  it('gives back what was appended, in order', async () => {
    expect(
      await record.append({ facts: [fact('wrn_a', 1, 'first'), fact('wrn_a', 2, 'second')] }),
    ).toMatchObject({
      kind: 'appended',
      position: 2n,
    });
    expect(await record.read('wrn_a')).toEqual([
      { position: 1n, ...fact('wrn_a', 1, 'first') },
      { position: 2n, ...fact('wrn_a', 2, 'second') },
    ]);
    expect(await record.read('wrn_a', 1)).toHaveLength(1);
    expect([await record.revisionOf('wrn_a'), await record.revisionOf('wrn_b')]).toEqual([2, 0]);
  });

  it('tells the second of two officers that the warning has moved on', async () => {
    await record.append({ facts: [fact('wrn_a', 1)] });
    expect(await record.append({ facts: [fact('wrn_b', 1), fact('wrn_a', 1)] })).toEqual({
      kind: 'moved-on',
    });
    expect(await record.lastPosition()).toBe(1n);
  });

  it.each(['update %s set actor = $$bob$$', 'delete from %s', 'truncate %s'])(
    'refuses to forget: %s',
    async (sql) => {
      await record.append({ facts: [fact('wrn_a', 1)] });
      await expect(test.db.execute(sql.replace('%s', `${record.schema}.event`))).rejects.toThrow(
        'append-only',
      );
      expect(await record.read('wrn_a')).toHaveLength(1);
    },
  );

  it('answers a repeated request as it did the first time, and refuses its key for anything else', async () => {
    const request = { holder: 'off_ann', key: 'k1', bodyHash: 'h1', answer: { z: 1, a: 2 } };
    expect(await record.append({ facts: [fact('wrn_a', 1)], request })).toMatchObject({ kind: 'appended' });
    const again = await record.append({
      facts: [fact('wrn_a', 2)],
      request: { ...request, answer: { other: true } },
    });
    expect(JSON.stringify(again)).toBe('{"kind":"repeated","answer":{"z":1,"a":2}}');
    expect(
      await record.append({ facts: [fact('wrn_a', 2)], request: { ...request, bodyHash: 'h2' } }),
    ).toEqual({
      kind: 'key-reused',
    });
    expect(await record.lastPosition()).toBe(1n);
  });

  it('keeps the keys of two holders apart, and forgets a key after a day', async () => {
    const request = { holder: 'off_ann', key: 'k', bodyHash: 'h', answer: { n: 1 } };
    await record.append({ facts: [fact('wrn_a', 1)], request });
    expect(
      await record.append({ facts: [fact('wrn_a', 2)], request: { ...request, holder: 'off_bob' } }),
    ).toMatchObject({
      kind: 'appended',
    });
    await test.db.execute(
      `update ${record.schema}.request set at = at - interval '25 hours' where holder = 'off_ann'`,
    );
    expect(await record.answerTo(request)).toBeUndefined();
    const next = { ...request, bodyHash: 'another', answer: { n: 2 } };
    expect(await record.append({ facts: [fact('wrn_a', 3)], request: next })).toMatchObject({
      kind: 'appended',
    });
    expect(await record.answerTo(next)).toEqual({ kind: 'repeated', answer: { n: 2 } });
    await test.db.execute(
      `update ${record.schema}.request set at = at - interval '25 hours' where holder = 'off_ann'`,
    );
    expect(await record.forgetOldRequests()).toBe(1);
  });

  it('stores the answer to a request that changed nothing', async () => {
    const request = { holder: 'off_ann', key: 'k', bodyHash: 'h', answer: { already: 'cancelled' } };
    expect(await record.append({ facts: [], request })).toEqual({ kind: 'appended', position: 0n });
    expect(await record.append({ facts: [], request })).toEqual({
      kind: 'repeated',
      answer: { already: 'cancelled' },
    });
  });

  it('writes what else belongs to it in the same statement, and nothing of it when the request is a repeat', async () => {
    await test.db.execute(`create table ${record.schema}.gate (warning text, version int)`);
    const request = { holder: 'off_ann', key: 'k', bodyHash: 'h', answer: null };
    const gate = (version: number) => ({
      sql: `insert into ${record.schema}.gate select $1, $2::int from turn`,
      params: ['wrn_a', version],
    });
    await record.append({ facts: [fact('wrn_a', 1)], request, also: [gate(1), gate(2)] });
    await record.append({ facts: [fact('wrn_a', 2)], request, also: [gate(3)] });
    await record.append({ facts: [fact('wrn_a', 1)], also: [gate(4)] });
    expect(await test.db.query(`select version from ${record.schema}.gate order by 1`)).toEqual([
      { version: 1 },
      { version: 2 },
    ]);
  });

  it('gives back numbers and text of every kind as they were hashed', async () => {
    const body = {
      type: 'T',
      numbers: [0.1, 1e21, 1e-7, -0, 9007199254740991, 1.5],
      text: 'Llifogydd 🌊 \u2028 "quoted"',
      nested: { b: 1, a: [] },
    };
    await record.append({ facts: [{ ...fact('wrn_a', 1), body }] });
    const [event] = await record.read('wrn_a');
    expect(canonicalJson(event?.body)).toBe(canonicalJson(body));
  });

  it.each(['\u0000', '\ud800'])(
    'refuses text that no database can keep, and records nothing: %j',
    async (text) => {
      const body = { type: 'T', text };
      await expect(record.append({ facts: [{ ...fact('wrn_a', 1), body }] })).rejects.toMatchObject({
        code: expect.stringMatching(/^22/),
      });
      expect(await record.lastPosition()).toBe(0n);
    },
  );

  it('tells a database that is away from a mistake', async () => {
    const nowhere = Database.open({ url: 'postgres://larum:x@127.0.0.1:1/none', log: silentLog });
    await expect(nowhere).rejects.toBeInstanceOf(DatabaseNotOpened);
    await expect(test.db.query('select nonsense')).rejects.not.toBeInstanceOf(DatabaseAway);
  });
});
