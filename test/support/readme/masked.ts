/** What differs from run to run, each with the mark that stands for it. The order matters: a time stamp holds a time. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3}Z?/g, '<instant>'],
  [/\b\d\d:\d\d:\d\d\.\d{3}\b/g, '<time>'],
  [/\b(inc|wrn|off|acc|sub|agy|itm|dlv)_(?:[0-9a-f]{32}|…)/g, '$1_<id>'],
  [/\blr([xl])_[A-Za-z0-9_-]{43}/g, 'lr$1_<token>'],
  [/^id: [0-9a-f]+-\d+$/gm, 'id: <place>'],
  [/\b127\.0\.0\.1:\d+/g, '127.0.0.1:<port>'],
  [/"(http|smtp|smpp)":\d+/g, '"$1":<port>'],
  [/ *\b\d+ ms\b/g, ' <ms>'],
  // The first few replies are read out: whose account they answer, and what they say, depends on which was asked first.
  [/(a reply by social media:) .*/g, '$1 <reply>'],
  // What the public does goes on while the exercise is played: shares and replies of a row of the closing table.
  [/( social posts (?: +\d+)+ +– +–) +\d+ +\d+/g, '$1 <shares> <replies>'],
  [/\b\d+ passed\b/g, '<n> passed'],
];

/** The text with times, ids, tokens, ports and durations replaced by marks, so that two runs can be compared. */
export function masked(text: string): string {
  return MASKS.reduce((now, [pattern, mark]) => now.replaceAll(pattern, mark), text);
}

/**
 * Where the lines of a README are not what was printed: each shown line must be a printed one, in the order of `inOrder` lines at
 * least. A line `…` stands for any number of lines, and `…` inside a line for any text. Answers the lines that were not printed.
 */
export function notPrinted(shown: string, printed: string): string[] {
  const real = masked(printed).split('\n');
  return masked(shown)
    .split('\n')
    .filter((line) => line.trim() !== '' && line.trim() !== '…')
    .filter((line) => !real.some((one) => isLike(line, one)));
}

function isLike(shown: string, printed: string): boolean {
  // A line that is cut between two words may have been printed as two lines, there and then.
  const parts = shown
    .replace(/ …$/, '…')
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}\\s*$`).test(printed);
}
