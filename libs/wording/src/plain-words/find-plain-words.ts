import { PLAIN_WORDS } from './plain-words.js';
import type { PlainWord } from './plain-words.js';

/** Jargon in a text: UTF-16 range and what to say instead. */
export type FoundJargon = PlainWord & { start: number; end: number };

/** A word with its inner hyphens, ampersands and dots: `low-lying`, `A&E`, `e.g.`, `P1`. */
const WORD = /[\p{L}\p{N}]+(?:[-&’'][\p{L}\p{N}]+|\.(?=\p{L}\.)\p{L}\.)*/gu;
const words = (text: string) => Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({ word, index }));

/** By the first word in lower case, longest first. */
const byFirst = new Map<string, (PlainWord & { all: string[] })[]>();
for (const entry of PLAIN_WORDS) {
  const all = words(entry.jargon).map(({ word }) => (entry.initials ? word : word.toLowerCase()));
  const first = (all[0] ?? '').toLowerCase();
  byFirst.set(
    first,
    [...(byFirst.get(first) ?? []), { ...entry, all }].sort((a, b) => b.all.length - a.all.length),
  );
}

/** Nobody reads on after so many. */
const MOST_FOUND = 200;
/** Several rules ask about one text. */
let latest: { text: string; found: readonly FoundJargon[] } = { text: '', found: [] };

/** The jargon of a text, the longest phrase at each place, in order; the first 200 of it. */
export function findJargon(text: string): readonly FoundJargon[] {
  if (latest.text !== text) latest = { text, found: search(text) };
  return latest.found;
}

function search(text: string): FoundJargon[] {
  const found: FoundJargon[] = [];
  const spoken = words(text);
  for (let at = 0; at < spoken.length && found.length < MOST_FOUND;) {
    const entry = byFirst.get(spoken[at]?.word.toLowerCase() ?? '')?.find(({ all, initials }) =>
      all.every((word, offset) => {
        const said = spoken[at + offset]?.word ?? '';
        return (initials ? said : said.toLowerCase()) === word;
      }),
    );
    const last = spoken[at + (entry?.all.length ?? 1) - 1];
    if (
      entry === undefined ||
      last === undefined ||
      crossesSentence(text, spoken[at]?.index ?? 0, last.index)
    ) {
      at += 1;
      continue;
    }
    const { all, ...plain } = entry;
    found.push({ ...plain, start: spoken[at]?.index ?? 0, end: last.index + last.word.length });
    at += all.length;
  }
  return found;
}

/** A phrase does not reach over a full stop. */
function crossesSentence(text: string, from: number, to: number): boolean {
  return /[.!?:;,\n]/.test(text.slice(from, to).replace(/\.(?=\p{L})/gu, ''));
}

/** The plain words in the case of what they replace: a capital at the start stays one. */
export function mendFor({ instead, mend, initials }: PlainWord, written: string): string | undefined {
  if (!mend) return undefined;
  const capital = !initials && /^\p{Lu}/u.test(written);
  return capital ? instead.charAt(0).toUpperCase() + instead.slice(1) : instead;
}
