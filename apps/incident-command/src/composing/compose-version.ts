import type { Account, ComposedText, Mode, Variant, WarningContent } from '#contracts';
import { textHash, type Problem } from '#runtime';
import { compose, type Composed } from '#wording';
import { problem } from '../problems/problem-table.js';
import { chosenAccounts } from './chosen-accounts.js';

/** One version that is about to be submitted, with every account that the channels have reported. */
export type Submitting = {
  mode: Mode;
  version: number;
  content: WarningContent;
  accounts: readonly Account[];
};

type Place = { account: Account; language: string };
type Text = Place & { act: 'issue' | 'cancel'; variant: Variant };

/**
 * Every text of one version: for each account and language what is sent, in two variants when it follows another version,
 * and the text that would withdraw it. Deterministic. Throws a `Problem` that names every text that does not fit.
 */
export function composeVersion(submitting: Submitting): ComposedText[] {
  const { content, accounts } = submitting;
  const variants: readonly Variant[] = followsAnother(content) ? ['thread', 'alone'] : ['first'];
  const texts = chosenAccounts(content, accounts).flatMap((account) =>
    languagesOf(account, content).flatMap((language): Text[] => [
      ...variants.map((variant) => ({ account, language, act: 'issue' as const, variant })),
      { account, language, act: 'cancel', variant: 'alone' },
    ]),
  );
  const made = texts.map((text) => ({ text, composed: composeOne(submitting, text) }));
  const unfit = made.flatMap(({ text, composed }) => (composed.ok ? [] : [misfit(text, composed)]));
  if (unfit.length > 0) throw textsDoNotFit(unfit);
  return made.flatMap(({ text, composed }) => (composed.ok ? [asText(text, composed)] : []));
}

const followsAnother = ({ message }: WarningContent) =>
  message === 'update' || message === 'correction' || message === 'all-clear';

/** English first where there is English: stored JSON does not keep the order in which an author wrote. */
export function languagesInOrder({ texts }: WarningContent): string[] {
  return Object.keys(texts).toSorted(
    (a, b) => Number(b === 'en-GB') - Number(a === 'en-GB') || (a < b ? -1 : 1),
  );
}

/** A list goes out in every language, since each subscriber has one; a social account in those that it speaks, else in the first. */
function languagesOf(account: Account, content: WarningContent): string[] {
  const written = languagesInOrder(content);
  if (account.channel !== 'social') return written;
  const spoken = written.filter((language) => account.languages.includes(language));
  return spoken.length > 0 ? spoken : written.slice(0, 1);
}

function composeOne(
  { mode, version, content }: Submitting,
  { account, language, act, variant }: Text,
): Composed {
  const text = content.texts[language];
  if (text === undefined) throw new Error(`no text in ${language}`);
  const { kind, message, link, contact, expiresAt, nextUpdateAt } = content;
  return compose({
    platform: account.platform,
    language,
    mode,
    kind,
    message: act === 'cancel' ? 'cancel' : message,
    variant,
    version,
    text,
    link,
    contact,
    expiresAt,
    nextUpdateAt,
    limits: account.limits,
  });
}

function asText({ account, language, act, variant }: Text, composed: Composed & { ok: true }): ComposedText {
  const { accountId, channel, platform } = account;
  const { subject, leftOut } = composed;
  return {
    accountId,
    channel,
    platform,
    language,
    act,
    variant,
    ...(subject === undefined ? {} : { subject, subjectSha256: textHash(subject) }),
    parts: composed.parts.map((part) => ({ ...part, sha256: textHash(part.text) })),
    leftOut,
  };
}

type Misfit = { account: string; platform: string; language: string; reason: string; detail: string };

function misfit(
  { account, language, act, variant }: Text,
  { reason, detail }: Composed & { ok: false },
): Misfit {
  const which =
    act === 'cancel' ? 'the cancel text' : variant === 'first' ? 'the text' : `the text ${variant}`;
  return {
    account: account.name,
    platform: account.platform,
    language,
    reason,
    detail: `${which}: ${detail}`,
  };
}

function textsDoNotFit(texts: readonly Misfit[]): Problem {
  const named = texts.map(({ account, language, detail }) => `${account} in ${language}: ${detail}`);
  return problem(
    'text-does-not-fit',
    `A text does not fit; nothing was recorded. ${named.join('; ')}`.slice(0, 2_000),
    {
      texts,
    },
  );
}
