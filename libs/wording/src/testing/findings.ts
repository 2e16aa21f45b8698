import { lintText } from '../lint/lint.js';
import type { Finding, LintOptions, RuleId } from '../lint/finding.js';

/** Before a text, these move every position by other counts in UTF-16, code points and characters. */
const BEFORE = '🌊 👨‍👩‍👧‍👦 dŵr e\u0301. ';

export type About = {
  language?: string;
  mode?: 'live' | 'exercise';
  expiresAt?: string;
  options?: LintOptions;
};

const check = (text: string, about: About): Finding[] => {
  const { language = 'en-GB', mode = 'live', expiresAt = '2026-11-22T18:00:00.000Z', options } = about;
  return lintText(text, { language, mode, expiresAt }, options);
};

/** The stretches of a text that one rule finds. */
export function found(rule: RuleId, text: string, about: About = {}): string[] {
  return check(text, about)
    .filter((finding) => finding.rule === rule)
    .map(({ start, end }) => text.slice(start, end));
}

/** The same behind emoji and accents: positions must count UTF-16 units, and nothing else may change. */
export function foundBehindEmoji(rule: RuleId, text: string, about: About = {}): string[] {
  return found(rule, BEFORE + text, about);
}

/** The text after every mend that one rule offers, applied from the last to the first. */
export function mended(rule: RuleId, text: string, about: About = {}): string {
  return check(text, about)
    .filter((finding) => finding.rule === rule && finding.mend !== undefined)
    .sort((a, b) => b.start - a.start)
    .reduce((whole, { start, end, mend = '' }) => whole.slice(0, start) + mend + whole.slice(end), text);
}
