import { randomBytes } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { isMailAddress } from '#audience';
import type { Expected } from '#channel';
import type { ComposedText, DeliveryId } from '#contracts';
import { assertSaysWhatWasApproved } from './approved-inside.js';
import { composeMail, type MailIdentity, type Personal } from './compose-mail.js';
import { mailData } from '../transport/mail-data.js';

type SlotName = 'to' | 'date' | 'deliveryId' | 'answers' | 'unsubscribeToken';
/** A piece of a value: quoted-printable may have broken a token over two lines. */
type Slot = { name: SlotName; from: number; to: number };

const isDeliveryId = (value: string): boolean => /^dlv_[0-9a-f]{32}$/.test(value);

/** What may stand in each slot. None of it can need an encoding, end a line, begin one with a dot, or be longer than a line. */
const SHAPES: Readonly<Record<SlotName, (value: string) => boolean>> = {
  to: isMailAddress,
  date: (value) => /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/.test(value),
  deliveryId: isDeliveryId,
  answers: isDeliveryId,
  unsubscribeToken: (value) => /^[0-9a-f]{48}$/.test(value),
};

/** How often each slot stands in a mail: the token in two parts and twice in List-Unsubscribe. */
const TIMES = { to: 1, date: 1, deliveryId: 1, answers: 2, unsubscribeToken: 4 } as const;

const SOFT_BREAK = '=\r\n';

/**
 * A mail that was formed once for everybody who gets the same text, with places for what is each person's own.
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
    sending: Expected,
    identity: MailIdentity,
    isAnswer: boolean,
  ): Promise<MailTemplate> {
    const marks = marksFor(text, isAnswer);
    const { from, to, ...rest } = composeMail(text, sending, identity, marks);
    const formed = await new MailComposer({
      ...rest,
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
    const mail = mailData(formed.toString('latin1'));
    const template = new MailTemplate(cut(mail, marks), isAnswer);
    if (template.mailFor(marks) !== mail)
      throw new Error('a mail cannot be put together again as it was formed');
    return template;
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
  const parts = mail.split(SOFT_BREAK);
  const joined = parts.join('');
  let length = 0;
  const breaks = parts.slice(0, -1).map((part) => (length += part.length));
  const found = placesOf(joined, marks);
  const pieces: (string | Slot)[] = [];
  let done = 0;
  for (const { name, at, mark } of found) {
    pieces.push(broken(joined, done, at, breaks));
    done = at + mark.length;
    const edges = [at, ...breaks.filter((edge) => edge > at && edge < done), done];
    for (const [n, from] of edges.slice(0, -1).entries()) {
      if (n > 0 || breaks.includes(from)) pieces.push(SOFT_BREAK);
      const isWhole = edges.length === 2;
      if (name === 'to' && !isWhole) throw new Error('the address in a formed mail is broken over two lines');
      pieces.push({ name, from: from - at, to: isWhole ? Infinity : (edges[n + 1] ?? done) - at });
    }
  }
  pieces.push(broken(joined, done, joined.length + 1, breaks));
  return pieces;
}

/** Where the marks stand, in order. Throws when one stands more or less often than it must: a slot that is missed would be sent to everybody. */
function placesOf(joined: string, marks: Personal): { name: SlotName; at: number; mark: string }[] {
  const found = (Object.keys(TIMES) as SlotName[]).flatMap((name) => {
    const mark = marks[name];
    if (mark === null) return [];
    const places = joined.split(mark).slice(0, -1);
    if (places.length !== TIMES[name])
      throw new Error(`the formed mail has ${places.length} places for ${name}`);
    let at = -mark.length;
    return places.map((before) => ({ name, at: (at += mark.length + before.length), mark }));
  });
  return found.toSorted((a, b) => a.at - b.at);
}

/** This part of the text with its soft line breaks back where they were; one that stands right before the end belongs to what follows. */
function broken(joined: string, from: number, to: number, breaks: readonly number[]): string {
  let text = '';
  let done = from;
  for (const edge of breaks) {
    if (edge < from || edge >= to) continue;
    text += joined.slice(done, edge) + SOFT_BREAK;
    done = edge;
  }
  return text + joined.slice(done, to);
}
