/** Sequences that Unicode recommends for general interchange (Technical Standard 51, ED-27), whole and qualified. */
const RECOMMENDED = new RegExp('\\p{RGI_Emoji}', 'vy');
/** Keycaps also without the variation selector, as they are often typed. */
const KEYCAP = /[0-9#*]\ufe0f?\u20e3/y;
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

/**
 * Where the emoji that starts at `at` ends (UTF-16 position), or `at` when none starts there. A sequence that no font
 * is asked to know (a made-up ZWJ sequence, two letters that are no flag) is not one emoji but its pieces.
 */
export function emojiEnd(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit < 0x80 && text.charCodeAt(at + 1) !== 0xfe0f && text.charCodeAt(at + 1) !== 0x20e3) return at;
  for (const pattern of [KEYCAP, RECOMMENDED]) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  return at;
}

/** Whether a grapheme cluster shows, or may show, a picture. `©` and `⚠` without a selector may: the strict reading. */
export const isPictograph = (cluster: string): boolean => PICTOGRAPH.test(cluster);
