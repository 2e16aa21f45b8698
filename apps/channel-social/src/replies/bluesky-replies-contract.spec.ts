import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { AdapterUnderTest } from '#channel/testing';
import { toInstant } from '#contracts';
import { BLUESKY_CAPABILITIES, BlueskyAdapter } from '../bluesky/bluesky-adapter.js';
import { BlueskySession } from '../bluesky/bluesky-session.js';
import { aCtx, aPart, APPROVED } from '../testing/a-part.js';
import { practicePlatform } from '../testing/practice-platform.js';

const REACTIONS_MS = 10_000;
let now: number;
let platform: AdapterUnderTest;

beforeEach(async () => {
  now = Date.parse(APPROVED);
  const shelf = { load: () => Promise.resolve(null), save: () => Promise.resolve() };
  platform = await practicePlatform(
    'bluesky',
    ({ http, account, handle, secret }) => {
      const session = new BlueskySession(
        http,
        { identifier: handle, appPassword: secret },
        shelf,
        () => APPROVED,
      );
      return () => new BlueskyAdapter(new Map([[account.accountId, session]]));
    },
    { seed: 'wainfleet', reactionsMs: REACTIONS_MS, now: () => now },
  );
});
afterEach(() => platform.close());

it('every reply of the practice public is read once it shows, whatever it is dated', async () => {
  const adapter = platform.open();
  const staged = await adapter.stage(adapter.form(aPart('bluesky'), BLUESKY_CAPABILITIES), aCtx());
  if ('failed' in staged) throw new Error('the post could not be staged');
  expect(await adapter.publish(staged.staged, aCtx())).toMatchObject({ outcome: 'accepted' });
  const look = async (cursor: string | null) => (await adapter.inbound!(platform.account, cursor, aCtx()))!;
  const read = new Set<string>();
  let cursor: string | null = null;
  for (const end = now + REACTIONS_MS; now <= end; now += REACTIONS_MS / 20) {
    const seen = await look(cursor);
    for (const { id } of seen.items) read.add(id);
    cursor = seen.cursor;
  }
  const all = (await look(toInstant(0))).items.map(({ id }) => id);
  expect(all.length).toBeGreaterThan(5);
  expect([...read].toSorted()).toEqual(all.toSorted());
});
