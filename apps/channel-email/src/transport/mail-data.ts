/** The longest line of a mail without its end (RFC 5321 §4.5.3.1.6). */
const LONGEST_LINE = 998;

/** A finished mail that must not be given to a mail server: what it says could be cut, or taken for commands. */
export class NotMailData extends Error {
  override readonly name = 'NotMailData';
}

/**
 * A finished mail as it follows DATA, without the final dot: ASCII, every line ended by CRLF, a dot at the start of a line doubled
 * (RFC 5321 §4.5.2). Throws `NotMailData` for a CR or LF by itself, which some servers take for the end of the mail, for a line that is
 * too long and for octets that a relay without 8BITMIME would break.
 */
export function mailData(mail: string): string {
  const whole = mail.endsWith('\r\n') ? mail : `${mail}\r\n`;
  if (/\r(?!\n)|(?<!\r)\n/.test(whole)) throw new NotMailData('a line of the mail does not end with CR LF');
  if (/[^\x01-\x7f]/.test(whole)) throw new NotMailData('the mail is not plain ASCII');
  for (const line of whole.split('\r\n')) {
    if (line.length > LONGEST_LINE)
      throw new NotMailData(`a line of the mail is longer than ${LONGEST_LINE}`);
  }
  return whole.replaceAll(/^\./gm, '..');
}
