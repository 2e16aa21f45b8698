import { eachMatch, firstOf, inPassage, speech } from '../lint/finding.js';
import type { Finding, PassageRule } from '../lint/finding.js';
import { sentences } from '../text/sentences.js';

const OPPOSED: readonly (readonly [RegExp, RegExp, string])[] = [
  [
    /\b(?:evacuate|leave (?:now|your home|the area|immediately))\b/i,
    /\b(?:stay (?:inside|indoors|in your home|where you are)|remain (?:inside|indoors)|shelter inside)\b/i,
    'leave and stay in',
  ],
  [
    /\b(?:you can drink|safe to drink|drink the (?:tap )?water)\b/i,
    /\b(?:do not drink|don['’]t drink|not safe to drink)\b/i,
    'drink and do not drink',
  ],
  [/\bopen (?:your )?(?:windows|doors)\b/i, /\bclose (?:your |all )?(?:windows|doors)\b/i, 'open and close'],
  [/\bcall 999\b/i, /\bdo not call 999\b/i, 'call 999 and do not call 999'],
];
const CONDITION = /^(?:if|unless|only if|when|once|in the|people|anyone|os|pan)\b/i;
const NEGATED = /\b(?:do not|don['’]t|never|not)\s+$/i;

/** Two actions in one text that cannot both be done, where no condition tells them apart. */
export const opposedActions: PassageRule = (passage) => {
  const plain = sentences(passage.text).filter((sentence) => !CONDITION.test(sentence));
  const asks = (action: RegExp) =>
    plain.find((sentence) => {
      const match = action.exec(sentence);
      return match !== null && (/not|don/i.test(match[0]) || !NEGATED.test(sentence.slice(0, match.index)));
    });
  return OPPOSED.flatMap(([one, other, both]) => {
    const [a, b] = [asks(one), asks(other)];
    if (a === undefined || b === undefined) return [];
    const start = passage.text.indexOf(b);
    return [
      inPassage(
        passage,
        'opposed-actions',
        { start, end: start + b.length },
        `People are told to ${both}: say who must do which.`,
      ),
    ];
  });
};

const MUST_BE_TIED =
  /\b(?:evacuate|keep away|stay away|leave your homes?|leave now|gadewch nawr|cadwch draw)\b/gi;
const TIED =
  /\b(?:if you (?:are|live)|you are in|from|in|near|at|between|os ydych|o|yn|ger|rhag)\s+(?:the |yr? |an? )?[\p{L}\d]/iu;

/** Evacuation that is not tied to a place sends the wrong people onto the road. */
export const tiedToPlace: PassageRule = (passage) => {
  if (passage.field !== 'guidance') return [];
  const places = (passage.master.texts[passage.language]?.place ?? '')
    .split(/,|\band\b|\ba\b/)
    .map((name) => name.trim());
  const named = places.some((name) => name.length > 3 && passage.text.includes(name));
  if (named || /\bif you (?:are|live)\b|\bos ydych\b/i.test(passage.text)) return [];
  let from = 0;
  return sentences(passage.text).flatMap((sentence): Finding[] => {
    const start = passage.text.indexOf(sentence, from);
    from = start + sentence.length;
    if (TIED.test(sentence)) return [];
    return firstOf(sentence.matchAll(MUST_BE_TIED)).map(({ 0: found, index }) =>
      inPassage(
        passage,
        'action-without-place',
        { start: start + index, end: start + index + found.length },
        `"${found}" for whom? Begin with "If you are in …".`,
      ),
    );
  });
};

/** Guidance that says what is advised instead of what to do. */
export const passive: PassageRule = (passage) =>
  passage.field !== 'guidance' || speech(passage.language) !== 'en'
    ? []
    : eachMatch(
        passage,
        /\b(?:(?:are|is) (?:being )?(?:advised|asked|urged|requested|reminded|encouraged) to|should be (?:avoided|taken|kept|closed|used)|it is (?:advised|recommended|requested))\b/gi,
        'passive-guidance',
        (found) => `"${found}": say it to the reader. "Leave now", not "residents are advised to leave".`,
      );
