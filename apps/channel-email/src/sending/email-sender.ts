import type { Expected, ListRecipient, ListSender, Outcome, SendCtx, SendWindow } from '#channel';
import { isMailAddress } from '#audience';
import type { ComposedText, DeliveryId } from '#contracts';
import type { TurnedAway } from '../bounces/bounce-desk.js';
import type { MailTemplate } from '../composing/mail-template.js';
import type { Templates } from '../composing/templates.js';
import type { MailTokens } from '../return-path/mail-tokens.js';
import type { SmtpTransport } from '../transport/smtp-transport.js';
import { countRefusal, stopped, type Round } from './round.js';
import { smtpOutcome } from './smtp-outcome.js';

/** Hears whose mail was turned away for good in a window of so many, for some addresses are gone. Never rejects. */
export type TurnedAwayDesk = {
  turnedAway(all: readonly TurnedAway[], recipients: number): Promise<void>;
};

/** Sends to a list by SMTP: one mail formed for all who get the same text, each person's sent and answered by itself. */
export class EmailSender implements ListSender {
  readonly channel = 'email';

  constructor(
    private readonly transport: SmtpTransport,
    private readonly templates: Templates,
    private readonly tokens: MailTokens,
    private readonly desk: TurnedAwayDesk,
  ) {}

  /** Forms the mails of a version that an officer is reading: forming and checking one takes longer than all the rest of sending it. */
  expect(texts: readonly ComposedText[], about: Expected): void {
    void this.templates.form(texts, about);
  }

  /** Forms the mails of this window in the time that the database takes to arm it; not before the statement is on its way. */
  prepare({ sending, recipients }: SendWindow): void {
    setImmediate(() => {
      for (const one of recipients) this.templates.of(one, sending).catch(() => {}); // `send` is told
    });
  }

  async send(window: SendWindow, ctx: SendCtx): Promise<ReadonlyMap<DeliveryId, Outcome>> {
    const outcomes = new Map<DeliveryId, Outcome>();
    const round: Round = { window, ctx, left: new Set(), inHand: [], turnedAway: [], refusedUs: 0 };
    const all = window.recipients.map(async (one) => {
      outcomes.set(one.deliveryId, await this.sendOne(one, round));
    });
    await Promise.race([Promise.all(all), stopped(ctx.signal, round)]);
    round.over?.();
    if (round.turnedAway.length > 0) await this.desk.turnedAway(round.turnedAway, window.recipients.length);
    for (const { deliveryId } of window.recipients) {
      if (!outcomes.has(deliveryId) && !round.left.has(deliveryId)) outcomes.set(deliveryId, notNow(ctx));
    }
    return outcomes; // whose mail had left and has no answer yet counts as unknown
  }

  private async sendOne(recipient: ListRecipient, round: Round): Promise<Outcome> {
    const { ctx, window } = round;
    const { sending } = window;
    const { deliveryId, address } = recipient;
    if (!isMailAddress(address)) return invalid('not one plain e-mail address');
    let template: MailTemplate;
    try {
      template = await this.templates.of(recipient, sending);
    } catch (error) {
      ctx.log.error({ error, deliveryId }, 'the finished mail is not what was approved: it is not sent');
      return invalid((error as Error).message);
    }
    // Whole before the relay hears of it: one that cannot be made is refused for good, and costs no connection.
    let mail: string;
    try {
      mail = template.mailFor(this.personal(recipient, ctx));
    } catch (error) {
      ctx.log.error({ error, deliveryId }, 'the mail of one person cannot be made: it is not sent');
      return invalid((error as Error).message);
    }
    const inHand = this.transport.send({
      from: this.tokens.returnPath(deliveryId),
      to: address,
      envelopeId: deliveryId,
      isUrgent: sending.act === 'cancel' || GRAVE.has(sending.severity),
      mayLeave: () => ctx.mayWrite(),
      mail: () => {
        if (!ctx.mayWrite()) return undefined;
        round.left.add(deliveryId);
        return mail;
      },
    });
    round.inHand.push(inHand);
    const result = await inHand.result;
    if (result.result === 'withdrawn') return round.forAll ?? notNow(ctx);
    const outcome = smtpOutcome(result, recipient.attempt, ctx.clock.now());
    countRefusal(round, result, outcome);
    if (outcome.outcome === 'refused' && result.result === 'refused' && ABOUT_THE_PERSON.has(result.at)) {
      round.turnedAway.push({ deliveryId, subscriberId: recipient.subscriberId, reply: result.reply });
    }
    return outcome;
  }

  private personal({ address, deliveryId, answers, subscriberId }: ListRecipient, { clock }: SendCtx) {
    return {
      to: address,
      deliveryId,
      answers,
      unsubscribeToken: this.tokens.unsubscribeToken(subscriberId),
      date: new Date(clock.now()).toUTCString().replace('GMT', '+0000'),
    };
  }
}

/** Refusals of the sender, of DATA or of the link say nothing of the address. */
const ABOUT_THE_PERSON: ReadonlySet<string> = new Set(['recipient', 'mail']);
const GRAVE: ReadonlySet<string> = new Set(['Severe', 'Extreme']);
const notNow = ({ clock }: SendCtx): Outcome => ({ outcome: 'deferred', until: clock.now(), scope: 'app' });
const invalid = (detail: string): Outcome => ({ outcome: 'refused', reason: 'invalid', detail });
