import type { Account } from '#contracts';
import { mastodon, sender } from '#warning/testing';

/** One social account and the SMS sender, as their channels report them. */
export const usualAccounts: readonly Account[] = [
  {
    accountId: mastodon,
    channel: 'social',
    platform: 'mastodon',
    name: 'Derbyshire Police',
    languages: ['en-GB'],
    kind: 'corporate',
    limits: { max: 500, urlCost: 23 },
  },
  {
    accountId: sender,
    channel: 'sms',
    platform: 'sms',
    name: 'DerbysPol',
    languages: ['en-GB', 'cy-GB'],
    kind: 'sender',
    limits: { max: 1_600, maxParts: 10 },
  },
];
