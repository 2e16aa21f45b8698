import PostalMime, { type Email } from 'postal-mime';
import { asText, type Reply } from '../smtp/replies.js';
import { reasonInText } from './bounce-words.js';

/**
 * What a mail that came back says. `hard`: this address does not exist, never write to it again. `soft`: it could not be
 * delivered this time. `policy`: they refuse our mail, which is our reputation's problem and not the person's.
 * `cannot-tell` is treated as soft. `complaint`: the person calls it spam. `delivered`, `delayed` and `auto-reply` are no bounces.
 */
export type BounceKind =
  'hard' | 'soft' | 'policy' | 'cannot-tell' | 'complaint' | 'delivered' | 'delayed' | 'auto-reply';

/** `recipient`: the address that a report says it is about, in lower case; it is not the one we wrote to where that one forwards. */
export type Bounce = { kind: BounceKind; status: string | null; detail: string; recipient?: string };

/** Enhanced codes (RFC 3463) after which an address is given up at the first bounce (CHANNELS §F.6). */
const HARD = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.4.4']);

/** Codes that leave it to the words whether the address is dead: "other", and refusals that hide it behind policy. */
const MAY_BE_HARD = /^5\.(0\.\d+|1\.\d+|2\.1|4\.1|5\.0|7\.\d+)$/;

/**
 * What a bounce says stands in front of the mail that it returns, and whoever got a mail of ours can send one of any size and kind to its
 * return path: a million bytes of empty lines took 13 s to read, while nothing else of this process went on.
 */
const READ_BYTES = 65_536;

/**
 * Reads a mail that came to one of our return paths. Who it is about stands in that path, not in the mail: only half of
 * all real bounces have a report that can be read (CHANNELS §F.5). Never throws: what cannot be read is `cannot-tell`.
 */
export async function readBounce(raw: Uint8Array): Promise<Bounce> {
  let mail: Email;
  try {
    mail = await PostalMime.parse(raw.subarray(0, READ_BYTES), {
      forceRfc822Attachments: true,
      attachmentEncoding: 'utf8',
    });
  } catch {
    return { kind: 'cannot-tell', status: null, detail: 'the mail cannot be read' };
  }
  const text = `${mail.text ?? ''}\n${plain(mail.html ?? '')}`;
  if (part(mail, 'message/feedback-report') !== undefined || isFeedback(mail)) {
    return { kind: 'complaint', status: null, detail: oneLine(mail.subject ?? '') };
  }
  const report = part(mail, 'message/delivery-status') ?? part(mail, 'message/global-delivery-status');
  if (report !== undefined) return { ...fromReport(report, text), ...recipientOf(report) };
  if (isAutoReply(mail)) return { kind: 'auto-reply', status: null, detail: oneLine(mail.subject ?? '') };
  return fromText(`${mail.subject ?? ''}\n${text}`);
}

/** What a relay's final answer to one recipient says of the address; the same words and codes as in a mail that comes back. */
export function readRefusal(reply: Reply): Bounce {
  const text = oneLine(asText(reply));
  return judge(reply.status ?? null, [text], text);
}

/** RFC 3464: a group of fields for the message, then one for each recipient. Ours have one recipient. */
function fromReport(report: string, text: string): Bounce {
  const status = field(report, 'status')?.match(/\b[245]\.\d{1,3}\.\d{1,3}\b/)?.[0] ?? null;
  const action = field(report, 'action')?.toLowerCase() ?? '';
  const diagnostic = field(report, 'diagnostic-code') ?? '';
  const detail = oneLine(diagnostic === '' ? `${action} ${status ?? ''}` : diagnostic);
  if (action === 'delivered' || action === 'relayed' || action === 'expanded')
    return { kind: 'delivered', status, detail };
  if (action === 'delayed') return { kind: 'delayed', status, detail };
  // Many servers write x.0.0 in the report and the true code beside it.
  const told = diagnostic.match(/\b[45]\.\d{1,3}\.\d{1,3}\b/)?.[0];
  const code = status === null || status.endsWith('.0.0') ? (told ?? status) : status;
  return judge(code, [diagnostic, text], detail);
}

/** RFC 3464 §2.3.2: the kind of address, a semicolon, and the address, which some write in angle brackets. */
function recipientOf(report: string): Pick<Bounce, 'recipient'> {
  const [type = '', address = ''] = (field(report, 'final-recipient') ?? '').split(';', 2);
  const recipient = address.trim().replaceAll(/^<|>$/g, '').toLowerCase();
  return type.trim().toLowerCase() === 'rfc822' && recipient !== '' ? { recipient } : {};
}

function fromText(text: string): Bounce {
  const code = text.match(/\b[45]\.\d{1,2}\.\d{1,3}\b(?!\.\d)/)?.[0] ?? null;
  const line = text.match(/^.*\b[45]\d\d[ -].*$/m)?.[0] ?? '';
  return judge(code, [line, text], oneLine(line === '' ? text : line));
}

/** `words` from the most telling to the least: what the server said, then the whole mail. */
function judge(status: string | null, words: readonly string[], detail: string): Bounce {
  const [server] = words.map(reasonInText);
  const said = server ?? words.map(reasonInText).find((reason) => reason !== undefined);
  if (status !== null && HARD.has(status) && server !== 'policy')
    return { kind: server === 'full' ? 'soft' : 'hard', status, detail };
  if (said === 'hard' && (status === null || MAY_BE_HARD.test(status)))
    return { kind: 'hard', status, detail };
  if (said === 'policy' || status?.startsWith('5.7.') === true) return { kind: 'policy', status, detail };
  return { kind: status === null && said === undefined ? 'cannot-tell' : 'soft', status, detail };
}

function part(mail: Email, type: string): string | undefined {
  const found = mail.attachments.find(({ mimeType }) => mimeType.toLowerCase() === type);
  if (found === undefined) return undefined;
  return typeof found.content === 'string'
    ? found.content
    : Buffer.from(found.content as ArrayBuffer).toString('utf8');
}

/** The value of the first field of this name, unfolded (RFC 5322 §2.2.3). */
function field(report: string, name: string): string | undefined {
  const unfolded = report.replaceAll(/\r?\n[ \t]+/g, ' ');
  const found = new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'im').exec(unfolded);
  return found?.[1]?.trim();
}

function isFeedback(mail: Email): boolean {
  return header(mail, 'content-type').includes('report-type=feedback-report');
}

/** How mail programs begin the subject of an answer that nobody wrote; Outlook's says it nowhere else. */
const AUTOMATIC =
  /^(automatic(ally)? (reply|response)|auto(-| )?(reply|response)|out of (the )?office|ymateb awtomatig)\b/i;

/** RFC 3834 §5, and what servers wrote before it and still do. Sendmail calls its bounces `auto-generated (failure)`. */
function isAutoReply(mail: Email): boolean {
  const submitted = header(mail, 'auto-submitted').toLowerCase();
  const sender = `${mail.from?.address ?? ''} ${mail.from?.name ?? ''}`;
  const isDaemon = /mailer-daemon|postmaster|mail delivery|mdaemon/i.test(sender);
  if (isDaemon || submitted.includes('(failure)')) return false;
  return (
    submitted.startsWith('auto-') ||
    header(mail, 'x-autoreply') !== '' ||
    header(mail, 'x-autorespond') !== '' ||
    header(mail, 'precedence').toLowerCase() === 'auto_reply' ||
    AUTOMATIC.test(mail.subject ?? '')
  );
}

function header(mail: Email, name: string): string {
  return mail.headers.find(({ key }) => key === name)?.value ?? '';
}

const plain = (html: string): string => html.replaceAll(/<[^<>]{0,500}>/g, ' ');
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
