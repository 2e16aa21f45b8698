import type { ListRecipient, ListSender, Outcome, SendCtx, Sending, SendWindow } from '#channel';
import type { DeliveryId } from '#contracts';
import { sleep } from '#runtime';
import type { SmsGateway, SubmitPdu } from '../gateway/sms-gateway.js';
import { INTERNATIONAL, kindOf, type NumberKind } from '../smpp/number-kind.js';
import { validityPeriod } from '../smpp/validity-period.js';
import type { MessageReferences } from './message-references.js';
import { SmsForm, type SmsSegment, type TextStyle } from './sms-form.js';
import type { SubmittedPart, SubmittedParts } from './submitted-parts.js';
import { MOST_TROUBLE, nothingLeft, wholeOutcome } from './whole-outcome.js';

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

const WANT_RECEIPT = 1;
/** Texts whose troubles are remembered; one that is forgotten is only tried once more often. */
const MOST_TROUBLED = 100_000;
/** Turns that the rest of a text may take once a part of it has left. */
const TURNS_OF_A_WHOLE = 4;
/** Pauses after a message id could not be kept. */
const KEEP_AGAIN_MS = [50, 250, 0];

/** Sends approved texts through the gateway: the gateway's form, one reference per message, one outcome per person. */
export class SmsSender implements ListSender {
  readonly channel = 'sms';
  /** How often the gateway was in trouble over each text that still waits. */
  readonly #troubles = new Map<DeliveryId, number>();

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
    const joined = keyed.flatMap(({ recipient, forms }) =>
      forms
        .filter(({ form }) => form.joined)
        .map(({ key }) => ({ messageKey: key, recipient: recipient.subscriberId })),
    );
    const references = await this.references.of(joined).catch((error: unknown) => {
      ctx.log.warn({ error, recipients: recipients.length }, 'nothing was sent: texts could not be numbered');
    });
    if (references === undefined) return nothingLeft(recipients, ctx);
    const taken: SubmittedPart[] = [];
    const outcomes = await Promise.all(
      keyed.map(async ({ recipient, forms }) => {
        const segments = forms.flatMap(({ form, key }) => form.forReference(references.get(key) ?? 0));
        return [recipient.deliveryId, await this.#one(recipient, segments, { sending, ctx, taken })] as const;
      }),
    );
    // Before the outcomes are recorded: receipts find their delivery also after a crash between the two.
    await this.#keep(taken, ctx);
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
    const { turnMs } = this.settings;
    const how = {
      until: performance.now() + Math.min(leftMs, turnMs),
      whole: { begun: false, until: performance.now() + Math.min(leftMs, turnMs * TURNS_OF_A_WHOLE) },
      urgent: sending.severity === 'Extreme' || sending.severity === 'Severe' || sending.act === 'cancel',
      mayWrite: () => ctx.mayWrite(),
      late: (id: string) =>
        void this.#late({ messageId: this.settings.plainId(id), deliveryId, attempt, parts }, ctx),
    };
    const ends = await Promise.all(
      segments.map((segment) =>
        this.gateway.submit(this.#pdu(recipient.address, segment, sending, ctx), how),
      ),
    );
    for (const end of ends) {
      if (end.result === 'accepted')
        taken.push({ messageId: this.settings.plainId(end.messageId), deliveryId, attempt, parts });
    }
    return wholeOutcome(ends, {
      now: ctx.clock.now(),
      attempt,
      inTrouble: () => this.#inTrouble(deliveryId),
    });
  }

  #inTrouble(deliveryId: DeliveryId): number {
    const times = (this.#troubles.get(deliveryId) ?? 0) + 1;
    this.#troubles.delete(deliveryId);
    if (times < MOST_TROUBLE) this.#troubles.set(deliveryId, times);
    const [oldest] = this.#troubles.size > MOST_TROUBLED ? this.#troubles.keys() : [];
    if (oldest !== undefined) this.#troubles.delete(oldest);
    return times;
  }

  /** Keeps message ids. Where that fails their receipts will find no text; the outcomes stand all the same, or texts would leave twice. */
  async #keep(parts: readonly SubmittedPart[], { log }: SendCtx): Promise<void> {
    const named = parts.filter(({ messageId }) => messageId !== '');
    for (const pauseMs of KEEP_AGAIN_MS) {
      try {
        return await this.submitted.save(named);
      } catch (error) {
        log.error({ error, parts: named.length }, 'message ids of the gateway could not be kept');
        await sleep(pauseMs);
      }
    }
  }

  /** The text went out although its answer was given up: from now on its receipt tells. */
  async #late(part: SubmittedPart, ctx: SendCtx): Promise<void> {
    await this.#keep([part], ctx);
    ctx.log.info({ deliveryId: part.deliveryId }, 'the gateway answered late, its receipt will tell');
  }

  #pdu(
    number: string,
    { esmClass, dataCoding, message, tlvs }: SmsSegment,
    { sendUntil }: Sending,
    { clock }: SendCtx,
  ): SubmitPdu {
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
      // Worked out when it is written: a text that has waited for its turn is good for less.
      get validityPeriod() {
        return validityPeriod(Date.parse(sendUntil) - Date.parse(clock.now()));
      },
      registeredDelivery: WANT_RECEIPT,
      replaceIfPresent: 0,
      dataCoding,
      defaultMessageId: 0,
      message,
      tlvs,
    };
  }
}
