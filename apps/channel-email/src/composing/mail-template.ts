import { randomBytes } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { isMailAddress } from '#audience';
import type { Sending } from '#channel';
import type { ComposedText, DeliveryId } from '#contracts';
import { assertSaysWhatWasApproved } from './approved-inside.js';
import { composeMail, type MailIdentity, type Personal } from './compose-mail.js';
import { mailData } from './mail-data.js';

type SlotName = 'to' | 'date' | 'deliveryId' | 'answers' | 'unsubscribeToken';
/** A piece of a value: quoted-printable may have broken a token over two lines. */
type Slot = { name: SlotName; from: number; to: number };

/** What may stand in each slot. None of it can need an encoding, end a line, begin one with a dot, or be longer than a line. */
const SHAPES: Readonly<Record<SlotName, (value: string) => boolean>> = {
  to: isMailAddress,
  date: (value) => /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/.test(value),
  deliveryId: (value) => /^dlv_[0-9a-f]{32}$/.test(value),
  answers: (value) => /^dlv_[0-9a-f]{32}$/.test(value),
  unsubscribeToken: (value) => /^[0-9a-f]{48}$/.test(value),
};

/** How often each slot stands in a mail: the token in two parts and twice in List-Unsubscribe. */
const TIMES: Readonly<Record<SlotName, number>> = {
  to: 1,
  date: 1,
  deliveryId: 1,
  answers: 2,
  unsubscribeToken: 4,
};

const SOFT_BREAK = '=\r\n';

/**
 * A mail that was formed once for everybody who gets the same text, with places for what is each person's own. Filling one costs
 * microseconds; forming one about a millisecond.
 */
export class MailTemplate {
  private constructor(
    private readonly pieces: readonly (string | Slot)[],
    private readonly isAnswer: boolean,
  ) {}

  /**
   * Forms the mail, and reads it back: throws `NotWhatWasApproved` when what a reader would see in it is not what was approved, and
   * `NotMailData` when it cannot be given to a mail server.
   */
  static async of(
    text: ComposedText,
    sending: Sending,
    identity: MailIdentity,
    isAnswer: boolean,
  ): Promise<MailTemplate> {
    const marks = marksFor(text, isAnswer);
    const { from, to, ...mail } = composeMail(text, sending, identity, marks);
    const formed = await new MailComposer({
      ...mail,
      from,
      to: { name: '', address: to },
      newline: 'windows', // every line ends with CR LF
      textEncoding: 'quoted-printable', // in base64 no slot could be found again
      disableFileAccess: true,
      disableUrlAccess: true,
    })
      .compile()
      .build();
    await assertSaysWhatWasApproved(formed, text);
    return new MailTemplate(cut(mailData(formed.toString('latin1')), marks), isAnswer);
  }

  /** The mail of one person, as it follows DATA. Throws when a value is not of its slot's shape. */
  mailFor(person: Personal): string {
    if ((person.answers !== null) !== this.isAnswer) throw new Error('an answer needs a template of its own');
    for (const name of Object.keys(SHAPES) as SlotName[]) {
      const value = person[name];
      if (value !== null && !SHAPES[name](value))
        throw new Error(`the ${name} of a mail is not of its shape`);
    }
    let mail = '';
    for (const piece of this.pieces) {
      mail += typeof piece === 'string' ? piece : (person[piece.name] ?? '').slice(piece.from, piece.to);
    }
    return mail;
  }
}

/** Values that stand for the slots until they are cut out: of the same shapes, and found nowhere else in the mail. */
function marksFor(text: ComposedText, isAnswer: boolean): Personal {
  for (;;) {
    const hex = randomBytes(64).toString('hex');
    const marks: Personal = {
      to: `${hex.slice(0, 16)}@slot.invalid`,
      date: 'Thu, 01 Jan 1970 00:00:00 +0000',
      deliveryId: `dlv_${hex.slice(16, 48)}` as DeliveryId,
      answers: isAnswer ? (`dlv_${hex.slice(48, 80)}` as DeliveryId) : null,
      unsubscribeToken: hex.slice(80, 128),
    };
    const said = JSON.stringify(text);
    if (Object.values(marks).every((mark) => mark === null || !said.includes(mark))) return marks;
  }
}

/** The formed mail with each mark cut out, wherever a soft line break (RFC 2045 §6.7) went through it. */
function cut(mail: string, marks: Personal): (string | Slot)[] {
  const pieces: (string | Slot)[] = [];
  const names = (Object.keys(TIMES) as SlotName[]).filter((name) => marks[name] !== null);
  const broken = (mark: string): string => [...mark].map(literal).join(`(?:${SOFT_BREAK})?`);
  const any = new RegExp(names.map((name) => `(?<${name}>${broken(marks[name] ?? '')})`).join('|'), 'g');
  const found = new Map<SlotName, number>();
  let done = 0;
  for (const { 0: whole, index, groups = {} } of mail.matchAll(any)) {
    const name = names.find((one) => groups[one] !== undefined) as SlotName;
    pieces.push(mail.slice(done, index));
    let from = 0;
    for (const [n, part] of whole.split(SOFT_BREAK).entries()) {
      if (n > 0) pieces.push(SOFT_BREAK);
      pieces.push({ name, from, to: whole.includes(SOFT_BREAK) ? from + part.length : Infinity });
      from += part.length;
    }
    done = index + whole.length;
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  pieces.push(mail.slice(done));
  const wrong = names.find((name) => found.get(name) !== TIMES[name]);
  if (wrong !== undefined)
    throw new Error(`the formed mail has ${found.get(wrong) ?? 0} places for ${wrong}`);
  return pieces;
}

const literal = (text: string): string => text.replaceAll(/[.+*?^$(){}|[\]\\]/g, String.raw`\$&`);
