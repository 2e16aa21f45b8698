import type { ComposedText } from '#contracts';

/** Columns of a terminal that a text may take beside its language. */
const WIDEST = 110;
const MARGIN = ' '.repeat(14);

/**
 * Of the composed texts those that a person takes in at a glance: the text message of a version, in each language, over as many lines
 * as it needs, and what was left out of it by rule because it did not fit. In a version that follows another it is the one for those who
 * got the earlier one.
 */
export function readOut(composed: readonly ComposedText[]): string[] {
  const messages = composed.filter(({ channel, act }) => channel === 'sms' && act === 'issue');
  const languages = [...new Set(messages.map(({ language }) => language))];
  return languages.flatMap((language) => {
    const mine = messages.filter((one) => one.language === language);
    const text = mine.find(({ variant }) => variant === 'thread') ?? mine[0];
    if (text === undefined) return [];
    const lines = text.parts.flatMap((part) => wrapped(part.text, `    ${inEnglish(language)}`));
    return text.leftOut.length === 0
      ? lines
      : [...lines, `${MARGIN}(did not fit, left out: ${text.leftOut.join(', ')})`];
  });
}

const names = new Intl.DisplayNames('en-GB', { type: 'language' });

/** `Welsh` of `cy-GB`. */
const inEnglish = (language: string): string => names.of(language.split('-')[0] ?? language) ?? language;

function wrapped(text: string, label: string): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n').filter((one) => one.trim() !== '')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > WIDEST) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map((line, n) => `${(n === 0 ? label : '').padEnd(MARGIN.length)}${line}`);
}
