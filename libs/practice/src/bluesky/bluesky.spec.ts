import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cidOf } from '../atproto/cid.js';
import type { PracticeWorldOptions } from '../options.js';
import { PracticeWorld } from '../practice-world.js';
import { SeededPublic } from '../public/seeded-public.js';

const HANDLE = 'county-warnings.example';
const POST = 'app.bsky.feed.post';
const KEY = '3m5zqyxqj4s2a';
const START = Date.parse('2026-11-21T14:00:00.000Z');

type Session = { did: string; accessJwt: string; refreshJwt: string };
type Put = {
  uri: string;
  cid: string;
  commit?: { cid: string; rev: string };
  error?: string;
  message?: string;
};
type Seen = {
  posts: { uri: string; repostCount: number; likeCount: number; replyCount: number; quoteCount: number }[];
};
type Told = { notifications: { uri: string; reason: string; reasonSubject: string }[]; cursor?: string };

describe('the Bluesky server of the practice world', () => {
  let dataDir: string;
  let world: PracticeWorld;
  let session: Session;
  let now: number;

  async function open(options: Partial<PracticeWorldOptions> = {}): Promise<void> {
    world = await PracticeWorld.open({
      dataDir,
      seed: 'wainfleet',
      reactionsMs: 10_000,
      now: () => now,
      ...options,
    });
  }
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'larum-bluesky-'));
    now = START;
    await open();
    session = (await (await logIn()).json()) as Session;
  });
  afterEach(async () => {
    await world.close();
    await rm(dataDir, { recursive: true });
  });

  function logIn(password = 'prac-tice-app-word'): Promise<Response> {
    return call('com.atproto.server.createSession', { identifier: HANDLE, password }, '');
  }
  function call(name: string, body: object, token = session.accessJwt): Promise<Response> {
    return fetch(`${world.url}/xrpc/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
  }
  async function get<Body>(name: string, query = ''): Promise<Body> {
    const headers = { authorization: `Bearer ${session.accessJwt}` };
    return (await (await fetch(`${world.url}/xrpc/${name}?${query}`, { headers })).json()) as Body;
  }
  const record = (text: string, more: object = {}) => ({
    $type: POST,
    text,
    createdAt: '2026-11-21T14:00:00.000Z',
    langs: ['en'],
    ...more,
  });
  const put = (text: string, more: object = {}, recordMore: object = {}) =>
    call('com.atproto.repo.putRecord', {
      repo: session.did,
      collection: POST,
      rkey: KEY,
      record: record(text, recordMore),
      swapRecord: null,
      ...more,
    });
  const putAs = async (...args: Parameters<typeof put>) => (await (await put(...args)).json()) as Put;
  const feed = () =>
    get<{ records: { uri: string; value: { text: string } }[] }>(
      'com.atproto.repo.listRecords',
      `repo=${session.did}&collection=${POST}`,
    );

  it('takes a post under our own key, with the content id that we can compute beforehand', async () => {
    const done = await putAs('FLOOD');
    expect(done).toMatchObject({ uri: `at://${session.did}/${POST}/${KEY}`, cid: cidOf(record('FLOOD')) });
    expect(done.commit?.rev).toHaveLength(13);
  });

  describe('when the same key comes again', () => {
    it('with the same words: says yes, and that nothing was done', async () => {
      const first = await putAs('FLOOD');
      const again = await put('FLOOD');
      expect(again.status).toBe(200);
      const body = (await again.json()) as Put;
      expect(body).toMatchObject({ uri: first.uri, cid: first.cid });
      expect(body.commit).toBeUndefined();
    });

    it('with other words: refuses, and the first words stand', async () => {
      await put('FLOOD');
      const other = await put('FLOOD, worse');
      expect(other.status).toBe(400);
      expect(await other.json()).toMatchObject({ error: 'InvalidSwap' });
      expect((await feed()).records.map(({ value }) => value.text)).toEqual(['FLOOD']);
    });

    it('side by side: one post', async () => {
      const both = await Promise.all([putAs('FLOOD'), putAs('FLOOD')]);
      expect(both.filter((each) => each.commit !== undefined)).toHaveLength(1);
    });

    it('after a restart: still knows it', async () => {
      await put('FLOOD');
      await world.close();
      await open();
      expect((await putAs('FLOOD')).commit).toBeUndefined();
    });

    it('without swapRecord: replaces the words', async () => {
      await put('FLOOD');
      expect((await putAs('FLOOD, worse', { swapRecord: undefined })).commit).toBeDefined();
      expect((await feed()).records.map(({ value }) => value.text)).toEqual(['FLOOD, worse']);
    });

    it('by createRecord: breaks with 500, as real ones do', async () => {
      await put('FLOOD');
      const created = await call('com.atproto.repo.createRecord', {
        repo: session.did,
        collection: POST,
        rkey: KEY,
        record: record('FLOOD'),
      });
      expect(created.status).toBe(500);
    });
  });

  describe('refuses', () => {
    const refusal = async (answer: Response) => ({
      status: answer.status,
      error: ((await answer.json()) as Put).error,
    });

    it('a wrong password', async () => {
      expect(await refusal(await logIn('guessed'))).toEqual({ status: 401, error: 'AuthenticationRequired' });
    });

    it('a call without a token, and one with a token that somebody made', async () => {
      const body = { repo: session.did, collection: POST, rkey: KEY, record: record('FLOOD') };
      expect(await refusal(await call('com.atproto.repo.putRecord', body, ''))).toEqual({
        status: 401,
        error: 'AuthMissing',
      });
      const made = `${session.accessJwt.slice(0, -4)}AAAA`;
      expect(await refusal(await call('com.atproto.repo.putRecord', body, made))).toEqual({
        status: 400,
        error: 'InvalidToken',
      });
      expect(await refusal(await call('com.atproto.repo.putRecord', body, session.refreshJwt))).toEqual({
        status: 400,
        error: 'InvalidToken',
      });
    });

    it('another account’s repository', async () => {
      expect(await refusal(await put('FLOOD', { repo: 'did:plc:somebodyelse' }))).toEqual({
        status: 401,
        error: 'AuthenticationRequired',
      });
    });

    it('a key that is no timestamp, and a text that is too long', async () => {
      expect(await refusal(await put('FLOOD', { rkey: 'flood' }))).toEqual({
        status: 400,
        error: 'InvalidRequest',
      });
      expect(await refusal(await put('x'.repeat(301)))).toEqual({ status: 400, error: 'InvalidRequest' });
    });

    it('a record with a fraction in it', async () => {
      expect(await refusal(await put('FLOOD', {}, { level: 4.2 }))).toEqual({
        status: 400,
        error: 'InvalidRequest',
      });
    });

    it('more than the points of an hour, and says in seconds when to come back', async () => {
      await world.close();
      await open({ bluesky: { pointsPerHour: 3 } });
      expect((await put('FLOOD')).headers.get('ratelimit-remaining')).toBe('1');
      const second = await put('FLOOD', { rkey: '3m5zqyxqj4s2b' });
      expect(await refusal(second)).toEqual({ status: 429, error: 'RateLimitExceeded' });
      expect(second.headers.get('ratelimit-reset')).toBe(String(Date.parse('2026-11-21T15:00:00Z') / 1000));
    });

    it('a 31st log-in within five minutes', async () => {
      for (let n = 1; n < 30; n += 1) expect((await logIn()).status).toBe(200);
      expect((await logIn()).status).toBe(429);
    });
  });

  it('says who it is, whose handle is whose, and whether a log-in still holds', async () => {
    expect(await get('com.atproto.server.describeServer')).toMatchObject({ did: 'did:web:localhost' });
    expect(await get('com.atproto.identity.resolveHandle', `handle=${HANDLE}`)).toEqual({ did: session.did });
    expect(await get('com.atproto.server.getSession')).toMatchObject({ did: session.did, active: true });
    session = { ...session, accessJwt: '' };
    expect(await get('com.atproto.server.getSession')).toMatchObject({ error: 'AuthMissing' });
  });

  it('refuses a 301st log-in of a day, until the next', async () => {
    await world.close();
    await open({ bluesky: { logInsPerDay: 3 } });
    for (let n = 0; n < 3; n += 1) {
      expect((await logIn()).status).toBe(200);
      now += 300_000;
    }
    const refused = await logIn();
    expect(refused.status).toBe(429);
    now = Number(refused.headers.get('ratelimit-reset')) * 1_000;
    expect(new Date(now).toISOString()).toBe('2026-11-22T00:00:00.000Z');
    expect((await logIn()).status).toBe(200);
  });

  it('knows no thread of a post that is not there', async () => {
    expect(await get('app.bsky.feed.getPostThread', 'uri=at://nobody/app.bsky.feed.post/x')).toMatchObject({
      error: 'NotFound',
    });
    expect(await get('app.bsky.feed.getPosts')).toMatchObject({ error: 'InvalidRequest' });
  });

  it('lets an access token grow old, and gives a new one for the refresh token', async () => {
    now += 7_200_000;
    const old = await put('FLOOD');
    expect(await old.json()).toMatchObject({ error: 'ExpiredToken' });
    session = (await (
      await call('com.atproto.server.refreshSession', {}, session.refreshJwt)
    ).json()) as Session;
    expect((await put('FLOOD')).status).toBe(200);
  });

  it('keeps a log-in over a restart', async () => {
    await world.close();
    await open();
    expect((await put('FLOOD')).status).toBe(200);
  });

  it('takes a thread whole, or not at all', async () => {
    const write = (rkey: string, text: string, more: object = {}) => ({
      $type: 'com.atproto.repo.applyWrites#create',
      collection: POST,
      rkey,
      value: record(text, more),
    });
    const ref = { uri: `at://${session.did}/${POST}/${KEY}`, cid: cidOf(record('FLOOD 1/2')) };
    const second = write('3m5zqyxqj4s2b', 'FLOOD 2/2', { reply: { root: ref, parent: ref } });
    const bad = await call('com.atproto.repo.applyWrites', {
      repo: session.did,
      writes: [write(KEY, 'FLOOD 1/2'), write('bad', 'FLOOD 2/2')],
    });
    expect(bad.status).toBe(400);
    expect((await feed()).records).toEqual([]);
    const good = await call('com.atproto.repo.applyWrites', {
      repo: session.did,
      writes: [write(KEY, 'FLOOD 1/2'), second],
    });
    expect(good.status).toBe(200);
    expect((await feed()).records.map(({ value }) => value.text)).toEqual(['FLOOD 2/2', 'FLOOD 1/2']);
    type Thread = {
      thread: { post: { uri: string }; replies: { post: { uri: string; record: { text: string } } }[] };
    };
    const { thread } = await get<Thread>('app.bsky.feed.getPostThread', `uri=${encodeURIComponent(ref.uri)}`);
    expect(thread.post.uri).toBe(ref.uri);
    expect(thread.replies.map(({ post }) => post.record.text)).toContain('FLOOD 2/2');
  });

  it('closes a thread to replies by a gate, which is a record like any other', async () => {
    await put('FLOOD');
    const gate = {
      $type: 'app.bsky.feed.threadgate',
      post: `at://${session.did}/${POST}/${KEY}`,
      allow: [],
      createdAt: '2026-11-21T14:00:00.000Z',
    };
    const done = await call('com.atproto.repo.putRecord', {
      repo: session.did,
      collection: 'app.bsky.feed.threadgate',
      rkey: KEY,
      record: gate,
      swapRecord: null,
    });
    expect(done.status).toBe(200);
    await world.close();
    await open();
    const found = await get<{ value: object }>(
      'com.atproto.repo.getRecord',
      `repo=${HANDLE}&collection=app.bsky.feed.threadgate&rkey=${KEY}`,
    );
    expect(found.value).toEqual(gate);
  });

  it('deletes a post, and says yes again when it is already gone', async () => {
    await put('FLOOD');
    const body = { repo: session.did, collection: POST, rkey: KEY };
    expect((await call('com.atproto.repo.deleteRecord', body)).status).toBe(200);
    expect((await call('com.atproto.repo.deleteRecord', body)).status).toBe(200);
    expect((await feed()).records).toEqual([]);
    expect(
      await get('com.atproto.repo.getRecord', `repo=${session.did}&collection=${POST}&rkey=${KEY}`),
    ).toMatchObject({ error: 'RecordNotFound' });
  });

  it('counts what the public did with the post, in the end as the seed says', async () => {
    const { uri } = await putAs('FLOOD');
    const whole = new SeededPublic('wainfleet').toPost(HANDLE, 1);
    const query = `uris=${encodeURIComponent(uri)}`;
    expect((await get<Seen>('app.bsky.feed.getPosts', query)).posts).toMatchObject([
      { uri, repostCount: 0, likeCount: 0 },
    ]);
    now += 10_000;
    expect((await get<Seen>('app.bsky.feed.getPosts', query)).posts).toMatchObject([
      {
        uri,
        repostCount: whole.shares,
        likeCount: whole.likes,
        quoteCount: whole.quotes,
        replyCount: whole.replies.length,
      },
    ]);
  });

  it('leaves out posts that are gone, and refuses more than 25 at once', async () => {
    expect(
      (await get<Seen>('app.bsky.feed.getPosts', 'uris=at://nobody/app.bsky.feed.post/x')).posts,
    ).toEqual([]);
    const many = Array.from({ length: 26 }, () => 'uris=at://x').join('&');
    expect(await get('app.bsky.feed.getPosts', many)).toMatchObject({ error: 'InvalidRequest' });
  });

  it('tells of replies, page by page', async () => {
    const { uri } = await putAs('FLOOD');
    now += 10_000;
    const all = await get<Told>('app.bsky.notification.listNotifications');
    expect(all.notifications).toHaveLength(new SeededPublic('wainfleet').toPost(HANDLE, 1).replies.length);
    expect(all.notifications.every((each) => each.reason === 'reply' && each.reasonSubject === uri)).toBe(
      true,
    );
    const one = await get<Told>('app.bsky.notification.listNotifications', 'limit=1');
    const rest = await get<Told>('app.bsky.notification.listNotifications', `cursor=${one.cursor}`);
    expect([...one.notifications, ...rest.notifications]).toEqual(all.notifications);
  });

  describe('on request', () => {
    it.each([
      ['429', 429, 'RateLimitExceeded'],
      ['503', 503, 'NotEnoughResources'],
      ['401', 400, 'InvalidToken'],
      ['refuse', 400, 'InvalidRequest'],
    ])('answers %s and posts nothing', async (kind, status, error) => {
      world.faults.order({ channel: 'bluesky', kind });
      const answer = await put('FLOOD');
      expect([answer.status, ((await answer.json()) as Put).error]).toEqual([status, error]);
      expect((await feed()).records).toEqual([]);
    });

    it('cuts the link after the body: the same put then finds the post in its place', async () => {
      world.faults.order({ channel: 'bluesky', kind: 'cut-after-body' });
      await expect(put('FLOOD')).rejects.toThrow();
      expect((await putAs('FLOOD')).commit).toBeUndefined();
    });
  });
});
