import { describe, expect, it } from '@jest/globals';
import { Told } from '../http/answer.js';
import type { Call } from '../http/route.js';
import type { PracticeAccount } from '../platform/account.js';
import { didOf, Sessions } from './sessions.js';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const ACCESS_MS = 7_200_000;
const REFRESH_MS = 90 * 86_400_000;
const account = (handle: string): PracticeAccount => ({
  platform: 'bluesky',
  handle,
  name: handle,
  secret: `word of ${handle}`,
});
const county = account('county.example');
const cymraeg = account('cymraeg.example');
type Pair = { did: string; handle: string; accessJwt: string; refreshJwt: string };

let now = NOON;
const opened = (seed = 'wainfleet', accounts = [county, cymraeg]) =>
  new Sessions(seed, accounts, () => now, ACCESS_MS);
const sessions = opened();
const logIn = (name: string = county.handle, secret: unknown = county.secret) =>
  sessions.create(name, secret) as Pair;
const call = (authorization?: string) => ({ headers: { authorization } }) as unknown as Call;
const bearer = (token: string) => call(`Bearer ${token}`);
const refusal = (asked: () => unknown): unknown => {
  try {
    asked();
    return 'let in';
  } catch (error) {
    return error instanceof Told
      ? [error.answer.status, (error.answer.body as { error: string }).error]
      : error;
  }
};

describe('a log-in at Bluesky', () => {
  it.each([county.handle, `@${county.handle}`, didOf(county.handle)])('knows the account as %s', (name) =>
    expect(logIn(name)).toMatchObject({ did: didOf(county.handle), handle: county.handle }),
  );

  it.each<[string, string, unknown]>([
    ['a wrong password', county.handle, 'guessed'],
    ['the password of another account', county.handle, cymraeg.secret],
    ['no password', county.handle, null],
    ['a name that nobody has', 'nobody.example', county.secret],
  ])('refuses %s', (_, name, secret) =>
    expect(refusal(() => logIn(name, secret))).toEqual([401, 'AuthenticationRequired']),
  );

  it('lets in whom its access token names, and says for whom a fault is meant', () => {
    const { accessJwt } = logIn(cymraeg.handle, cymraeg.secret);
    expect(sessions.account(bearer(accessJwt))).toBe(cymraeg);
    expect(sessions.handle(bearer(accessJwt))).toBe(cymraeg.handle);
    expect(sessions.handle(call())).toBeUndefined();
  });

  it('outlives a restart of the same world, and no other world takes its tokens', () => {
    const { accessJwt } = logIn();
    expect(opened().account(bearer(accessJwt)).handle).toBe(county.handle);
    expect(refusal(() => opened('skegness').account(bearer(accessJwt)))).toEqual([400, 'InvalidToken']);
  });

  it('is worth nothing for an account that is gone', () => {
    const { accessJwt } = logIn();
    expect(refusal(() => opened('wainfleet', [cymraeg]).account(bearer(accessJwt)))).toEqual([
      400,
      'InvalidToken',
    ]);
  });
});

describe('a token of Bluesky', () => {
  it.each<[string, string | undefined]>([
    ['none', undefined],
    ['another kind of authorization', 'Basic YW5uOmJvYg=='],
    ['an empty one', 'Bearer '],
  ])('is missed where the caller sends %s', (_, sent) =>
    expect(refusal(() => sessions.account(call(sent)))).toEqual([401, 'AuthMissing']),
  );

  it.each(['x', 'x.y', 'x.y.z', '..', '💧.💧.💧'])('is not %j', (token) =>
    expect(refusal(() => sessions.account(bearer(token)))).toEqual([400, 'InvalidToken']),
  );

  it('is refused with any one letter of it changed', () => {
    const { accessJwt } = logIn();
    for (let n = 0; n < accessJwt.length; n += 7) {
      // By a letter far away in the alphabet: the last one of a part has bits that say nothing.
      const other = accessJwt[n] === 'Q' ? 'e' : 'Q';
      const changed = `${accessJwt.slice(0, n)}${other}${accessJwt.slice(n + 1)}`;
      expect([n, refusal(() => sessions.account(bearer(changed)))]).toEqual([n, [400, 'InvalidToken']]);
    }
  });

  it('opens what it is for: a refresh token posts nothing, an access token refreshes nothing', () => {
    const { accessJwt, refreshJwt } = logIn();
    expect(refusal(() => sessions.account(bearer(refreshJwt)))).toEqual([400, 'InvalidToken']);
    expect(refusal(() => sessions.refresh(bearer(accessJwt)))).toEqual([400, 'InvalidToken']);
  });

  it.each<[string, number, (pair: Pair) => unknown]>([
    ['access', ACCESS_MS, ({ accessJwt }) => sessions.account(bearer(accessJwt))],
    ['refresh', REFRESH_MS, ({ refreshJwt }) => sessions.refresh(bearer(refreshJwt))],
  ])('for %s is good until its last second, and then is called expired', (_, livesMs, use) => {
    now = NOON;
    const pair = logIn();
    now = NOON + livesMs - 1;
    expect(refusal(() => use(pair))).toBe('let in');
    now = NOON + livesMs;
    expect(refusal(() => use(pair))).toEqual([400, 'ExpiredToken']);
    now = NOON;
  });

  it('is new after a refresh, and lives its whole time from then', () => {
    now = NOON;
    const { refreshJwt } = logIn();
    now = NOON + ACCESS_MS;
    const next = sessions.refresh(bearer(refreshJwt)) as Pair;
    now = NOON + 2 * ACCESS_MS - 1;
    expect(sessions.account(bearer(next.accessJwt)).handle).toBe(county.handle);
    now = NOON;
  });
});

describe('the lasting name of an account', () => {
  it('is a did of the directory, made of the handle alone', () => {
    expect(didOf('county.example')).toMatch(/^did:plc:[a-z]{24}$/);
    expect(didOf('county.example')).toBe(didOf('county.example'));
    expect(didOf('county.example')).not.toBe(didOf('country.example'));
  });
});
