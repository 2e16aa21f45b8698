import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, type DeliveryId, type Severity } from '#contracts';
import { deliveryId, silentLog } from '#runtime';
import type { ListRecipient, ListSender, SendCtx, SendWindow } from '../adapter/list-sender.js';
import type { Outcome } from '../adapter/outcome.js';
import { composed, flood, warning } from './warnings.js';

/**
 * How the other side misbehaves at the next message, or at the next for one address. `refused` is final, `try-later` is not,
 * `lost-*` cut the link before or after the message was taken, `hangs` never answers.
 */
export type SenderFault = 'refused' | 'try-later' | 'lost-before-taking' | 'lost-after-taking' | 'hangs';

/** One message by the other side's own record. `key` is what correlates it: a Message-ID, a reference. */
export type TakenMessage = { to: string; text: string; key: string };

/** A sender to test, and the other side as it is seen from outside. */
export type SenderUnderTest = {
  sender: ListSender;
  /** An address of this channel, another for each number. */
  address(number: number): string;
  /** Everything that was taken, oldest first; `to` as `address` gives it. */
  taken(): Promise<readonly TakenMessage[]>;
  misbehave(fault: SenderFault, to?: string): void;
  close(): Promise<void>;
};

const PEOPLE = 10;
const NOW = toInstant('2026-11-21T10:00:00.000Z');
const personOf = (number: number): string => `sub_${number.toString(16).padStart(32, '0')}`;

/**
 * The promises of a list sender (CHANNELS §E.1): the approved text, once to each, an outcome of its own for each, and never a guess
 * about what nobody knows.
 */
export function senderContract(name: string, start: () => Promise<SenderUnderTest>): void {
  describe(`the list sender for ${name}`, () => {
    let other: SenderUnderTest;
    beforeEach(async () => {
      other = await start();
    });
    afterEach(() => other.close());

    const sending = (severity: Severity = 'Severe'): SendWindow['sending'] => ({
      mode: 'exercise',
      incidentId: flood,
      warningId: warning(1),
      version: 1,
      act: 'issue',
      issuedAt: NOW,
      sendUntil: toInstant('2026-11-21T11:00:00.000Z'),
      message: 'first',
      severity,
      urgency: 'Immediate',
    });
    const idOf = (number: number): DeliveryId => {
      const of = { warningId: warning(1), version: 1, act: 'issue', channel: other.sender.channel } as const;
      return deliveryId({ ...of, target: personOf(number), part: 1 });
    };
    function recipient(number: number, words = 'Severe flood warning. Leave now.'): ListRecipient {
      const { channel } = other.sender;
      const subject = channel === 'email' ? { subject: 'Severe flood warning' } : {};
      return {
        deliveryId: idOf(number),
        subscriberId: personOf(number),
        address: other.address(number),
        text: composed({ channel, texts: [words], ...subject }),
        attempt: 1,
        answers: null,
      };
    }
    const everybody = (words?: string) => Array.from({ length: PEOPLE }, (_, n) => recipient(n, words));
    const ctx = (wish: Partial<SendCtx> = {}): SendCtx => ({
      signal: new AbortController().signal,
      mayWrite: () => true,
      clock: { now: () => NOW },
      log: silentLog,
      ...wish,
    });
    const send = (recipients: readonly ListRecipient[], wish: Partial<SendCtx> = {}) =>
      other.sender.send({ sending: sending(), recipients }, ctx(wish));
    const outcomes = (found: ReadonlyMap<DeliveryId, Outcome>): Record<string, number> => {
      const counted: Record<string, number> = {};
      for (const { outcome } of found.values()) counted[outcome] = (counted[outcome] ?? 0) + 1;
      return counted;
    };

    it('brings everybody the approved text once, and says of each that it was accepted', async () => {
      expect(outcomes(await send(everybody()))).toEqual({ accepted: PEOPLE });
      const taken = await other.taken();
      expect(taken.map(({ to }) => to).sort()).toEqual(
        everybody()
          .map(({ address }) => address)
          .sort(),
      );
      for (const { text } of taken) expect(text).toContain('Severe flood warning. Leave now.');
    });

    it.each([
      ['Welsh', 'Rhybudd llifogydd difrifol: Tŷ’n-y-groes. Ewch ŵan.'],
      ['a line that begins with a full stop', 'Leave now.\n.\n..and call 999.'],
      ['what looks like a command', 'QUIT\nRSET\nSTOP'],
      ['a sign that takes two places', 'Fine €1,000 [see notice] {A} ^~|\\'],
    ])('and loses no letter of %s', async (_, words) => {
      await send([recipient(1, words)]);
      const [one] = await other.taken();
      expect(one?.text.replaceAll('\r\n', '\n')).toContain(words);
    });

    it('sends a repeat under the very same key', async () => {
      await send([recipient(1)]);
      await send([{ ...recipient(1), attempt: 2 }]);
      const keys = (await other.taken()).map(({ key }) => key);
      expect(keys).toHaveLength(2);
      expect(new Set(keys).size).toBe(1);
    });

    it('writes to nobody once it may not, and says that they wait', async () => {
      const found = await send(everybody(), { mayWrite: () => false });
      expect(outcomes(found)).toEqual({ deferred: PEOPLE });
      expect(await other.taken()).toEqual([]);
    });

    it('stops in the middle: whoever was not written to waits, and nobody is said to have got what did not leave', async () => {
      let asked = 0;
      const found = await send(everybody(), { mayWrite: () => (asked += 1) <= 3 });
      const { accepted = 0, deferred = 0 } = outcomes(found);
      expect(accepted + deferred).toBe(PEOPLE);
      expect(accepted).toBe((await other.taken()).length);
      expect(accepted).toBeLessThanOrEqual(3);
    });

    it('answers soon after it was told to stop, although the other side says nothing', async () => {
      other.misbehave('hangs');
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);
      const began = performance.now();
      const found = await send([recipient(1)], { signal: stop.signal });
      expect(performance.now() - began).toBeLessThan(20_000);
      const outcome = found.get(idOf(1))?.outcome;
      expect([undefined, 'unknown', 'deferred']).toContain(outcome);
      if (outcome === 'deferred') expect(await other.taken()).toEqual([]); // then it was not written to
    });

    it('takes a final refusal for one as final, with a reason, and for nobody else', async () => {
      other.misbehave('refused', other.address(3));
      const found = await send(everybody());
      expect(outcomes(found)).toEqual({ accepted: PEOPLE - 1, refused: 1 });
      expect(found.get(idOf(3))).toMatchObject({ outcome: 'refused', reason: expect.any(String) });
      expect((await other.taken()).map(({ to }) => to)).not.toContain(other.address(3));
    });

    it('brings it once when it is told to come back later: at its next turn, or at the next attempt', async () => {
      other.misbehave('try-later', other.address(1));
      const outcome = (await send([recipient(1)])).get(idOf(1))?.outcome;
      expect(['accepted', 'deferred']).toContain(outcome);
      expect(await other.taken()).toHaveLength(outcome === 'accepted' ? 1 : 0);
      if (outcome === 'deferred')
        expect(outcomes(await send([{ ...recipient(1), attempt: 2 }]))).toEqual({ accepted: 1 });
      expect(await other.taken()).toHaveLength(1);
    });

    it('does not know what became of a message whose answer was lost', async () => {
      other.misbehave('lost-after-taking', other.address(1));
      const found = await send([recipient(1)]);
      expect([undefined, 'unknown']).toContain(found.get(idOf(1))?.outcome);
      expect(await other.taken()).toHaveLength(1);
    });

    it('says accepted of nothing that was lost on its way there', async () => {
      other.misbehave('lost-before-taking', other.address(1));
      const found = await send([recipient(1)]);
      expect([undefined, 'unknown', 'deferred']).toContain(found.get(idOf(1))?.outcome);
      expect(await other.taken()).toEqual([]);
    });

    it('and goes on with the others after a link was lost', async () => {
      other.misbehave('lost-after-taking', other.address(0));
      const found = await send(everybody());
      const again = everybody().filter(({ deliveryId: id }) => found.get(id)?.outcome === 'deferred');
      const later = again.length === 0 ? new Map<DeliveryId, Outcome>() : await send(again);
      const arrived = new Set((await other.taken()).map(({ to }) => to));
      for (const { deliveryId: id, address } of everybody()) {
        const outcome = (later.get(id) ?? found.get(id))?.outcome ?? 'unknown';
        if (outcome === 'accepted') expect(arrived).toContain(address);
        if (outcome === 'deferred' || outcome === 'refused') expect(arrived).not.toContain(address);
      }
    });
  });
}
