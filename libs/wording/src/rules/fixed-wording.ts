import { eachMatch, inLanguage, inPassage } from '../lint/finding.js';
import type { PassageRule } from '../lint/finding.js';

const HOURS = 3_600_000;
/** Longest span over which "tonight" can still be understood. */
const MOST_RELATIVE_HOURS = 12;

const RELATIVE: Record<string, RegExp> = {
  en: /\b(?:tonight|today|tomorrow|yesterday|this (?:morning|afternoon|evening|weekend)|later|soon|shortly|in (?:the next|a few|an?) (?:hours?|minutes?|days?))\b/gi,
  cy: /\b(?:heno|heddiw|yfory|ddoe|bore '?ma|prynhawn '?ma|cyn hir|cyn bo hir|yn fuan)\b/gi,
};
const CLOCK =
  /\b(?:[01]?\d|2[0-3])[:.][0-5]\d\b|\b(?:1[0-2]|[1-9])(?:[.:][0-5]\d)? ?[ap]\.?m\b|\b(?:noon|midnight|hanner nos|hanner dydd)\b/i;

/** "Tonight" is read tomorrow: relative times where the text lives long or names no clock time. */
export const relativeTimes: PassageRule = (passage) => {
  const { language, master, options, text } = passage;
  const pattern = inLanguage(RELATIVE, language);
  if (pattern === undefined) return [];
  const from = Date.parse(master.effectiveAt ?? options.now ?? '');
  const hours = (Date.parse(master.expiresAt ?? '') - from) / HOURS;
  if (CLOCK.test(text) && !(hours > MOST_RELATIVE_HOURS)) return [];
  return eachMatch(
    passage,
    pattern,
    'relative-time',
    (word) => `"${word}" is read hours later: give clock time and date.`,
  );
};

/** An end that nobody can wait for. */
export const openEnd: PassageRule = (passage) =>
  eachMatch(
    passage,
    /\buntil further notice\b|\bnes (?:clywir yn wahanol|bydd rhybudd pellach)\b/gi,
    'until-further-notice',
    (words) => `"${words}" tells nobody when to listen again: give the time of the next update.`,
  );

/** The flood codes of the Environment Agency and Natural Resources Wales, and how each is written. */
const CODES = {
  'Flood Alert': /\bflood alerts?\b|\bllifogydd: byddwch yn barod\b/i,
  'Flood Warning': /(?<!\bsevere )\bflood warnings?\b|\brhybudd(?:ion)? llifogydd\b(?! difrifol|:)/i,
  'Severe Flood Warning': /\bsevere flood warnings?\b|\brhybudd(?:ion)? llifogydd difrifol\b/i,
} as const;
type Code = keyof typeof CODES;

/** What only some of the codes mean: the words, to whom they belong, and what to say. */
const MEANINGS: readonly { words: RegExp; belongTo: readonly Code[]; meaning: string }[] = [
  {
    words: /\b(?:danger to life|risk to life|life-threatening|b?perygl i fywyd)\b/gi,
    belongTo: ['Severe Flood Warning'],
    meaning: 'danger to life',
  },
  {
    words: /\b(?:immediate action(?: is)? required|act now|gweithredwch (?:nawr|ar unwaith))\b/gi,
    belongTo: ['Flood Warning', 'Severe Flood Warning'],
    meaning: 'immediate action',
  },
  {
    words: /(?<!\bno )(?<!\bno further )\bflooding is expected\b|\bdisgwylir llifogydd\b/gi,
    belongTo: ['Flood Warning', 'Severe Flood Warning'],
    meaning: 'flooding is expected',
  },
  {
    words: /\bflooding is possible\b|\bmae llifogydd yn bosibl\b/gi,
    belongTo: ['Flood Alert'],
    meaning: 'flooding is possible',
  },
];

/** Each flood code has its own meaning, and a text may not lend it another's; one that names two codes may have both meanings. */
export const floodCodes: PassageRule = (passage) => {
  const { text, field } = passage;
  if (field === 'headline' || /no longer in force/i.test(text)) return [];
  const named = (Object.keys(CODES) as Code[]).filter((code) => CODES[code].test(text));
  const [code] = named;
  if (code === undefined) return [];
  return MEANINGS.filter(({ belongTo }) => !belongTo.some((owner) => named.includes(owner))).flatMap(
    ({ words, belongTo: [owner = code], meaning }) =>
      eachMatch(
        passage,
        words,
        'flood-code-mixed',
        (found) => `"${found}" is not what a ${code} means; ${meaning} is a ${owner}.`,
      ),
  );
};

/** The drill of another country, or ours in another order. Capitals, or three words that follow each other. */
const IN_CAPITALS = /\b(?:RUN|HIDE|TELL|FIGHT)\b/g;
const IN_A_ROW =
  /\b(?:run|hide|tell|fight)\b(?:[\s,.;:!–-]{1,4}(?:and |or |then )?\b(?:run|hide|tell|fight)\b){2,}/gi;
const IN_WELSH = /\b(?:RHEDWCH|CUDDIWCH|DWEUDWCH|DYWEDWCH|YMLADDWCH)\b/g;
const WELSH_FOR: Readonly<Record<string, string>> = {
  RHEDWCH: 'RUN',
  CUDDIWCH: 'HIDE',
  DWEUDWCH: 'TELL',
  DYWEDWCH: 'TELL',
  YMLADDWCH: 'FIGHT',
};
const RIGHT = 'RUN HIDE TELL';

/** RUN, HIDE, TELL in these words and this order, and nothing of another country's drill. */
export const runHideTell: PassageRule = (passage) => {
  const altered = (start: number, end: number) =>
    inPassage(
      passage,
      'run-hide-tell-altered',
      { start, end },
      'The advice is RUN, HIDE, TELL, in these words and this order.',
    );
  const row = Array.from(passage.text.matchAll(IN_A_ROW)).filter(
    ({ 0: words }) => orderOf(words.match(/\w+/g) ?? []) !== RIGHT,
  );
  const capitals = [IN_CAPITALS, IN_WELSH].flatMap((words) => {
    const found = Array.from(passage.text.matchAll(words));
    const [first, last] = [found[0], found.at(-1)];
    const order = orderOf(found.map(([word]) => word));
    // One word alone is only a word: "DO NOT HIDE keys under the mat".
    if (first === undefined || last === undefined || order === RIGHT || !order.includes(' ')) return [];
    return [{ start: first.index, end: last.index + last[0].length }];
  });
  const covered = (index: number) => capitals.some(({ start, end }) => start <= index && index < end);
  return [
    ...capitals.map(({ start, end }) => altered(start, end)),
    ...row
      .filter(({ index }) => !covered(index))
      .map(({ 0: words, index }) => altered(index, index + words.length)),
  ];
};

function orderOf(words: readonly string[]): string {
  const drill = words
    .map((word) => word.toUpperCase())
    .map((word) => WELSH_FOR[word] ?? word)
    .filter((word) => /^(?:RUN|HIDE|TELL|FIGHT)$/.test(word));
  return [...new Set(drill)].join(' ');
}
