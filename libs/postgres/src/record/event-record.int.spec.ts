import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, type NewEvent } from '#contracts';
import { EventRecord, migrate, recordMigrations } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';

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

const fact = (streamId: string, revision: number, note = ''): NewEvent => ({
  streamId,
  revision,
  type: 'WarningDrafted',
  time: toInstant('2026-11-21T10:00:00.000Z'),
  actor: 'ann',
  traceparent: null,
  body: { type: 'WarningDrafted', note },
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
});
