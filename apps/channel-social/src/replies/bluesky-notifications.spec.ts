import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, Instant } from '#contracts';
import { silentLog } from '#runtime';
import { BlueskyAdapter } from '../bluesky/bluesky-adapter.js';
import { BlueskySession } from '../bluesky/bluesky-session.js';
import { PlatformHttp } from '../http/platform-http.js';
import { aCtx, anAccount, APPROVED } from '../testing/a-part.js';
import { ScriptedPlatform } from '../testing/scripted-platform.js';

const LIST = 'GET /xrpc/app.bsky.notification.listNotifications';
const OURS = 'at://did:plc:abc/app.bsky.feed.post/3l';

describe('what people answer on Bluesky', () => {
  let server: ScriptedPlatform;
  let http: PlatformHttp;
  let adapter: BlueskyAdapter;
  const account = anAccount('bluesky');
  const at = (n: number) => new Date(Date.parse(APPROVED) + n * 1_000).toISOString() as Instant;
  const note = (n: number, changed = {}) => ({
    uri: `at://did:plc:p${n}/app.bsky.feed.post/r${n}`,
    reason: 'reply',
    reasonSubject: OURS,
    indexedAt: at(n),
    author: { did: `did:plc:p${n}` },
    record: { text: `is it ${n}?`, reply: { root: { uri: OURS, cid: 'cid1' } } },
    ...changed,
  });
  let told: string[];
  const tell = (_: unknown, sentence: string) => void told.push(sentence);
  const log = { ...silentLog, warn: tell, error: tell };
  const look = (cursor: string | null) => adapter.inbound(account, cursor, aCtx({ log }));

  beforeEach(async () => {
    told = [];
    server = await ScriptedPlatform.listen();
    server.on('POST /xrpc/com.atproto.server.createSession', {
      json: { did: 'did:plc:abc', accessJwt: 'a', refreshJwt: 'r' },
    });
    http = new PlatformHttp(server.origin, { connectTimeoutMs: 5_000, answerTimeoutMs: 1_000 });
    const shelf = { load: async () => null, save: async () => undefined };
    const session = new BlueskySession(
      http,
      { identifier: 'floods.example', appPassword: 'p' },
      shelf,
      () => APPROVED,
    );
    adapter = new BlueskyAdapter(new Map([[account.accountId as AccountId, session]]));
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  it('is asked for without the likes and reposts, which would crowd it out', async () => {
    server.on(LIST, { json: { notifications: [] } });
    await look(null);
    expect(server.at(LIST)[0]!.query.getAll('reasons')).toEqual(['reply', 'mention', 'quote']);
  });

  it('is read to the end when a thousand answer at once', async () => {
    const pages = Array.from({ length: 10 }, (_, page) => ({
      json: {
        cursor: `c${page}`,
        notifications: Array.from({ length: 100 }, (__, n) => note(1_100 - page * 100 - n)),
      },
    }));
    server.on(LIST, ...pages, { json: { notifications: [note(100)] } });
    const { items, cursor } = await look(at(100));
    expect(items).toHaveLength(1_001);
    expect([items[0]!.at, items.at(-1)!.at, cursor]).toEqual([at(100), at(1_100), at(1_100)]);
  });

  it('is not held up by one that cannot be read', async () => {
    const broken = [note(9, { record: 'nonsense' }), note(8, { indexedAt: 'yesterday' }), 'nothing', note(7)];
    server.on(LIST, { json: { notifications: broken } });
    const { items, cursor } = await look(at(1));
    expect(items.map(({ text }) => text)).toEqual(['is it 7?']);
    expect(cursor).toBe(at(9));
  });

  it('belongs to our post also when it quotes it, or when its thread cannot be read', async () => {
    const quote = note(3, { reason: 'quote', record: { text: 'look' } });
    const odd = note(2, { record: { text: 'odd', reply: { root: 'nowhere' } } });
    const mention = note(1, { reason: 'mention', reasonSubject: undefined, record: { text: 'hello' } });
    server.on(LIST, { json: { notifications: [quote, odd, mention] } });
    expect((await look(null)).items.map(({ answers }) => answers?.id ?? null)).toEqual([null, OURS, OURS]);
  });

  it('comes once, although a page may repeat the end of the one before', async () => {
    server.on(
      LIST,
      { json: { cursor: 'c', notifications: [note(3), note(2)] } },
      { json: { notifications: [note(2), note(1)] } },
    );
    expect((await look(at(0))).items.map(({ at: when }) => when)).toEqual([at(1), at(2), at(3)]);
  });

  it('can always be stored: controls and half characters are taken out', async () => {
    server.on(LIST, { json: { notifications: [note(1, { record: { text: 'help\u0000 \ud83c' } })] } });
    expect((await look(null)).items[0]!.text).toBe('help \ufffd');
  });

  it('comes although it is dated before one that was read already', async () => {
    server.on(LIST, { json: { notifications: [note(101), note(99, { uri: 'at://did:plc:late/x/1' })] } });
    const { items, cursor } = await look(at(100));
    expect(items.map(({ at: when }) => when)).toEqual([at(99), at(101)]);
    expect(cursor).toBe(at(101));
  });

  it('is looked for an hour below the newest that was read, and no further', async () => {
    server.on(LIST, { json: { cursor: 'c', notifications: [note(1), note(-3_600), note(-3_601)] } });
    const { items, cursor } = await look(at(0));
    expect(items.map(({ at: when }) => when)).toEqual([at(-3_600), at(1)]);
    expect(cursor).toBe(at(1));
    expect(server.at(LIST)).toHaveLength(1);
  });

  it('comes also from behind a page of which the filter has left nothing', async () => {
    server.on(LIST, { json: { cursor: 'c', notifications: [] } }, { json: { notifications: [note(5)] } });
    expect((await look(at(1))).items).toHaveLength(1);
    expect(server.at(LIST).map(({ query }) => query.get('cursor'))).toEqual([null, 'c']);
  });

  it('is not years old on an account that is new to us: the newest page is where it begins', async () => {
    server.on(LIST, { json: { cursor: 'c', notifications: [note(9), note(8)] } });
    const { items, cursor } = await look(null);
    expect([items.length, cursor, server.at(LIST).length]).toEqual([2, at(9), 1]);
  });

  it('is waited for from the beginning on an account that nobody had answered yet', async () => {
    const more = { cursor: 'c', notifications: [note(9), note(8)] };
    server.on(LIST, { json: { notifications: [] } }, { json: more }, { json: { notifications: [note(7)] } });
    expect((await look((await look(null)).cursor)).items).toHaveLength(3);
  });

  it('is kept as far as it was read when a page fails, and looked for again from the same place', async () => {
    server.on(LIST, { json: { cursor: 'c', notifications: [note(9)] } }, { status: 502, json: {} });
    const { items, cursor } = await look(at(1));
    expect([items.map(({ at: when }) => when), cursor]).toEqual([[at(9)], at(1)]);
    expect(told).toEqual(['replies could not be read to the end and are tried again']);
  });

  it('is called left out by a look that ends above those that were read before, and by no other', async () => {
    server.on(LIST, { json: { cursor: 'c', notifications: [note(1), note(0)] } }); // without end
    await look(at(0));
    expect([server.at(LIST).length, told]).toEqual([30, []]);
    await look(at(-1));
    expect(told).toEqual(['more replies came than one look can read: older ones are left out']);
  });
});
