import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Crowd } from '../../public/crowd.js';
import { SeededPublic } from '../../public/seeded-public.js';
import { KeptWorld } from '../../testing/index.js';
import { BlueskyCrowd } from './crowd.js';
import { Repos, uriOf, type Kept } from './repos.js';

const SPAN_MS = 10_000;
const HANDLE = 'county-warnings.example';
const POST = 'app.bsky.feed.post';
const GATE = 'app.bsky.feed.threadgate';
const [FIRST, SECOND] = ['3m5zqyxqj4s2a', '3m5zqyxqj4s2b'] as const;
const people = new SeededPublic('wainfleet');
const [all, ofSecond] = [1, 2].map((ordinal) => people.toPost(HANDLE, ordinal).replies.length);

describe('the public in front of a Bluesky post', () => {
  let world: KeptWorld;
  let repos: Repos;
  let crowd: BlueskyCrowd;
  beforeEach(async () => {
    world = await KeptWorld.begin();
    repos = new Repos(world);
    crowd = new BlueskyCrowd(repos, new Crowd(people, { spanMs: SPAN_MS, now: world.now }));
    await post(FIRST);
  });
  afterEach(() => world.end());

  async function post(rkey: string, more: object = {}): Promise<Kept> {
    const record = { $type: POST, text: 'FLOOD', createdAt: '2026-11-21T14:00:00.000Z', ...more };
    await repos.write(HANDLE, [{ action: 'put', collection: POST, rkey, record }]);
    return repos.get(uriOf(HANDLE, POST, rkey))!;
  }
  async function gate(rkey: string, more: object): Promise<void> {
    const record = { $type: GATE, post: uriOf(HANDLE, POST, rkey), createdAt: '2026-11-21', ...more };
    await repos.write(HANDLE, [{ action: 'put', collection: GATE, rkey, record }]);
  }
  const replies = (rkey: string = FIRST) => crowd.reactions(repos.get(uriOf(HANDLE, POST, rkey))!).replies;

  it('answers in the thread: under the post, and with its root', () => {
    world.clock += SPAN_MS;
    const kept = repos.get(uriOf(HANDLE, POST, FIRST))!;
    expect(replies()).toHaveLength(all!);
    for (const { record } of replies()) {
      const ref = { uri: kept.uri, cid: kept.cid };
      expect(record).toMatchObject({ reply: { root: ref, parent: ref } });
    }
  });

  // What a seed yields is a promise to whoever compares two runs: these are the figures of the first build.
  it.each([
    [2_500, [104, 144, 10, 4], 'bafyreibnkmhozsxlfsejuq5r7bucvwm2jrzz2mgdlij4lwponaumgr4jcm'],
    [5_000, [216, 300, 21, 8], 'bafyreiev442m3s575faboyvhekagxidxcmou5g5jystnahekf67u7mwlsu'],
    [10_000, [289, 401, 28, 12], 'bafyreieuyxrakg7fkrmt4i4xk6npfbrpydfji75rjuc7oetbwluycb3emu'],
  ])('has done after %i ms what this seed has always yielded', (ms, figures, last) => {
    world.clock += ms;
    const { shares, likes, quotes, replies } = crowd.reactions(repos.get(uriOf(HANDLE, POST, FIRST))!);
    expect([shares, likes, quotes, replies.length]).toEqual(figures);
    expect(replies.at(-1)?.cid).toBe(last);
  });

  it('names the root of the thread where it answers an update', async () => {
    const { uri, cid } = repos.get(uriOf(HANDLE, POST, FIRST))!;
    const update = await post(SECOND, { reply: { root: { uri, cid }, parent: { uri, cid } } });
    world.clock += SPAN_MS;
    expect(replies(SECOND)).toHaveLength(ofSecond!);
    expect(replies(SECOND)[0]?.record).toMatchObject({
      reply: { root: { uri }, parent: { uri: update.uri } },
    });
  });

  describe('when its account closes the thread', () => {
    it('answers no more, and goes on sharing', async () => {
      await gate(FIRST, { allow: [] });
      world.clock += SPAN_MS;
      expect(replies()).toEqual([]);
      const { shares, likes } = crowd.reactions(repos.get(uriOf(HANDLE, POST, FIRST))!);
      const whole = people.toPost(HANDLE, 1);
      expect([shares, likes]).toEqual([whole.shares, whole.likes]);
    });

    it('leaves what was answered before', async () => {
      world.clock += SPAN_MS / 2;
      const before = replies();
      await gate(FIRST, { allow: [] });
      world.clock += SPAN_MS;
      expect(replies()).toEqual(before);
      expect(before.length).toBeLessThan(all!);
    });

    it('is shut out of the updates in the thread too, and of no other thread', async () => {
      const { uri, cid } = repos.get(uriOf(HANDLE, POST, FIRST))!;
      await gate(FIRST, { allow: [] });
      await post(SECOND, { reply: { root: { uri, cid }, parent: { uri, cid } } });
      await post('3m5zqyxqj4s2c');
      world.clock += SPAN_MS;
      expect(replies(SECOND)).toEqual([]);
      expect(replies('3m5zqyxqj4s2c')).toHaveLength(people.toPost(HANDLE, 3).replies.length);
    });

    it('still finds it closed after a restart, and answers again once the gate is gone', async () => {
      await gate(FIRST, { allow: [] });
      repos = new Repos(world);
      await world.again(repos);
      crowd = new BlueskyCrowd(repos, new Crowd(people, { spanMs: SPAN_MS, now: world.now }));
      world.clock += SPAN_MS;
      expect(replies()).toEqual([]);
      await repos.write(HANDLE, [{ action: 'delete', collection: GATE, rkey: FIRST }]);
      expect(replies()).toHaveLength(all!);
    });
  });

  it.each([
    ['lets somebody in', { allow: [{ $type: 'app.bsky.feed.threadgate#mentionRule' }] }],
    ['says nothing of who may answer', {}],
    ['says it in a way that nobody knows', { allow: 'nobody' }],
  ])('answers as ever where a gate %s', async (_, more) => {
    await gate(FIRST, more);
    world.clock += SPAN_MS;
    expect(replies()).toHaveLength(all!);
  });
});
