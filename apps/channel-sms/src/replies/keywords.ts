/** What a one-word text asks for. */
export type Keyword = 'stop' | 'start' | 'help';

/** The words of CHANNELS §G.4, English and Welsh. The whole text must be one of them. */
const KEYWORDS: Readonly<Record<Keyword, readonly string[]>> = {
  stop: ['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'STOPIO'],
  start: ['START', 'YES', 'UNSTOP', 'DECHRAU'],
  help: ['HELP', 'INFO', 'CYMORTH'],
};

/** Longer than any keyword with everything that people put around it. */
const LONGEST_KEYWORD = 100;

/**
 * The keyword that a whole text is, in any case, with spaces, quotes and full stops around it. "Stop texting me" is none:
 * a person reads it, because a machine that guesses would take somebody off a list who asked about a bus stop.
 */
export function keywordOf(
  text: string,
  keywords: Readonly<Record<Keyword, readonly string[]>> = KEYWORDS,
): Keyword | undefined {
  if (text.length > LONGEST_KEYWORD) return undefined; // before anything that takes longer for a longer text
  const word = text
    .normalize('NFC')
    .replace(/^[\s"'“”‘’.!]+|[\s"'“”‘’.!]+$/gu, '')
    .replace(/\s+/gu, ' ')
    .toUpperCase();
  return (Object.keys(keywords) as Keyword[]).find((keyword) => keywords[keyword].includes(word));
}
