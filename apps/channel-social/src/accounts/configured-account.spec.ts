import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAccounts } from './configured-account.js';

const id = (letter: string) => `acc_${letter.repeat(32)}`;

describe('the accounts file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'accounts-'));
    writeFileSync(join(folder, 'token'), ' s3cret\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const entry = (more: Record<string, unknown> = {}) => ({
    accountId: id('a'),
    platform: 'mastodon',
    name: 'County floods',
    languages: ['en-GB'],
    kind: 'corporate',
    url: 'https://social.example/',
    mode: 'exercise',
    credential: { file: join(folder, 'token') },
    ...more,
  });
  const read = (...entries: unknown[]) => {
    const path = join(folder, 'accounts.json');
    writeFileSync(path, JSON.stringify(entries));
    return readAccounts(path, 'exercise');
  };

  it('names each account, and where its secret lies', () => {
    expect(read(entry())).toEqual([
      {
        accountId: id('a'),
        platform: 'mastodon',
        name: 'County floods',
        languages: ['en-GB'],
        kind: 'corporate',
        url: 'https://social.example',
        mode: 'exercise',
        secret: 's3cret',
      },
    ]);
  });

  it('may leave a secret to a variable', () => {
    process.env['LARUM_TEST_TOKEN'] = 'from outside';
    expect(read(entry({ credential: { env: 'LARUM_TEST_TOKEN' } }))[0]).toMatchObject({
      secret: 'from outside',
    });
    delete process.env['LARUM_TEST_TOKEN'];
    expect(() => read(entry({ credential: { env: 'LARUM_TEST_TOKEN' } }))).toThrow(
      'no secret in LARUM_TEST_TOKEN',
    );
  });

  it.each([
    [
      'a secret of the other world',
      { mode: 'live' },
      'has a secret for live, this process works in exercise',
    ],
    ['a server that is asked without encryption', { url: 'http://social.example' }, 'must be https'],
    ['Bluesky without a name to log in by', { platform: 'bluesky' }, 'needs the identifier'],
    ['an unknown platform', { platform: 'x' }, 'platform'],
    ['a secret in the file itself', { credential: 'abc' }, 'credential'],
    ['a field that nobody knows', { tokn: 'abc' }, 'tokn'],
    ['a secret that is not there', { credential: { file: '/nowhere/token' } }, 'no secret in /nowhere/token'],
    ['the sender of a list', { kind: 'sender' }, 'kind'],
  ])('is refused with %s', (_, more, says) => {
    expect(() => read(entry(more))).toThrow(says);
  });

  it('is refused with an account twice, and with none', () => {
    expect(() => read(entry(), entry())).toThrow('is there twice');
    expect(() => read()).toThrow('names no account');
  });

  it('is refused when it is missing or no JSON', () => {
    expect(() => readAccounts(join(folder, 'missing.json'), 'exercise')).toThrow('ENOENT');
    writeFileSync(join(folder, 'broken.json'), '{');
    expect(() => readAccounts(join(folder, 'broken.json'), 'exercise')).toThrow('not JSON');
  });

  it('allows a platform of an exercise on this machine without encryption', () => {
    for (const url of ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000']) {
      expect(read(entry({ url }))[0]!.url).toBe(url);
    }
    expect(() => read(entry({ url: 'http://127.evil.example' }))).toThrow('must be https');
    const live = join(folder, 'live.json');
    writeFileSync(live, JSON.stringify([entry({ mode: 'live', url: 'http://127.0.0.1:3000' })]));
    expect(() => readAccounts(live, 'live')).toThrow('must be https');
  });
});
