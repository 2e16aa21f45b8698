import { opposedActions, passive, tiedToPlace } from '../rules/actions.js';
import { floodCodes, openEnd, relativeTimes, runHideTell } from '../rules/fixed-wording.js';
import { links, phones } from '../rules/links-and-phones.js';
import { capitals, jargon, planCodes, rareWords, sentenceLength, signs } from '../rules/reading.js';
import { characters, privacy, worlds } from '../rules/worlds-and-privacy.js';
import { completeness } from './completeness.js';
import { RULES } from './finding.js';
import type {
  Finding,
  FindingLevel,
  LintField,
  LintMaster,
  LintOptions,
  Passage,
  PassageRule,
} from './finding.js';
import { languageOf, languages } from './languages.js';

/** In the order in which a person should look at them. */
const PASSAGE_RULES: readonly PassageRule[] = [
  privacy,
  worlds,
  characters,
  links,
  phones,
  floodCodes,
  runHideTell,
  openEnd,
  relativeTimes,
  opposedActions,
  tiedToPlace,
  sentenceLength,
  jargon,
  planCodes,
  rareWords,
  capitals,
  passive,
  signs,
];

const FIELDS = [
  'source',
  'hazard',
  'impact',
  'place',
  'guidance',
  'headline',
  'correction',
  'resolved',
] as const;
const WEIGHT: Record<FindingLevel, number> = { refuse: 0, acknowledge: 1, hint: 2 };

/**
 * Everything that a person should look at before a warning goes out, the gravest first. The same function runs in the
 * composer while it is typed, in the API at submission, and on the command line. Pure and total.
 */
export function lint(master: LintMaster, options: LintOptions = {}): Finding[] {
  const passages = Object.entries(master.texts).flatMap(([language, text]) => [
    ...FIELDS.map((field) => passage(text[field] ?? '', field, language)),
    ...Object.values(text.overrides ?? {}).map((override) => passage(override, 'overrides', language)),
    ...(master.link === undefined ? [] : [passage(master.link, 'link', language)]),
    ...(master.contact === undefined ? [] : [passage(master.contact, 'contact', language)]),
  ]);
  function passage(text: string, field: LintField, language: string): Passage {
    return { text, field, language, master, options };
  }
  const found = [
    ...completeness(master, options),
    ...languages(master),
    ...passages
      .filter(({ text }) => text !== '')
      .flatMap((one) => PASSAGE_RULES.flatMap((rule) => rule(one))),
  ];
  return once(found).sort((a, b) => WEIGHT[a.level] - WEIGHT[b.level]);
}

/** What a single text says by itself, such as an override or a text that is not yet divided into elements. */
export function lintText(
  text: string,
  about: Pick<LintMaster, 'mode'> & { language: string; expiresAt?: string },
  options: LintOptions = {},
): Finding[] {
  const { language, ...rest } = about;
  const one: Passage = {
    text,
    field: 'text',
    language,
    master: { ...rest, message: 'first', texts: {} },
    options,
  };
  const found = [...languageOf(one), ...PASSAGE_RULES.flatMap((rule) => rule(one))];
  return once(found).sort((a, b) => WEIGHT[a.level] - WEIGHT[b.level]);
}

/** Link and contact are the same in every language: what is found there is said once. */
function once(found: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return found.filter(({ rule, field, start, language }) => {
    const key = [rule, field, start, field === 'link' || field === 'contact' ? '' : language].join();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Whether anything that was found keeps the text from going out. */
export const mayGoOut = (found: readonly Finding[]): boolean =>
  found.every(({ rule }) => RULES[rule] !== 'refuse');
