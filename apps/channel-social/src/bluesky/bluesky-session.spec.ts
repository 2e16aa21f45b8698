import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
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

  beforeEach(async () => {
    kept.length = 0;
    server = await ScriptedPlatform.listen();
    server.on(CREATE, tokens(1)).on(REFRESH, tokens(2)).on(READ, { json: {} });
    http = new PlatformHttp(server.origin, { connectTimeoutMs: 300, answerTimeoutMs: 200 });
    const shelf = {
      load: async () => kept.at(-1) ?? null,
      save: async (token: string) => void kept.push(token),
    };
    session = new BlueskySession(
      http,
      { identifier: 'floods.example', appPassword: 'app-pass' },
      shelf,
      () => APPROVED,
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
    expect(await session.did()).toBe('did:plc:abc');
    await read();
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
});
