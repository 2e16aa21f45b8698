import { gsmCost, isGsm } from './gsm-alphabet.js';
import { smsLength } from './sms-length.js';
import type { ReferenceBits, SmsEncoding } from './sms-length.js';

/** Typographic marks and the plain ones that say the same. Never a letter, never a figure, never "?". */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ...pairs('\u2018\u2019\u201a\u201b\u2032\u00b4`', "'"),
  ...pairs('\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb', '"'),
  ...pairs('\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022', '-'),
  ...pairs('\u2026', '...'),
  ...pairs(
    '\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000',
    ' ',
  ),
  ...pairs('\u00ad\u200b\u200c\u200d\u2060\ufeff', ''),
]);

function pairs(characters: string, plain: string): [string, string][] {
  return Array.from(characters, (character) => [character, plain]);
}

/** One character that was, or would be, replaced: UTF-16 position in the text as written. */
export type Replacement = { at: number; from: string; to: string };

function replacements(text: string): Replacement[] {
  const found: Replacement[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const from = text.charAt(at);
    const to = gsmCost(text.charCodeAt(at)) > 0 ? undefined : PLAIN.get(from);
    if (to !== undefined) found.push({ at, from, to });
  }
  return found;
}

function apply(text: string, changes: readonly Replacement[]): string {
  let plain = '';
  let at = 0;
  for (const change of changes) {
    plain += text.slice(at, change.at) + change.to;
    at = change.at + change.from.length;
  }
  return plain + text.slice(at);
}

/**
 * The text with plain marks for typographic ones, if that makes the whole of it GSM-7; else the text as it is. A letter is
 * never changed: a Welsh `ŵ` keeps the message UCS-2, and then the curly quotes may stay as well.
 */
export function transliterateForSms(text: string): { text: string; changes: Replacement[] } {
  if (isGsm(text)) return { text, changes: [] };
  const changes = replacements(text);
  const plain = apply(text, changes);
  return isGsm(plain) ? { text: plain, changes } : { text, changes: [] };
}

/** What the author is shown about a text message. */
export type SmsAdvice = {
  encoding: SmsEncoding;
  units: number;
  parts: number;
  /** Characters outside GSM-7 in order of appearance, each once, with how often they occur. */
  forcing: { character: string; count: number }[];
  /** What plain marks would change; empty when they would not make the whole text GSM-7. */
  changes: Replacement[];
  /** Parts that these changes save. */
  partsSaved: number;
};

/** Why a text message costs what it costs, and what would make it cheaper without changing a letter. */
export function adviseSms(text: string, reference: ReferenceBits = 8): SmsAdvice {
  const measured = smsLength(text, reference);
  const counts = new Map<string, number>();
  for (const character of text) {
    if (gsmCost(character.charCodeAt(0)) === 0) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const plain = transliterateForSms(text);
  return {
    ...measured,
    forcing: [...counts].map(([character, count]) => ({ character, count })),
    changes: plain.changes,
    partsSaved: measured.parts - smsLength(plain.text, reference).parts,
  };
}
