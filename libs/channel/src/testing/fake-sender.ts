import type { ComposedText, DeliveryId, ListChannel } from '#contracts';
import type { Expected, ListRecipient, ListSender, SendCtx, SendWindow } from '../adapter/list-sender.js';
import type { Outcome } from '../adapter/outcome.js';

/** One message that a fake took. */
export type Taken = {
  to: string;
  text: string;
  deliveryId: DeliveryId;
  version: number;
  act: string;
  attempt: number;
  answers: string | null;
};

/** What a fake does with one recipient; undefined: accepted. */
export type Behaviour = (
  recipient: ListRecipient,
  window: SendWindow,
  ctx: SendCtx,
) => Promise<Outcome | undefined> | Outcome | undefined;

/** A sender that keeps what it was given, and misbehaves on request. */
export class FakeSender implements ListSender {
  /** Everything that arrived on the other side, in order, whatever was said about it. */
  readonly taken: Taken[] = [];
  /** Texts that it was told to expect, each as `<language> <act> <variant>`, with what it was told about them. */
  readonly expected: { texts: string[]; about: Expected }[] = [];
  behave: Behaviour = () => undefined;

  constructor(readonly channel: ListChannel) {}

  expect(texts: readonly ComposedText[], about: Expected): void {
    this.expected.push({
      texts: texts.map(({ language, act, variant }) => `${language} ${act} ${variant}`),
      about,
    });
  }

  async send(window: SendWindow, ctx: SendCtx): Promise<ReadonlyMap<DeliveryId, Outcome>> {
    const outcomes = new Map<DeliveryId, Outcome>();
    for (const recipient of window.recipients) {
      const { deliveryId } = recipient;
      if (!ctx.mayWrite()) {
        outcomes.set(deliveryId, { outcome: 'deferred', until: ctx.clock.now(), scope: 'app' });
        continue;
      }
      const outcome = (await this.behave(recipient, window, ctx)) ?? accepted(recipient, ctx);
      outcomes.set(deliveryId, outcome);
      if (outcome.outcome === 'accepted' || outcome.outcome === 'unknown') this.take(recipient, window);
    }
    return outcomes;
  }

  /** Who got something, in alphabetical order, with the first line of it. */
  arrived(): string[] {
    return this.taken.map(({ to, text }) => `${to}: ${text}`).sort();
  }

  private take(recipient: ListRecipient, { sending }: SendWindow): void {
    const { address: to, deliveryId, attempt, answers, text } = recipient;
    const { version, act } = sending;
    this.taken.push({ to, text: text.parts[0]?.text ?? '', deliveryId, version, act, attempt, answers });
  }
}

function accepted(recipient: ListRecipient, ctx: SendCtx): Outcome {
  return { outcome: 'accepted', ref: { id: `q-${recipient.deliveryId.slice(4, 12)}` }, at: ctx.clock.now() };
}
