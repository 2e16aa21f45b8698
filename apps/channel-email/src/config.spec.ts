import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { emailSettings, type EmailSettings } from './config.js';
import { relayOf } from './sending/smtp-relay.js';

const Email = z.object(emailSettings);
const least = {
  SMTP_URL: 'smtp://relay.agency.example',
  SMTP_LOGIN_MODE: 'live',
  EMAIL_ACCOUNT: `acc_${'e'.repeat(32)}`,
  MAIL_FROM: 'warnings@agency.example',
  MAIL_FROM_NAME: 'Agency',
  BOUNCE_DOMAIN: 'bounces.agency.example',
  MAIL_TOKEN_KEY: 'k'.repeat(32),
  PUBLIC_URL: 'https://warnings.agency.example',
};
const settings = (wish: Record<string, string> = {}): EmailSettings => Email.parse({ ...least, ...wish });

describe('the settings of the e-mail channel', () => {
  it('have a default where there is a safe one', () =>
    expect(settings()).toMatchObject({
      SMTP_TLS: 'if-offered',
      SMTP_CONNECTIONS: 5,
      SMTP_TIMEOUT_S: 30,
      MAIL_LANGUAGES: ['en-GB', 'cy-GB'],
      BOUNCE_HOST: '127.0.0.1',
      BOUNCE_PORT: 0,
    }));

  it.each(Object.keys(least))('do without no %s', (key) =>
    expect(
      Email.safeParse({ ...least, [key]: undefined }).error?.issues.map(({ path }) => path.join('.')),
    ).toEqual([key]),
  );

  it.each([
    ['SMTP_URL', 'http://relay.agency.example'],
    ['SMTP_LOGIN_MODE', 'test'],
    ['SMTP_TLS', 'never'],
    ['SMTP_CONNECTIONS', '0'],
    ['SMTP_CONNECTIONS', '51'],
    ['SMTP_TIMEOUT_S', '301'],
    ['MAIL_FROM', 'Agency <warnings@agency.example>'],
    ['BOUNCE_DOMAIN', 'bounces'],
    ['BOUNCE_DOMAIN', 'bounces.agency.example\r\nX: y'],
    ['MAIL_TOKEN_KEY', 'short'],
    ['PUBLIC_URL', 'warnings.agency.example'],
  ])('refuse %s=%j', (key, value) =>
    expect(Email.safeParse({ ...least, [key]: value }).error?.issues[0]?.path).toEqual([key]),
  );
});

describe('the relay that they name', () => {
  it.each([
    ['smtp://relay.example', { host: 'relay.example', port: 587, tls: 'if-offered' }],
    ['smtp://relay.example:25', { host: 'relay.example', port: 25, tls: 'if-offered' }],
    ['smtps://relay.example', { host: 'relay.example', port: 465, tls: 'from-the-first-byte' }],
    ['smtps://relay.example:8465', { host: 'relay.example', port: 8465, tls: 'from-the-first-byte' }],
    ['smtp://[2001:db8::25]:25', { host: '2001:db8::25', port: 25, tls: 'if-offered' }],
  ])('%s', (SMTP_URL, relay) =>
    expect(relayOf(settings({ SMTP_URL }))).toEqual({ ...relay, timeoutMs: 30_000 }),
  );

  it('may have to speak TLS before anything is sent', () =>
    expect(relayOf(settings({ SMTP_TLS: 'required' })).tls).toBe('required'));

  it('is logged in to where there is a user', () => {
    expect(relayOf(settings({ SMTP_USER: 'larum', SMTP_PASSWORD: 'secret' })).login).toEqual({
      user: 'larum',
      password: 'secret',
    });
    expect(relayOf(settings({ SMTP_PASSWORD: 'secret' })).login).toBeUndefined();
  });
});
