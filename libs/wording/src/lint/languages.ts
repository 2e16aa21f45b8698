import { languageWords, wordsOf, wordsThatAreNotWelsh } from '../plain-words/languages.js';
import { inPassage, speech } from './finding.js';
import type { Finding, LintField, LintMaster, Passage } from './finding.js';

/** Words that are surely of one language, and none of the other, tell two words apart from a name; one word alone tells nothing. */
const FEWEST_WORDS = 2;
/** Below this many words a text must be wholly of the other language before it is doubted. */
const SHORT = 4;

/** Whether a text does not read like the language that it is labelled with. Told for Welsh and English only. */
function misread(text: string, language: string): boolean {
  const { welsh, english, words } = languageWords(text);
  const label = speech(language);
  if (words < FEWEST_WORDS || (label !== 'cy' && label !== 'en')) return false;
  const [own, other] = label === 'cy' ? [welsh, english] : [english, welsh];
  if (words < SHORT) return own === 0 && other >= FEWEST_WORDS;
  return other > own || (label === 'cy' && own === 0);
}

const mismatch = (field: LintField, language: string): Finding =>
  inPassage(
    { field, language },
    'language-mismatch',
    { start: 0, end: 0 },
    `This is labelled ${language} and does not read like it.`,
  );

const notWelsh = (text: string, field: LintField, language: string, names: ReadonlySet<string>): Finding[] =>
  wordsThatAreNotWelsh(text, names).map(({ word, start }) =>
    inPassage(
      { field, language },
      'letter-not-welsh',
      { start, end: start + word.length },
      `"${word}" has a letter that Welsh does not have: a misprint, or an autocorrect?`,
    ),
  );

/** A text by itself against its label; what is a name cannot be told from it. */
export function languageOf({
  text,
  field,
  language,
}: Pick<Passage, 'text' | 'field' | 'language'>): Finding[] {
  if (misread(text, language)) return [mismatch(field, language)];
  return speech(language) === 'cy' ? notWelsh(text, field, language, new Set()) : [];
}

/** The label of a language against its words, letters that Welsh lacks, and one text under two labels. */
export function languages({ texts }: LintMaster): Finding[] {
  const all = Object.entries(texts).map(([language, text]) => {
    const { source = '', hazard = '', impact = '', place = '', guidance = '' } = text;
    const spoken = [hazard, impact, guidance].filter((some) => some !== '');
    return { language, text, spoken, source, place };
  });
  const found = all.flatMap(({ language, spoken, source, place, text }) => {
    const overrides = Object.values(text.overrides ?? {}).filter((override) => misread(override, language));
    const mislabelled = [
      ...(misread(spoken.join('\n'), language) ? [mismatch('hazard', language)] : []),
      ...overrides.map(() => mismatch('overrides', language)),
    ];
    if (speech(language) !== 'cy' || mislabelled.length > 0) return mislabelled;
    const others = all.filter((other) => other.language !== language);
    const names = wordsOf([
      source,
      place,
      ...others.flatMap((other) => [...other.spoken.flatMap(capitalised), other.place, other.source]),
    ]);
    const misprints = (
      ['hazard', 'impact', 'guidance', 'headline', 'correction', 'resolved'] as const
    ).flatMap((field) => notWelsh(text[field] ?? '', field, language, names));
    return [...mislabelled, ...misprints];
  });
  return [...found, ...sameTexts(all)];
}

/** Names: words with a capital that do not merely open a sentence. */
const capitalised = (text: string) => text.match(/(?<=[\p{L},] )\p{Lu}[\p{L}'’-]+/gu) ?? [];

function sameTexts(all: readonly { language: string; spoken: readonly string[] }[]): Finding[] {
  return all.flatMap(({ language, spoken }, index) => {
    const text = spoken.join('\n').trim();
    const same = all.slice(0, index).find((other) => text !== '' && other.spoken.join('\n').trim() === text);
    if (same === undefined || speech(same.language) === speech(language)) return [];
    const message = `The same words stand under ${same.language} and ${language}: one is not translated.`;
    return [inPassage({ field: 'hazard', language }, 'same-in-two-languages', { start: 0, end: 0 }, message)];
  });
}
