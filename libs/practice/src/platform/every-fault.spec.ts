import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KeptWorld } from '../testing/index.js';
import { PRACTICE_ACCOUNTS } from './account.js';
import { FAULT_KINDS, FaultOrder, type FaultKind } from './faults.js';
import { PracticeWorld } from '../practice-world.js';

/**
 * What a client of a platform meets for every fault on request: the status and the headers that it gets (`cut` for none, `none` for
 * silence), and whether its post stands all the same. The compiler and the first test name a kind that has no row.
 */
type Row = {
  meets: number | 'cut' | 'none';
  stands: boolean;
  headers?: Record<string, RegExp>;
  body?: RegExp;
};
type Rows = Record<FaultKind<'mastodon'>, Row>;

const BY_MASTODON: Rows = {
  slow: { meets: 200, stands: true },
  '429': {
    meets: 429,
    stands: false,
    headers: { 'x-ratelimit-remaining': /^0$/, 'x-ratelimit-reset': /^2026-11-21T14:00:01\.000000Z$/ },
    body: /Too many requests/,
  },
  '503': { meets: 503, stands: false, headers: { 'content-type': /text\/html/ } },
  '500-after-body': { meets: 500, stands: true },
  'cut-after-body': { meets: 'cut', stands: true },
  'cut-before-body': { meets: 'cut', stands: false },
  rubbish: { meets: 200, stands: true, body: /^\{"id":"1$/ },
  hang: { meets: 'none', stands: true },
  '401': { meets: 401, stands: false, body: /access token is invalid/ },
  refuse: { meets: 422, stands: false, body: /Validation failed/ },
};
const BY_BLUESKY: Rows = {
  ...BY_MASTODON,
  '429': {
    meets: 429,
    stands: false,
    headers: { 'ratelimit-remaining': /^0$/, 'ratelimit-reset': /^1795269601$/ },
    body: /RateLimitExceeded/,
  },
  '503': { meets: 503, stands: false, body: /NotEnoughResources/ },
  '401': { meets: 400, stands: false, body: /InvalidToken/ },
  refuse: { meets: 400, stands: false, body: /InvalidRequest/ },
};

const [county] = PRACTICE_ACCOUNTS.filter(({ platform }) => platform === 'mastodon');
const [onBluesky] = PRACTICE_ACCOUNTS.filter(({ platform }) => platform === 'bluesky');

describe('every fault on request', () => {
  let folder: KeptWorld;
  let world: PracticeWorld;
  beforeEach(async () => {
    folder = await KeptWorld.begin();
    await folder.record.close();
    world = await PracticeWorld.open({ dataDir: folder.dataDir, seed: 'wainfleet', now: folder.now });
  });
  afterEach(async () => {
    await world.close();
    await folder.again();
    await folder.end();
  });

  const send = (path: string, token: string, body: object, signal?: AbortSignal) =>
    fetch(`${world.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  const standing = () => {
    const { mastodon, bluesky } = world.counts();
    return mastodon.arrived + bluesky.arrived;
  };

  async function expectRow(asked: (signal: AbortSignal) => Promise<Response>, row: Row): Promise<void> {
    const patience = new AbortController();
    const answer = asked(patience.signal).then(
      async (response) => ({ response, text: await response.text() }),
      () => 'cut' as const,
    );
    if (row.meets === 'none') {
      // Silence cannot be waited for: the post stands, and then the caller gives up.
      for (const until = performance.now() + 20_000; standing() === 0 && performance.now() < until;)
        await new Promise((resolve) => setTimeout(resolve, 5));
      patience.abort();
    }
    const met = await answer;
    expect(standing()).toBe(row.stands ? 1 : 0);
    if (met === 'cut') return expect(['cut', 'none']).toContain(row.meets);
    expect(met.response.status).toBe(row.meets);
    for (const [name, value] of Object.entries(row.headers ?? {}))
      expect(met.response.headers.get(name)).toMatch(value);
    if (row.body !== undefined) expect(met.text).toMatch(row.body);
  }

  it('of a platform has a row here', () => {
    for (const [channel, rows] of [
      ['mastodon', BY_MASTODON],
      ['bluesky', BY_BLUESKY],
    ] as const)
      expect(Object.keys(rows).toSorted()).toEqual([...FAULT_KINDS[channel]].toSorted());
  });

  it.each(Object.entries(BY_MASTODON))('%s strikes a post to Mastodon', async (kind, row) => {
    world.faults.order({ channel: 'mastodon', kind, ms: kind === '429' ? 1_000 : 20 });
    const post = { status: 'FLOOD' };
    await expectRow((signal) => send('/api/v1/statuses', county!.secret, post, signal), row);
  });

  async function putOnBluesky(token: string, signal?: AbortSignal): Promise<Response> {
    const record = { $type: 'app.bsky.feed.post', text: 'FLOOD', createdAt: '2026-11-21T14:00:00.000Z' };
    const place = { repo: onBluesky!.handle, collection: 'app.bsky.feed.post', rkey: '3m5zqyxqj4s2a' };
    return send('/xrpc/com.atproto.repo.putRecord', token, { ...place, record, swapRecord: null }, signal);
  }
  async function logIn(): Promise<string> {
    const login = { identifier: onBluesky!.handle, password: onBluesky!.secret };
    const answer = await send('/xrpc/com.atproto.server.createSession', '', login);
    return ((await answer.json()) as { accessJwt: string }).accessJwt;
  }

  it.each(Object.entries(BY_BLUESKY))('%s strikes a post to Bluesky', async (kind, row) => {
    const token = await logIn();
    world.faults.order({ channel: 'bluesky', kind, ms: kind === '429' ? 1_000 : 20 });
    await expectRow((signal) => putOnBluesky(token, signal), row);
  });

  it.each<[string, 'write' | 'read' | 'all', number[]]>([
    ['what changes something', 'write', [503, 200]],
    ['what reads', 'read', [200, 503]],
    ['everything', 'all', [503, 503]],
  ])('can strike %s', async (_, on, statuses) => {
    world.faults.order({ channel: 'mastodon', kind: '503', on, count: null });
    const wrote = await send('/api/v1/statuses', county!.secret, { status: 'FLOOD' });
    const headers = { authorization: `Bearer ${county!.secret}` };
    const read = await fetch(`${world.url}/api/v1/accounts/verify_credentials`, { headers });
    expect([wrote.status, read.status]).toEqual(statuses);
  });

  it('strikes in the order in which they were ordered, each until it is used up', async () => {
    for (const kind of ['503', '401', '429']) world.faults.order({ channel: 'mastodon', kind });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1)
      statuses.push((await send('/api/v1/statuses', county!.secret, { status: 'FLOOD' })).status);
    expect(statuses).toEqual([503, 401, 429, 200]);
  });

  it('is forgotten by a restart', async () => {
    world.faults.order({ channel: 'mastodon', kind: '503', count: null });
    await world.close();
    world = await PracticeWorld.open({ dataDir: folder.dataDir, seed: 'wainfleet', now: folder.now });
    expect((await send('/api/v1/statuses', county!.secret, { status: 'FLOOD' })).status).toBe(200);
  });

  it.each([
    [{ channel: 'email', kind: 'throttle' }, /email knows the faults .*defer/],
    [{ channel: 'sms', kind: '429' }, /sms knows the faults .*throttle/],
    [{ channel: 'fax', kind: 'slow' }, /channel/],
    [{ channel: 'sms', kind: 'slow', count: 0 }, /count/],
    [{ channel: 'sms', kind: 'slow', ms: -1 }, /ms/],
    [{ channel: 'sms', kind: 'slow', to: '' }, /to/],
    [{ channel: 'sms', kind: 'slow', often: 3 }, /often/],
  ])('is refused as an order where it cannot be: %j', (order, why) => {
    const read = FaultOrder.safeParse(order);
    expect(read.success).toBe(false);
    expect(JSON.stringify(read.error?.issues)).toMatch(why);
  });
});
