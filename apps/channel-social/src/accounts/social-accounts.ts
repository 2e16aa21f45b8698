import type { AccountRef, SocialAccount, SocialAccounts } from '#channel';
import type { AccountId } from '#contracts';
import { BlueskyAdapter } from '../bluesky/bluesky-adapter.js';
import { BlueskySession, type SessionShelf } from '../bluesky/bluesky-session.js';
import { PlatformHttp, type HttpSettings } from '../http/platform-http.js';
import { MastodonAdapter, type MastodonLogin } from '../mastodon/mastodon-adapter.js';
import type { ConfiguredAccount } from './configured-account.js';

/** Every configured account with the adapter of its platform, each on connections of its own. */
export type OpenAccounts = { accounts: SocialAccounts; close(): Promise<void> };

/** Opens the ways to all platforms; nothing is called yet. `shelf` keeps a Bluesky login over a restart. */
export function openAccounts(
  configured: readonly ConfiguredAccount[],
  settings: HttpSettings,
  shelf: (account: ConfiguredAccount) => SessionShelf,
): OpenAccounts {
  const ways = configured.map((account) => ({ account, http: new PlatformHttp(account.url, settings) }));
  const sessions = new Map<AccountId, BlueskySession>();
  const logins = new Map<AccountId, MastodonLogin>();
  for (const { account, http } of ways) {
    const { accountId, platform, secret, identifier = '', honoursKey } = account;
    if (platform === 'bluesky') {
      sessions.set(accountId, new BlueskySession(http, { identifier, appPassword: secret }, shelf(account)));
    } else {
      logins.set(accountId, { http, token: secret, ...(honoursKey === undefined ? {} : { honoursKey }) });
    }
  }
  const adapters = { bluesky: new BlueskyAdapter(sessions), mastodon: new MastodonAdapter(logins) };
  const accounts = configured.map((account): [AccountId, SocialAccount] => [
    account.accountId,
    { account: refOf(account), adapter: adapters[account.platform] },
  ]);
  return {
    accounts: new Map(accounts),
    close: async () => void (await Promise.all(ways.map(({ http }) => http.close()))),
  };
}

const refOf = ({ accountId, platform, name, languages, kind }: ConfiguredAccount): AccountRef => ({
  accountId,
  channel: 'social',
  platform,
  name,
  languages,
  kind,
});
