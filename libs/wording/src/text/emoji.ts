/**
 * Emoji of two or three code points: flags and keycaps (these also without a selector, as they are often typed), skin tones,
 * and signs that a selector makes a picture. Unicode Technical Standard 51, ED-14 to ED-27.
 */
const SHORT = new RegExp(
  '\\p{RGI_Emoji_Flag_Sequence}|\\p{RGI_Emoji_Tag_Sequence}|[0-9#*]\\uFE0F?\\u20E3|' +
    '(?:(?!\\p{Emoji_Presentation})\\p{Emoji_Modifier_Base}\\uFE0F|\\p{Emoji_Modifier_Base})\\p{Emoji_Modifier}|(?![0-9#*]|\\p{Emoji_Presentation})\\p{Emoji}\\uFE0F',
  'vy',
);
/** Joined emoji that fonts are asked to know (ED-25), and the eye in a speech bubble as it is often typed. */
const JOINED = new RegExp('\\p{RGI_Emoji_ZWJ_Sequence}|\\u{1F441}\\u200D\\u{1F5E8}', 'vy');
/** UTF-16 units; the longest joined emoji, a couple with skin tones, takes 15. */
const LONGEST_JOINED = 32;
/**
 * Emoji that are pictures by themselves and have a text style as well, so that a selector after them says what they are
 * anyway and belongs to them: ⌚️ ☕️ ⚡️. As in the tables of twemoji-parser 11, which twitter-text counts with.
 */
const ALSO_TEXT = new Set(
  '⌚⌛◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯',
);
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

/**
 * Where the emoji of more than one code point that starts at `at` ends (UTF-16 position), or `at` when none starts there.
 * A sequence that no font is asked to know (a made-up joined one, two letters that are no flag) is not one emoji but
 * its pieces.
 */
export function emojiSequenceEnd(text: string, at: number): number {
  if (!mayGoOn(text, at)) return at;
  const joined = joinedLength(text.slice(at, at + LONGEST_JOINED));
  if (joined > 0) return at + joined;
  SHORT.lastIndex = at;
  if (SHORT.test(text)) return SHORT.lastIndex;
  const point = text.codePointAt(at) ?? 0;
  const selector = at + (point > 0xffff ? 2 : 1);
  const selected = text.charCodeAt(selector) === 0xfe0f && ALSO_TEXT.has(String.fromCodePoint(point));
  return selected ? selector + 1 : at;
}

/** Sequences that were asked for, and what they came to: the pattern is large, and an engine may forget its machine code. */
const remembered = new Map<string, number>();
const MOST_REMEMBERED = 500;
const CHAIN = /^(?:\p{Emoji}|\p{Emoji_Component}|\u200d)+/u;

/** UTF-16 units of the joined emoji at the start of a text, or 0. */
function joinedLength(text: string): number {
  if (!text.includes('\u200d')) return 0;
  const chain = CHAIN.exec(text)?.[0] ?? '';
  const known = remembered.get(chain);
  if (known !== undefined) return known;
  JOINED.lastIndex = 0;
  const length = JOINED.test(chain) ? JOINED.lastIndex : 0;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(chain, length);
  return length;
}

/** A quick no for nearly every character, from what follows it: selector, joiner, keycap, skin tone, flag letter or tag. */
function mayGoOn(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit === 0xfe0f || unit === 0x200d) return false;
  const second = at + (unit >= 0xd800 && unit <= 0xdbff ? 2 : 1);
  const next = text.charCodeAt(second);
  if (next !== 0xd83c) return next === 0xfe0f || next === 0x200d || next === 0x20e3 || next === 0xdb40;
  const low = text.charCodeAt(second + 1);
  return low >= 0xdffb || (low >= 0xdde6 && low <= 0xddff);
}

/** Whether a grapheme cluster shows, or may show, a picture. `©` and `⚠` without a selector may: the strict reading. */
export const isPictograph = (cluster: string): boolean => PICTOGRAPH.test(cluster);
