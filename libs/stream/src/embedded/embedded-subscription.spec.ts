import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '#runtime';
import type { Handler, StreamMessage } from '../event-stream.js';
import { until } from '../testing/consumer.js';
import { EmbeddedSubscription } from './embedded-subscription.js';
import type { Heads } from './places/heads.js';
import type { Held, Membership } from './membership.js';

const TOPIC = 'exercise.warnings.v1';
const GROUP = 'channel-sms';

/** What the database keeps of a group and its partitions, and faults on request. */
class House {
  readonly logs: StreamMessage[][];
  readonly places: number[];
  readonly owners: (string | undefined)[];
  readonly faults = { beat: false, commit: false, fetch: false, leave: false };
  /** Whose share a partition is now. */
  shareOf: (partition: number) => string = () => 'ann';
  /** How long the database takes to set a partition free. */
  onRelease: () => Promise<void> = async () => undefined;
  private readonly waiting = new Set<() => void>();
  private readonly changed = new Set<() => void>();

  constructor(partitions: number) {
    this.logs = Array.from({ length: partitions }, () => []);
    this.places = this.logs.map(() => 0);
    this.owners = this.logs.map(() => undefined);
  }

  publish(partition: number, keys: string): void {
    const log = this.logs[partition]!;
    for (const key of keys)
      log.push({
        topic: TOPIC,
        partition,
        offset: BigInt(log.length),
        key: `${partition}${key}`,
        value: new Uint8Array(),
        headers: {},
        eventId: `${partition}/${log.length}`,
      });
    for (const wake of this.waiting) wake();
  }

  /** Members are told that something changed, as by a notification. */
  tell(): void {
    for (const changed of this.changed) changed();
  }

  readonly heads = {
    furtherThan: async (past: bigint, _: string, partition: number, signal: AbortSignal): Promise<bigint> => {
      const end = () => BigInt(this.logs[partition]!.length);
      while (end() <= past && !signal.aborted)
        await new Promise<void>((resolve) => {
          this.waiting.add(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      return end();
    },
    onGroup: (group: string, changed: () => void) => {
      expect(group).toBe(GROUP);
      this.changed.add(changed);
      return () => void this.changed.delete(changed);
    },
  } as unknown as Heads;

  member(name: string): Membership {
    return {
      beat: async (): Promise<Held[]> => {
        if (this.faults.beat) throw new Error('the database is away');
        for (const [partition, owner] of this.owners.entries())
          if (owner === undefined && this.shareOf(partition) === name) this.owners[partition] = name;
        return this.owners.flatMap((owner, partition) =>
          owner === name
            ? [
                {
                  topic: TOPIC,
                  partition,
                  next: BigInt(this.places[partition]!),
                  keep: this.shareOf(partition) === name,
                },
              ]
            : [],
        );
      },
      commit: async (_: string, partition: number, next: bigint): Promise<boolean> => {
        if (this.faults.commit) throw new Error('the database is away');
        if (this.owners[partition] !== name) return false;
        this.places[partition] = Math.max(this.places[partition]!, Number(next));
        return true;
      },
      release: async (_: string, partition: number): Promise<void> => {
        await this.onRelease();
        if (this.owners[partition] !== name) return;
        this.owners[partition] = undefined;
        this.tell();
      },
      leave: async (): Promise<void> => {
        if (this.faults.leave) throw new Error('the database is away');
        for (const [partition, owner] of this.owners.entries())
          if (owner === name) this.owners[partition] = undefined;
        this.tell();
      },
    } as unknown as Membership;
  }

  join(
    name: string,
    handle: Handler,
    more: { maxBatch?: number; lingerMs?: number } = {},
  ): EmbeddedSubscription {
    return new EmbeddedSubscription(
      {
        heads: this.heads,
        membership: this.member(name),
        fetch: async ({ partition, offset, limit }) => {
          if (this.faults.fetch) throw new Error('the database is away');
          return this.logs[partition]!.slice(Number(offset), Number(offset) + limit);
        },
        park: async () => undefined,
        log: silentLog,
      },
      { topics: [TOPIC], group: GROUP, ...more },
      handle,
    );
  }
}

const subscriptions: EmbeddedSubscription[] = [];
afterEach(async () => {
  for (const one of subscriptions.splice(0)) await one.close();
});
/** A handler that marks everything done, and what it met. */
function marking(met: string[]): Handler {
  return async (batch) => {
    for (const message of batch.messages) {
      if (batch.signal.aborted) return;
      met.push(message.eventId);
      await batch.done(message);
    }
  };
}

describe('a member of a group on the embedded stream', () => {
  it('has joined when the database says what it holds', async () => {
    const house = new House(2);
    house.faults.beat = true;
    const one = house.join('ann', marking([]));
    subscriptions.push(one);
    expect(one.health()).toEqual({ state: 'joining', partitions: [], waiting: 0 });
    await until('it says why', () => one.health().why === 'the database is away');
    house.faults.beat = false;
    house.tell();
    await until('it has joined', () => one.health().state === 'working');
    expect(one.health().partitions).toEqual([0, 1].map((partition) => ({ topic: TOPIC, partition })));
  });

  it('is said to be retrying while it cannot beat, and works on', async () => {
    const house = new House(1);
    const met: string[] = [];
    const one = house.join('ann', marking(met));
    subscriptions.push(one);
    await until('it has joined', () => one.health().state === 'working');
    house.faults.beat = true;
    house.tell();
    await until('it says so', () => one.health().state === 'retrying');
    expect(one.health().why).toBe('the database is away');
    house.publish(0, 'a');
    await until('it is met', () => met.length === 1);
    house.faults.beat = false;
    house.tell();
    await until('it is well again', () => one.health().state === 'working');
    expect(one.health()).not.toHaveProperty('why');
  });

  it('asks again when messages could not be fetched', async () => {
    const house = new House(1);
    const met: string[] = [];
    subscriptions.push(house.join('ann', marking(met)));
    house.faults.fetch = true;
    house.publish(0, 'abc');
    await sleep(150);
    expect(met).toEqual([]);
    house.faults.fetch = false;
    await until('all are met', () => met.length === 3);
  });

  it('takes more again when those that waited are handled, had they been as many as it may keep', async () => {
    const house = new House(1);
    let broken = true;
    const met: string[] = [];
    const one = house.join('ann', async (batch) => {
      if (broken) throw new Error('a row is locked');
      await marking(met)(batch);
    });
    subscriptions.push(one);
    house.publish(0, 'a'.repeat(1_000));
    await until('it keeps no more', () => one.health().waiting === 1_000);
    house.publish(0, 'ab');
    broken = false;
    await until('all are met', () => met.length === 1_002);
  });

  it('goes on behind what is past its retention', async () => {
    const house = new House(1);
    const met: string[] = [];
    house.publish(0, 'ab');
    const kept = house.logs[0]!.splice(0, 2);
    subscriptions.push(house.join('ann', marking(met)));
    await sleep(20);
    house.logs[0] = kept;
    house.publish(0, 'c');
    await until('the new one is met', () => met.includes('0/2'));
  });

  it('gives a partition back when the handler has returned and its work is committed, not before', async () => {
    const house = new House(1);
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    const order: string[] = [];
    house.publish(0, 'ab');
    subscriptions.push(
      house.join('ann', async (batch) => {
        order.push('ann begins');
        await slow;
        await batch.done(batch.messages[0]!);
        order.push('ann ends');
      }),
    );
    await until('ann is at work', () => order.length === 1);
    house.shareOf = () => 'bob';
    subscriptions.push(
      house.join('bob', async (batch) => {
        order.push(`bob begins at ${batch.messages[0]!.offset}`);
        for (const message of batch.messages) await batch.done(message);
      }),
    );
    house.tell();
    await sleep(50);
    expect(house.owners).toEqual(['ann']);
    letGo();
    await until('bob is at work', () => order.length === 3);
    expect(order).toEqual(['ann begins', 'ann ends', 'bob begins at 1']);
  });

  it('does not begin anew on a partition that it is just setting free', async () => {
    const house = new House(1);
    const met: string[] = [];
    const one = house.join('ann', marking(met));
    subscriptions.push(one);
    await until('it has joined', () => one.health().state === 'working');
    let setFree = (): void => undefined;
    let asked = false;
    house.onRelease = () => ((asked = true), new Promise((resolve) => (setFree = resolve)));
    house.shareOf = () => 'bob';
    house.tell();
    await until('it sets it free', () => asked);
    house.shareOf = () => 'ann'; // bob has gone again
    house.tell();
    house.publish(0, 'a');
    await sleep(50);
    expect(met).toEqual([]); // whoever is first when it is free has it: until then nobody
    house.onRelease = async () => undefined;
    setFree();
    await until('it has it again', () => met.length === 1);
  });

  it('stops working on a partition that the database says is another’s', async () => {
    const house = new House(1);
    let aborted = false;
    house.publish(0, 'a');
    const one = house.join('ann', async (batch) => {
      await new Promise<void>((resolve) => batch.signal.addEventListener('abort', () => resolve()));
      aborted = true;
      await batch.done(batch.messages[0]!); // too late: it is handled again by whoever has it
    });
    subscriptions.push(one);
    await until('it is at work', () => house.owners[0] === 'ann');
    await sleep(20);
    house.owners[0] = 'bob';
    house.shareOf = () => 'bob';
    house.tell();
    await until('the handler was told', () => aborted);
    expect(one.health().partitions).toEqual([]);
    await sleep(150);
    expect(house.places).toEqual([0]);
  });

  it('learns from a refused commit that a partition is another’s: it was frozen, and has just woken', async () => {
    const house = new House(1);
    const met: string[] = [];
    const one = house.join('ann', marking(met));
    subscriptions.push(one);
    await until('it has joined', () => one.health().state === 'working');
    house.owners[0] = 'bob';
    house.shareOf = () => 'bob';
    house.publish(0, 'ab');
    await until('it was told', () => one.health().partitions.length === 0);
    expect(house.places).toEqual([0]);
    house.publish(0, 'c');
    await sleep(50);
    expect(met).toEqual(['0/0', '0/1']);
  });

  it('commits what it did when it closes, leaves, and takes nothing more', async () => {
    const house = new House(2);
    const met: string[] = [];
    const one = house.join('ann', marking(met));
    house.publish(0, 'abc');
    house.publish(1, 'a');
    await until('all are met', () => met.length === 4);
    await one.close();
    expect(house.places).toEqual([3, 1]);
    expect(house.owners).toEqual([undefined, undefined]);
    house.publish(0, 'd');
    await sleep(20);
    expect(met).toHaveLength(4);
    expect(one.health()).toEqual({ state: 'closed', partitions: [], waiting: 0 });
  });

  it('closes although the database is away, and what it did comes again', async () => {
    const house = new House(1);
    const met: string[] = [];
    const one = house.join('ann', marking(met));
    house.publish(0, 'ab');
    await until('both are met', () => met.length === 2);
    house.faults.commit = house.faults.leave = house.faults.beat = true;
    await one.close();
    expect(house.places[0]).toBeLessThanOrEqual(2);
    house.faults.commit = house.faults.leave = house.faults.beat = false;
    house.owners[0] = undefined;
    const next: string[] = [];
    subscriptions.push(house.join('ann', marking(next)));
    house.publish(0, 'c');
    await until('the new one is met', () => next.includes('0/2'));
    expect([...new Set([...met, ...next])]).toEqual(['0/0', '0/1', '0/2']);
  });

  it('lets messages gather when nobody waits for them', async () => {
    const house = new House(1);
    const batches: number[] = [];
    subscriptions.push(
      house.join(
        'ann',
        async (batch) => {
          batches.push(batch.messages.length);
          for (const message of batch.messages) await batch.done(message);
        },
        { lingerMs: 120 },
      ),
    );
    await until('it has joined', () => house.owners[0] === 'ann');
    for (const key of 'abcdef') {
      house.publish(0, key);
      await sleep(5);
    }
    await until('all are handled', () => batches.reduce((sum, size) => sum + size, 0) === 6);
    expect(batches).toEqual([6]);
  });
});

it('whichever partitions move, whoever dies and whatever fails, each message is handled and a key keeps its order', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        does: fc.constant('publish' as const),
        partition: fc.nat(2),
        keys: fc.stringMatching(/^[abc]{1,6}$/),
      }),
    },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('share' as const), turn: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.nat(20) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('fault' as const),
        of: fc.constantFrom('commit' as const, 'fetch' as const, 'beat' as const),
        on: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('steal' as const), partition: fc.nat(2) }) },
  );
  const NAMES = ['ann', 'bob'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 8, maxLength: 30 }),
      fc.infiniteStream(fc.nat(11)),
      async (steps, luck) => {
        const house = new House(3);
        const met: StreamMessage[] = [];
        let turn = 0;
        house.shareOf = (partition) => NAMES[(partition + turn) % NAMES.length]!;
        const members = NAMES.map((name) =>
          house.join(
            name,
            async (batch) => {
              for (const message of batch.messages) {
                if (batch.signal.aborted) return;
                const chance = luck.next().value ?? 0;
                if (chance < 3) await sleep(chance);
                if (chance === 11) throw new Error('a row is locked');
                met.push(message);
                await batch.done(message);
              }
            },
            { maxBatch: 4 },
          ),
        );
        for (const one of steps) {
          if (one.does === 'publish') house.publish(one.partition, one.keys);
          else if (one.does === 'wait') await sleep(one.ms);
          else if (one.does === 'fault') house.faults[one.of] = one.on;
          else if (one.does === 'share') {
            turn = one.turn;
            house.tell();
          } else {
            // As after a freeze longer than the session: the other one has it, and works on it at once.
            const other = NAMES.find((name) => name !== house.owners[one.partition]);
            house.owners[one.partition] = other;
            house.tell();
          }
        }
        Object.assign(house.faults, { commit: false, fetch: false, beat: false });
        house.tell();
        await until('all is handled and committed', () =>
          house.places.every((place, partition) => {
            house.tell();
            return place === house.logs[partition]!.length;
          }),
        );
        for (const member of members) await member.close();
        for (const [partition, log] of house.logs.entries())
          for (const key of 'abc') {
            const name = `${partition}${key}`;
            const ofKey = log.filter((message) => message.key === name).map(({ offset }) => offset);
            const firsts = [
              ...new Set(met.filter((message) => message.key === name).map(({ offset }) => offset)),
            ];
            expect(firsts).toEqual(ofKey);
          }
      },
    ),
    { numRuns: 12, seed: 20_261_121, endOnFailure: true },
  );
}, 60_000);
