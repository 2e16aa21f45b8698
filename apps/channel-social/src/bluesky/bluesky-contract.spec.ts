import { adapterContract } from '#channel/testing';
import { practicePlatform } from '../testing/practice-platform.js';
import { BlueskyAdapter } from './bluesky-adapter.js';
import { BlueskySession } from './bluesky-session.js';

adapterContract('Bluesky', () =>
  practicePlatform('bluesky', async ({ http, account, handle, secret }) => {
    const shelf = { load: () => Promise.resolve(null), save: () => Promise.resolve() };
    const session = new BlueskySession(http, { identifier: handle, appPassword: secret }, shelf);
    const open = () => new BlueskyAdapter(new Map([[account.accountId, session]]));
    await open().health(account); // logged in before anything misbehaves: a login is a call of its own
    return open;
  }),
);
