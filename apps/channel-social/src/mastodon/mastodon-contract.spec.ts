import { adapterContract } from '#channel/testing';
import { practicePlatform } from '../testing/practice-platform.js';
import { MastodonAdapter } from './mastodon-adapter.js';

adapterContract('Mastodon', () =>
  practicePlatform('mastodon', ({ http, account, secret: token }) => {
    const logins = new Map([[account.accountId, { http, token }]]);
    return () => new MastodonAdapter(logins);
  }),
);

adapterContract('a server with Mastodon’s API that ignores the key', () =>
  practicePlatform(
    'mastodon',
    ({ http, account, secret: token }) => {
      const logins = new Map([[account.accountId, { http, token, honoursKey: false }]]);
      return () => new MastodonAdapter(logins);
    },
    { mastodon: { honoursKey: false } },
  ),
);
