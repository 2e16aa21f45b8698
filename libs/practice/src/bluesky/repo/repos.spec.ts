import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cidOf } from '../../atproto/cid.js';
import { KeptWorld } from '../../testing/index.js';
import { Repos, uriOf, type Write } from './repos.js';

const HANDLE = 'county-warnings.example';
const POST = 'app.bsky.feed.post';
const record = (text: string) => ({ $type: POST, text, createdAt: '2026-11-21T14:00:00.000Z' });
const put = (rkey: string, text: string, swap?: string | null): Write => ({
  action: 'put',
  collection: POST,
  rkey,
  record: record(text),
  swap,
});
const create = (rkey: string, text: string): Write => ({
  action: 'create',
  collection: POST,
  rkey,
  record: record(text),
});
const remove = (rkey: string): Write => ({ action: 'delete', collection: POST, rkey });

describe('the repository of a Bluesky account', () => {
  let world: KeptWorld;
  let repos: Repos;
  beforeEach(async () => {
    world = await KeptWorld.begin();
    repos = new Repos(world);
  });
  afterEach(() => world.end());

  const write = (...writes: Write[]) => repos.write(HANDLE, writes);
  const texts = () =>
    Object.fromEntries(
      repos
        .list(uriOf(HANDLE, POST, '').split('/')[2] ?? '', POST)
        .map(({ uri, record: kept }) => [uri.split('/').at(-1), (kept as { text: string }).text]),
    );
  const refused = (name: string) => ({ answer: { body: { error: name } } });

  it('takes a put that wants nothing there, once, and calls the repeat no change', async () => {
    const [first] = await write(put('a', 'FLOOD', null));
    expect(first).toEqual({ uri: uriOf(HANDLE, POST, 'a'), cid: cidOf(record('FLOOD')), changed: true });
    expect(await write(put('a', 'FLOOD', null))).toEqual([{ ...first, changed: false }]);
    expect(await world.arrived()).toHaveLength(1);
  });

  it.each<[string, Write, string]>([
    ['another text where nothing was wanted', put('a', 'ALL CLEAR', null), 'InvalidSwap'],
    ['a text in the place of another than stands there', put('a', 'ALL CLEAR', 'bafyother'), 'InvalidSwap'],
    ['a record created on a key that is taken', create('a', 'FLOOD'), 'InternalServerError'],
  ])('refuses %s, and the first words stand', async (_, asked, name) => {
    await write(put('a', 'FLOOD', null));
    await expect(write(asked)).rejects.toMatchObject(refused(name));
    expect(texts()).toEqual({ a: 'FLOOD' });
  });

  it('replaces exactly what the caller saw', async () => {
    const [first] = await write(put('a', 'FLOOD', null));
    const [second] = await write(put('a', 'FLOOD, worse', first?.cid));
    expect(texts()).toEqual({ a: 'FLOOD, worse' });
    await expect(write(put('a', 'ALL CLEAR', first?.cid))).rejects.toMatchObject(refused('InvalidSwap'));
    expect(second?.cid).toBe(cidOf(record('FLOOD, worse')));
  });

  it('does all the writes of one request or none', async () => {
    await write(put('a', 'FLOOD'));
    await expect(write(put('b', 'UPDATE'), remove('a'), create('a', 'again'))).rejects.toMatchObject(
      refused('InternalServerError'),
    );
    expect(texts()).toEqual({ a: 'FLOOD' });
    expect(await world.arrived()).toHaveLength(1);
  });

  it('deletes once, and says yes the second time without a change', async () => {
    await write(put('a', 'FLOOD'));
    expect(await write(remove('a'))).toMatchObject([{ changed: true }]);
    expect(await write(remove('a'))).toMatchObject([{ changed: false, cid: '' }]);
    expect((await world.arrived()).map(({ fact }) => fact)).toEqual(['post', 'removal']);
  });

  it('counts the posts of one thread one by one, and an edit not at all', async () => {
    await write(create('a', 'FLOOD 1/2'), create('b', 'FLOOD 2/2'));
    await write(put('a', 'FLOOD 1/2, corrected'));
    await write(create('c', 'UPDATE'));
    const ordinals = ['a', 'b', 'c'].map((rkey) => repos.get(uriOf(HANDLE, POST, rkey))?.ordinal);
    expect(ordinals).toEqual([1, 2, 3]);
  });

  it('turns away a record that has no content id', async () => {
    const broken: Write = { action: 'put', collection: POST, rkey: 'a', record: { level: 4.2 } };
    await expect(write(broken)).rejects.toMatchObject(refused('InvalidRequest'));
  });

  it('goes on after a request that was refused', async () => {
    await write(put('a', 'FLOOD'));
    const [bad, good] = await Promise.allSettled([write(create('a', 'again')), write(put('b', 'UPDATE'))]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
  });

  const key = fc.constantFrom('a', 'b', 'c');
  const words = fc.constantFrom('FLOOD', 'UPDATE', 'ALL CLEAR');
  const anyWrite = fc.oneof(
    fc.tuple(key, words, fc.constantFrom(undefined, null)).map(([rkey, text, swap]) => put(rkey, text, swap)),
    fc.tuple(key, words).map(([rkey, text]) => create(rkey, text)),
    key.map(remove),
  );

  it('is what a plain map would be, whatever is asked of it, and the same after a restart', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyWrite, { maxLength: 12 }), async (requests) => {
        const own = await KeptWorld.begin();
        repos = new Repos(own);
        const model = new Map<string, string>();
        for (const one of requests) {
          const there = model.get(one.rkey);
          const text = one.action === 'delete' ? undefined : (one.record as { text: string }).text;
          const isRefused =
            (one.action === 'create' && there !== undefined) ||
            (one.action === 'put' && one.swap === null && there !== undefined && there !== text);
          await repos.write(HANDLE, [one]).then(
            () => expect(isRefused).toBe(false),
            () => expect(isRefused).toBe(true),
          );
          if (isRefused) continue;
          if (text === undefined) model.delete(one.rkey);
          else model.set(one.rkey, text);
        }
        expect(texts()).toEqual(Object.fromEntries(model));
        repos = new Repos(own);
        await own.again(repos);
        expect(texts()).toEqual(Object.fromEntries(model));
        await own.end();
      }),
      { numRuns: 40, seed: 20261121 },
    );
  });
});
