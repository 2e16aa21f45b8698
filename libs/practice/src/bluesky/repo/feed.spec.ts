import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Call } from '../../http/route.js';
import { PRACTICE_ACCOUNTS } from '../../platform/account.js';
import { Crowd } from '../../public/crowd.js';
import { SeededPublic } from '../../public/seeded-public.js';
import { KeptWorld } from '../../testing/index.js';
import { BlueskyCrowd } from './crowd.js';
import { Feed } from './feed.js';
import { POST, Repos } from './repos.js';

type Told = {
  notifications: { uri: string; indexedAt: string; record: { createdAt: string } }[];
  cursor?: string;
};

const SPAN_MS = 10_000;
const account = PRACTICE_ACCOUNTS.find(({ platform }) => platform === 'bluesky')!;

describe('the notifications of an account on Bluesky', () => {
  let world: KeptWorld;
  let feed: Feed;
  let postedAt: number;
  beforeEach(async () => {
    world = await KeptWorld.begin();
    postedAt = world.clock;
    const repos = new Repos(world);
    const people = new Crowd(new SeededPublic('wainfleet'), { spanMs: SPAN_MS, now: world.now });
    feed = new Feed(repos, new BlueskyCrowd(repos, people));
    const record = { $type: POST, text: 'FLOOD', createdAt: '2026-11-21T14:00:00.000Z' };
    await repos.write(account.handle, [{ action: 'put', collection: POST, rkey: '3m5zqyxqj4s2a', record }]);
  });
  afterEach(() => world.end());

  const list = (query = ''): Told => {
    const call = { query: new URLSearchParams(query) } as unknown as Call;
    return feed.notifications(call, account).body as Told;
  };
  const dates = ({ notifications }: Told) => notifications.map(({ indexedAt }) => indexedAt);

  it('are dated when they were written and sorted by it, as on the real server', () => {
    world.clock += SPAN_MS;
    const all = list();
    expect(dates(all)).toEqual(dates(all).toSorted().toReversed());
    expect(dates(all)).toEqual(all.notifications.map(({ record }) => record.createdAt));
    expect(Math.min(...dates(all).map((at) => Date.parse(at)))).toBeGreaterThanOrEqual(postedAt);
  });

  it('come in below others where a reply was held up on its way', () => {
    const seen = new Set<string>();
    let newest = '';
    let late = 0;
    for (; world.clock <= postedAt + SPAN_MS; world.clock += SPAN_MS / 100) {
      const fresh = list().notifications.filter(({ uri }) => !seen.has(uri));
      late += fresh.filter(({ indexedAt }) => indexedAt < newest).length;
      for (const { uri, indexedAt } of fresh) {
        seen.add(uri);
        if (indexedAt > newest) newest = indexedAt;
      }
    }
    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThan(seen.size / 2);
  });

  it('come once each, page by page, also where several have the same date', () => {
    world.clock += SPAN_MS;
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = list(`limit=1${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      paged.push(...page.notifications.map(({ uri }) => uri));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(dates(list())).size).toBeLessThan(paged.length);
    expect(paged).toEqual(list().notifications.map(({ uri }) => uri));
  });
});
