import type { MessageKind, Mode, Severity, WarningKind } from '#contracts';
import type { MasterText } from '../composing/elements.js';

/** Every check by name; WARNINGS of the house call them rules. */
export const RULES = {
  // refused: nothing goes out with it
  placeholder: 'refuse',
  'says-it-is-a-test': 'refuse',
  'says-it-is-no-drill': 'refuse',
  'exercise-unmarked': 'refuse',
  'expiry-missing': 'refuse',
  'expiry-past': 'refuse',
  'expiry-before-start': 'refuse',
  'until-further-notice': 'refuse',
  'flood-code-mixed': 'refuse',
  'run-hide-tell-altered': 'refuse',
  'link-not-allowed': 'refuse',
  'link-shortened': 'refuse',
  'link-look-alike': 'refuse',
  'control-character': 'refuse',
  'bidirectional-control': 'refuse',
  // must be acknowledged with a reason
  'test-word': 'acknowledge',
  casualties: 'acknowledge',
  'name-of-victim': 'acknowledge',
  'access-route': 'acknowledge',
  'opposed-actions': 'acknowledge',
  'source-missing': 'acknowledge',
  'hazard-missing': 'acknowledge',
  'place-missing': 'acknowledge',
  'guidance-missing': 'acknowledge',
  'relative-time': 'acknowledge',
  'action-without-place': 'acknowledge',
  'impact-missing': 'acknowledge',
  'next-update-missing': 'acknowledge',
  'language-mismatch': 'acknowledge',
  'letter-not-welsh': 'acknowledge',
  'same-in-two-languages': 'acknowledge',
  'all-clear-incomplete': 'acknowledge',
  'phone-malformed': 'acknowledge',
  'phone-unknown': 'acknowledge',
  'accidental-link': 'acknowledge',
  'mixed-scripts': 'acknowledge',
  // hints
  'long-sentence': 'hint',
  'plain-words': 'hint',
  'plan-code': 'hint',
  'rare-word': 'hint',
  initials: 'hint',
  capitals: 'hint',
  'passive-guidance': 'hint',
  'reading-age': 'hint',
  'costs-sms-parts': 'hint',
  'emoji-carries-meaning': 'hint',
  'hashtag-unreadable': 'hint',
  'picture-without-description': 'hint',
  'correction-incomplete': 'hint',
  'flood-water-remains': 'hint',
} as const satisfies Record<string, FindingLevel>;

/** `refuse`: it does not go out. `acknowledge`: a person must give a reason. `hint`: it could be better. */
export type FindingLevel = 'refuse' | 'acknowledge' | 'hint';
export type RuleId = keyof typeof RULES;

/** Where a finding lies: a field of one language's text, or of the warning as a whole. */
export type LintField =
  keyof MasterText | 'link' | 'contact' | 'expiresAt' | 'nextUpdateAt' | 'media' | 'text';

/** One thing that a person should look at. `start` and `end` are UTF-16 positions in the field; 0 and 0 = the whole of it. */
export type Finding = {
  rule: RuleId;
  level: FindingLevel;
  language?: string;
  field: LintField;
  start: number;
  end: number;
  message: string;
  /** Put in place of `start`–`end`, it would end the finding. */
  mend?: string;
};

/** One language's text while it is typed. */
export type DraftText = { readonly [Field in keyof MasterText]?: MasterText[Field] | undefined };

/** What is written of a warning so far: while it is typed, some of it is missing. */
export type LintMaster = {
  mode: Mode;
  kind?: WarningKind | undefined;
  message: MessageKind | 'cancel';
  severity?: Severity | undefined;
  texts: Readonly<Record<string, DraftText>>;
  link?: string | undefined;
  contact?: string | undefined;
  effectiveAt?: string | undefined;
  expiresAt?: string | undefined;
  nextUpdateAt?: string | undefined;
  media?: readonly { alt: Readonly<Record<string, string>> }[] | undefined;
};

/** What the rules are told besides the text. */
export type LintOptions = {
  /** The moment of checking, UTC; without it nothing is past. */
  now?: string | undefined;
  /** Hosts that a link may lead to, subdomains included. */
  allowedHosts?: readonly string[] | undefined;
  /** Telephone numbers that the public may be given, digits only. */
  phones?: readonly string[] | undefined;
};

/** One field of one language, with what the rules need to judge it. */
export type Passage = {
  text: string;
  field: LintField;
  language: string;
  master: LintMaster;
  options: LintOptions;
};

/** A rule over one passage. */
export type PassageRule = (passage: Passage) => Finding[];

/** A finding in a passage. */
export function inPassage(
  passage: Pick<Passage, 'field' | 'language'>,
  rule: RuleId,
  range: { start: number; end: number },
  message: string,
  mend?: string,
): Finding {
  const { field, language } = passage;
  const found: Finding = { rule, level: RULES[rule], language, field, ...range, message };
  return mend === undefined ? found : { ...found, mend };
}

/** Findings of one rule in one field. Whoever has mended so many looks again; a text of nothing else costs no more to check. */
export const MOST_FOUND = 200;

/** The first of some things that `fit`, as many as one rule may find. */
export function firstOf<T>(all: Iterable<T>, fit: (one: T) => boolean = () => true): T[] {
  const some: T[] = [];
  for (const one of all) {
    if (!fit(one)) continue;
    some.push(one);
    if (some.length === MOST_FOUND) break;
  }
  return some;
}

/** Every match of a pattern as a finding, up to `MOST_FOUND`. `words` makes the message from what was found. */
export function eachMatch(
  passage: Passage,
  pattern: RegExp,
  rule: RuleId,
  words: (found: string) => string,
  mend?: (found: string) => string,
): Finding[] {
  return firstOf(passage.text.matchAll(pattern)).map(({ 0: found, index }) =>
    inPassage(passage, rule, { start: index, end: index + found.length }, words(found), mend?.(found)),
  );
}

/** The language without its region. */
export const speech = (language: string): string => language.split('-')[0] ?? '';

/** What a table has for a language, whatever its region; never what every object has, such as `toString`. */
export function inLanguage<T>(table: Readonly<Record<string, T>>, language: string): T | undefined {
  return Object.hasOwn(table, speech(language)) ? table[speech(language)] : undefined;
}
