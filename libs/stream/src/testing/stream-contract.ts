import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseAway } from '#postgres';
import type { EventStream } from '../event-stream.js';
import { NeverWorks } from '../never-works.js';
import { parkedTopic } from '../parked.js';
import { consume, firsts, records, textOf, textsOf, until } from './consumer.js';
import { startMember, type MemberProcess } from './member-process.js';

/** A stream to test: new instances of it, as many processes would have, and ways to disturb it. */
export type StreamUnderTest = {
  /** Another instance on the same broker or database, with connections of its own. The suite closes it. */
  open(): Promise<EventStream>;
  /** What a child process needs to open it: `{ KAFKA_BROKERS }` or `{ DATABASE_URL }`. */
  where: Readonly<Record<string, string>>;
  /** After so long without a sign of life a member of a group is given up. */
  sessionMs: number;
  /** Stops and starts the broker, or ends every connection to the database; resolves when it is back. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
};

const KEYS = [
  'wrn_flood',
  'wrn_surge',
  'wrn_gale',
  'wrn_fire',
  'wrn_smoke',
  'wrn_ice',
  'wrn_heat',
  'wrn_chemical',
];

/** The promises of the stream, each as a fact that both adapters must keep. A broker of somebody else is not `interruptible`. */
export function streamContract(
  name: string,
  start: () => Promise<StreamUnderTest>,
  { interruptible = true } = {},
): void {
  describe(`the stream on ${name}`, () => {
    let under: StreamUnderTest;
    let opened: EventStream[] = [];
    let members: MemberProcess[] = [];
    let topics = 0;

    beforeAll(async () => {
      under = await start();
    }, 120_000);
    afterEach(async () => {
      for (const member of members) member.kill();
      members = [];
      await Promise.all(opened.map((stream) => stream.close()));
      opened = [];
    });
    afterAll(() => under?.close());

    const open = async (): Promise<EventStream> => {
      const stream = await under.open();
      opened.push(stream);
      return stream;
    };
    const withTopic = async (
      partitions = 4,
    ): Promise<{ stream: EventStream; topic: string; group: string }> => {
      const stream = await open();
      const topic = `exercise.contract${(topics += 1)}.v1`;
      await stream.ensureTopics([{ name: topic, partitions }]);
      return { stream, topic, group: `channel-of-${topic}` };
    };
    const member = async (topic: string, group: string): Promise<MemberProcess> => {
      const started = await startMember({ ...under.where, TOPIC: topic, GROUP: group });
      members.push(started);
      return started;
    };

    describe('publishing', () => {
      it('tells where each record came to lie, in the order given', async () => {
        const { stream, topic } = await withTopic();
        const placed = await stream.publish(records(topic, KEYS, 40));
        expect(placed).toHaveLength(40);
        for (const [n, { partition, offset }] of placed.entries()) {
          const [message] = await stream.read({ topic, partition, offset, limit: 1 });
          if (n % 8 === 0) expect(textOf(message!)).toBe(`wrn_flood-${n}`);
          if (n === 16) break; // a read costs a group of its own on Kafka
        }
      }, 120_000);

      it('puts a key onto the same partition, whoever publishes it', async () => {
        const { stream, topic } = await withTopic(6);
        const another = await open();
        const mine = await stream.publish(records(topic, KEYS, 8));
        const theirs = await another.publish(records(topic, KEYS, 8));
        expect(theirs.map(({ partition }) => partition)).toEqual(mine.map(({ partition }) => partition));
        expect(new Set(mine.map(({ partition }) => partition)).size).toBeGreaterThan(1);
      });

      it('keeps bytes, key and headers as they were', async () => {
        const { stream, topic } = await withTopic(1);
        const value = Uint8Array.from([0, 255, 128, 10, 0]);
        const headers = {
          ce_source: '/larum/incident-command',
          ce_id: 'wrn_1@7',
          traceparent: '00-ab-cd-01',
          wörter: 'Ārsts 🚒',
        };
        await stream.publish([{ topic, key: 'wrn_1', value, headers }]);
        const [message] = await stream.read({ topic, partition: 0, offset: 0n, limit: 10 });
        expect(message).toMatchObject({ topic, partition: 0, offset: 0n, key: 'wrn_1', headers });
        expect(Uint8Array.from(message!.value)).toEqual(value);
        expect(message!.eventId).toBe('/larum/incident-command wrn_1@7');
      });

      it('refuses a topic that nobody has created, and what is too large to travel', async () => {
        const { stream, topic } = await withTopic(1);
        await expect(
          stream.publish([{ topic: 'exercise.nowhere.v1', key: 'a', value: 'x', headers: {} }]),
        ).rejects.toThrow(/no such topic: exercise.nowhere.v1/);
        await expect(
          stream.publish([{ topic, key: 'a', value: 'x'.repeat(900_001), headers: {} }]),
        ).rejects.toThrow(/at most 900000/);
        expect(await stream.endOffsets(topic)).toEqual(new Map([[0, 0n]]));
      });

      it('skips no offset when many publish to one partition at once', async () => {
        const { stream, topic, group } = await withTopic(1);
        const publishers = await Promise.all(Array.from({ length: 8 }, () => open()));
        const met = await consume(stream, { topics: [topic], group });
        await Promise.all(
          publishers.map(async (publisher, p) => {
            for (let n = 0; n < 50; n += 1) await publisher.publish(records(topic, [`wrn_${p}`], 1, n));
          }),
        );
        await until('all 400 are met', () => met.messages.length >= 400);
        expect(met.messages.map(({ offset }) => offset)).toEqual(
          Array.from({ length: 400 }, (_, n) => BigInt(n)),
        );
        for (let p = 0; p < 8; p += 1)
          expect(textsOf(met.messages, `wrn_${p}`)).toEqual(
            Array.from({ length: 50 }, (_, n) => `wrn_${p}-${n}`),
          );
      }, 120_000);

      (interruptible ? it : it.skip)(
        'goes on in order while the broker restarts, and nothing is lost',
        async () => {
          const { stream, topic, group } = await withTopic(2);
          const met = await consume(await open(), { topics: [topic], group });
          const publishing = new AbortController();
          let sent = 0;
          const publisher = (async () => {
            while (!publishing.signal.aborted) {
              const next = records(topic, ['wrn_flood', 'wrn_gale'], 2, sent);
              const published = await stream.publish(next).then(
                () => true,
                () => false, // not known to be durable: the relay hands it in again, in order
              );
              if (published) sent += 2;
              else await sleep(50);
            }
          })();
          await until('the first are met', () => met.messages.length > 10);
          await under.interrupt();
          const before = sent;
          await until('publishing goes on', () => sent > before + 10, 60_000);
          publishing.abort();
          await publisher;
          const all = (key: string) =>
            Array.from({ length: sent }, (_, n) => `${key}-${n}`).filter(
              (_, n) => (n % 2 === 0) === (key === 'wrn_flood'),
            );
          for (const key of ['wrn_flood', 'wrn_gale']) {
            await until(
              `${key} is met to the end`,
              () => firsts(textsOf(met.messages, key)).length === sent / 2,
              60_000,
            );
            expect(firsts(textsOf(met.messages, key))).toEqual(all(key));
          }
        },
        180_000,
      );
    });

    describe('a group', () => {
      it('meets the records of a key in their order', async () => {
        const { stream, topic, group } = await withTopic();
        const met = await consume(stream, { topics: [topic], group, maxBatch: 7 });
        for (let n = 0; n < 200; n += 40) await stream.publish(records(topic, KEYS, 40, n));
        await until('all are met', () => met.messages.length >= 200);
        for (const key of KEYS) {
          const numbers = textsOf(met.messages, key).map((text) => Number(text.split('-')[1]));
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
          expect(numbers).toHaveLength(25);
        }
      }, 120_000);

      it('that never existed before meets what was published before', async () => {
        const { stream, topic, group } = await withTopic();
        await stream.publish(records(topic, KEYS, 16));
        await sleep(300);
        const met = await consume(await open(), { topics: [topic], group });
        await until('all are met', () => met.messages.length >= 16);
        expect(met.messages.map(textOf).sort()).toEqual(
          records(topic, KEYS, 16)
            .map(({ value }) => value)
            .sort(),
        );
      }, 120_000);

      it('may wait for a topic that its owner has not created yet', async () => {
        const stream = await open();
        const topic = `exercise.later${(topics += 1)}.v1`;
        const met = await consume(stream, { topics: [topic], group: `early-${topic}` });
        await sleep(500);
        await (await open()).ensureTopics([{ name: topic, partitions: 2 }]);
        await stream.publish(records(topic, KEYS, 4));
        await until('all are met', () => met.messages.length >= 4, 60_000);
      }, 120_000);

      it('does not get again what it had done when it comes back', async () => {
        const { stream, topic, group } = await withTopic();
        await stream.publish(records(topic, KEYS, 24));
        const first = await consume(stream, { topics: [topic], group });
        await until('all are met', () => first.messages.length >= 24);
        await first.subscription.close();
        expect(first.subscription.health().state).toBe('closed');
        expect(await stream.lag(topic, group)).toBe(0n);
        await stream.publish(records(topic, KEYS, 8, 24));
        expect(await stream.lag(topic, group)).toBe(8n);
        const second = await consume(await open(), { topics: [topic], group });
        await until('the new ones are met', () => second.messages.length >= 8);
        await sleep(300);
        expect(second.messages.map(textOf).sort()).toEqual(
          records(topic, KEYS, 8, 24)
            .map(({ value }) => value)
            .sort(),
        );
      }, 120_000);

      it('shares its partitions among two members, and one that leaves hands over', async () => {
        const { stream, topic, group } = await withTopic();
        const ann = await consume(await open(), { topics: [topic], group });
        const bob = await consume(await open(), { topics: [topic], group });
        const held = () => [ann, bob].map((met) => met.subscription.health().partitions.length);
        await until('each holds two partitions', () => held().every((count) => count === 2), 40_000);
        await stream.publish(records(topic, KEYS, 40));
        await until('all are met', () => ann.messages.length + bob.messages.length >= 40);
        const partitionsOf = (met: typeof ann) => new Set(met.messages.map(({ partition }) => partition));
        expect([...partitionsOf(ann)].filter((partition) => partitionsOf(bob).has(partition))).toEqual([]);
        await ann.subscription.close();
        await until(
          'the other holds all four',
          () => bob.subscription.health().partitions.length === 4,
          40_000,
        );
        await stream.publish(records(topic, KEYS, 40, 40));
        await until(
          'all are met by the other',
          () => new Set(bob.messages.map(textOf)).size + ann.messages.length >= 80,
        );
      }, 120_000);

      it('loses nothing when one of two members is killed, and the other takes over what it held', async () => {
        const { stream, topic, group } = await withTopic();
        const doomed = await member(topic, group);
        const placed = await stream.publish(records(topic, KEYS, 8));
        expect(new Set(placed.map(({ partition }) => partition)).size).toBeGreaterThan(2); // so that either half has records
        await until('the member is at work', () => new Set(doomed.handled).size === 8, 60_000);
        const heir = await consume(await open(), { topics: [topic], group });
        const held = () => heir.subscription.health().partitions.length;
        await until('each holds two partitions', () => held() === 2, 60_000);
        await stream.publish(records(topic, KEYS, 40, 8));
        await until(
          'both are at work',
          () => new Set(doomed.handled).size > 8 && heir.messages.length > 0,
          60_000,
        );
        doomed.kill();
        await stream.publish(records(topic, KEYS, 40, 48));
        const all = records(topic, KEYS, 88).map(({ value }) => value as string);
        const known = () => new Set([...doomed.handled, ...heir.messages.map(textOf)]);
        await until('all are met', () => known().size >= 88, under.sessionMs + 60_000);
        await until('the other holds all four', () => held() === 4, under.sessionMs + 60_000);
        expect([...known()].sort()).toEqual([...all].sort());
        for (const key of KEYS)
          expect(firsts(textsOf(heir.messages, key))).toEqual(
            [...new Set(textsOf(heir.messages, key))].sort(byNumber),
          );
        await until('nothing is left', async () => (await stream.lag(topic, group)) === 0n);
      }, 240_000);
    });

    describe('a member that is frozen for longer than its session', () => {
      it('is replaced, and when it wakes it takes nothing back and loses nothing', async () => {
        const { stream, topic, group } = await withTopic(2);
        const frozen = await member(topic, group);
        await stream.publish(records(topic, KEYS, 100));
        await until('the member is at work', () => frozen.handled.length >= 10, 60_000);
        frozen.freeze();
        const heir = await consume(await open(), { topics: [topic], group });
        const known = () => new Set([...frozen.handled, ...heir.messages.map(textOf)]);
        await until('all are met', () => known().size >= 100, under.sessionMs + 60_000);
        frozen.thaw();
        await stream.publish(records(topic, KEYS, 100, 100));
        await until('all are met by either', () => known().size >= 200, 60_000);
        await until('nothing is left', async () => (await stream.lag(topic, group)) === 0n);
        expect([...known()].sort()).toEqual(
          records(topic, KEYS, 200)
            .map(({ value }) => value)
            .sort(),
        );
      }, 120_000);
    });

    describe('a handler', () => {
      it('that calls a message unreadable has it parked with its bytes and the reason, and the rest go on', async () => {
        const { stream, topic, group } = await withTopic(1);
        const bad = Uint8Array.from([0xff, 0xfe, 0x00]);
        await stream.publish([
          ...records(topic, ['wrn_flood'], 3),
          { topic, key: 'wrn_flood', value: bad, headers: { ce_id: 'x' } },
          ...records(topic, ['wrn_flood'], 3, 3),
        ]);
        const met = await consume(stream, { topics: [topic], group }, (message) => {
          if (message.value[0] === 0xff) throw new NeverWorks('not JSON');
        });
        await until('the rest is met', () => met.messages.length >= 6);
        expect(met.messages.map(textOf)).toEqual(records(topic, ['wrn_flood'], 6).map(({ value }) => value));
        const [parked, ...more] = await stream.read({
          topic: parkedTopic(topic),
          partition: 0,
          offset: 0n,
          limit: 10,
        });
        expect(more).toEqual([]);
        expect(Uint8Array.from(parked!.value)).toEqual(bad);
        expect(parked).toMatchObject({
          key: 'wrn_flood',
          headers: { ce_id: 'x', parked_why: 'not JSON', parked_by: group, parked_from: `${topic}/0/3` },
        });
        await until('nothing is left', async () => (await stream.lag(topic, group)) === 0n);
      }, 120_000);

      it('may park a message itself', async () => {
        const { stream, topic, group } = await withTopic(1);
        await stream.publish(records(topic, ['wrn_flood'], 2));
        const handled: string[] = [];
        await stream.subscribe({ topics: [topic], group }, async (batch) => {
          for (const message of batch.messages) {
            if (textOf(message) === 'wrn_flood-0') await batch.park(message, 'version 99 is unknown');
            else await batch.done(message);
            handled.push(textOf(message));
          }
        });
        await until('both are handled', () => handled.length === 2);
        const [parked] = await stream.read({
          topic: parkedTopic(topic),
          partition: 0,
          offset: 0n,
          limit: 10,
        });
        expect(parked!.headers.parked_why).toBe('version 99 is unknown');
      }, 120_000);

      it('whose database is away parks nothing, and handles everything in order when it is back', async () => {
        const { stream, topic, group } = await withTopic();
        await stream.publish(records(topic, KEYS, 64));
        let away = true;
        let refused = 0;
        const met = await consume(stream, { topics: [topic], group }, () => {
          if (!away) return;
          refused += 1;
          throw new DatabaseAway(new Error('connection refused'));
        });
        await until('it was tried', () => refused > 0);
        await stream.publish(records(topic, KEYS, 16, 64));
        await sleep(under.sessionMs + 4_000); // a member that only waits must not be given up meanwhile
        expect(met.messages).toEqual([]);
        expect(met.subscription.health()).toMatchObject({
          state: 'retrying',
          why: expect.stringContaining('does not answer'),
        });
        expect(refused).toBeLessThan(300); // waited for, not hammered
        away = false;
        await until('all are met', () => met.messages.length >= 80);
        for (const key of KEYS)
          expect(textsOf(met.messages, key)).toEqual([...textsOf(met.messages, key)].sort(byNumber));
        expect([...(await stream.endOffsets(parkedTopic(topic))).values()]).toEqual([0n]);
        await until('nothing is left', async () => (await stream.lag(topic, group)) === 0n);
        expect(met.subscription.health().state).toBe('working');
      }, 120_000);

      it('that fails for one warning lets the others go on, and keeps the order of that one', async () => {
        const { stream, topic, group } = await withTopic(1);
        await stream.publish(records(topic, KEYS, 40));
        let broken = true;
        const met = await consume(stream, { topics: [topic], group }, (message) => {
          if (broken && textOf(message) === 'wrn_gale-2') throw new Error('a row is locked');
        });
        await until('all others are met', () => met.messages.length === 35);
        await stream.publish(records(topic, KEYS, 16, 40));
        await until('and those that came later', () => met.messages.length === 49);
        expect(textsOf(met.messages, 'wrn_gale')).toEqual([]);
        expect(met.subscription.health()).toMatchObject({
          state: 'retrying',
          why: 'a row is locked',
          waiting: 7,
        });
        expect((await stream.committed(topic, group)).get(0)).toBeLessThanOrEqual(2n); // a crash now would bring it again
        broken = false;
        await until('it is met as well', () => met.messages.length === 56);
        expect(textsOf(met.messages, 'wrn_gale')).toEqual(
          Array.from({ length: 7 }, (_, n) => `wrn_gale-${2 + 8 * n}`),
        );
      }, 120_000);

      it('that returns without a decision gets the message again', async () => {
        const { stream, topic, group } = await withTopic(1);
        await stream.publish(records(topic, ['wrn_flood'], 1));
        let calls = 0;
        await stream.subscribe({ topics: [topic], group }, async (batch) => {
          calls += 1;
          if (calls > 2) for (const message of batch.messages) await batch.done(message);
        });
        await until('it was called again', () => calls === 3);
        await until('nothing is left', async () => (await stream.lag(topic, group)) === 0n);
      }, 120_000);

      it('that is slow keeps its partition for longer than a session, and delays no other', async () => {
        const { stream, topic, group } = await withTopic(4);
        const placed = await stream.publish(records(topic, KEYS, 8));
        const slow = placed[0]!.partition;
        const slowMs = under.sessionMs + 4_000;
        const began = performance.now();
        let ended = 0;
        const met = await consume(await open(), { topics: [topic], group }, async (message, batch) => {
          if (message.offset > 0n || message.partition !== slow) return;
          await sleep(slowMs);
          expect(batch.signal.aborted).toBe(false);
          ended = performance.now();
        });
        const others = new Set(placed.map(({ partition }) => partition)).size - 1;
        expect(others).toBeGreaterThan(0);
        for (let n = 8; n < 48; n += 8) {
          await stream.publish(records(topic, KEYS, 8, n));
          await sleep(200);
        }
        const elsewhere = () => met.messages.filter(({ partition }) => partition !== slow).length;
        await until(
          'the other partitions are done',
          async () => elsewhere() >= 6 * placed.filter(({ partition }) => partition !== slow).length,
        );
        expect(ended).toBe(0);
        await until('the slow one ends', () => met.messages.length >= 48, slowMs + 40_000);
        expect(ended - began).toBeGreaterThan(under.sessionMs);
        expect(met.messages).toHaveLength(48); // kept: nobody got it a second time
      }, 120_000);

      it('has a record in its hands within milliseconds', async () => {
        const { stream, topic, group } = await withTopic(2);
        const arrived = new Map<string, number>();
        const met = await consume(await open(), { topics: [topic], group }, (message) => {
          arrived.set(textOf(message), performance.now());
        });
        await stream.publish(records(topic, KEYS, 20));
        await until('the group is at work', () => met.messages.length >= 20);
        const took: number[] = [];
        for (let n = 20; n < 120; n += 1) {
          const [record] = records(topic, KEYS, 1, n);
          const began = performance.now();
          await stream.publish([record!]);
          await until('it arrived', () => arrived.has(record!.value as string));
          took.push((arrived.get(record!.value as string) ?? Infinity) - began);
        }
        const [p50, p99] = [50, 99].map((n) => took.sort((a, b) => a - b)[n - 1] ?? Infinity);
        console.info(
          `${name}: publish → handler, 100 records one by one: p50 ${p50?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms`,
        );
        expect(p50).toBeLessThan(100); // 3 on a quiet machine: README; half of what the next look of either stream would take
      }, 120_000);

      it('gets what it was doing when it closes aborted, and the rest stays for the next', async () => {
        const { stream, topic, group } = await withTopic(1);
        await stream.publish(records(topic, ['wrn_flood'], 10));
        const met = await consume(stream, { topics: [topic], group }, () => sleep(100));
        await until('it is at work', () => met.messages.length >= 2);
        await met.subscription.close();
        const done = met.messages.length;
        expect(done).toBeLessThan(10);
        expect((await stream.committed(topic, group)).get(0)).toBe(BigInt(done));
      }, 120_000);
    });

    describe('its topics', () => {
      it('may be created again, by several at once', async () => {
        const topic = `exercise.contract${(topics += 1)}.v1`;
        const streams = await Promise.all(Array.from({ length: 4 }, () => open()));
        await Promise.all(streams.map((stream) => stream.ensureTopics([{ name: topic, partitions: 3 }])));
        await streams[0]!.publish(records(topic, KEYS, 6));
        await streams[1]!.ensureTopics([{ name: topic, partitions: 3 }]);
        const ends = await streams[1]!.endOffsets(topic);
        expect([...ends.keys()]).toEqual([0, 1, 2]);
        expect([...ends.values()].reduce((sum, end) => sum + end, 0n)).toBe(6n);
        expect([...(await streams[2]!.endOffsets(parkedTopic(topic))).keys()]).toEqual([0]);
      }, 120_000);

      it('that nobody created have no ends: whoever asks what is left of it is told that nothing is', async () => {
        expect(await (await open()).endOffsets('exercise.nobody.v1')).toEqual(new Map());
      });

      it('can be read from any offset without a group', async () => {
        const { stream, topic } = await withTopic(1);
        await stream.publish(records(topic, ['wrn_flood'], 20));
        const some = await stream.read({ topic, partition: 0, offset: 5n, limit: 4 });
        expect(some.map(textOf)).toEqual(['wrn_flood-5', 'wrn_flood-6', 'wrn_flood-7', 'wrn_flood-8']);
        expect(
          (await stream.read({ topic, partition: 0, offset: 18n, limit: 10 })).map(({ offset }) => offset),
        ).toEqual([18n, 19n]);
        expect(await stream.read({ topic, partition: 0, offset: 20n, limit: 10 })).toEqual([]);
      }, 120_000);
    });
  });
}

function byNumber(a: string, b: string): number {
  return Number(a.split('-')[1]) - Number(b.split('-')[1]);
}
