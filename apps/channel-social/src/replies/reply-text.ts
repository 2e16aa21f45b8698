/** UTF-16 units of a reply that are kept; nobody reads on, and a post may hold any number. */
const MOST_UNITS = 20_000;

/** What somebody answered, as a database and a screen can hold it: whole characters, no controls but the line end. */
export function replyText(text: string): string {
  const clean = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '')
    .normalize('NFC');
  if (clean.length <= MOST_UNITS) return clean;
  return `${clean.slice(0, MOST_UNITS).replace(/[\ud800-\udbff]$/, '')}…`;
}
