import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instant } from '#contracts';
import { PlatformHttp } from '../http/platform-http.js';
import { APPROVED } from '../testing/a-part.js';
import { ScriptedPlatform, type Given } from '../testing/scripted-platform.js';
import { BlueskySession } from './bluesky-session.js';

const CREATE = 'POST /xrpc/com.atproto.server.createSession';
const REFRESH = 'POST /xrpc/com.atproto.server.refreshSession';
const READ = 'GET /xrpc/read';
const tokens = (n: number): Given => ({
  json: { did: 'did:plc:abc', accessJwt: `access-${n}`, refreshJwt: `refresh-${n}` },
});
const expired: Given = { status: 400, json: { error: 'ExpiredToken' } };

describe('a Bluesky login', () => {
  let server: ScriptedPlatform;
  let http: PlatformHttp;
  let session: BlueskySession;
  const kept: string[] = [];
  let clock: Instant;
  let shelfFails: boolean;

  beforeEach(async () => {
    kept.length = 0;
    clock = APPROVED;
    shelfFails = false;
    server = await ScriptedPlatform.listen();
    server.on(CREATE, tokens(1)).on(REFRESH, tokens(2)).on(READ, { json: {} });
    http = new PlatformHttp(server.origin, { connectTimeoutMs: 5_000, answerTimeoutMs: 1_000 });
    const shelf = {
      load: async () => kept.at(-1) ?? null,
      save: async (token: string) => {
        if (shelfFails) throw new Error('the database is away');
        kept.push(token);
      },
    };
    session = new BlueskySession(
      http,
      { identifier: 'floods.example', appPassword: 'app-pass' },
      shelf,
      () => clock,
    );
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });
  const read = () => session.call(() => ({ method: 'GET', path: '/xrpc/read' }));
  const bearers = (route: string) => server.at(route).map(({ headers }) => headers['authorization']);

  it('is made when it is first needed, once', async () => {
    expect(server.arrived).toHaveLength(0);
    const dids: string[] = [];
    for (let n = 0; n < 2; n += 1)
      await session.call((did) => {
        dids.push(did);
        return { method: 'GET', path: '/xrpc/read' };
      });
    expect(dids).toEqual(['did:plc:abc', 'did:plc:abc']);
    expect(server.at(CREATE)).toHaveLength(1);
    expect(kept).toEqual(['refresh-1']);
  });

  it('is renewed once for all the calls that found it expired', async () => {
    await read();
    server.on(READ, expired, expired, expired, { json: {} });
    const heard = await Promise.all([read(), read(), read()]);
    expect(heard.every((one) => 'heard' in one && one.heard === 'answer' && one.answer.status === 200)).toBe(
      true,
    );
    expect(bearers(REFRESH)).toEqual(['Bearer refresh-1']);
    expect(bearers(READ).slice(-3)).toEqual(['Bearer access-2', 'Bearer access-2', 'Bearer access-2']);
  });

  it('gives up on a call that stays expired after a renewal, rather than asking for ever', async () => {
    await read();
    server.on(READ, expired);
    expect(await read()).toMatchObject({ heard: 'answer', answer: { status: 400 } });
    expect(server.at(READ)).toHaveLength(3);
  });

  it('whose token the server no longer knows is made anew for the next call, and not at each of them', async () => {
    await read();
    const unknown: Given = { status: 400, json: { error: 'InvalidToken' } };
    server.on(READ, unknown, { json: {} }).on(REFRESH, unknown).on(CREATE, tokens(3));
    expect(await read()).toMatchObject({ answer: { status: 400 } });
    expect(await read()).toMatchObject({ answer: { status: 200 } });
    expect(bearers(READ).at(-1)).toBe('Bearer access-3');
    server.on(READ, unknown);
    for (let n = 0; n < 5; n += 1) await read();
    expect(server.at(CREATE)).toHaveLength(2); // of the hundred tries of a day
    clock = '2026-11-21T10:15:00.000Z' as Instant;
    for (let n = 0; n < 5; n += 1) await read();
    expect(server.at(CREATE)).toHaveLength(3);
  });

  it('does not log in anew while the server is only away: that would use up the ration', async () => {
    kept.push('refresh-0');
    server.on(REFRESH, { status: 503, json: {} });
    expect(await read()).toMatchObject({ outcome: 'deferred' });
    expect(server.at(CREATE)).toHaveLength(0);
  });

  it('that was taken down is refused, and not tried by another door', async () => {
    kept.push('refresh-0');
    server.on(REFRESH, { status: 400, json: { error: 'AccountTakedown' } });
    expect(await read()).toMatchObject({ outcome: 'refused', reason: 'policy' });
    expect(server.at(CREATE)).toHaveLength(0);
  });

  it('tries again at the next call after a login that failed', async () => {
    server.on(CREATE, 'cut', tokens(3));
    expect(await read()).toMatchObject({ outcome: 'deferred' });
    expect(await read()).toMatchObject({ heard: 'answer' });
    expect(bearers(READ)).toEqual(['Bearer access-3']);
  });

  it('never shows its secret in an address', async () => {
    await read();
    expect(server.arrived.every(({ path, query }) => !`${path}?${query}`.includes('app-pass'))).toBe(true);
  });

  it('is made anew when the kept one is refused, once for all calls', async () => {
    kept.push('refresh-0');
    server.on(REFRESH, { status: 400, json: { error: 'ExpiredToken' } });
    await Promise.all([read(), read(), read()]);
    expect([server.at(REFRESH).length, server.at(CREATE).length]).toEqual([1, 1]);
    expect(kept).toEqual(['refresh-0', 'refresh-1']);
  });

  it('with a wrong password is not tried at every look: a hundred tries a day are all there are', async () => {
    server.on(CREATE, { status: 401, json: { error: 'AuthenticationRequired' } });
    for (let n = 0; n < 5; n += 1) expect(await read()).toMatchObject({ outcome: 'refused', reason: 'auth' });
    expect(server.at(CREATE)).toHaveLength(1);
    clock = '2026-11-21T10:15:00.000Z' as Instant;
    server.on(CREATE, tokens(3));
    expect(await read()).toMatchObject({ heard: 'answer' });
  });

  it('that the server has rationed waits until the server takes one again', async () => {
    const headers = { 'ratelimit-reset': String(Date.parse('2026-11-21T10:04:00.000Z') / 1_000) };
    server.on(CREATE, { status: 429, json: { error: 'RateLimitExceeded' }, headers }, tokens(3));
    const until = { outcome: 'deferred', until: '2026-11-21T10:04:00.000Z' };
    expect([await read(), await read()]).toMatchObject([until, until]);
    expect(server.at(CREATE)).toHaveLength(1);
    clock = '2026-11-21T10:04:00.000Z' as Instant;
    expect(await read()).toMatchObject({ heard: 'answer' });
  });

  it('is used although it could not be kept: a warning does not wait for that', async () => {
    shelfFails = true;
    expect(await read()).toMatchObject({ heard: 'answer', answer: { status: 200 } });
  });

  it.each<[string, Given]>([
    ['without a DID', { json: { accessJwt: 'a', refreshJwt: 'r' } }],
    ['that is no JSON', { text: '<html>' }],
    ['that breaks', { status: 500, json: {} }],
    ['that sends us elsewhere', { status: 307, headers: { location: 'https://elsewhere.example/' } }],
  ])('answered by something %s is only late: nothing can have been posted', async (_, given) => {
    server.on(CREATE, given);
    expect(await read()).toMatchObject({ outcome: 'deferred' });
  });
});
