import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeptWorld } from '../../testing/index.js';
import type { Draft } from './draft.js';
import { KEY_LIVES_MS, Posts, type Post } from './posts.js';

const draft = (text: string, more: Partial<Draft> = {}): Draft => ({
  text,
  spoiler: '',
  visibility: 'public',
  language: 'en',
  inReplyTo: null,
  ...more,
});

describe('the posts of a Mastodon server', () => {
  let world: KeptWorld;
  let posts: Posts;
  beforeEach(async () => {
    world = await KeptWorld.begin();
    posts = new Posts(world);
  });
  afterEach(() => world.end());

  async function restarted(): Promise<void> {
    posts = new Posts(world);
    await world.again(posts);
  }
  const texts = (handle = 'county') => posts.of(handle).map(({ text }) => text);

  it('are one for one key, up to the last millisecond of its hour and not after', async () => {
    const first = await posts.add('county', draft('FLOOD'), 'dlv_1');
    world.clock += KEY_LIVES_MS - 1;
    expect(await posts.add('county', draft('FLOOD'), 'dlv_1')).toBe(first);
    world.clock += 1;
    expect((await posts.add('county', draft('FLOOD'), 'dlv_1')).id).not.toBe(first.id);
  });

  it('give the first post back for its key, whatever the words are the second time', async () => {
    await posts.add('county', draft('FLOOD'), 'dlv_1');
    expect((await posts.add('county', draft('ALL CLEAR'), 'dlv_1')).text).toBe('FLOOD');
    expect(texts()).toEqual(['FLOOD']);
  });

  it('count the key of another account as another key', async () => {
    const county = await posts.add('county', draft('FLOOD'), 'dlv_1');
    const cymraeg = await posts.add('cymraeg', draft('LLIFOGYDD'), 'dlv_1');
    expect(cymraeg.id).not.toBe(county.id);
  });

  it('are one even when twenty requests with one key meet', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => posts.add('county', draft('FLOOD'), 'dlv_1')),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(await world.arrived()).toHaveLength(1);
  });

  it('post again under a key whose post was taken away', async () => {
    const first = await posts.add('county', draft('FLOOD'), 'dlv_1');
    await posts.remove(first);
    expect((await posts.add('county', draft('FLOOD'), 'dlv_1')).id).not.toBe(first.id);
  });

  it('have ids that only grow, also where the clock stands still or goes back', async () => {
    const ids: bigint[] = [];
    for (const step of [0, 0, -60_000, 0, 1]) {
      world.clock += step;
      ids.push(BigInt((await posts.add('county', draft('FLOOD'), undefined)).id));
      if (step < 0) await restarted();
    }
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keep id, place and number when they are edited', async () => {
    const first = await posts.add('county', draft('leave by 3 pm', { inReplyTo: '7' }), undefined);
    world.clock += 60_000;
    const edited = await posts.edit(first, draft('leave now', { spoiler: 'Flood', language: 'cy' }));
    expect(edited).toEqual({
      ...first,
      text: 'leave now',
      spoiler: 'Flood',
      language: 'cy',
      editedAt: world.clock,
    });
    await restarted();
    expect(posts.get(first.id)).toEqual(edited);
  });

  it('answer an edit of a post that has just gone with what it was', async () => {
    const first = await posts.add('county', draft('FLOOD'), undefined);
    const [, edited] = await Promise.all([posts.remove(first), posts.edit(first, draft('leave now'))]);
    expect(edited).toBe(first);
    expect(posts.get(first.id)).toBeUndefined();
  });

  it('know what stands under a post, and every account’s own, newest first', async () => {
    const first = await posts.add('county', draft('FLOOD'), undefined);
    await posts.add('cymraeg', draft('LLIFOGYDD', { inReplyTo: first.id }), undefined);
    await posts.add('county', draft('UPDATE', { inReplyTo: first.id }), undefined);
    expect(posts.under(first.id).map(({ text }) => text)).toEqual(['LLIFOGYDD', 'UPDATE']);
    expect(texts()).toEqual(['UPDATE', 'FLOOD']);
    expect([...posts.all()].map(({ text }) => text)).toEqual(['FLOOD', 'LLIFOGYDD', 'UPDATE']);
  });

  it('take nothing of another channel for theirs', async () => {
    const at = new Date(world.clock).toISOString();
    await world.record.append({ fact: 'removal', channel: 'bluesky', at, to: 'county', id: '1', text: 'x' });
    await posts.add('county', draft('FLOOD'), undefined);
    await restarted();
    expect(texts()).toEqual(['FLOOD']);
  });

  type Step =
    | { do: 'add'; handle: string; key: string | undefined }
    | { do: 'edit' | 'remove'; nth: number }
    | { do: 'wait'; ms: number }
    | { do: 'restart' };
  const step = fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({
      do: fc.constant('add' as const),
      handle: fc.constantFrom('county', 'cymraeg'),
      key: fc.constantFrom(undefined, 'dlv_1', 'dlv_2'),
    }),
    fc.record({ do: fc.constantFrom('edit' as const, 'remove' as const), nth: fc.nat(5) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, KEY_LIVES_MS / 2, KEY_LIVES_MS) }),
    fc.constant({ do: 'restart' as const }),
  );

  it('are after a restart what they were before it, whatever was done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const own = await KeptWorld.begin();
        let all = new Posts(own);
        const standing = () => [...all.all()];
        let said = 0;
        for (const one of steps) {
          const before: Post[] = standing();
          if (one.do === 'add') await all.add(one.handle, draft(`warning ${(said += 1)}`), one.key);
          if (one.do === 'wait') own.clock += one.ms;
          const post = 'nth' in one ? before[one.nth] : undefined;
          if (post !== undefined && one.do === 'edit') await all.edit(post, draft(`edit ${(said += 1)}`));
          if (post !== undefined && one.do === 'remove') await all.remove(post);
          if (one.do === 'restart') {
            all = new Posts(own);
            await own.again(all);
            expect(standing()).toEqual(before);
          }
          if (one.do === 'add') {
            // The nth post of an account keeps its number for good: what the public does hangs on it.
            const mine = standing().filter(({ handle }) => handle === one.handle);
            expect(mine.map(({ ordinal }) => ordinal)).toEqual(
              mine.map(({ ordinal }) => ordinal).toSorted((a, b) => a - b),
            );
            expect(new Set(mine.map(({ ordinal }) => ordinal)).size).toBe(mine.length);
          }
        }
        await own.end();
      }),
      { numRuns: 25, seed: 20261121 },
    );
  });
});
