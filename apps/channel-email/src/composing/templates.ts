import type { ListRecipient, Sending } from '#channel';
import type { MailIdentity } from './compose-mail.js';
import { MailTemplate } from './mail-template.js';

/** Versions under way × languages × (first, answer, cancel): far more than a night has. Each is about 8 kB. */
const MOST_KEPT = 200;

/** Forms the mail of each text once, and keeps it for the chunks and attempts that follow. */
export class Templates {
  private readonly formed = new Map<string, Promise<MailTemplate>>();

  constructor(private readonly identity: MailIdentity) {}

  /** The template for one person's mail. Rejects with what is wrong with the text; asked again, it is formed again. */
  of({ text, answers }: Pick<ListRecipient, 'text' | 'answers'>, sending: Sending): Promise<MailTemplate> {
    const hashes = text.parts.map((part) => part.sha256);
    const { mode, warningId, severity } = sending;
    const about = [mode, warningId, severity, text.language, text.subjectSha256, ...hashes];
    const key = JSON.stringify([...about, answers !== null]);
    const known = this.formed.get(key);
    if (known !== undefined) return known;
    const forming = MailTemplate.of(text, sending, this.identity, answers !== null);
    this.formed.set(key, forming);
    forming.catch(() => this.formed.delete(key));
    const [oldest] = this.formed.keys();
    if (this.formed.size > MOST_KEPT && oldest !== undefined) this.formed.delete(oldest);
    return forming;
  }
}
