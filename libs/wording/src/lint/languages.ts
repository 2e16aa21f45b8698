import { languageWords, wordsOf, wordsThatAreNotWelsh } from '../plain-words/languages.js';
import { inPassage, RULES, speech } from './finding.js';
import type { Finding, LintMaster } from './finding.js';

/** The label of a language against its words, letters that Welsh lacks, and one text under two labels. */
export function languages({ texts }: LintMaster): Finding[] {
  const found: Finding[] = [];
  const all = Object.entries(texts).map(([language, text]) => {
    const { source = '', hazard = '', impact = '', place = '', guidance = '' } = text;
    return {
      language,
      text,
      spoken: [hazard, impact, guidance].filter((some) => some !== ''),
      source,
      place,
    };
  });
  for (const { language, spoken, source, place, text } of all) {
    const whole = spoken.join('\n');
    const { welsh, english, words } = languageWords(whole);
    const welshLabel = speech(language) === 'cy';
    const label = speech(language);
    const mismatch =
      words >= 4 && (welshLabel ? welsh === 0 || english > welsh : label === 'en' && welsh > english);
    if (mismatch) {
      const message = `This is labelled ${language} and does not read like it.`;
      found.push({
        rule: 'language-mismatch',
        level: RULES['language-mismatch'],
        language,
        field: 'hazard',
        start: 0,
        end: 0,
        message,
      });
    }
    if (!welshLabel) continue;
    const others = all.filter((other) => other.language !== language);
    const names = wordsOf([
      source,
      place,
      ...others.flatMap((other) => [...other.spoken.flatMap(capitalised), other.place, other.source]),
    ]);
    for (const field of ['hazard', 'impact', 'guidance'] as const) {
      for (const { word, start } of wordsThatAreNotWelsh(text[field] ?? '', names)) {
        const message = `"${word}" has a letter that Welsh does not have: a misprint, or an autocorrect?`;
        found.push(
          inPassage({ field, language }, 'letter-not-welsh', { start, end: start + word.length }, message),
        );
      }
    }
  }
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
    return [
      {
        rule: 'same-in-two-languages',
        level: RULES['same-in-two-languages'],
        language,
        field: 'hazard',
        start: 0,
        end: 0,
        message,
      } satisfies Finding,
    ];
  });
}
