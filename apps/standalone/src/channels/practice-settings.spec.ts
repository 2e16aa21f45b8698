import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PRACTICE_ACCOUNTS } from '#practice';
import {
  practiceAccount,
  practiceEmail,
  practiceSms,
  practiceSocial,
  reachedAt,
  type Doors,
} from './practice-settings.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'larum-practice-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const doors: Doors = {
  host: '127.0.0.1',
  http: 8081,
  smtp: 8082,
  smpp: 8083,
  bounces: 8084,
  url: 'http://127.0.0.1:8080',
};

describe('the channels of an exercise', () => {
  it('reach nothing but this machine', () => {
    const email = practiceEmail(dataDir, doors);
    expect(email.SMTP_URL).toBe('smtp://127.0.0.1:8082');
    expect(practiceSms(doors).SMPP_URL).toMatchObject([{ host: '127.0.0.1', port: 8083, tls: false }]);
    const { accounts } = practiceSocial(doors, PRACTICE_ACCOUNTS);
    expect(new Set(accounts.map(({ url }) => url))).toEqual(new Set(['http://127.0.0.1:8081']));
    expect([email.BOUNCE_HOST, email.BOUNCE_PORT]).toEqual(['127.0.0.1', 8084]);
  });

  it.each([
    ['127.0.0.2', '127.0.0.2', '127.0.0.2'],
    ['localhost', 'localhost', 'localhost'],
    ['0.0.0.0', '127.0.0.1', '127.0.0.1'], // every address: loopback is one of them
    ['::', '[::1]', '::1'],
    ['::1', '[::1]', '::1'],
  ])('find the practice world where HOST=%s has put it', (host, inUrl, gateway) => {
    const there = { ...doors, host: reachedAt(host) };
    const email = practiceEmail(dataDir, there);
    expect(email.SMTP_URL).toBe(`smtp://${inUrl}:8082`);
    expect(practiceSms(there).SMPP_URL).toMatchObject([{ host: gateway, port: 8083 }]);
    const { accounts } = practiceSocial(there, PRACTICE_ACCOUNTS);
    expect(new Set(accounts.map(({ url }) => url))).toEqual(new Set([`http://${inUrl}:8081`]));
  });

  it('have logins of exercises alone, whatever the environment holds for live ones', () => {
    process.env['SMTP_LOGIN_MODE'] = 'live';
    process.env['SMTP_USER'] = 'the-real-relay';
    try {
      const email = practiceEmail(dataDir, doors);
      expect([email.SMTP_LOGIN_MODE, email.SMTP_USER]).toEqual(['exercise', undefined]);
    } finally {
      delete process.env['SMTP_LOGIN_MODE'];
      delete process.env['SMTP_USER'];
    }
    expect(practiceSms(doors).SMPP_LOGIN_MODE).toBe('exercise');
    for (const { mode } of practiceSocial(doors, PRACTICE_ACCOUNTS).accounts) expect(mode).toBe('exercise');
  });

  it('hand mails to another sink on this machine when a bench asks for one', () =>
    expect(practiceEmail(dataDir, { ...doors, mailSink: 'smtp://127.0.0.1:2500' }).SMTP_URL).toBe(
      'smtp://127.0.0.1:2500',
    ));

  it('speak both languages of the place, on every platform', () => {
    const { accounts } = practiceSocial(doors, PRACTICE_ACCOUNTS);
    for (const platform of ['mastodon', 'bluesky']) {
      const spoken = accounts.filter((one) => one.platform === platform).flatMap((one) => one.languages);
      expect([...new Set(spoken)].toSorted()).toEqual(['cy-GB', 'en-GB']);
    }
    expect(practiceEmail(dataDir, doors).MAIL_LANGUAGES).toEqual(['en-GB', 'cy-GB']);
    expect(practiceSms(doors).SMS_LANGUAGES).toEqual(['en-GB', 'cy-GB']);
  });

  it('sign their links with a key of this folder: kept, 256 bits, for its owner alone', () => {
    const { MAIL_TOKEN_KEY } = practiceEmail(dataDir, doors);
    expect(MAIL_TOKEN_KEY).toMatch(/^[0-9a-f]{64}$/);
    expect(practiceEmail(dataDir, doors).MAIL_TOKEN_KEY).toBe(MAIL_TOKEN_KEY);
    const file = join(dataDir, 'mail-token.key');
    expect(readFileSync(file, 'utf8').trim()).toBe(MAIL_TOKEN_KEY);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('sign with a whole key or none: a full disk leaves no empty one', () => {
    mkdirSync(join(dataDir, `mail-token.key.${process.pid}`)); // as a full disk: the file cannot be written
    expect(() => practiceEmail(dataDir, doors)).toThrow();
    expect(existsSync(join(dataDir, 'mail-token.key'))).toBe(false);
  });

  it('are the same accounts at every start, and none is another', () => {
    const ids = [
      practiceEmail(dataDir, doors).EMAIL_ACCOUNT,
      practiceSms(doors).SMS_ACCOUNT_ID,
      ...practiceSocial(doors, PRACTICE_ACCOUNTS).accounts.map((one) => one.accountId),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^acc_[0-9a-f]{32}$/);
    expect(ids[0]).toBe(practiceAccount('email'));
  });
});
