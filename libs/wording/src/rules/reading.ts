import { eachMatch, firstOf, inLanguage, inPassage, speech } from '../lint/finding.js';
import type { Finding, Passage, PassageRule } from '../lint/finding.js';
import { findJargon, mendFor } from '../plain-words/find-plain-words.js';
import { countWords, MOST_WORDS, readingAge, syllables } from '../plain-words/readability.js';
import { isGsm } from '../sms/gsm-alphabet.js';
import { adviseSms } from '../sms/transliterate.js';
import { countGraphemes } from '../text/graphemes.js';
import { sentences } from '../text/sentences.js';

/** GDS writes for a reading age of 9; above 14 a text is for few. Between the two is no business of a hint. */
const MOST_AGE = 14;

/** What one text message holds in UCS-2 (3GPP TS 23.038 §6.2.3). */
const UCS_2_ALONE = 70;

/** Sentences that are too long, and English that is hard to read. */
export const sentenceLength: PassageRule = (passage) => {
  let from = 0;
  const long = sentences(passage.text).flatMap((sentence): Finding[] => {
    const start = passage.text.indexOf(sentence, from);
    from = start + sentence.length;
    const words = countWords(sentence);
    if (words <= MOST_WORDS) return [];
    return [
      inPassage(
        passage,
        'long-sentence',
        { start, end: from },
        `${words} words in one sentence: make two of it.`,
      ),
    ];
  });
  const age = speech(passage.language) === 'en' ? readingAge(passage.text) : undefined;
  if (age === undefined || age <= MOST_AGE) return long;
  return [
    ...long,
    inPassage(
      passage,
      'reading-age',
      { start: 0, end: 0 },
      `It reads like a text for the age of ${age}: shorter words and sentences.`,
    ),
  ];
};

/** Wording that is fixed for the whole country: an operator may add to it, not alter it. */
const FIXED = /\bimmediate action(?: is)? required\b|\bto a place of safety\b/gi;

/** Words of the control room, with what to say instead. Names of agencies and places are nobody's jargon. */
export const jargon: PassageRule = (passage) => {
  const { text, field, language } = passage;
  if (speech(language) !== 'en' || field === 'source' || field === 'place') return [];
  const fixed = Array.from(text.matchAll(FIXED), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
  return findJargon(text)
    .filter(({ start, end }) => !fixed.some((range) => range.start <= start && end <= range.end))
    .map((found) => {
      const { start, end, instead } = found;
      const written = text.slice(start, end);
      const message = found.mend ? `Instead of "${written}" say "${instead}".` : `"${written}": ${instead}.`;
      const mend = mendFor(found, written);
      const article = mend === undefined ? undefined : articleBefore(text, start, mend);
      if (article === undefined) return inPassage(passage, 'plain-words', { start, end }, message, mend);
      const range = { start: article.start, end };
      return inPassage(passage, 'plain-words', range, message, `${article.right} ${mend}`);
    });
};

/** "An RTC" becomes "A crash": the article before a word, when the word that takes its place needs the other one. */
function articleBefore(
  text: string,
  start: number,
  word: string,
): { start: number; right: string } | undefined {
  const article = /(?<![\p{L}\p{N}])(an?) $/iu.exec(text.slice(Math.max(0, start - 4), start))?.[1];
  if (article === undefined) return undefined;
  const right = /^[aeiou]/i.test(word) ? `${article.charAt(0)}n` : article.charAt(0);
  return right === article ? undefined : { start: start - article.length - 1, right };
}

/** "Level 2", "Code Amber", "Red 1", "Operation Plato": words of a plan that only those who wrote it understand. */
const CODES: Record<string, RegExp> = {
  en: /\b(?:(?:alert |threat |response )?level|code|category|cat|tier|phase|grade|status|condition|priority) (?:\d{1,2}|one|two|three|four|five|red|amber|yellow|green|black|blue|white|gold|silver|bronze|zulu|alpha|bravo|charlie|delta)\b(?! (?:of|car park|parking|crossing|responders?)\b)|\b(?:red|amber|yellow|green|black|blue|gold|silver|bronze) (?:\d{1,2}|one|two|three|four|five|status)\b(?! \p{L}+ed\b)|\bOp(?:eration)? \p{Lu}\p{L}+/giu,
  cy: /\b(?:lefel|cod|categori|cam|statws|gradd) (?:\d{1,2}|un|dau|tri|coch|ambr|oren|melyn|gwyrdd|du|glas|aur|arian|efydd)\b|\b(?:coch|ambr|oren|melyn|gwyrdd) \d{1,2}\b/giu,
};

/** Codes of a plan. The public has not read it. */
export const planCodes: PassageRule = (passage) => {
  const codes = inLanguage(CODES, passage.language);
  if (codes === undefined || passage.field === 'source' || passage.field === 'place') return [];
  return eachMatch(
    passage,
    codes,
    'plan-code',
    (found) => `"${found}" is a code: say what is happening and what people must do.`,
  );
};

/** Syllables of a word that few people use. */
const RARE = 5;
/** Long, and known to everybody. */
const EVERYDAY = new Set(
  'immediately electricity university opportunity communities international temporarily necessary paediatrician refrigerator'.split(
    ' ',
  ),
);

/** Long English words that are nobody's name. */
export const rareWords: PassageRule = (passage) => {
  if (speech(passage.language) !== 'en' || passage.field === 'source' || passage.field === 'place') return [];
  const said = findJargon(passage.text);
  return eachMatch(
    passage,
    /(?<![\p{L}\p{N}@#./-])\p{Ll}{10,}(?![\p{L}\p{N}@/-])/gu,
    'rare-word',
    (word) => `"${word}" is a long word: is there a shorter one?`,
  ).filter(
    ({ start, end }) =>
      syllables(passage.text.slice(start, end)) >= RARE &&
      !EVERYDAY.has(passage.text.slice(start, end)) &&
      !said.some((range) => range.start <= start && end <= range.end),
  );
};

/** Initials and words in capitals that everybody knows. */
const KNOWN_CAPITALS = new Set(
  `UK NHS BBC AM PM SMS TV GP ID PC OK CCTV GOV ITV RNLI RSPCA RAF HGV LPG DIY MP WC A E I EXERCISE UPDATE CORRECTION CANCELLED
   ALL CLEAR APPEAL RUN HIDE TELL NOT NOW DO STAY LEAVE GO INSIDE OUT NO NEVER ONLY YMARFER DIWEDDARIAD CYWIRIAD ACT STOP
   CANSLWYD PERYGL DROSODD RHEDWCH CUDDIWCH DWEUDWCH PEIDIWCH NAWR NID BSL GB EU USA FM DAB`.split(/\s+/),
);

/** Codes that nobody has explained, and shouting. */
export const capitals: PassageRule = (passage) => {
  const inJargon = findJargon(passage.text);
  const initials = firstOf(
    passage.text.matchAll(
      /(?<![\p{L}\p{N}/.@-])\p{Lu}[\p{Lu}&]{1,5}(?![\p{L}\p{N}@/]|\.\p{L}|\s\d[\p{Lu}]{2}\b)/gu,
    ),
    ({ 0: word, index }) =>
      !KNOWN_CAPITALS.has(word) && !inJargon.some(({ start, end }) => start <= index && index < end),
  );
  const shouting = /(?:\b\p{Lu}{2,}\b[ ,]+){3,}\b\p{Lu}{2,}\b/gu;
  return [
    ...initials.map(({ 0: word, index }) =>
      inPassage(
        passage,
        'initials',
        { start: index, end: index + word.length },
        `Not everybody knows what ${word} is: spell it out.`,
      ),
    ),
    ...eachMatch(
      passage,
      shouting,
      'capitals',
      () => 'Capitals for single key words only: whole phrases in capitals are hard to read.',
    ),
  ];
};

/** Signs that a screen reader or an old phone loses, and characters that make a text message dear. */
export const signs: PassageRule = (passage) => {
  const emoji = eachMatch(
    passage,
    /(?:\p{RI}\p{RI}|[\p{Emoji_Presentation}\u26a0\u2622\u2623]\ufe0f?)/gu,
    'emoji-carries-meaning',
    (found) => `${found} says nothing to a screen reader or an old phone: say it in words as well.`,
  );
  const hashtags = eachMatch(
    passage,
    /(?<![\p{L}\p{N}&/#])#\p{Ll}{12,}/gu,
    'hashtag-unreadable',
    (tag) => `${tag} is read out as one word: begin each word in it with a capital.`,
  );
  return [...emoji, ...hashtags, ...dear(passage)];
};

function dear(passage: Passage): Finding[] {
  const { text, field, language } = passage;
  if (isGsm(text)) return [];
  const { forcing, changes } = adviseSms(text);
  if (changes.length > 0) {
    return firstOf(changes).map(({ at, from, to }) =>
      inPassage(
        passage,
        'costs-sms-parts',
        { start: at, end: at + from.length },
        `${JSON.stringify(from)} makes the text message dearer; ${JSON.stringify(to)} goes out instead.`,
        to,
      ),
    );
  }
  const [first] = forcing;
  // Welsh needs its letters. A short text is one part either way; a field of a master is only a piece of the message.
  const oneAnyway = field === 'text' && countGraphemes(text) <= UCS_2_ALONE;
  if (first === undefined || speech(language) === 'cy' || oneAnyway) return [];
  const at = text.indexOf(first.character);
  const names = firstOf(forcing).map(({ character }) => character);
  return [
    inPassage(
      passage,
      'costs-sms-parts',
      { start: at, end: at + first.character.length },
      `${names.join(' ')} doubles the parts of the text message.`,
    ),
  ];
}
