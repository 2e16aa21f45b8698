import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, type DeliveryId, type Instant, type WarningId } from '#contracts';
import { deliveryId, silentLog, textHash } from '#runtime';
import type { Capabilities } from '../adapter/capabilities.js';
import type { Outcome } from '../adapter/outcome.js';
import type { AccountRef, ApprovedPart, Ctx, SocialAdapter, StagedPart } from '../adapter/social-adapter.js';

/**
 * How a platform misbehaves at the next thing that would change something. `refused` and `login-refused` are its 4xx, `lost-*` cut the
 * link before or after the post was stored, `hangs` stores it and never answers, `rubbish` is an answer that nobody can read.
 */
export type PlatformFault =
  | 'refused'
  | 'login-refused'
  | 'too-many'
  | 'unavailable'
  | 'failed-after-storing'
  | 'lost-before-storing'
  | 'lost-after-storing'
  | 'hangs'
  | 'rubbish';

/** A post by the platform's own record. */
export type StandingPost = { id: string; text: string; answers: string | null };

/** An adapter to test, and its platform as it is seen from outside. */
export type AdapterUnderTest = {
  /** Another instance, as after a restart of the process. */
  open(): SocialAdapter;
  account: AccountRef;
  /** The account's posts that stand now, oldest first. */
  standing(): Promise<readonly StandingPost[]>;
  /** How many calls that would change something have arrived, whatever was answered. */
  mutations(): Promise<number>;
  misbehave(fault: PlatformFault): void;
  close(): Promise<void>;
};

const TEXTS: readonly [what: string, text: string][] = [
  ['plain words', 'Severe flood warning for Wainfleet. Leave now.'],
  ['a link, a hashtag and a mention', 'Leave now: https://www.gov.uk/flood #flood @wainfleet'],
  ['Welsh, with letters of two bytes', 'Rhybudd llifogydd difrifol: Tŷ’n-y-groes, Pentre’r-felin. Ewch ŵan.'],
  ['emoji of many code points, and a flag', 'Flood 🌊 in 🏴󠁧󠁢󠁷󠁬󠁳󠁿 Llanrwst 👨‍👩‍👧‍👦'],
  ['lines and an empty one', 'Flood warning\n\nMove to high ground.\nCall 999.'],
  ['what looks like markup', 'Water < 2 m & rising; "do not" drive *through* it_now <b>'],
];

/**
 * The promises of a social adapter (CHANNELS §E.1), each as a fact that every platform must keep: what is approved is what stands,
 * once, whatever became of the answer; and every answer has its one meaning.
 */
export function adapterContract(name: string, start: () => Promise<AdapterUnderTest>): void {
  describe(`the social adapter for ${name}`, () => {
    let platform: AdapterUnderTest;
    let adapter: SocialAdapter;
    let able: Capabilities;
    let approvedAt: Instant;
    beforeEach(async () => {
      platform = await start();
      adapter = platform.open();
      able = await adapter.capabilities(platform.account);
      approvedAt = toInstant(Date.now());
    });
    afterEach(() => platform.close());

    function part(wish: Partial<ApprovedPart> & { number?: number } = {}): ApprovedPart {
      const { number = 1, text = 'Severe flood warning for Wainfleet. Leave now.', ...rest } = wish;
      const { account } = platform;
      const warningId = `wrn_${'c'.repeat(32)}` as WarningId;
      const of = { warningId, version: 1, act: 'issue' as const };
      const id: DeliveryId = deliveryId({
        ...of,
        channel: 'social',
        target: account.accountId,
        part: number,
      });
      return {
        deliveryId: id,
        account,
        mode: 'exercise',
        ...of,
        language: 'en-GB',
        part: number,
        text,
        sha256: textHash(text),
        issuedAt: approvedAt,
        media: [],
        replyTo: null,
        ...rest,
      };
    }
    const ctx = (wish: Partial<Ctx> = {}): Ctx => ({
      deadline: toInstant(Date.parse(approvedAt) + 3_600_000),
      signal: AbortSignal.timeout(10_000),
      clock: { now: () => toInstant(Date.now()) },
      log: silentLog,
      attempt: 1,
      mayStandAlready: false,
      ...wish,
    });
    async function staged(of: ApprovedPart): Promise<StagedPart> {
      const done = await adapter.stage(adapter.form(of, able), ctx());
      if ('failed' in done) throw new Error(`it could not be staged: ${JSON.stringify(done.failed)}`);
      return done.staged;
    }
    const publish = async (of: ApprovedPart, wish: Partial<Ctx> = {}): Promise<Outcome> =>
      adapter.publish(await staged(of), ctx(wish));
    async function accepted(of: ApprovedPart, wish: Partial<Ctx> = {}) {
      const outcome = await publish(of, wish);
      if (outcome.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
      return outcome.ref;
    }
    const texts = async () => (await platform.standing()).map(({ text }) => text);

    describe('fits', () => {
      it.each(TEXTS)('%s: what was approved is what stands, letter for letter', async (_, text) => {
        const formed = adapter.form(part({ text }), able);
        expect(formed.text).toBe(text);
        await accepted(part({ text }));
        expect(await texts()).toEqual([text]);
      });

      it('as much as the platform says that it takes, and what is longer is refused for that reason', async () => {
        await accepted(part({ text: 'a'.repeat(able.limits.max) }));
        const outcome = await publish(part({ number: 2, text: 'a'.repeat(able.limits.max + 1) }));
        expect(outcome).toMatchObject({ outcome: 'refused', reason: 'too-long' });
        expect(await texts()).toHaveLength(1);
      });
    });

    describe('is deterministic', () => {
      it('in its form: the same in, the same out, and nothing of what it was given is changed', () => {
        const given = part({ text: TEXTS[1]![1] });
        const before = structuredClone(given);
        const [one, two] = [adapter.form(given, able), platform.open().form(given, able)];
        expect(two).toEqual(one);
        expect(given).toEqual(before);
        expect(JSON.parse(JSON.stringify(one))).toEqual(one); // no clock, no chance, no object of its own
      });
    });

    describe('is idempotent', () => {
      it('where it says so: a repeat after a restart finds the first post', async () => {
        const first = await accepted(part());
        adapter = platform.open();
        const again = await publish(part(), { attempt: 2, mayStandAlready: true });
        expect(again).toMatchObject({ outcome: 'accepted', ref: { id: first.id } });
        expect(await texts()).toHaveLength(1);
      });

      it('and takes two parts with the same words for two', async () => {
        const [one, two] = [await accepted(part()), await accepted(part({ number: 2 }))];
        expect(one.id).not.toBe(two.id);
        expect(await texts()).toHaveLength(2);
      });
    });

    it('makes one mutation per call, accepted or refused', async () => {
      const before = await platform.mutations();
      await accepted(part());
      expect((await platform.mutations()) - before).toBe(1);
      platform.misbehave('refused');
      await publish(part({ number: 2 }));
      expect((await platform.mutations()) - before).toBe(2);
    });

    describe('gives each answer its one meaning', () => {
      it('a 4xx is final, with a reason, and nothing stands', async () => {
        platform.misbehave('refused');
        expect(await publish(part())).toMatchObject({ outcome: 'refused', reason: expect.any(String) });
        expect(await texts()).toEqual([]);
      });

      it('a login that is refused is renewed and the post made once, or told as such and nothing stands', async () => {
        platform.misbehave('login-refused');
        const outcome = await publish(part());
        if (outcome.outcome !== 'accepted')
          expect(outcome).toMatchObject({ outcome: 'refused', reason: 'auth' });
        expect(await texts()).toHaveLength(outcome.outcome === 'accepted' ? 1 : 0);
      });

      it('a 429 waits: nothing has left, and there is a time after now', async () => {
        platform.misbehave('too-many');
        const outcome = await publish(part());
        expect(outcome).toMatchObject({ outcome: 'deferred' });
        if (outcome.outcome === 'deferred') expect(outcome.until > toInstant(Date.now() - 1)).toBe(true);
        expect(await texts()).toEqual([]);
        await accepted(part(), { attempt: 2 });
        expect(await texts()).toHaveLength(1);
      });

      it.each<[PlatformFault, number]>([
        ['unavailable', 0],
        ['lost-before-storing', 0],
        ['failed-after-storing', 1],
        ['lost-after-storing', 1],
        ['hangs', 1],
        ['rubbish', 1],
      ])(
        '%s: nobody is told more than is known, and the next attempt makes one post of it',
        async (fault, most) => {
          platform.misbehave(fault);
          const outcome = await publish(part());
          // Stored, or perhaps: only `unknown` is true then. Surely not stored: `deferred` is as good.
          expect(most === 1 ? ['unknown'] : ['unknown', 'deferred']).toContain(outcome.outcome);
          expect((await texts()).length).toBeLessThanOrEqual(most);
          adapter = platform.open();
          const mayStandAlready = outcome.outcome === 'unknown';
          await accepted(part(), { attempt: 2, mayStandAlready });
          expect(await texts()).toHaveLength(1);
        },
      );
    });

    describe('after a lost reply', () => {
      it('finds on the platform what stands there, by another process too', async () => {
        platform.misbehave('lost-after-storing');
        expect(await publish(part())).toMatchObject({ outcome: 'unknown' });
        adapter = platform.open();
        const [post] = await platform.standing();
        expect(await adapter.reconcile(await staged(part()), ctx())).toMatchObject({
          kind: 'found',
          ref: { id: post?.id },
        });
      });

      it('finds nothing where nothing stands', async () => {
        platform.misbehave('lost-before-storing');
        await publish(part());
        expect(await adapter.reconcile(await staged(part()), ctx())).toEqual({ kind: 'absent' });
      });
    });

    it('answers the post that it was told to answer', async () => {
      const first = await accepted(part());
      await accepted(part({ number: 2, replyTo: { root: first, parent: first } }));
      const [, second] = await platform.standing();
      expect(second?.answers).toBe(first.id);
    });

    it('is told that the post to be answered was taken down, and posts nothing under it', async () => {
      if (adapter.remove === undefined) return expect(able.remove).not.toBe('yes');
      const first = await accepted(part());
      await adapter.remove(platform.account, first, ctx());
      const outcome = await publish(part({ number: 2, replyTo: { root: first, parent: first } }));
      expect(outcome).toMatchObject({ outcome: 'refused', reason: 'target-gone' });
      expect(await texts()).toEqual([]);
      await accepted(part({ number: 2 })); // and by itself it is taken, under the same key
    });

    it('gives up when it is told to, and does not know', async () => {
      platform.misbehave('hangs');
      const began = performance.now();
      const outcome = await publish(part(), { signal: AbortSignal.timeout(100) });
      expect(performance.now() - began).toBeLessThan(20_000);
      expect(outcome.outcome).toBe('unknown');
    });

    it('counts its own posts, and leaves out what it was told nothing of', async () => {
      const ref = await accepted(part());
      const samples = await adapter.metrics(platform.account, [ref], ctx());
      expect(samples).toHaveLength(1);
      for (const metric of ['shares', 'likes', 'replies'] as const) {
        const value = samples[0]?.[metric];
        expect(able.metrics.includes(metric) ? Number.isInteger(value) : value === null).toBe(true);
      }
      expect(samples[0]).toMatchObject({ ref: { id: ref.id }, source: expect.any(String) });
    });

    it('takes a post down, and is content when it is gone already', async () => {
      if (adapter.remove === undefined) return expect(able.remove).not.toBe('yes');
      const ref = await accepted(part());
      expect(await adapter.remove(platform.account, ref, ctx())).toMatchObject({ outcome: 'accepted' });
      expect(await texts()).toEqual([]);
      expect(await adapter.remove(platform.account, ref, ctx())).toMatchObject({ outcome: 'accepted' });
    });
  });
}
