import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Capabilities } from '#channel';
import type { AccountId } from '#contracts';
import { PlatformHttp } from '../http/platform-http.js';
import { aCtx, anAccount, aPart } from '../testing/a-part.js';
import { ScriptedPlatform, type Given } from '../testing/scripted-platform.js';
import { MastodonAdapter } from './mastodon-adapter.js';

const POST = 'POST /api/v1/statuses';
const ME = 'GET /api/v1/accounts/verify_credentials';
const OWN = 'GET /api/v1/accounts/42/statuses';
const posted = { json: { id: '900', url: 'https://social.example/@floods/900' } };
const failed = (status: number, error: string, headers = {}): Given => ({ status, json: { error }, headers });

describe('Mastodon', () => {
  let server: ScriptedPlatform;
  let http: PlatformHttp;
  let adapter: MastodonAdapter;
  const account = anAccount('mastodon');
  const able = (idempotency: Capabilities['idempotency']) => ({ idempotency }) as Capabilities;
  const form = (changed = {}, idempotency: Capabilities['idempotency'] = { windowMs: 1 }) => ({
    ...adapter.form(aPart('mastodon', changed), able(idempotency)),
    staged: {},
  });
  const html = (text: string) =>
    `<p>${text.replaceAll('&', '&amp;').replaceAll("'", '&#39;').replaceAll('\n\n', '</p><p>').replaceAll('\n', '<br />')}</p>`;
  const own = (text: string, at = '2026-11-21T10:00:00.500Z') => ({
    id: '7',
    url: 'https://social.example/7',
    content: html(text),
    created_at: at,
  });

  beforeEach(async () => {
    server = await ScriptedPlatform.listen();
    server.on(POST, posted).on(ME, { json: { id: '42' } });
    http = new PlatformHttp(server.origin, { connectTimeoutMs: 5_000, answerTimeoutMs: 1_000 });
    adapter = new MastodonAdapter(new Map([[account.accountId as AccountId, { http, token: 'secret' }]]));
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  it('posts the approved text, public, with its language and the delivery as key', async () => {
    const part = aPart('mastodon');
    expect(await adapter.publish(form(), aCtx())).toMatchObject({
      outcome: 'accepted',
      ref: { id: '900', url: 'https://social.example/@floods/900' },
    });
    const { body, headers } = server.at(POST)[0]!;
    expect(body).toEqual({ status: part.text, visibility: 'public', language: 'en' });
    expect(headers['idempotency-key']).toBe(`${part.deliveryId}-${part.sha256}`);
    expect(headers['authorization']).toBe('Bearer secret');
  });

  it('answers the post before', async () => {
    await adapter.publish(form({ replyTo: { root: { id: '1' }, parent: { id: '2' } } }), aCtx());
    expect(server.at(POST)[0]!.body).toMatchObject({ in_reply_to_id: '2' });
  });

  it.each<[Given, object, boolean]>([
    [failed(401, 'The access token is invalid'), { outcome: 'refused', reason: 'auth' }, false],
    [
      failed(403, 'This action is outside the authorized scopes'),
      { outcome: 'refused', reason: 'scope' },
      false,
    ],
    [failed(404, 'Record not found'), { outcome: 'refused', reason: 'target-gone' }, true],
    [failed(404, 'Record not found'), { outcome: 'refused', reason: 'other' }, false],
    [failed(422, 'Validation failed: Text character limit of 500 exceeded'), { reason: 'too-long' }, false],
    [failed(422, 'Validation failed: Media attachments not ready'), { reason: 'media' }, false],
    [failed(422, "Validation failed: Text can't be blank"), { reason: 'invalid' }, false],
    [
      failed(429, 'Too many requests', { 'x-ratelimit-reset': '2026-11-21T10:05:00.000Z' }),
      { outcome: 'deferred', until: '2026-11-21T10:05:00.000Z' },
      false,
    ],
    [
      failed(429, 'Too many requests', { 'x-ratelimit-reset': '2026-11-25T10:05:00.000Z' }),
      { outcome: 'deferred', until: '2026-11-21T11:00:01.000Z' },
      false,
    ],
    [
      failed(429, 'Too many requests', { 'retry-after': '30', date: 'Sat, 21 Nov 2026 10:00:00 GMT' }),
      { outcome: 'deferred', until: '2026-11-21T10:00:31.000Z' },
      false,
    ],
    [failed(429, 'Too many requests'), { outcome: 'deferred', until: '2026-11-21T10:00:06.000Z' }, false],
    [failed(500, 'oops'), { outcome: 'unknown' }, false],
    [failed(503, 'oops'), { outcome: 'unknown' }, false],
    [{ status: 200, json: { scheduled_at: 'later' } }, { outcome: 'unknown' }, false],
    [{ status: 200, json: { id: '3', scheduled_at: 'later' } }, { outcome: 'unknown' }, false],
    [{ status: 201, json: { id: 900 } }, { outcome: 'accepted', ref: { id: '900' } }, false],
    [failed(422, 'Validation failed: duplicate status'), { outcome: 'refused', reason: 'duplicate' }, false],
    [failed(422, 'Cannot reply to this post'), { outcome: 'refused', reason: 'target-gone' }, true],
    [failed(413, 'Payload too large'), { outcome: 'refused', reason: 'too-long' }, false],
    [failed(410, 'This account is suspended'), { outcome: 'refused', reason: 'policy' }, false],
    [failed(418, 'no user agent'), { outcome: 'refused', reason: 'other' }, false],
    [
      failed(429, 'Too many', { 'x-ratelimit-reset': '1795255500' }),
      { until: '2026-11-21T10:05:00.000Z' },
      false,
    ],
    [{ status: 302, json: {} }, { outcome: 'unknown' }, false],
    ['cut', { outcome: 'unknown' }, false],
    ['silent', { outcome: 'unknown' }, false],
  ])('takes %j for %j', async (given, outcome, replying) => {
    server.on(POST, given);
    const replyTo = replying ? { root: { id: '1' }, parent: { id: '1' } } : null;
    expect(await adapter.publish(form({ replyTo }), aCtx())).toMatchObject(outcome);
    expect(server.at(POST)).toHaveLength(1);
  });

  describe('after a lost reply', () => {
    it('repeats with the same key where the server honours it', async () => {
      server.on(POST, 'cut', posted);
      await adapter.publish(form(), aCtx());
      expect(await adapter.publish(form(), aCtx({ mayStandAlready: true }))).toMatchObject({
        outcome: 'accepted',
      });
      const keys = server.at(POST).map(({ headers }) => headers['idempotency-key']);
      expect(keys[0]).toBe(keys[1]);
      expect(server.at(OWN)).toHaveLength(0);
    });

    it('reads its own posts first where the server ignores the key, and posts nothing that stands already', async () => {
      const text = "Don't drive through flood water & leave now\n\nCall 999";
      server.on(OWN, { json: [own('something else'), own(text)] });
      const outcome = await adapter.publish(form({ text }, 'none'), aCtx({ mayStandAlready: true }));
      expect(outcome).toMatchObject({ outcome: 'accepted', ref: { id: '7' } });
      expect(server.at(POST)).toHaveLength(0);
    });

    it('posts where nothing stands', async () => {
      server.on(OWN, { json: [own('something else')] }, { json: [] });
      const outcome = await adapter.publish(form({}, 'none'), aCtx({ mayStandAlready: true }));
      expect(outcome).toMatchObject({ outcome: 'accepted', ref: { id: '900' } });
    });

    it('posts again when nobody can tell: whoever asks has weighed a doubled warning against none', async () => {
      server.on(OWN, failed(503, 'oops'));
      expect(await adapter.reconcile(form({}, 'none'), aCtx())).toEqual({ kind: 'cannot-tell' });
      const outcome = await adapter.publish(form({}, 'none'), aCtx({ mayStandAlready: true }));
      expect(outcome).toMatchObject({ outcome: 'accepted' });
      expect(server.at(POST)).toHaveLength(1);
    });

    it('no longer trusts the key when an hour has gone by', async () => {
      server.on(OWN, { json: [own(aPart('mastodon').text)] });
      const late = aCtx({ mayStandAlready: true }, 56 * 60_000);
      expect(await adapter.publish(form(), late)).toMatchObject({ outcome: 'accepted', ref: { id: '7' } });
      expect(server.at(POST)).toHaveLength(0);
    });

    it('takes a duplicate for its own post when it finds it, and for nothing else', async () => {
      server.on(POST, failed(422, 'Duplicate')).on(OWN, { json: [own(aPart('mastodon').text)] });
      expect(await adapter.publish(form(), aCtx())).toMatchObject({ outcome: 'accepted', ref: { id: '7' } });
      server.on(OWN, { json: [] });
      expect(await adapter.publish(form(), aCtx())).toMatchObject({
        outcome: 'refused',
        reason: 'duplicate',
      });
    });

    it('cannot look where it is not even told who it is', async () => {
      server.on(ME, failed(503, 'oops'));
      expect(await adapter.reconcile(form(), aCtx())).toEqual({ kind: 'cannot-tell' });
    });

    it('is not misled by the same words from before the approval', async () => {
      server.on(OWN, { json: [own(aPart('mastodon').text, '2026-11-20T10:00:00.000Z')] });
      expect(await adapter.reconcile(form(), aCtx())).toEqual({ kind: 'absent' });
    });

    it('looks further when the newest page is full of later posts', async () => {
      const later = Array.from({ length: 40 }, (_, n) => ({ ...own(`later ${n}`), id: String(1_000 - n) }));
      server.on(OWN, { json: later }, { json: [own(aPart('mastodon').text)] });
      expect(await adapter.reconcile(form(), aCtx())).toMatchObject({ kind: 'found' });
      expect(server.at(OWN)[1]!.query.get('max_id')).toBe('961');
    });
  });

  describe('tells its limits', () => {
    const V2 = 'GET /api/v2/instance';
    const configuration = { statuses: { max_characters: 5_000, characters_reserved_per_url: 32 } };

    it('from the instance', async () => {
      server.on(V2, { json: { version: '4.3.1', configuration } });
      expect(await adapter.capabilities(account)).toMatchObject({
        limits: { max: 5_000, urlCost: 32 },
        idempotency: { windowMs: 3_300_000 },
      });
    });

    it('from the older page where there is no newer one', async () => {
      server.on('GET /api/v1/instance', {
        json: { version: '4.0.0 (not true; really snac/2.75)', configuration },
      });
      expect(await adapter.capabilities(account)).toMatchObject({
        limits: { max: 5_000 },
        idempotency: 'none',
      });
    });

    it('from the documentation where the instance tells nothing', async () => {
      expect(await adapter.capabilities(account)).toMatchObject({
        limits: { max: 500, urlCost: 23 },
        idempotency: 'none',
      });
    });

    it('from both pages where the newer one does not tell all', async () => {
      server.on(V2, { json: { version: '4.0.0', configuration: { statuses: {} } } });
      server.on('GET /api/v1/instance', { json: { version: '4.0.0', configuration } });
      expect(await adapter.capabilities(account)).toMatchObject({ limits: { max: 5_000, urlCost: 32 } });
    });

    it.each<[string, object, number]>([
      ['in the way of Pleroma', { version: '2.7.2 (compatible; Akkoma)', max_toot_chars: 10_000 }, 10_000],
      ['as digits', { configuration: { statuses: { max_characters: '2000' } } }, 2_000],
      ['as nonsense', { configuration: { statuses: { max_characters: true } } }, 500],
      ['as less than nothing', { configuration: { statuses: { max_characters: -1 } } }, 500],
      ['as no limits at all', { configuration: 'later' }, 500],
    ])('told %s', async (_, json, max) => {
      server.on('GET /api/v1/instance', { json });
      expect((await adapter.capabilities(account)).limits).toMatchObject({ max });
    });

    it.each([{ status: 503 }, { status: 429 }, 'cut', 'silent'] as Given[])(
      'not at all while it answers %j: it is asked again later',
      async (given) => {
        server.on(V2, given);
        await expect(adapter.capabilities(account)).rejects.toThrow('instance');
      },
    );

    it.each([
      ['4.3.1', true],
      ['4.4.0-rc.1', true],
      ['4.2.10+glitch', true],
      ['4.0.0 (not true; really snac/2.75)', false],
      ['2.7.2 (compatible; Pleroma 2.6.0)', false],
      ['0.17.3+git-b7b4b2d', false],
      ['3.5.3+0.17.3-git-b7b4b2d', false], // GoToSocial, told to look like Mastodon
      ['4.3.0+pleroma', false],
      ['', false],
    ])('and trusts %j with the key: %s', async (version, trusted) => {
      server.on(V2, { json: { version } });
      expect((await adapter.capabilities(account)).idempotency !== 'none').toBe(trusted);
    });

    it('and believes whoever has tried the instance', async () => {
      const login = { http, token: 'secret', honoursKey: false };
      const tried = new MastodonAdapter(new Map([[account.accountId as AccountId, login]]));
      server.on(V2, { json: { version: '4.3.1' } });
      expect((await tried.capabilities(account)).idempotency).toBe('none');
    });
  });

  describe('counts', () => {
    const TOGETHER = 'GET /api/v1/statuses';
    const status = { id: '900', reblogs_count: 4, quotes_count: 1, favourites_count: 3, replies_count: 2 };

    it('many posts in one call', async () => {
      server.on(TOGETHER, { json: [status, { id: '901' }] });
      expect(await adapter.metrics(account, [{ id: '900' }, { id: '901' }], aCtx())).toMatchObject([
        { ref: { id: '900' }, shares: 5, likes: 3, replies: 2 },
        { ref: { id: '901' }, shares: null, likes: null, replies: null },
      ]);
      expect(server.at(TOGETHER)[0]!.query.getAll('id[]')).toEqual(['900', '901']);
    });

    it('say null for what is no count', async () => {
      server.on(TOGETHER, {
        json: [{ id: '900', reblogs_count: -1, favourites_count: 'many', replies_count: 2 }],
      });
      expect(await adapter.metrics(account, [{ id: '900' }], aCtx())).toMatchObject([
        { shares: null, likes: null, replies: 2 },
      ]);
    });

    it.each([failed(429, 'too many'), failed(503, 'oops'), 'cut'] as Given[])(
      'ask no twenty times more when the server answers %j',
      async (given) => {
        server.on(TOGETHER, given);
        expect(await adapter.metrics(account, [{ id: '900' }, { id: '901' }], aCtx())).toEqual([]);
        expect(server.arrived).toHaveLength(1);
      },
    );

    it('are asked for twenty at a time', async () => {
      server.on(TOGETHER, { json: [] });
      await adapter.metrics(
        account,
        Array.from({ length: 45 }, (_, n) => ({ id: String(n) })),
        aCtx(),
      );
      expect(server.at(TOGETHER).map(({ query }) => query.getAll('id[]').length)).toEqual([20, 20, 5]);
    });

    it('one by one on a server that does not know the call', async () => {
      server
        .on('GET /api/v1/statuses/900', { json: status })
        .on('GET /api/v1/statuses/901', failed(404, 'gone'));
      const samples = await adapter.metrics(account, [{ id: '900' }, { id: '901' }], aCtx());
      expect(samples).toMatchObject([{ ref: { id: '900' }, shares: 5, source: 'GET /api/v1/statuses/:id' }]);
    });
  });

  it.each([200, 404])('takes its post down, and is content with %i', async (status) => {
    server.on('DELETE /api/v1/statuses/900', { status, json: {} });
    expect(await adapter.remove(account, { id: '900' }, aCtx())).toMatchObject({ outcome: 'accepted' });
  });

  it('is not told that a post is gone which the server goes on showing', async () => {
    server
      .on('DELETE /api/v1/statuses/900', failed(404, 'not found'))
      .on('GET /api/v1/statuses/900', { json: { id: '900' } });
    expect(await adapter.remove(account, { id: '900' }, aCtx())).toMatchObject({
      outcome: 'refused',
      reason: 'other',
    });
  });

  it.each<[Given, object]>([
    [failed(403, 'not yours'), { outcome: 'refused', reason: 'scope' }],
    [failed(429, 'too many'), { outcome: 'deferred' }],
    [failed(503, 'oops'), { outcome: 'unknown' }],
    ['cut', { outcome: 'unknown' }],
  ])('knows what %j means when it takes a post down', async (given, outcome) => {
    server.on('DELETE /api/v1/statuses/900', given);
    expect(await adapter.remove(account, { id: '900' }, aCtx())).toMatchObject(outcome);
  });

  it('says that its token is broken before a warning needs it', async () => {
    expect(await adapter.health(account)).toEqual({ health: 'ok', detail: '' });
    server.on(ME, failed(401, 'invalid'));
    expect(await adapter.health(account)).toMatchObject({ health: 'broken' });
  });

  it('refuses pictures aloud rather than posting without them', async () => {
    const part = adapter.form(
      aPart('mastodon', { media: [{ sha256: 'a'.repeat(64), mediaType: 'image/png', alt: {} }] }),
      able('none'),
    );
    expect(await adapter.stage(part, aCtx())).toMatchObject({
      failed: { outcome: 'refused', reason: 'media' },
    });
  });
});
