/** Sequences that Unicode recommends for general interchange (Technical Standard 51, ED-27), whole and qualified. */
const RECOMMENDED = new RegExp('\\p{RGI_Emoji}', 'vy');
/** Keycaps and the eye in a speech bubble, also without the selectors, as they are often typed. */
const TYPED = /[0-9#*]\ufe0f?\u20e3|\u{1f441}\u200d\u{1f5e8}/uy;
/**
 * Emoji that are pictures by themselves and have a text style as well, so that a selector after them says what they are
 * anyway and belongs to them: ⌚️ ☕️ ⚡️. As in the tables of twemoji-parser 11, which twitter-text counts with.
 */
const ALSO_TEXT = new Set(
  '⌚⌛◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯',
);
const SELECTED_HAND = /^\p{Emoji_Modifier_Base}\ufe0f$/u;
const SKIN_TONE = /^\p{Emoji_Modifier}$/u;
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

/**
 * Where the emoji of more than one code point that starts at `at` ends (UTF-16 position), or `at` when none starts there.
 * A sequence that no font is asked to know (a made-up ZWJ sequence, two letters that are no flag) is not one emoji but
 * its pieces.
 */
export function emojiSequenceEnd(text: string, at: number): number {
  if (!mayGoOn(text, at)) return at;
  for (const pattern of [RECOMMENDED, TYPED]) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return withSelector(text, at, pattern.lastIndex);
  }
  return at;
}

/** An emoji with what belongs to it although no font asks for it: a selector too many, or a skin tone after a selector. */
function withSelector(text: string, at: number, end: number): number {
  const emoji = text.slice(at, end);
  if (text.charCodeAt(end) === 0xfe0f && ALSO_TEXT.has(emoji)) return end + 1;
  const selected = SELECTED_HAND.test(emoji) && SKIN_TONE.test(text.slice(end, end + 2));
  return selected ? end + 2 : end;
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
