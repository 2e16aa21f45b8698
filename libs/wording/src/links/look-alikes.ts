/** Letters of other alphabets, each before the letter of ours that it looks like: attackers and wrong keyboards mix them. */
const CYRILLIC = 'аaеeоoрpсcуyхxіiѕsјjһhԁdАAВBЕEКKМMНHОOРPСCТTХXЅSІIЈJ';
const GREEK = 'οoνvαaρpιiΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX';

const OURS_BY_OTHER = new Map(
  Array.from(
    `${CYRILLIC}${GREEK}`.matchAll(/(.)(.)/gu),
    ([, other = '', ours = '']) => [other, ours] as const,
  ),
);
const NOT_OURS = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;
const OURS = /\p{Script=Latin}/u;

/** Whether a word has letters of our alphabet beside Greek or Cyrillic ones. */
export const mixesAlphabets = (word: string): boolean => NOT_OURS.test(word) && OURS.test(word);

/** The word in our letters alone, or undefined when one of its letters looks like none of ours. */
export function inOurLetters(word: string): string | undefined {
  const plain = Array.from(word, (letter) => OURS_BY_OTHER.get(letter) ?? letter).join('');
  return NOT_OURS.test(plain) ? undefined : plain;
}
