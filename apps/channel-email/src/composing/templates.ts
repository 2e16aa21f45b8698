import type { Expected, ListRecipient } from '#channel';
import type { ComposedText, IncidentId, WarningId } from '#contracts';
import { textHash } from '#runtime';
import type { MailIdentity } from './compose-mail.js';
import { MailTemplate } from './mail-template.js';

/** Versions under way × languages × (first, answer, cancel): far more than a night has. Each is about 8 kB. */
const MOST_KEPT = 200;

/** Forms the mail of each text once, and keeps it for the chunks and attempts that follow. */
export class Templates {
  private readonly kept = new Map<string, Promise<MailTemplate>>();

  constructor(private readonly identity: MailIdentity) {}

  /**
   * Forms a made-up mail and reads it back, so that a build that cannot is found at start, and so that the first warning does not wait
   * while the machine learns how (66 ms for the first mail of a process, 2 ms for the tenth).
   */
  async rehearse(): Promise<void> {
    for (let time = 0; time < REHEARSALS; time += 1) {
      await MailTemplate.of(madeUp(time), MADE_UP, this.identity, time % 2 === 1);
    }
  }

  /** The template for one person's mail. Rejects with what is wrong with the text; asked again, it is formed again. */
  of({ text, answers }: Pick<ListRecipient, 'text' | 'answers'>, sending: Expected): Promise<MailTemplate> {
    return this.formed(text, sending, answers !== null);
  }

  /**
   * Forms what these texts will need, one after another so that nothing else waits for long. Never rejects: what is wrong with a text
   * is said when it is to be sent.
   */
  async form(texts: readonly ComposedText[], about: Expected): Promise<void> {
    for (const text of texts) {
      const isAnswer = text.act === 'cancel' || text.variant === 'thread';
      await this.formed(text, about, isAnswer).catch(() => {});
    }
  }

  private formed(text: ComposedText, sending: Expected, isAnswer: boolean): Promise<MailTemplate> {
    const hashes = text.parts.map((part) => part.sha256);
    const { mode, incidentId, warningId, severity } = sending;
    const about = [mode, incidentId, warningId, severity, text.language, text.subjectSha256, ...hashes];
    const key = JSON.stringify([...about, isAnswer]);
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const forming = MailTemplate.of(text, sending, this.identity, isAnswer);
    this.kept.set(key, forming);
    forming.catch(() => this.kept.delete(key));
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return forming;
  }
}

const REHEARSALS = 10;
const MADE_UP: Expected = {
  mode: 'exercise',
  incidentId: `inc_${'0'.repeat(32)}` as IncidentId,
  warningId: `wrn_${'0'.repeat(32)}` as WarningId,
  severity: 'Minor',
};

/** About as long as a warning, with a letter that needs an encoding. It is never sent. */
function madeUp(time: number): ComposedText {
  const subject = `Rehearsal ${time}`;
  const text = `${'This is sent to nobody. Ni anfonir hwn at neb – ŵ.\n'.repeat(12)}${time}`;
  return {
    accountId: `acc_${'0'.repeat(32)}` as ComposedText['accountId'],
    channel: 'email',
    platform: 'email',
    language: 'en-GB',
    act: 'issue',
    variant: 'first',
    leftOut: [],
    subject,
    subjectSha256: textHash(subject),
    parts: [{ text, sha256: textHash(text) }],
  };
}
