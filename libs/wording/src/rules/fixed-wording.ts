import { eachMatch, inPassage, speech } from '../lint/finding.js';
import type { Finding, PassageRule } from '../lint/finding.js';

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
  const pattern = RELATIVE[speech(language)];
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

const GRAVE = /\b(?:danger to life|risk to life|life-threatening|perygl i fywyd|berygl i fywyd)\b/i;
const ACT_NOW = /\b(?:immediate action(?: is)? required|act now)\b/i;

/** Flood codes of the Environment Agency: each has its own meaning, and a text may not lend it another's. */
export const floodCodes: PassageRule = (passage) => {
  const { text } = passage;
  if (passage.field === 'headline') return [];
  const severe = /\bsevere flood warning\b/i.test(text);
  const mixed = (code: RegExp, words: RegExp, message: string): Finding[] =>
    !severe && code.test(text) && words.test(text) && !/no longer in force/i.test(text)
      ? eachMatch(passage, new RegExp(words, 'gi'), 'flood-code-mixed', () => message)
      : [];
  return [
    ...mixed(
      /\bflood alert\b/i,
      GRAVE,
      'A Flood Alert means "flooding is possible, be prepared"; danger to life is a Severe Flood Warning.',
    ),
    ...mixed(
      /\bflood alert\b/i,
      ACT_NOW,
      'A Flood Alert means "be prepared"; immediate action is a Flood Warning.',
    ),
    ...(/\bflood alert\b/i.test(text)
      ? []
      : mixed(
          /\bflood warning\b/i,
          GRAVE,
          'A Flood Warning means "flooding is expected"; danger to life is a Severe Flood Warning.',
        )),
  ];
};

/** RUN, HIDE, TELL in these words and this order, and nothing of another country's drill. */
export const runHideTell: PassageRule = (passage) => {
  const found = Array.from(passage.text.matchAll(/\b(?:RUN|HIDE|TELL|FIGHT)\b/g), ({ 0: word, index }) => ({
    word,
    index,
  }));
  const order = [...new Set(found.map(({ word }) => word))].join(' ');
  const [first] = found;
  if (
    first === undefined ||
    order === 'RUN HIDE TELL' ||
    !/RUN.*HIDE|HIDE.*RUN|HIDE.*TELL|TELL.*HIDE|RUN.*TELL/.test(order)
  )
    return [];
  const last = found.at(-1) ?? first;
  const range = { start: first.index, end: last.index + last.word.length };
  return [
    inPassage(
      passage,
      'run-hide-tell-altered',
      range,
      'The advice is RUN, HIDE, TELL, in these words and this order.',
    ),
  ];
};
