import PostalMime from 'postal-mime';

/** What a mail that came back means for the address it was sent to. */
export type BounceKind =
  /** The address does not exist, or takes nothing from anybody: never write there again. */
  | 'hard'
  /** This mail did not arrive; the next one may. */
  | 'soft'
  /** Somebody pressed "this is spam" (ARF, RFC 5965). */
  | 'complaint'
  /** It arrived after all (RFC 3464 §2.3.3). */
  | 'delivered'
  /** A holiday note or a question: a machine answered, nothing is wrong. */
  | 'auto-reply'
  /** Nobody can tell; treated as soft. */
  | 'cannot-tell';

export type Bounce = { kind: BounceKind; status: string | null; detail: string };

/** Enhanced status codes that end an address for good (CHANNELS §F.6). */
const HARD = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.4.4']);

/** How servers without a report part say that there is no such person. */
const NO_SUCH_PERSON =
  /user unknown|unknown user|no such user|does not exist|doesn't exist|unrouteable address|mailbox unavailable|address rejected|recipient (address )?rejected|no mailbox here|account (is )?(disabled|unavailable)|wasn't found at/i;
/** How they say that it may work another time. */
const NOT_NOW =
  /mailbox (is )?full|over ?quota|quota exceeded|temporarily|try again|delivery.{1,20}delayed|deferred|timed out/i;

/** Reads a mail that came back. VERP has said who it is about; this says what it means. Total: whatever arrives gets a kind. */
export async function readBounce(raw: Uint8Array): Promise<Bounce> {
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true });
  const headers = new Map(mail.headers.map(({ key, value }) => [key.toLowerCase(), value]));
  const parts = mail.attachments.map(({ mimeType, content }) => ({ mimeType, text: textOf(content) }));
  const body = beforeOriginal(`${mail.subject ?? ''}\n${mail.text ?? mail.html ?? ''}`);
  if (
    parts.some((part) => part.mimeType === 'message/feedback-report' || /^feedback-type:/im.test(part.text))
  ) {
    return { kind: 'complaint', status: null, detail: 'a complaint report' };
  }
  const report = parts.find(({ mimeType }) => mimeType === 'message/delivery-status')?.text ?? '';
  const status = statusOf(report) ?? (report === '' ? statusOf(body) : null);
  const detail = (/^diagnostic-code:\s*(.+)/im.exec(report)?.[1] ?? firstLine(body)).slice(0, 300);
  if (/^action:\s*delivered/im.test(report)) return { kind: 'delivered', status, detail };
  if (report === '' && status === null && isHolidayNote(headers, mail.subject ?? '')) {
    return { kind: 'auto-reply', status: null, detail };
  }
  return { kind: kindOf(status, `${detail}\n${body}`), status, detail };
}

/** A machine answered for a person. Exim marks its own bounces as answers too, so the subject must not speak of a failure. */
function isHolidayNote(headers: ReadonlyMap<string, string>, subject: string): boolean {
  const isAnswer = /auto-replied/i.test(headers.get('auto-submitted') ?? '') || headers.has('x-autoreply');
  const saysSo = /out of (the )?office|vacation|auto(matic)?[- ]?(reply|response)|away|holiday/i.test(
    subject,
  );
  return (
    (isAnswer || saysSo) && !/fail|undeliver|not delivered|returned|delivery|reject|warning/i.test(subject)
  );
}

/** A class is believed before words: only where it says nothing (5.0.x, or no status at all) do the words decide. */
function kindOf(status: string | null, words: string): BounceKind {
  if (status !== null && !status.startsWith('5.0.')) return HARD.has(status) ? 'hard' : 'soft';
  if (NOT_NOW.test(words)) return 'soft';
  if (NO_SUCH_PERSON.test(words)) return 'hard';
  return status === null ? 'cannot-tell' : 'soft';
}

/** What the server itself says: the copy of our own mail that it returns must not be read as its words. */
function beforeOriginal(body: string): string {
  const at = body.search(/^(-{2,}|={2,}).{0,60}(original|copy of|returned|your message)|^received: /im);
  return at < 0 ? body : body.slice(0, at);
}

function statusOf(text: string): string | null {
  return (
    /^status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(text)?.[1] ??
    /\b([45]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ??
    null
  );
}

function firstLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '') ?? '';
}

function textOf(content: ArrayBuffer | Uint8Array | string): string {
  return typeof content === 'string' ? content : new TextDecoder('utf-8').decode(content);
}
