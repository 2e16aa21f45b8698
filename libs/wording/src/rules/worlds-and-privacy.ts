import { eachMatch, firstOf, inPassage, speech } from '../lint/finding.js';
import type { PassageRule } from '../lint/finding.js';
import { inOurLetters, mixesAlphabets } from '../links/look-alikes.js';

const WORD = /\p{L}+/gu;
/** What stands for a control character that separates words; the others are taken out. */
const INSTEAD: Readonly<Record<string, string>> = { '\t': ' ', '\r': '\n', '\v': '\n', '\f': '\n' };

/** Characters that nobody sees and that change what is read, or that some platform refuses a whole post for. */
export const characters: PassageRule = (passage) => [
  ...eachMatch(
    passage,
    /[\u202a-\u202e\u2066-\u2069]/g,
    'bidirectional-control',
    () => 'A hidden mark turns the reading direction: take it out.',
    () => '',
  ),
  ...eachMatch(
    passage,
    /\r(?!\n)|[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufeff\ufffe\uffff]|\p{Surrogate}/gu,
    'control-character',
    () => 'A character that cannot be sent: take it out.',
    (found) => INSTEAD[found] ?? '',
  ),
  ...firstOf(passage.text.matchAll(WORD), ([word]) => mixesAlphabets(word)).map(({ 0: word, index }) =>
    inPassage(
      passage,
      'mixed-scripts',
      { start: index, end: index + word.length },
      `${word} mixes alphabets: a letter only looks like ours. Type the word again.`,
      inOurLetters(word),
    ),
  ),
];

const says = (english: RegExp, welsh: RegExp) => (language: string) =>
  speech(language) === 'cy' ? welsh : english;
const TEST = says(
  /\b(?:this is (?:only )?(?:a|an) (?:test|exercise|drill)|test message|exercise exercise|for exercise only)\b/gi,
  /(?:dim ond )?(?:prawf|ymarfer(?:iad)?) (?:yw|ydy) hwn|neges brawf/gi,
);
const TEST_WORD = says(/\b(?:tests?|testing|exercises?|drills?)\b/gi, /\b(?:prawf|ymarfer(?:iad)?)\b/gi);
const NO_DRILL = says(
  /\b(?:this is not a (?:drill|test|exercise)|not a drill)\b/gi,
  /nid (?:prawf|ymarfer(?:iad)?) (?:yw|ydy) hwn/gi,
);

/** Exercise and live are two worlds, in words as well. */
export const worlds: PassageRule = (passage) => {
  const { master, language, field, text } = passage;
  if (master.mode === 'exercise') {
    const mark = speech(language) === 'cy' ? 'YMARFER' : 'EXERCISE';
    const unmarked = (start: number, mend: string) =>
      inPassage(
        passage,
        'exercise-unmarked',
        { start, end: start },
        `An exercise text begins and ends with ${mark}.`,
        mend,
      );
    return [
      ...eachMatch(
        passage,
        NO_DRILL(language),
        'says-it-is-no-drill',
        () => 'An exercise must not say that it is not a drill.',
      ),
      ...(field === 'text' && !text.trimStart().startsWith(mark) ? [unmarked(0, `${mark}. `)] : []),
      ...(field === 'text' && !text.trimEnd().endsWith(mark) ? [unmarked(text.length, ` ${mark}`)] : []),
    ];
  }
  const whole = eachMatch(
    passage,
    TEST(language),
    'says-it-is-a-test',
    () => 'A live text must not say that it is a test, an exercise or a drill.',
  );
  const words = eachMatch(
    passage,
    TEST_WORD(language),
    'test-word',
    (word) => `"${word}" in a live text: will people think that it is not real?`,
  );
  const denials = Array.from(text.matchAll(NO_DRILL(language)), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
  const covered = [...whole, ...denials];
  return [
    ...whole,
    ...words.filter(({ start, end }) => !covered.some((other) => other.start <= start && end <= other.end)),
  ];
};

/** What the public must not read, and what nobody has filled in. */
export const privacy: PassageRule = (passage) => [
  ...eachMatch(
    passage,
    /\[[^\]\n]{0,60}\]|\{\{[^}\n]{0,60}\}\}|\{[^}\n]{0,60}\}|<[A-Za-z][^>\n]{0,40}>|\bX{2,8}\b|_{3,}|\b(?:TBC|TBD|TODO|INSERT|lorem ipsum)\b/g,
    'placeholder',
    (slot) => `${slot} still waits to be filled in.`,
  ),
  ...eachMatch(
    passage,
    /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|several|many)(?: \p{L}+)? (?:dead|killed|died|injured|casualt(?:y|ies)|fatalit(?:y|ies)|deaths?)\b/giu,
    'casualties',
    () => 'Numbers of dead and injured are not for public text without a decision.',
  ),
  ...eachMatch(
    passage,
    /\b(?:victim|deceased|dead (?:man|woman|boy|girl))\b[^.\n]{0,40}?\b(?:named|name is|is|as)(?: locally)?(?: as)? \p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/gu,
    'name-of-victim',
    () => 'A victim is not named before the family agrees.',
  ),
  ...eachMatch(
    passage,
    /\b(?:access routes?|approach (?:via|from|route)|rendezvous point|RVP|officers (?:are )?(?:hiding|positioned|waiting)|cordon (?:is )?(?:at|on))\b/gi,
    'access-route',
    () => 'Access routes and positions of officers are not for public text.',
  ),
];
