import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readLiveSettings } from './live-settings.js';

const ACCOUNT = 'acc_0192f0c4a1b27c3d8e4f5a6b7c8d9e0f';
const live = { MODE: 'live', DATABASE_URL: 'postgres://larum@127.0.0.1/larum' };
const email = {
  SMTP_URL: 'smtps://relay.example:465',
  SMTP_LOGIN_MODE: 'live',
  EMAIL_ACCOUNT: ACCOUNT,
  MAIL_FROM: 'warnings@police.example',
  MAIL_FROM_NAME: 'Police warnings',
  BOUNCE_DOMAIN: 'bounces.police.example',
  MAIL_TOKEN_KEY: 'k'.repeat(32),
  PUBLIC_URL: 'https://warnings.police.example',
};
const sms = {
  SMPP_URL: 'smpps://larum:secret@smsc.example:3550',
  SMPP_LOGIN_MODE: 'live',
  SMS_SENDER: 'Police',
  SMS_ACCOUNT_ID: ACCOUNT,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'larum-live-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const accountsFile = (mode: string): string => {
  const file = join(folder, `${mode}.json`);
  const credential = { file: join(folder, 'secret') };
  writeFileSync(join(folder, 'secret'), 'a-secret\n');
  const account = {
    accountId: ACCOUNT,
    platform: 'mastodon',
    name: 'floods',
    languages: ['en-GB'],
    kind: 'corporate',
    url: 'https://social.example',
    mode,
    credential,
  };
  writeFileSync(file, JSON.stringify([account]));
  return file;
};

const mistakesOf = (env: Record<string, string>): string => {
  try {
    readLiveSettings(env);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a live start', () => {
  it('has the channels that were set up, and no other', () => {
    const settings = readLiveSettings({ ...live, ...email });
    expect(settings.email?.SMTP_URL).toBe(email.SMTP_URL);
    expect([settings.sms, settings.social]).toEqual([undefined, undefined]);
  });

  it('has all three when all three are set up', () => {
    const settings = readLiveSettings({ ...live, ...email, ...sms, ACCOUNTS_FILE: accountsFile('live') });
    expect(settings.sms?.SMPP_URL[0]).toMatchObject({ host: 'smsc.example', tls: true });
    expect(settings.social?.accounts).toMatchObject([{ name: 'floods', secret: 'a-secret' }]);
  });

  it('does not happen without a channel: it would warn nobody', () =>
    expect(mistakesOf(live)).toMatch(/no channel is set up/));

  it('does not happen without a database of its own', () => {
    const { DATABASE_URL: _, ...without } = { ...live, ...email };
    expect(mistakesOf(without)).toBe('configuration is wrong: ✖ is not set → at DATABASE_URL');
  });

  it.each([
    ['e-mail', { ...email, SMTP_LOGIN_MODE: 'exercise' }, 'SMTP_LOGIN_MODE'],
    ['SMS', { ...sms, SMPP_LOGIN_MODE: 'exercise' }, 'SMPP_LOGIN_MODE'],
  ])('does not send %s by a login for exercises', (_, channel, key) => {
    expect(mistakesOf({ ...live, ...channel })).toContain(`must say live`);
    expect(mistakesOf({ ...live, ...channel })).toContain(`→ at ${key}`);
  });

  it('does not post by an account for exercises', () =>
    expect(mistakesOf({ ...live, ACCOUNTS_FILE: accountsFile('exercise') })).toMatch(
      /a secret for exercise/,
    ));

  it.each(['PRACTICE_SEED', 'PRACTICE_RECIPIENTS', 'PLAY_EXERCISE', 'PRACTICE_SMTP_URL', 'REACTIONS_MS'])(
    'refuses %s, which belongs to exercises',
    (key) => expect(mistakesOf({ ...live, ...email, [key]: '1' })).toMatch(new RegExp(`live.* → at ${key}`)),
  );

  it('takes a forgotten line for a mistake, and tells those of every channel at once', () => {
    const { SMTP_URL: _, ...forgotten } = email;
    const said = mistakesOf({
      MODE: 'live',
      ...forgotten,
      SMS_SENDER: '!',
      ACCOUNTS_FILE: join(folder, 'no'),
    });
    for (const key of ['DATABASE_URL', 'SMTP_URL', 'SMPP_URL', 'SMS_SENDER', 'ACCOUNTS_FILE'])
      expect(said).toContain(`→ at ${key}`);
  });
});
