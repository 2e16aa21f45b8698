import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId } from '#contracts';
import { PlatformHttp } from '../http/platform-http.js';
import { MastodonAdapter } from '../mastodon/mastodon-adapter.js';
import { aCtx, anAccount } from '../testing/a-part.js';
import { ScriptedPlatform, type Given } from '../testing/scripted-platform.js';

const NOTIFICATIONS = 'GET /api/v1/notifications';
const failed = (status: number): Given => ({ status, json: { error: 'oops' } });

describe('what people answer on Mastodon', () => {
  let server: ScriptedPlatform;
  let http: PlatformHttp;
  let adapter: MastodonAdapter;
  const account = anAccount('mastodon');
  const mention = (n: number, changed = {}, status = {}) => ({
    id: String(n),
    type: 'mention',
    created_at: '2026-11-21T10:01:00.000Z',
    account: { id: `a${n}` },
    status: {
      id: `s${n}`,
      content: `<p>is it ${n}?</p>`,
      in_reply_to_id: '900',
      in_reply_to_account_id: '42',
      ...status,
    },
    ...changed,
  });
  const page = (from: number, to: number) => ({
    json: Array.from({ length: from - to + 1 }, (_, n) => mention(from - n)), // newest first
  });
  const look = (cursor: string | null) => adapter.inbound(account, cursor, aCtx());
  const asked = () => server.at(NOTIFICATIONS).map(({ query }) => query.get('min_id'));

  beforeEach(async () => {
    server = await ScriptedPlatform.listen();
    server.on('GET /api/v1/accounts/verify_credentials', { json: { id: '42' } });
    http = new PlatformHttp(server.origin, { connectTimeoutMs: 5_000, answerTimeoutMs: 1_000 });
    adapter = new MastodonAdapter(new Map([[account.accountId as AccountId, { http, token: 'secret' }]]));
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  it('is read page by page when many answer at once: none is stepped over', async () => {
    server.on(NOTIFICATIONS, page(47, 8), page(87, 48), page(90, 88));
    const { items, cursor } = await look('7');
    expect(items.map(({ id }) => Number(id))).toEqual(Array.from({ length: 83 }, (_, n) => n + 8));
    expect(cursor).toBe('90');
    expect(asked()).toEqual(['7', '47', '87']);
  });

  it('is waited for from the beginning on an account that nobody had answered yet', async () => {
    server.on(NOTIFICATIONS, { json: [] }, page(45, 6), page(50, 46));
    const first = await look(null);
    expect(first).toEqual({ items: [], cursor: '0' });
    expect((await look(first.cursor)).items).toHaveLength(45);
    expect(asked()).toEqual([null, '0', '45']);
  });

  it('is kept as far as it was read when a later page fails', async () => {
    server.on(NOTIFICATIONS, page(47, 8), failed(503));
    const { items, cursor } = await look('7');
    expect([items.length, cursor]).toEqual([40, '47']);
  });

  it('comes once from a server that gives the newest, whatever it is asked after', async () => {
    server.on(NOTIFICATIONS, page(47, 8));
    const { items, cursor } = await look('7');
    expect([items.length, cursor]).toEqual([40, '47']);
    expect(asked()).toEqual(['7', '47']);
  });

  it('is not a follower, a favourite or a boost, whatever a clone sends', async () => {
    server.on(NOTIFICATIONS, {
      json: [
        mention(4, { type: 'follow', status: null }),
        mention(3, { type: 'favourite' }),
        mention(2),
        mention(1, { status: null }),
      ],
    });
    const { items, cursor } = await look('0');
    expect(items.map(({ id }) => id)).toEqual(['2']);
    expect(cursor).toBe('4');
  });

  it('is not held up by one that cannot be read', async () => {
    const broken = [
      { id: '5' },
      'nonsense',
      mention(4, { created_at: 'yesterday' }),
      mention(3, { account: null }),
      mention(2),
    ];
    server.on(NOTIFICATIONS, { json: broken });
    const { items, cursor } = await look('0');
    expect(items.map(({ id, at }) => [id, at])).toEqual([
      ['2', '2026-11-21T10:01:00.000Z'],
      ['4', aCtx().clock.now()], // no time that can be read: the moment at which it was read
    ]);
    expect(cursor).toBe('5');
  });

  it('can always be stored: controls and half characters are taken out', async () => {
    server.on(NOTIFICATIONS, { json: [mention(1, {}, { content: '<p>help\u0000 \ud83c<br>now</p>' })] });
    expect((await look('0')).items[0]!.text).toBe('help \ufffd\nnow');
  });

  describe('belongs to our post', () => {
    const CONTEXT = 'GET /api/v1/statuses/s1/context';
    const deep = { in_reply_to_id: '905', in_reply_to_account_id: '77' };

    it('that it answers, without a further question', async () => {
      server.on(NOTIFICATIONS, { json: [mention(1)] });
      expect((await look('0')).items[0]!.answers).toEqual({ id: '900' });
      expect(server.at(CONTEXT)).toHaveLength(0);
    });

    it('over which people have begun to talk among themselves', async () => {
      server.on(NOTIFICATIONS, { json: [mention(1, {}, deep)] });
      server.on(CONTEXT, {
        json: {
          ancestors: [
            { id: '900', account: { id: '42' } },
            { id: '905', account: { id: '77' } },
          ],
          descendants: [],
        },
      });
      expect((await look('0')).items[0]!.answers).toEqual({ id: '900' });
    });

    it.each<[string, Given]>([
      ['cannot be read', failed(503)],
      ['is somebody else’s', { json: { ancestors: [{ id: '905', account: { id: '77' } }] } }],
      ['is nonsense', { json: { ancestors: 'none' } }],
    ])('as far as is known when the thread %s', async (_, given) => {
      server.on(NOTIFICATIONS, { json: [mention(1, {}, deep)] }).on(CONTEXT, given);
      expect((await look('0')).items[0]!.answers).toEqual({ id: '905' });
    });

    it('or to none of ours when it answers nothing', async () => {
      server.on(NOTIFICATIONS, { json: [mention(1, {}, { in_reply_to_id: null })] });
      expect((await look('0')).items[0]!.answers).toBeNull();
    });
  });
});
