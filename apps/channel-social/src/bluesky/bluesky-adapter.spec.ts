import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId } from '#contracts';
import { PlatformHttp } from '../http/platform-http.js';
import { aCtx, anAccount, aPart, APPROVED } from '../testing/a-part.js';
import { ScriptedPlatform, type Given } from '../testing/scripted-platform.js';
import { BLUESKY_CAPABILITIES, BlueskyAdapter } from './bluesky-adapter.js';
import { BlueskySession } from './bluesky-session.js';

const xrpc = (name: string) => `/xrpc/${name}`;
const CREATE = `POST ${xrpc('com.atproto.server.createSession')}`;
const REFRESH = `POST ${xrpc('com.atproto.server.refreshSession')}`;
const PUT = `POST ${xrpc('com.atproto.repo.putRecord')}`;
const GET = `GET ${xrpc('com.atproto.repo.getRecord')}`;
const session = (n: number) => ({
  json: { did: 'did:plc:abc', accessJwt: `access-${n}`, refreshJwt: `refresh-${n}` },
});
const uri = 'at://did:plc:abc/app.bsky.feed.post/3l';
const failed = (status: number, error: string, message = '', headers = {}): Given => ({
  status,
  json: { error, message },
  headers,
});

describe('Bluesky', () => {
  let server: ScriptedPlatform;
  let http: PlatformHttp;
  let adapter: BlueskyAdapter;
  let kept: string | null;
  const account = anAccount('bluesky');
  const form = (changed = {}) => ({
    ...adapter.form(aPart('bluesky', changed), BLUESKY_CAPABILITIES),
    staged: {},
  });

  beforeEach(async () => {
    kept = null;
    server = await ScriptedPlatform.listen();
    server
      .on(CREATE, session(1))
      .on(REFRESH, session(2))
      .on(PUT, { json: { uri, cid: 'cid1', commit: {} } });
    http = new PlatformHttp(server.origin, { connectTimeoutMs: 5_000, answerTimeoutMs: 1_000 });
    const shelf = { load: async () => kept, save: async (token: string) => void (kept = token) };
    const login = { identifier: 'floods.example', appPassword: 'app-pass' };
    adapter = new BlueskyAdapter(
      new Map([[account.accountId as AccountId, new BlueskySession(http, login, shelf, () => APPROVED)]]),
    );
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  it.each([
    ['a name as large as an answer may be', { uri: `${uri}${'x'.repeat(1_000_000)}`, cid: 'cid1' }],
    ['a name of something else', { uri: 'https://bsky.app/post/3l', cid: 'cid1' }],
    ['a hash that no database keeps', { uri, cid: 'cid\u00001' }],
  ])('does not take %s for an answer', async (_, json) => {
    server.on(PUT, { json });
    expect(await adapter.publish(form(), aCtx())).toMatchObject({ outcome: 'unknown' });
  });

  it('posts the approved text under a key of its own that must be free, with language, time and links', async () => {
    const staged = form();
    expect(await adapter.publish(staged, aCtx())).toMatchObject({
      outcome: 'accepted',
      ref: { id: uri, url: 'https://bsky.app/profile/did:plc:abc/post/3l', extra: { cid: 'cid1' } },
    });
    const { body, headers } = server.at(PUT)[0]!;
    expect(headers['authorization']).toBe('Bearer access-1');
    expect(body).toMatchObject({
      repo: 'did:plc:abc',
      collection: 'app.bsky.feed.post',
      swapRecord: null,
      record: { text: staged.text, createdAt: '2026-11-21T10:00:00.001Z', langs: ['en-GB'] },
    });
    expect(body['rkey']).toMatch(/^[2-7a-z]{13}$/);
    expect((body['record'] as { facets: unknown[] }).facets).toHaveLength(2);
  });

  it('asks for exactly the same again after a lost reply, and takes "it was there already" for accepted', async () => {
    server.on(PUT, 'cut', { json: { uri, cid: 'cid1' } });
    expect(await adapter.publish(form(), aCtx())).toMatchObject({ outcome: 'unknown' });
    expect(await adapter.publish(form(), aCtx({ mayStandAlready: true }))).toMatchObject({
      outcome: 'accepted',
    });
    const [first, second] = server.at(PUT);
    expect(second!.body).toEqual(first!.body);
  });

  it('answers the first post, root and parent by content id', async () => {
    const root = { id: 'at://root', extra: { cid: 'r' } };
    const parent = { id: 'at://parent', extra: { cid: 'p' } };
    await adapter.publish(form({ replyTo: { root, parent } }), aCtx());
    expect(server.at(PUT)[0]!.body).toMatchObject({
      record: { reply: { root: { uri: 'at://root', cid: 'r' }, parent: { uri: 'at://parent', cid: 'p' } } },
    });
  });

  describe('an answer', () => {
    const ref = { id: 'at://did:plc:abc/app.bsky.feed.post/3first', extra: { cid: 'f' } };
    const answer = () => form({ replyTo: { root: ref, parent: ref } });
    const gone = failed(400, 'RecordNotFound', 'Could not locate record');

    it('to a post that was taken down is refused as such and not posted, although the server would take it', async () => {
      server.on(GET, gone);
      expect(await adapter.publish(answer(), aCtx())).toMatchObject({
        outcome: 'refused',
        reason: 'target-gone',
      });
      expect(server.at(PUT)).toHaveLength(0);
      expect(Object.fromEntries(server.at(GET)[0]!.query)).toEqual({
        repo: 'did:plc:abc',
        collection: 'app.bsky.feed.post',
        rkey: '3first',
      });
    });

    it('whose reply was lost before that is found, not said to be refused', async () => {
      const staged = answer();
      server.on(GET, gone, { json: { uri, cid: 'cid1', value: { text: staged.text } } });
      expect(await adapter.publish(staged, aCtx({ mayStandAlready: true }))).toMatchObject({
        outcome: 'accepted',
        ref: { id: uri },
      });
      expect(server.at(PUT)).toHaveLength(0);
    });

    it('is refused also then when it does not stand there itself', async () => {
      server.on(GET, gone);
      expect(await adapter.publish(answer(), aCtx({ mayStandAlready: true }))).toMatchObject({
        reason: 'target-gone',
      });
    });

    it.each<[string, Given]>([
      ['stands there', { json: { uri: ref.id, cid: 'f', value: { text: 'first' } } }],
      ['cannot be looked up, because the server is in trouble', failed(503, 'NotEnoughResources')],
      ['cannot be looked up, because the link was cut', 'cut'],
      ['cannot be looked up in time', 'silent'],
      [
        'is in a repository that the server does not know',
        failed(400, 'InvalidRequest', 'Could not find repo'),
      ],
    ])('to a post that %s goes out', async (_, given) => {
      server.on(GET, given);
      expect(await adapter.publish(answer(), aCtx())).toMatchObject({ outcome: 'accepted' });
      expect(server.at(PUT)).toHaveLength(1);
    });
  });

  it.each<[Given, object]>([
    [failed(400, 'InvalidSwap'), { outcome: 'refused', reason: 'key-conflict' }],
    [
      failed(400, 'InvalidRequest', 'Invalid app.bsky.feed.post record: too big (maximum 300, got 301)'),
      { reason: 'too-long' },
    ],
    [failed(400, 'InvalidRequest', 'Record/embed must have the property "alt"'), { reason: 'media' }],
    [failed(400, 'InvalidRecord', 'bad rkey'), { outcome: 'refused', reason: 'invalid' }],
    [failed(400, 'InvalidToken'), { outcome: 'refused', reason: 'auth' }],
    [failed(401, 'AuthMissing'), { outcome: 'refused', reason: 'auth' }],
    [failed(400, 'AccountTakedown'), { outcome: 'refused', reason: 'policy' }],
    [failed(403, 'Forbidden'), { outcome: 'refused', reason: 'scope' }],
    [failed(418, 'Teapot'), { outcome: 'refused', reason: 'other' }],
    [
      failed(429, 'RateLimitExceeded', '', { 'ratelimit-reset': '1795255260' }),
      { outcome: 'deferred', until: '2026-11-21T10:01:00.000Z' },
    ],
    [
      failed(429, 'RateLimitExceeded', '', { 'ratelimit-reset': '1000000000' }),
      { outcome: 'deferred', until: '2026-11-21T10:00:02.000Z' },
    ],
    [failed(500, 'InternalServerError'), { outcome: 'unknown' }],
    [failed(503, 'NotEnoughResources'), { outcome: 'unknown' }],
    [{ status: 200, text: 'ok' }, { outcome: 'unknown' }],
    ['cut', { outcome: 'unknown' }],
    ['silent', { outcome: 'unknown' }],
  ])('takes %j for %j', async (given, outcome) => {
    server.on(PUT, given);
    expect(await adapter.publish(form(), aCtx())).toMatchObject(outcome);
    expect(server.at(PUT)).toHaveLength(1); // at most one mutation, whatever came back
  });

  it('defers when nobody listens: no byte of the post left', async () => {
    await server.close();
    expect(await adapter.publish(form(), aCtx())).toMatchObject({ outcome: 'deferred' });
    server = await ScriptedPlatform.listen();
  });

  it('renews an expired login and makes the same call once more', async () => {
    server.on(PUT, failed(400, 'ExpiredToken'), { json: { uri, cid: 'cid1' } });
    expect(await adapter.publish(form(), aCtx())).toMatchObject({ outcome: 'accepted' });
    expect(server.at(PUT).map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer access-1',
      'Bearer access-2',
    ]);
    expect(server.at(CREATE)).toHaveLength(1);
    expect(kept).toBe('refresh-2');
  });

  it('begins with the login that an earlier process left, because logging in is rationed', async () => {
    kept = 'refresh-0';
    await adapter.publish(form(), aCtx());
    expect(server.at(REFRESH)[0]!.headers['authorization']).toBe('Bearer refresh-0');
    expect(server.at(CREATE)).toHaveLength(0);
  });

  it('logs in anew when the kept login is no longer good', async () => {
    kept = 'refresh-0';
    server.on(REFRESH, failed(400, 'ExpiredToken'));
    expect(await adapter.publish(form(), aCtx())).toMatchObject({ outcome: 'accepted' });
    expect(server.at(CREATE)[0]!.body).toEqual({ identifier: 'floods.example', password: 'app-pass' });
  });

  it('logs in once for many calls at the same time', async () => {
    await Promise.all(Array.from({ length: 5 }, () => adapter.publish(form(), aCtx())));
    expect(server.at(CREATE)).toHaveLength(1);
  });

  it.each<[Given, object]>([
    [
      failed(401, 'AuthenticationRequired', 'Invalid identifier or password'),
      { outcome: 'refused', reason: 'auth' },
    ],
    [failed(429, 'RateLimitExceeded'), { outcome: 'deferred' }],
    [failed(502, 'UpstreamFailure'), { outcome: 'deferred' }],
    ['cut', { outcome: 'deferred' }],
  ])('takes the login’s %j for %j: nothing was posted', async (given, outcome) => {
    server.on(CREATE, given);
    expect(await adapter.publish(form(), aCtx())).toMatchObject(outcome);
    expect(server.at(PUT)).toHaveLength(0);
  });

  it('finds its own post after a lost reply, and knows when there is none', async () => {
    const staged = form();
    server.on(
      GET,
      { json: { uri, cid: 'cid1', value: { text: staged.text } } },
      failed(400, 'RecordNotFound'),
      { json: { uri, cid: 'cid1', value: { text: 'another' } } },
      failed(502, 'UpstreamFailure'),
    );
    expect(await adapter.reconcile(staged, aCtx())).toMatchObject({ kind: 'found', ref: { id: uri } });
    expect(await adapter.reconcile(staged, aCtx())).toEqual({ kind: 'absent' });
    expect(await adapter.reconcile(staged, aCtx())).toEqual({ kind: 'cannot-tell' });
    expect(await adapter.reconcile(staged, aCtx())).toEqual({ kind: 'cannot-tell' });
    expect(server.at(GET)[0]!.query.get('rkey')).toBe(staged.body['rkey']);
  });

  it('counts reposts and quotes as shares, in calls of 25, and says null where nothing was told', async () => {
    const route = `GET ${xrpc('app.bsky.feed.getPosts')}`;
    const counts = { repostCount: 7, quoteCount: 2, likeCount: 5 };
    server.on(
      route,
      { json: { posts: [{ uri, cid: 'c', ...counts }] } },
      { json: { posts: [{ uri: 'at://x/y/z', cid: 'c' }] } },
    );
    const refs = Array.from({ length: 26 }, (_, n) => ({ id: `at://${n}` }));
    expect(await adapter.metrics(account, refs, aCtx())).toMatchObject([
      { ref: { id: uri }, shares: 9, likes: 5, replies: null, source: 'app.bsky.feed.getPosts' },
      { shares: null, likes: null, replies: null },
    ]);
    expect(server.at(route).map(({ query }) => query.getAll('uris').length)).toEqual([25, 1]);
  });

  it('gives no count at all when the server fails: not told is not 0', async () => {
    server.on(`GET ${xrpc('app.bsky.feed.getPosts')}`, failed(500, 'InternalServerError'));
    expect(await adapter.metrics(account, [{ id: uri }], aCtx())).toEqual([]);
  });

  it('brings replies and mentions since an hour before the last look, oldest first', async () => {
    const route = `GET ${xrpc('app.bsky.notification.listNotifications')}`;
    const note = (n: number, reason = 'reply') => ({
      uri: `at://them/app.bsky.feed.post/${n}`,
      reason,
      indexedAt: `2026-11-21T10:0${n}:00.000Z`,
      author: { did: `did:plc:${n}` },
      record: { text: `text ${n}`, reply: { root: { uri, cid: 'c' } } },
    });
    const old = { ...note(1), indexedAt: '2026-11-21T09:01:59.999Z' };
    server.on(route, {
      json: { notifications: [note(4), note(3, 'like'), note(2), old], cursor: 'more' },
    });
    const look = await adapter.inbound(account, '2026-11-21T10:02:00.000Z', aCtx());
    expect(look.items.map(({ text }) => text)).toEqual(['text 2', 'text 4']);
    expect(look.items[0]!.answers).toMatchObject({ id: uri });
    expect(look.cursor).toBe('2026-11-21T10:04:00.000Z');
    expect(server.at(route)).toHaveLength(1);
  });

  it('takes its post down; one that is gone already is as wanted', async () => {
    server.on(`POST ${xrpc('com.atproto.repo.deleteRecord')}`, { json: {} });
    expect(await adapter.remove(account, { id: uri }, aCtx())).toMatchObject({ outcome: 'accepted' });
    expect(server.arrived.at(-1)!.body).toMatchObject({ rkey: '3l' });
  });

  it('says that its login is broken before a warning needs it', async () => {
    server.on(`GET ${xrpc('com.atproto.server.getSession')}`, { json: {} });
    expect(await adapter.health(account)).toEqual({ health: 'ok', detail: '' });
    server.on(`GET ${xrpc('com.atproto.server.getSession')}`, failed(400, 'InvalidToken'));
    expect(await adapter.health(account)).toMatchObject({ health: 'broken' });
  });

  it('refuses pictures aloud rather than posting without them', async () => {
    const part = adapter.form(
      aPart('bluesky', { media: [{ sha256: 'a'.repeat(64), mediaType: 'image/png', alt: {} }] }),
      BLUESKY_CAPABILITIES,
    );
    expect(await adapter.stage(part, aCtx())).toMatchObject({
      failed: { outcome: 'refused', reason: 'media' },
    });
  });

  it('takes another form of the approved text, by an older build, for what it is: the post that was to stand', async () => {
    const staged = form();
    server
      .on(PUT, failed(400, 'InvalidSwap', 'Record was at bafy'))
      .on(GET, { json: { uri, cid: 'cid0', value: { text: staged.text, langs: ['en'] } } });
    expect(await adapter.publish(staged, aCtx())).toMatchObject({
      outcome: 'accepted',
      ref: { extra: { cid: 'cid0' } },
    });
  });

  it('never overwrites another text that lies under its key', async () => {
    server
      .on(PUT, failed(400, 'InvalidSwap', 'Record was at bafy'))
      .on(GET, { json: { uri, cid: 'cid0', value: { text: 'something else' } } });
    expect(await adapter.publish(form(), aCtx())).toMatchObject({
      outcome: 'refused',
      reason: 'key-conflict',
    });
    expect(server.at(PUT)).toHaveLength(1);
  });

  it('says null for a count that is none, and still tells the others', async () => {
    const post = { uri, cid: 'cid1', repostCount: -1, quoteCount: 2, likeCount: 'many', replyCount: 3 };
    server.on(`GET ${xrpc('app.bsky.feed.getPosts')}`, { json: { posts: [post] } });
    expect(await adapter.metrics(account, [{ id: uri }], aCtx())).toMatchObject([
      { shares: null, likes: null, replies: 3 },
    ]);
  });

  it.each(['MethodNotImplemented', 'XRPCNotSupported'])(
    'knows that a server without records (%s) has taken nothing',
    async (error) => {
      server.on(PUT, failed(501, error));
      expect(await adapter.publish(form(), aCtx())).toMatchObject({ outcome: 'refused', reason: 'other' });
    },
  );
});
