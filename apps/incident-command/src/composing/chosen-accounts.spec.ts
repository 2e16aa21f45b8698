import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Channel, type Account, type AccountId, type WarningContent } from '#contracts';
import { Problem } from '#runtime';
import { flood, mastodon, sender } from '#warning/testing';
import { usualAccounts } from '../testing/accounts.js';
import { chosenAccounts } from './chosen-accounts.js';

const [toots, texts] = usualAccounts as [Account, Account];
const acc = (n: number) => `acc_${n.toString(16).padStart(32, '0')}` as AccountId;
const account = (n: number, change: Partial<Account> = {}): Account => ({
  ...toots,
  accountId: acc(n),
  name: `account ${n}`,
  ...change,
});
const chosen = (change: Partial<WarningContent>, known: readonly Account[] = usualAccounts) =>
  chosenAccounts({ ...flood, ...change }, known).map(({ accountId }) => accountId);
const problemOf = (change: Partial<WarningContent>, known: readonly Account[] = usualAccounts) => {
  try {
    chosen(change, known);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
};

describe('the accounts that a version goes out from', () => {
  it('are every social account and the one sender of each chosen list channel, when none is named', () => {
    const more = [account(7), account(2), ...usualAccounts];
    expect(chosen({ channels: ['social', 'sms'] }, more)).toEqual([acc(2), acc(7), mastodon, sender]);
  });
  it('are only the social accounts that are named, when some are; the list’s sender needs no naming', () =>
    expect(
      chosen({ channels: ['social', 'sms'], accounts: [acc(2)] }, [account(7), account(2), texts]),
    ).toEqual([acc(2), sender]));
  it('may name the sender of a list as well, which changes nothing', () =>
    expect(chosen({ channels: ['social', 'sms'], accounts: [mastodon, sender] })).toEqual([
      mastodon,
      sender,
    ]));
  it('are each once, though a channel or an account was named twice', () =>
    expect(chosen({ channels: ['social', 'social'], accounts: [mastodon, mastodon] })).toEqual([mastodon]));
  it('are in the order of their ids, whatever order the channels reported them in: what is hashed must not hang on chance', () => {
    const known = [1, 2, 3, 4, 5, 6].map((n) => account(n));
    fc.assert(
      fc.property(fc.shuffledSubarray(known, { minLength: known.length }), (reported) =>
        expect(chosen({ channels: ['social'] }, reported)).toEqual(known.map(({ accountId }) => accountId)),
      ),
      { seed: 20261121 },
    );
  });

  it('are refused with a name that no channel has reported: it would be left out in silence', () =>
    expect(problemOf({ accounts: [acc(99)] })).toMatchObject({
      code: 'unknown-account',
      status: 422,
      extra: { accounts: [acc(99)] },
    }));
  it('are refused with a name whose channel was not chosen: somebody meant it to go there', () =>
    expect(problemOf({ channels: ['sms'], accounts: [mastodon] })).toMatchObject({
      code: 'account-without-channel',
      extra: { accounts: [mastodon], channel: 'social' },
    }));
  it('are refused where a chosen channel has nobody to send from, and every such channel is named', () =>
    expect(problemOf({ channels: ['email', 'social', 'sms'] }, [])).toMatchObject({
      code: 'channel-without-account',
      extra: { channels: ['email', 'social', 'sms'] },
    }));
  it('are refused where the social accounts that were named are all of other channels', () =>
    expect(problemOf({ channels: ['social', 'sms'], accounts: [sender] })).toMatchObject({
      code: 'channel-without-account',
      extra: { channels: ['social'] },
    }));

  it('never lie on a channel that was not chosen, and no chosen channel goes without: or the version is refused', () => {
    const known = fc.uniqueArray(
      fc
        .tuple(fc.nat(20), fc.constantFrom(...Channel.options))
        .map(([n, channel]) => account(n, { channel })),
      { selector: ({ accountId }) => accountId },
    );
    const content = fc.record(
      {
        channels: fc.uniqueArray(fc.constantFrom(...Channel.options), { minLength: 1 }),
        accounts: fc.array(fc.nat(20).map(acc), { minLength: 1, maxLength: 4 }),
      },
      { requiredKeys: ['channels'] },
    );
    fc.assert(
      fc.property(known, content, (all, wish) => {
        const refused = problemOf(wish, all);
        if (refused !== undefined) return expect(refused.status).toBe(422);
        const found = chosenAccounts({ ...flood, ...wish }, all);
        for (const { channel } of found) expect(wish.channels).toContain(channel);
        for (const channel of wish.channels) expect(found.some((one) => one.channel === channel)).toBe(true);
        for (const named of wish.accounts ?? [])
          expect(found.map(({ accountId }) => accountId)).toContain(named);
      }),
      { numRuns: 300, seed: 20261121 },
    );
  });
});
