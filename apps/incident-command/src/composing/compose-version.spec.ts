import { describe, expect, it } from '@jest/globals';
import type { Account, AccountId, WarningContent } from '#contracts';
import { Problem, textHash } from '#runtime';
import { allClear, flood, mastodon, sender, update } from '#warning/testing';
import { usualAccounts } from '../testing/accounts.js';
import { composeVersion, languagesInOrder } from './compose-version.js';

const [toots, texts] = usualAccounts as [Account, Account];
const welsh = {
  source: 'Heddlu Gogledd Cymru',
  hazard: 'Mae’r afon wedi gorlifo.',
  place: 'Llanrwst',
  guidance: 'Symudwch i fyny’r grisiau nawr.',
};
const bilingual: WarningContent = { ...flood, texts: { 'cy-GB': welsh, ...flood.texts } };
const composed = (content: WarningContent, accounts: readonly Account[] = usualAccounts, version = 1) =>
  composeVersion({ mode: 'exercise', version, content, accounts });
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
};
const another = (name: string, change: Partial<Account>): Account => ({
  ...toots,
  accountId: `acc_${name.repeat(32)}` as AccountId,
  ...change,
});

describe('the texts of a version', () => {
  it('carry the hash of every part, so that a channel can refuse another', () => {
    for (const { parts } of composed(flood))
      for (const { text, sha256 } of parts) expect(sha256).toBe(textHash(text));
  });

  it('are the same at every composing', () => expect(composed(bilingual)).toEqual(composed(bilingual)));

  it('are marked as an exercise from the first word to the last, and live ones are not', () => {
    for (const { parts } of composed(flood)) {
      expect(parts[0]?.text).toMatch(/^EXERCISE/);
      expect(parts.at(-1)?.text).toMatch(/EXERCISE\.?$/);
    }
    const live = composeVersion({ mode: 'live', version: 1, content: flood, accounts: usualAccounts });
    expect(JSON.stringify(live)).not.toContain('EXERCISE');
  });

  it('of a first warning open, those of an update can answer the first post or stand alone', () => {
    const variants = (content: WarningContent, version: number) =>
      composed(content, [toots], version).map(({ act, variant }) => `${act} ${variant}`);
    const channels = ['social'] as WarningContent['channels'];
    expect(variants({ ...flood, channels }, 1)).toEqual(['issue first', 'cancel alone']);
    expect(variants({ ...update, channels }, 2)).toEqual(['issue thread', 'issue alone', 'cancel alone']);
    expect(variants({ ...allClear, channels }, 2)).toEqual(['issue thread', 'issue alone', 'cancel alone']);
  });

  it('go to a list in every language, and to a social account in those that it speaks', () => {
    const languages = (channel: string) => [
      ...new Set(
        composed(bilingual)
          .filter((text) => text.channel === channel)
          .map(({ language }) => language),
      ),
    ];
    expect(languages('sms')).toEqual(['en-GB', 'cy-GB']);
    expect(languages('social')).toEqual(['en-GB']);
  });

  it('go to an account that speaks none of the languages in the first one, rather than not at all', () => {
    const polish = another('8', { languages: ['pl-PL'] });
    const content = { ...bilingual, channels: ['social'] as WarningContent['channels'] };
    expect(new Set(composed(content, [polish]).map(({ language }) => language))).toEqual(new Set(['en-GB']));
  });

  it('put English first, whatever order the stored JSON has', () => {
    expect(languagesInOrder(bilingual)).toEqual(['en-GB', 'cy-GB']);
    expect(languagesInOrder({ ...bilingual, texts: { 'pl-PL': welsh, 'cy-GB': welsh } })).toEqual([
      'cy-GB',
      'pl-PL',
    ]);
  });

  it('name every text that does not fit, and none is cut', () => {
    const guidance = `Go ${'and go on '.repeat(180)}.`;
    const long = { ...flood, texts: { 'en-GB': { ...welsh, guidance } } };
    expect(codeOf(() => composed(long))).toBe('text-does-not-fit');
  });

  it('fit the limits that the account reports, not those that are documented', () => {
    const narrow = another('8', { limits: { max: 60 } });
    expect(codeOf(() => composed({ ...flood, channels: ['social'] }, [narrow]))).toBe('text-does-not-fit');
  });
});

describe('the accounts of a version', () => {
  const accountsOf = (content: WarningContent, known: readonly Account[]) => [
    ...new Set(composed(content, known).map(({ accountId }) => accountId)),
  ];
  const second = another('8', { name: 'Neighbourhood team' });

  it('are all social accounts when none is named', () =>
    expect(accountsOf(flood, [...usualAccounts, second])).toEqual([mastodon, sender, second.accountId]));
  it('are those that are named, and the sender of each list', () =>
    expect(accountsOf({ ...flood, accounts: [mastodon] }, [...usualAccounts, second])).toEqual([
      mastodon,
      sender,
    ]));
  it('must be known', () =>
    expect(codeOf(() => composed({ ...flood, accounts: [second.accountId] }))).toBe('unknown-account'));
  it('must be of a channel that was chosen', () =>
    expect(codeOf(() => composed({ ...flood, channels: ['sms'], accounts: [mastodon] }))).toBe(
      'account-without-channel',
    ));
  it('must be there for every channel that was chosen', () =>
    expect(codeOf(() => composed(flood, [texts]))).toBe('channel-without-account'));
});
