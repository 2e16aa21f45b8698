import PostalMime from 'postal-mime';
import type { ComposedText } from '#contracts';
import { textHash } from '#runtime';
import { BELOW_THE_TEXT } from './compose-mail.js';
import { wordsOf } from './html-body.js';

/** A finished mail would not say what was approved. It must not be sent; a person must look. */
export class NotWhatWasApproved extends Error {
  override readonly name = 'NotWhatWasApproved';
}

/**
 * Reads a formed mail as a reader's program does, and compares what it finds with the hashes that were approved (DESIGN §3 P4):
 * subject and text octet by octet, the page word by word. The reading is not done by the library that formed it.
 */
export async function assertSaysWhatWasApproved(formed: Uint8Array, approved: ComposedText): Promise<void> {
  const mail = await PostalMime.parse(formed);
  const [part, ...more] = approved.parts;
  if (part === undefined || more.length > 0) throw new NotWhatWasApproved('a mail has one approved text');
  if (textHash(mail.subject ?? '') !== (approved.subjectSha256 ?? textHash(''))) {
    throw new NotWhatWasApproved('the subject in the finished mail is not what was approved');
  }
  const text = (mail.text ?? '').replaceAll('\r\n', '\n');
  const end = text.lastIndexOf(BELOW_THE_TEXT);
  if (end < 0 || textHash(text.slice(0, end)) !== part.sha256) {
    throw new NotWhatWasApproved('the text in the finished mail is not what was approved');
  }
  const below = text.slice(end + BELOW_THE_TEXT.length);
  if (words(wordsOf(mail.html ?? '')) !== words(`${part.text} ${below.slice(0, below.lastIndexOf(': '))}`)) {
    throw new NotWhatWasApproved('the page in the finished mail does not say the words that were approved');
  }
}

/** White space is the page's own: a browser shows any amount of it as one space. */
const words = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
