import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Told, type Answer } from '../../http/answer.js';
import { RateWindow } from '../../http/rate-window.js';
import type { Call } from '../../http/route.js';
import { PRACTICE_ACCOUNTS } from '../../platform/account.js';
import { KeptWorld } from '../../testing/index.js';
import { didOf } from '../sessions.js';
import { RepoCalls } from './repo-calls.js';
import { Repos } from './repos.js';

const account = PRACTICE_ACCOUNTS.find(({ platform }) => platform === 'bluesky')!;
const repo = didOf(account.handle);
const POST = 'app.bsky.feed.post';
const key = (n: number) => `3m5zqyxqj4s2${'234567abcdefghij'.charAt(n)}`;
const record = (text = 'FLOOD') => ({ $type: POST, text, createdAt: '2026-11-21T14:00:00.000Z' });
const posting = (body: object): Call => ({ body: Buffer.from(JSON.stringify(body)) }) as unknown as Call;
const asking = (query: string): Call => ({ query: new URLSearchParams(query) }) as unknown as Call;

describe('what an account may do with its repository', () => {
  let world: KeptWorld;
  let calls: RepoCalls;
  beforeEach(async () => {
    world = await KeptWorld.begin();
    calls = opened(5_000);
  });
  afterEach(() => world.end());

  function opened(perHour: number, perDay = 35_000): RepoCalls {
    const points = new RateWindow(
      { limit: perHour, windowMs: 3_600_000 },
      { limit: perDay, windowMs: 86_400_000 },
    );
    return new RepoCalls(new Repos(world), points, world.now);
  }
  const put = (n: number, text?: string) =>
    calls.put(posting({ repo, collection: POST, rkey: key(n), record: record(text) }), account);
  const create = (more: object = {}) =>
    calls.create(posting({ repo, collection: POST, record: record(), ...more }), account);
  const remove = (n: number) => calls.remove(posting({ repo, collection: POST, rkey: key(n) }), account);
  const apply = (...writes: object[]) => calls.many(posting({ repo, writes }), account);
  const part = (kind: string, n: number, more: object = {}) => ({
    $type: `com.atproto.repo.applyWrites#${kind}`,
    collection: POST,
    rkey: key(n),
    ...more,
  });
  const left = (answer: Answer) => Number(answer.headers?.['ratelimit-remaining']);
  const told = async (asked: () => Promise<Answer> | Answer): Promise<Answer> => {
    try {
      return await asked();
    } catch (error) {
      if (error instanceof Told) return error.answer;
      throw error;
    }
  };

  it('costs three points for a record created, two for one put, one for one deleted', async () => {
    expect(left(await create({ rkey: key(0) }))).toBe(5_000 - 3);
    expect(left(await put(1))).toBe(5_000 - 3 - 2);
    expect(left(await remove(1))).toBe(5_000 - 3 - 2 - 1);
  });

  it('costs the sum of them for many writes at once', async () => {
    const value = record();
    expect(left(await apply(part('create', 0, { value }), part('create', 1, { value })))).toBe(5_000 - 6);
    const rest = await apply(part('update', 0, { value: record('UPDATE') }), part('delete', 1));
    expect(left(rest)).toBe(5_000 - 6 - 3);
  });

  it('is refused beyond the points of the hour, takes none for it, and may go on in the next', async () => {
    calls = opened(4);
    expect((await put(0)).status).toBe(200);
    const refused = await create();
    expect(refused).toMatchObject({ status: 429, body: { error: 'RateLimitExceeded' } });
    expect(left(refused)).toBe(2);
    expect((await put(1)).status).toBe(200);
    world.clock = Number(refused.headers?.['ratelimit-reset']) * 1_000;
    expect((await create()).status).toBe(200);
  });

  it('is refused beyond the points of the day, and told to come back tomorrow', async () => {
    calls = opened(4, 6);
    for (const n of [0, 1, 2]) {
      expect((await put(n)).status).toBe(200);
      world.clock += 3_600_000;
    }
    const refused = await remove(0);
    expect(refused.status).toBe(429);
    expect(refused.headers?.['ratelimit-reset']).toBe(String(Date.parse('2026-11-22T00:00:00Z') / 1_000));
  });

  it('pays for a call that is then refused for what it says, as real servers count', async () => {
    expect((await told(() => put(0, 'x'.repeat(301)))).status).toBe(400);
    expect(left(await put(1))).toBe(5_000 - 4);
  });

  it.each<[string, () => Promise<Answer> | Answer, number, string]>([
    [
      'another account’s repository',
      () => create({ repo: 'did:plc:somebodyelse' }),
      401,
      'AuthenticationRequired',
    ],
    ['a key that is no timestamp', () => create({ rkey: 'flood' }), 400, 'InvalidRequest'],
    [
      'a record of another collection',
      () => create({ collection: 'app.bsky.feed.like' }),
      400,
      'InvalidRequest',
    ],
    ['a body without a record', () => create({ record: undefined }), 400, 'InvalidRequest'],
    ['writes of a kind that nobody knows', () => apply(part('move', 0)), 400, 'InvalidRequest'],
    [
      'a thread with one bad part',
      () => apply(part('create', 0, { value: record() }), part('create', 1)),
      400,
      'InvalidRequest',
    ],
  ])('refuses %s', async (_, asked, status, error) => {
    expect(await told(asked)).toMatchObject({ status, body: { error } });
    expect(await world.arrived()).toEqual([]);
  });

  it('names its own repository by handle as well as by its lasting name', async () => {
    expect((await create({ repo: account.handle, rkey: key(0) })).status).toBe(200);
    for (const name of [account.handle, repo])
      expect(calls.record(asking(`repo=${name}&collection=${POST}&rkey=${key(0)}`))).toMatchObject({
        status: 200,
        body: { value: record() },
      });
  });

  it('gives records that come without a key one of their own each', async () => {
    const value = record();
    await apply(
      { ...part('create', 0, { value }), rkey: undefined },
      { ...part('create', 0, { value }), rkey: undefined },
    );
    const { records } = calls.records(asking(`repo=${repo}&collection=${POST}`)).body as {
      records: object[];
    };
    expect(records).toHaveLength(2);
  });

  it('lists page by page, newest key first, and none twice', async () => {
    for (const n of [0, 1, 2, 3, 4]) await put(n);
    const seen: string[] = [];
    let cursor: string | undefined = '';
    for (let pages = 0; cursor !== undefined && pages < 9; pages += 1) {
      const query = `repo=${repo}&collection=${POST}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const body = calls.records(asking(query)).body as { records: { uri: string }[]; cursor?: string };
      seen.push(...body.records.map(({ uri }) => uri.slice(-1)));
      ({ cursor } = body);
    }
    expect(seen).toEqual([4, 3, 2, 1, 0].map((n) => key(n).slice(-1)));
  });

  it('says which record could not be found', () =>
    expect(() => calls.record(asking(`repo=${repo}&collection=${POST}&rkey=${key(9)}`))).toThrow(
      expect.objectContaining({ answer: expect.objectContaining({ status: 400 }) }),
    ));
});
