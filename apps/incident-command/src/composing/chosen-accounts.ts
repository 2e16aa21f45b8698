import type { Account, Channel, WarningContent } from '#contracts';
import { problem } from '../problems/problem-table.js';

/**
 * The accounts that a version goes out from, in the order of their ids: those that it names, or every social account when
 * it names none, and the one sender of each list channel. Throws a `Problem` for a name that no channel has reported, one
 * whose channel was not chosen, and a chosen channel that has nobody to send from.
 */
export function chosenAccounts(content: WarningContent, known: readonly Account[]): Account[] {
  const { channels, accounts: named } = content;
  for (const accountId of named ?? []) {
    const account = known.find((one) => one.accountId === accountId);
    if (account === undefined) throw problem('unknown-account', undefined, { accounts: [accountId] });
    if (!channels.includes(account.channel)) {
      throw problem('account-without-channel', undefined, {
        accounts: [accountId],
        channel: account.channel,
      });
    }
  }
  const chosen = known.filter(
    ({ accountId, channel }) =>
      channels.includes(channel) &&
      (channel !== 'social' || named === undefined || named.includes(accountId)),
  );
  const silent = channels.filter(
    (channel: Channel) => !chosen.some((account) => account.channel === channel),
  );
  if (silent.length > 0) throw problem('channel-without-account', undefined, { channels: silent });
  return chosen.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
}
