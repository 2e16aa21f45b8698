import type { ComposedText, DeliveryId } from '#contracts';
import type { Subscriber, Subscribers } from '#audience';
import { deliveryId, type Clock, type Log } from '#runtime';
import type { ListRecipient, ListSender } from '../adapter/list-sender.js';
import type { Outcome } from '../adapter/outcome.js';
import { textIsApproved } from '../approved/check-approved.js';
import type { Shutters } from '../gate/shutters.js';
import { pickText } from '../following/follow.js';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { DueDelivery, Settled } from '../chunks/delivery-store.js';

/** A row with all that is needed to send it. */
export type Ready = { row: DueDelivery; recipient: ListRecipient };

/** Turns rows into recipients with their approved text, and hands windows of them to the channel's sender. */
export class WindowSender {
  constructor(
    private readonly sender: ListSender,
    private readonly subscribers: Subscribers,
    private readonly shutters: Shutters,
    private readonly on: { clock: Clock; log: Log },
  ) {}

  /**
   * Who can be sent to, and what became of the rest without a send: somebody who has opted out since the plan, or whose address is
   * gone, ends suppressed; a text that is not there, or is not what was approved, refuses. `known` are people read a moment ago.
   */
  async prepare(
    chunk: TakenChunk,
    rows: readonly DueDelivery[],
    known?: ReadonlyMap<string, Subscriber>,
  ): Promise<{ ready: Ready[]; settled: Settled[] }> {
    if (rows.length === 0) return { ready: [], settled: [] };
    const people = known ?? (await this.subscribers.byIds(rows.map(({ target }) => target)));
    const approved = new Map<ComposedText, boolean>();
    const ready: Ready[] = [];
    const settled: Settled[] = [];
    for (const row of rows) {
      // A delivery's id is made of whom it was planned for: a row that names somebody else now has been changed.
      const planned = deliveryId({
        ...chunk.key,
        channel: this.sender.channel,
        target: row.target,
        part: row.part,
      });
      if (chunk.tampered === true || planned !== row.deliveryId) {
        settled.push(this.refused(row, 'what is kept of it is not what was approved and planned'));
        continue;
      }
      const person = people.get(row.target);
      const suppressed = person === undefined ? 'no longer subscribed' : person.suppressed;
      if (person === undefined || suppressed !== null) {
        settled.push(this.left(row, suppressed ?? ''));
        continue;
      }
      const text = pickText(chunk.texts, {
        act: chunk.key.act,
        variant: row.variant,
        language: row.language,
      });
      if (text !== undefined && !approved.has(text)) approved.set(text, textIsApproved(text));
      if (text === undefined || approved.get(text) !== true)
        settled.push(
          this.refused(
            row,
            text === undefined ? 'no text was approved for it' : 'its text is not what was approved',
          ),
        );
      else ready.push({ row, recipient: recipient(row, person, text) });
    }
    const refused = settled.filter(({ state, reason }) => state === 'refused' && reason === 'invalid');
    if (refused.length > 0)
      this.on.log.error(
        { ...chunk.key, refused: refused.length, why: [...new Set(refused.map(({ detail }) => detail))] },
        'deliveries refused before sending',
      );
    return { ready, settled };
  }

  /** Tells the channel's sender what it is about to get, while the window is being armed. What it throws must not keep the window from its send. */
  announce(chunk: TakenChunk, window: readonly Ready[]): void {
    try {
      this.sender.prepare?.({ sending: chunk.sending, recipients: window.map((ready) => ready.recipient) });
    } catch (error) {
      this.on.log.warn({ error, ...chunk.key }, 'the sender could not prepare for a window');
    }
  }

  /**
   * Hands one armed window over; `mayGoOn` says whether the lease and the end of sending still allow it. Whatever the sender throws,
   * everybody without an answer is in doubt, not forgotten.
   */
  async send(
    chunk: TakenChunk,
    window: readonly Ready[],
    mayGoOn: () => boolean,
    stop: AbortSignal,
  ): Promise<ReadonlyMap<DeliveryId, Outcome>> {
    const { clock, log } = this.on;
    const { warningId, version, act } = chunk.key;
    const mayWrite = (): boolean => mayGoOn() && !stop.aborted && this.shutters.open(warningId, version, act);
    try {
      return await this.sender.send(
        { sending: chunk.sending, recipients: window.map((ready) => ready.recipient) },
        { signal: stop, mayWrite, clock, log },
      );
    } catch (error) {
      log.error(
        { error, ...chunk.key, recipients: window.length },
        'the sender failed in the middle of a window',
      );
      return new Map();
    }
  }

  private left(row: DueDelivery, why: string): Settled {
    const { deliveryId, unknowns } = row;
    if (unknowns > 0)
      return { deliveryId, state: 'unknown', at: null, detail: `not sent again: ${why}`, tried: false };
    return { deliveryId, state: 'suppressed', at: null, reason: why, tried: false };
  }

  private refused(row: DueDelivery, detail: string): Settled {
    const { deliveryId, unknowns } = row;
    if (unknowns > 0)
      return { deliveryId, state: 'unknown', at: null, detail: `not sent again: ${detail}`, tried: false };
    return { deliveryId, state: 'refused', at: null, reason: 'invalid', detail, tried: false };
  }
}

function recipient(row: DueDelivery, person: Subscriber, text: ComposedText): ListRecipient {
  return {
    deliveryId: row.deliveryId,
    subscriberId: row.target,
    address: person.address,
    text,
    attempt: row.attempt + 1,
    answers: row.answers,
  };
}
