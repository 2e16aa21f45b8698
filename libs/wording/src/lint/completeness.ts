import { RULES } from './finding.js';
import type { Finding, LintField, LintMaster, LintOptions, RuleId } from './finding.js';
import { inLanguage } from './finding.js';

const VITAL = ['source', 'hazard', 'place', 'guidance'] as const;
const ASKS = {
  source: 'who is speaking, spelt out',
  hazard: 'what is happening',
  place: 'where, in places that people know',
  guidance: 'what people must do',
} as const;

const HOW = 'how it was resolved';

/** The four parts of an all-clear (thewarnroom.com), as words that tell each. */
const ALL_CLEAR: Record<string, readonly (readonly [string, RegExp])[]> = {
  en: [
    ['that the danger is over', /\b(?:over|ended|has passed|no longer|lifted|stood down)\b/i],
    ['that people are safe', /\bsafe(?:ly)?\b/i],
    [
      'what to do or resume',
      /\b(?:return|go back|resume|re-?open(?:ed|s)?|can (?:now|use|drink|go|leave)|may (?:now|use|drink|go))\b/i,
    ],
    [HOW, /\b(?:has been|have been|after|because|was|were|repaired|made safe|put out|fell|pumped)\b/i],
  ],
  cy: [
    ['that the danger is over', /(?:drosodd|dod i ben|ar ben|heibio|mwyach)/i],
    ['that people are safe', /(?:ddiogel|diogel|saff)/i],
    ['what to do or resume', /(?:dychwelyd|mynd yn ôl|fynd yn ôl|ailagor|gallwch|gellir)/i],
    [HOW, /(?:wedi|ar ôl|oherwydd|oedd)/i],
  ],
};

const whole = (rule: RuleId, field: LintField, message: string, language?: string): Finding => ({
  rule,
  level: RULES[rule],
  ...(language === undefined ? {} : { language }),
  field,
  start: 0,
  end: 0,
  message,
});

/** What is missing: elements, times, descriptions of pictures, parts of an all-clear. */
export function completeness(master: LintMaster, options: LintOptions): Finding[] {
  return [
    ...times(master, options),
    ...Object.keys(master.texts).flatMap((language) => missingElements(master, language)),
    ...atSeverity(master),
    ...pictures(master),
    ...(master.message === 'all-clear' ? allClear(master) : []),
    ...(master.message === 'correction' ? correction(master) : []),
    ...floodOver(master),
  ];
}

function missingElements(master: LintMaster, language: string): Finding[] {
  return VITAL.filter((name) => (master.texts[language]?.[name] ?? '').trim() === '').map((name) =>
    whole(`${name}-missing`, name, `Say ${ASKS[name]}.`, language),
  );
}

function times({ expiresAt, effectiveAt }: LintMaster, { now }: LintOptions): Finding[] {
  if (expiresAt === undefined) return [whole('expiry-missing', 'expiresAt', 'Say until when this holds.')];
  const ends = Date.parse(expiresAt);
  const past = now !== undefined && ends <= Date.parse(now);
  const before = effectiveAt !== undefined && ends <= Date.parse(effectiveAt);
  return [
    ...(Number.isNaN(ends) ? [whole('expiry-missing', 'expiresAt', 'The expiry is not a time.')] : []),
    ...(past ? [whole('expiry-past', 'expiresAt', 'The expiry is already past.')] : []),
    ...(before ? [whole('expiry-before-start', 'expiresAt', 'It would end before it begins.')] : []),
  ];
}

/** At Severe and Extreme people wait for the next word, and must know what could happen to them. */
function atSeverity(master: LintMaster): Finding[] {
  const { severity, message, nextUpdateAt, texts } = master;
  const grave = severity === 'Severe' || severity === 'Extreme';
  if (!grave || message === 'all-clear' || message === 'cancel') return [];
  const later = 'Say when the next word will come: people look for it.';
  return [
    ...(nextUpdateAt === undefined ? [whole('next-update-missing', 'nextUpdateAt', later)] : []),
    ...Object.entries(texts)
      .filter(([, { impact }]) => (impact ?? '').trim() === '')
      .map(([language]) => whole('impact-missing', 'impact', 'Say what could happen to people.', language)),
  ];
}

function pictures({ media = [], texts }: LintMaster): Finding[] {
  return media.flatMap(({ alt }, index) =>
    Object.keys(texts)
      .filter((language) => !Object.hasOwn(alt, language) || (alt[language] ?? '').trim() === '')
      .map((language) =>
        whole(
          'picture-without-description',
          'media',
          `Describe picture ${index + 1} for those who cannot see it.`,
          language,
        ),
      ),
  );
}

function allClear({ texts }: LintMaster): Finding[] {
  return Object.entries(texts).flatMap(
    ([language, { hazard = '', impact = '', guidance = '', resolved = '' }]) => {
      const parts = inLanguage(ALL_CLEAR, language);
      if (parts === undefined) return [];
      const text = [hazard, impact, guidance, resolved].join('\n');
      const told = (part: string, words: RegExp) =>
        words.test(text) || (part === HOW && resolved.trim() !== '');
      const missing = parts.filter(([part, words]) => !told(part, words)).map(([part]) => part);
      if (missing.length === 0) return [];
      return [
        whole(
          'all-clear-incomplete',
          'hazard',
          `The all-clear does not say ${missing.join(', nor ')}.`,
          language,
        ),
      ];
    },
  );
}

/** A correction says what was wrong, what is right and since when; the second is the text itself. */
function correction({ texts }: LintMaster): Finding[] {
  return Object.entries(texts)
    .filter(([, { correction: wrong = '' }]) => wrong.trim() === '')
    .map(([language]) =>
      whole('correction-incomplete', 'correction', 'Say what was wrong, and since when.', language),
    );
}

const OVER =
  /\bflood (?:alert|warning)s?\b[^.]{0,80}\bno longer in force\b|\bno longer in force\b[^.]{0,80}\bflood (?:alert|warning)s?\b/i;
const CARE =
  /\bflood ?water\b|\bwater (?:may|can|is|will|still|remains?)\b|\b(?:do not|don['’]t|never) (?:walk|drive|wade)\b|\b(?:stay|keep) (?:away|out)\b|\btake care\b/i;

/** "Warnings no longer in force" means that no further flooding is expected, not that the water has gone. */
function floodOver({ texts }: LintMaster): Finding[] {
  return Object.entries(texts).flatMap(([language, text]) => {
    const { hazard = '', impact = '', guidance = '', resolved = '' } = text;
    const written = [hazard, impact, guidance, resolved].join('\n');
    if (!OVER.test(written) || CARE.test(written)) return [];
    const message = 'Flood water may remain after the warning: say so, and keep people out of it.';
    return [whole('flood-water-remains', 'guidance', message, language)];
  });
}
