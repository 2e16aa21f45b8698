import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { AccountId } from '#contracts';
import type { PracticeAccount } from '#practice';
import { readConfig, sha256Hex, writeWhole } from '#runtime';
import { z } from 'zod';
import type { ConfiguredAccount } from '../../../channel-social/src/accounts/configured-account.js';
import { SocialConfig } from '../../../channel-social/src/config.js';
import { emailSettings, type EmailSettings } from '../../../channel-email/src/config.js';
import { SmsConfig } from '../../../channel-sms/src/config.js';

/** Where the practice world's doors are, and our own for what comes back. */
export type Doors = {
  /** As it stands in a URL (`reachedAt`). */
  host: string;
  http: number;
  smtp: number;
  smpp: number;
  bounces: number;
  /** Where the house itself answers. */
  url: string;
  /** Another mail sink on this machine, which then gets the mails. */
  mailSink?: string | undefined;
};

/** How a program on this machine names what listens on `host`: "every address" is loopback too, and IPv6 stands in brackets (RFC 3986 §3.2.2). */
export function reachedAt(host: string): string {
  const address = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return isIPv6(address) ? `[${address}]` : address;
}

/** The same account at every start and on every machine: it is made of what it stands for. */
export const practiceAccount = (of: string): AccountId =>
  `acc_${sha256Hex(`practice ${of}`).slice(0, 32)}` as AccountId;

/** The e-mail channel as an exercise runs it: everything goes to the practice world. What is not said here is the channel's default. */
export function practiceEmail(dataDir: string, doors: Doors): EmailSettings {
  return readConfig(z.object(emailSettings), {
    SMTP_URL: doors.mailSink ?? `smtp://${doors.host}:${doors.smtp}`,
    SMTP_LOGIN_MODE: 'exercise',
    EMAIL_ACCOUNT: practiceAccount('email'),
    MAIL_FROM: 'warnings@north-wales.example',
    MAIL_FROM_NAME: 'North Wales Police warnings',
    BOUNCE_DOMAIN: 'bounces.north-wales.example',
    BOUNCE_HOST: '127.0.0.1',
    BOUNCE_PORT: String(doors.bounces),
    MAIL_TOKEN_KEY: keptKey(join(dataDir, 'mail-token.key')),
    PUBLIC_URL: doors.url,
  });
}

/** The SMS channel as an exercise runs it. */
export function practiceSms(doors: Doors): SmsConfig {
  return readConfig(SmsConfig, {
    SMPP_URL: `smpp://larum:practice@${doors.host}:${doors.smpp}`,
    SMPP_LOGIN_MODE: 'exercise',
    SMPP_NAME: 'practice',
    SMPP_PARTS_PER_SECOND: '1000',
    SMS_SENDER: '+447700900999',
    SMS_ACCOUNT_ID: practiceAccount('sms'),
  });
}

/** What the practice world's accounts speak: one English and one Welsh account there, and one for both on the other platform. */
const LANGUAGES: Readonly<Record<string, string[]>> = {
  county_warnings: ['en-GB'],
  rhybuddion_sir: ['cy-GB'],
  'county-warnings.example': ['en-GB', 'cy-GB'],
};

/** The social channel as an exercise runs it: shares are counted every few seconds, so that a person can watch them grow. */
export function practiceSocial(
  { host, http }: Doors,
  accounts: readonly PracticeAccount[],
): SocialConfig & { accounts: ConfiguredAccount[] } {
  return {
    ...readConfig(SocialConfig, {
      SAMPLE_EVERY_S: '1,2,2,2,3,5,10,15,30,60,120,300,600,1800,3600',
      LOOK_AGAIN_S: '1,3,10',
      REPLIES_EVERY_S: '3',
    }),
    accounts: accounts.map(({ platform, handle, secret }) => ({
      accountId: practiceAccount(`${platform} ${handle}`),
      platform,
      name: handle,
      languages: LANGUAGES[handle] ?? ['en-GB'],
      kind: 'corporate',
      url: `http://${host}:${http}`,
      identifier: handle,
      mode: 'exercise',
      secret,
    })),
  };
}

/** A key of this data folder's own: made once, readable by its owner alone. */
function keptKey(file: string): string {
  if (!existsSync(file)) writeWhole(file, `${randomBytes(32).toString('hex')}\n`, 0o600);
  return readFileSync(file, 'utf8').trim();
}
