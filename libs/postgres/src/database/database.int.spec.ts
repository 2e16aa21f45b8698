import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#postgres/testing';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

describe('the database', () => {
  it('reads bigint as bigint, a moment as an instant and JSON as it stands', async () => {
    const [row] = await test.db.query(
      `select 9007199254740993::bigint as n, '2026-11-21 10:00:00.123+00'::timestamptz as at, '{"a": 1}'::jsonb as body,
              array[1, 2]::bigint[] as many`,
    );
    expect(row).toEqual({
      n: 9007199254740993n,
      at: '2026-11-21T10:00:00.123Z',
      body: { a: 1 },
      many: [1n, 2n],
    });
  });

  it('copies rows with every awkward character as they are', async () => {
    await test.db.execute('create table awkward (n bigint, t text, j jsonb, b bytea, nothing text)');
    const text = 'tab\tline\nback\\slash\rÅ🌊\\N';
    const count = await test.db.copyInto(
      'awkward',
      ['n', 't', 'j', 'b', 'nothing'],
      [[1n, text, { text }, new Uint8Array([0, 255, 92]), null]],
    );
    expect(count).toBe(1);
    expect(await test.db.query('select * from awkward')).toEqual([
      { n: 1n, t: text, j: { text }, b: Buffer.from([0, 255, 92]), nothing: null },
    ]);
  });
});
