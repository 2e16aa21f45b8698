import type { ListRecipient, ListSender, Outcome, SendCtx, Sending, SendWindow } from '#channel';
import type { DeliveryId } from '#contracts';
import type { SmsGateway, SubmitPdu } from '../gateway/sms-gateway.js';
import { validityPeriod } from '../smpp/validity-period.js';
import type { MessageReferences } from './message-references.js';
import { SmsForm, type SmsSegment, type TextStyle } from './sms-form.js';
import type { SubmittedPart, SubmittedParts } from './submitted-parts.js';
import { wholeOutcome } from './whole-outcome.js';

export type SmsSettings = TextStyle & {
  /** What the phone shows as sender: up to 11 letters, or a number that can be answered. */
  sender: string;
  /** The type of that sender where the gateway wants another than what it looks like. */
  from?: NumberKind;
  /** Most parts of one text; a longer one is refused, never cut. */
  mostParts: number;
  /** How long a part waits for its turn before it goes back to the loop, ms. */
  turnMs: number;
  /** A message id in the one form in which receipts are kept as well. */
  plainId(id: string): string;
};

/** Type and numbering plan of a number (SMPP 3.4 §5.2.5, §5.2.6). */
export type NumberKind = { ton: number; npi: number };
const INTERNATIONAL: NumberKind = { ton: 1, npi: 1 };
const NETWORK_SPECIFIC: NumberKind = { ton: 3, npi: 0 };
const ALPHANUMERIC: NumberKind = { ton: 5, npi: 0 };
/** Longest short code; a telephone number has more digits. */
const SHORT_CODE_DIGITS = 6;

function kindOf(sender: string): NumberKind {
  if (!/^\+?\d+$/.test(sender)) return ALPHANUMERIC;
  return sender.length <= SHORT_CODE_DIGITS ? NETWORK_SPECIFIC : INTERNATIONAL;
}
const WANT_RECEIPT = 1;

/** Sends approved texts through the gateway: the gateway's form, one reference per message, one outcome per person. */
export class SmsSender implements ListSender {
  readonly channel = 'sms';

  constructor(
    private readonly gateway: Pick<SmsGateway, 'submit'>,
    private readonly references: MessageReferences,
    private readonly submitted: SubmittedParts,
    private readonly settings: SmsSettings,
  ) {}

  async send({ sending, recipients }: SendWindow, ctx: SendCtx): Promise<ReadonlyMap<DeliveryId, Outcome>> {
    const forms = new Map<string, SmsForm>();
    const formsOf = ({ text }: ListRecipient) =>
      text.parts.map((part) => {
        const form = forms.get(part.text) ?? new SmsForm(part.text, this.settings);
        forms.set(part.text, form);
        return form;
      });
    const keyed = recipients.map((recipient) => ({
      recipient,
      forms: formsOf(recipient).map((form, n) => ({ form, key: `${recipient.deliveryId}/${n}` })),
    }));
    const references = await this.references.of(
      keyed.flatMap(({ recipient, forms }) =>
        forms
          .filter(({ form }) => form.joined)
          .map(({ key }) => ({ messageKey: key, recipient: recipient.subscriberId })),
      ),
    );
    const taken: SubmittedPart[] = [];
    const outcomes = await Promise.all(
      keyed.map(async ({ recipient, forms }) => {
        const segments = forms.flatMap(({ form, key }) => form.forReference(references.get(key) ?? 0));
        return [recipient.deliveryId, await this.#one(recipient, segments, { sending, ctx, taken })] as const;
      }),
    );
    // Before the outcomes are recorded: receipts find their delivery also after a crash between the two.
    await this.submitted.save(taken.filter(({ messageId }) => messageId !== ''));
    return new Map(outcomes);
  }

  async #one(
    recipient: ListRecipient,
    segments: readonly SmsSegment[],
    { sending, ctx, taken }: { sending: Sending; ctx: SendCtx; taken: SubmittedPart[] },
  ): Promise<Outcome> {
    const { deliveryId, attempt } = recipient;
    const parts = segments.length;
    if (parts === 0 || parts > this.settings.mostParts) {
      const detail = `${parts} parts, at most ${this.settings.mostParts} are sent`;
      return { outcome: 'refused', reason: 'too-long', detail };
    }
    const leftMs = Date.parse(sending.sendUntil) - Date.parse(ctx.clock.now());
    const how = {
      until: performance.now() + Math.min(leftMs, this.settings.turnMs),
      urgent: sending.severity === 'Extreme' || sending.severity === 'Severe' || sending.act === 'cancel',
      mayWrite: () => ctx.mayWrite(),
      late: (id: string) =>
        void this.#late({ messageId: this.settings.plainId(id), deliveryId, attempt, parts }, ctx),
    };
    const ends = await Promise.all(
      segments.map((segment) => this.gateway.submit(this.#pdu(recipient.address, segment, leftMs), how)),
    );
    for (const end of ends) {
      if (end.result === 'accepted')
        taken.push({ messageId: this.settings.plainId(end.messageId), deliveryId, attempt, parts });
    }
    return wholeOutcome(ends, { now: ctx.clock.now(), attempt });
  }

  /** The text went out although its answer was given up: from now on its receipt tells. */
  async #late(part: SubmittedPart, { log }: SendCtx): Promise<void> {
    try {
      await this.submitted.save([part]);
      log.info({ deliveryId: part.deliveryId }, 'the gateway answered late, its receipt will tell');
    } catch (error) {
      log.warn({ error, deliveryId: part.deliveryId }, 'a late answer of the gateway could not be kept');
    }
  }

  #pdu(number: string, { esmClass, dataCoding, message, tlvs }: SmsSegment, leftMs: number): SubmitPdu {
    const { sender } = this.settings;
    const from = this.settings.from ?? kindOf(sender);
    return {
      serviceType: '',
      sourceTon: from.ton,
      sourceNpi: from.npi,
      source: sender.replace(/^\+/, ''),
      destinationTon: INTERNATIONAL.ton,
      destinationNpi: INTERNATIONAL.npi,
      destination: number.replace(/^\+/, ''),
      esmClass,
      protocolId: 0,
      priority: 0,
      scheduleAt: '',
      validityPeriod: validityPeriod(leftMs),
      registeredDelivery: WANT_RECEIPT,
      replaceIfPresent: 0,
      dataCoding,
      defaultMessageId: 0,
      message,
      tlvs,
    };
  }
}
