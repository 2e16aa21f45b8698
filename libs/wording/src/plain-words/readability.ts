import { sentences } from '../text/sentences.js';

/** GOV.UK guidance on sentence length: above 25 words a sentence is hard to read. */
export const MOST_WORDS = 25;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}'’.-]*/gu;
const VOWELS = /[aeiouy]+/g;

/** Words of a text; a number or a name counts as one. */
export function countWords(text: string): number {
  return text.match(WORD)?.length ?? 0;
}

/** Syllables of an English word, by its groups of vowels: about right. */
export function syllables(word: string): number {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '');
  const silent = plain.length > 3 && /[^aeiouyl]e$/.test(plain) ? 1 : 0;
  return Math.max(1, (plain.match(VOWELS)?.length ?? 1) - silent);
}

/**
 * The age at which an English text is read with ease: Flesch–Kincaid grade level and 5 years (Kincaid and others 1975).
 * A rough figure, and none (undefined) below 30 words or in another language.
 */
export function readingAge(text: string): number | undefined {
  const words = text.match(WORD) ?? [];
  if (words.length < 30) return undefined;
  const perSentence = words.length / Math.max(1, sentences(text).length);
  const perWord = words.reduce((sum, word) => sum + syllables(word), 0) / words.length;
  return Math.round(0.39 * perSentence + 11.8 * perWord - 15.59 + 5);
}
