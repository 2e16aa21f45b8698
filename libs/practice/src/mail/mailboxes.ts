import type { SMTPServerAddress } from 'smtp-server';
import type { Owing } from '../platform/owing.js';
import type { World } from '../platform/world.js';
import type { MailHabit, SeededPublic } from '../public/seeded-public.js';
import type { Fact, MailFact } from '../record/facts.js';
import { readMail } from './mail-text.js';
import type { Refusal } from './refusals.js';

const ONLY_ONCE: readonly MailHabit[] = ['greylists', 'too-many', 'shuts'];
const SENDS_BACK: readonly MailHabit[] = ['bounces-unknown', 'bounces-full', 'away'];

/** From whom and to whom, as SMTP said it; `envid` by which the sender knows the mail again (RFC 3461 §4.4). */
export type Envelope = { from: string; recipients: readonly SMTPServerAddress[]; envid: string | undefined };

/** The mailboxes behind the server, one for every address: what each does with a mail, what it keeps, and what comes back. */
export class Mailboxes {
  private readonly putOff = new Set<string>(); // addresses that said no once

  /** `bounces` is undefined where nobody takes them: then nothing comes back. `afterMs` after a mail it does. */
  constructor(
    private readonly world: World,
    private readonly people: SeededPublic,
    private readonly back: { bounces: Owing | undefined; afterMs: number },
  ) {}

  /** Takes in one fact of an earlier run. */
  replay(fact: Fact): void {
    if (fact.fact === 'refusal' && fact.channel === 'email' && fact.answer.startsWith('4'))
      this.putOff.add(fact.to);
  }

  /** What the address does with the next mail: whoever puts a sender off does it once. */
  habit(address: string): MailHabit {
    const habit = this.people.toMail(address);
    return ONLY_ONCE.includes(habit) && this.putOff.has(address) ? 'takes' : habit;
  }

  /** Writes down that a mail was not taken, and what its sender is told. */
  async turnAway(to: string, { code, text }: Refusal): Promise<void> {
    this.putOff.add(to);
    const at = new Date(this.world.now()).toISOString();
    await this.world.record.append({ fact: 'refusal', channel: 'email', at, to, answer: `${code} ${text}` });
  }

  /** Keeps one mail for each of its recipients and owes what comes back; answers with the number in the queue. */
  async keep(raw: Buffer, { from, recipients, envid }: Envelope, bouncing: boolean): Promise<string> {
    const span = await this.world.record.appendMail(raw);
    const { messageId: key, subject, text } = readMail(raw);
    const id = `M${span.offset.toString(36).toUpperCase().padStart(6, '0')}`;
    const at = new Date(this.world.now()).toISOString();
    const kept = recipients.map(async ({ address: to, dsn }, n) => {
      const mail: MailFact = {
        fact: 'mail',
        channel: 'email',
        at,
        to,
        key,
        from,
        subject,
        text,
        raw: span,
        id,
        ...(envid !== undefined && { envid }),
      };
      await this.world.record.append(mail);
      const what = bouncing ? 'bounces-unknown' : this.sendsBack(to, dsn?.notify);
      if (what === undefined || from === '' || this.back.bounces === undefined) return;
      const dueAt = this.world.now() + this.back.afterMs;
      const about = envid ?? '';
      await this.back.bounces.owe({ id: `${id}-${n}`, what, dueAt, to: from, from: to, about, raw: span });
    });
    await Promise.all(kept);
    return id;
  }

  // RFC 3461 §4.1: NEVER wants no report at all, SUCCESS wants one of a delivery too.
  private sendsBack(address: string, notify: readonly string[] | undefined): string | undefined {
    const habit = this.people.toMail(address);
    if (habit === 'away') return habit;
    if (SENDS_BACK.includes(habit)) return notify?.includes('NEVER') === true ? undefined : habit;
    return notify?.includes('SUCCESS') === true ? 'delivered' : undefined;
  }
}
