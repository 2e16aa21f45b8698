import type { Act, AccountId, ComposedText, Variant } from '#contracts';
import { pickText } from '../following/follow.js';

/** One post of an account: `part` counts from 1 over all its languages (DESIGN §6), `inLanguage` within its own. */
export type AccountPart = {
  part: number;
  inLanguage: number;
  language: string;
  text: string;
  sha256: string;
  /** Links, hashtags and mentions as `wording` composed them with the text, approved with it. */
  entities?: unknown;
};

/**
 * The posts of one account for an act and variant, in the order of the composed languages. The planner and the sender both
 * count by this, so a part means the same post at every attempt.
 */
export function accountParts(
  texts: readonly ComposedText[],
  wished: { accountId: AccountId; act: Act; variant: Variant },
): AccountPart[] {
  const mine = texts.filter(({ accountId, act }) => accountId === wished.accountId && act === wished.act);
  const languages = [...new Set(mine.map(({ language }) => language))];
  const parts = languages.flatMap((language) => {
    const text = pickText(mine, { ...wished, language });
    return (text?.language === language ? text.parts : []).map((part, n) => ({
      ...part,
      entities: part['entities'],
      language,
      inLanguage: n + 1,
    }));
  });
  return parts.map(({ language, inLanguage, text, sha256, entities }, n) => ({
    part: n + 1,
    inLanguage,
    language,
    text,
    sha256,
    entities,
  }));
}
