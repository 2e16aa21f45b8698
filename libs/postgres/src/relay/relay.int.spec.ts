import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#contracts';
import { Database, EventRecord, migrate, recordMigrations, Relay, type RelayOptions } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog, sleep } from '#runtime';
import { runChild } from '../testing/child.js';
import { fact } from '../testing/facts.js';

let test: TestDatabase;
let schemas = 0;
let record: EventRecord;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  test = await testDatabase({ max: 20 });
});
afterAll(() => test.close());
beforeEach(async () => {
  schemas += 1;
  await migrate(test.db, { schema: `relayed_${schemas}`, migrations: recordMigrations });
  record = new EventRecord(test.db, `relayed_${schemas}`);
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function relay(publish: RelayOptions['publish'], more: Partial<RelayOptions> = {}): Relay {
  const one = new Relay({
    db: test.db,
    schema: record.schema,
    name: 'stream',
    publish,
    log: silentLog,
    ...more,
  });
  ends.push(() => one.stop());
  one.start();
  return one;
}

/** A stream that keeps the note of every event that came, in order. */
function stream() {
  const arrived: string[] = [];
  return {
    arrived,
    publish: async (events: readonly RecordedEvent[]) => {
      arrived.push(...events.map(({ body }) => String(body['note'])));
    },
  };
}

async function until(what: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms`);
    await sleep(2);
  }
}

let appended = 0;
const append = async (...notes: string[]) => {
  for (const note of notes) await record.append({ facts: [fact(`wrn_${(appended += 1)}`, 1, note)] });
};
const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => String(from + n));

describe('a relay', () => {
  it('publishes what was there before it and what comes, in order, once', async () => {
    await append('1', '2');
    const { arrived, publish } = stream();
    relay(publish);
    await until(() => arrived.length === 2);
    await append('3', '4');
    await until(() => arrived.length === 4);
    expect(arrived).toEqual(['1', '2', '3', '4']);
  });

  it('is woken by the append, long before its poll', async () => {
    const { arrived, publish } = stream();
    relay(publish);
    await append('first');
    await until(() => arrived.length === 1);
    const waits: number[] = [];
    for (let n = 2; n <= 21; n += 1) {
      const began = performance.now();
      await append(String(n));
      await until(() => arrived.length === n);
      waits.push(performance.now() - began);
    }
    // The poll alone would take each of them its whole 300 ms, since each follows right behind the one before.
    expect(Math.min(...waits)).toBeLessThan(200);
  });

  it('finds an event whose notification was lost', async () => {
    const { arrived, publish } = stream();
    relay(publish);
    await append('1');
    await until(() => arrived.length === 1);
    await test.db.execute(
      `insert into ${record.schema}.event (stream_id, revision, type, time, actor, body)
       values ('wrn_silent', 1, 'T', '2026-11-21T10:00:00Z', 'ann', '{"type": "T", "note": "silent"}')`,
    );
    await until(() => arrived.length === 2);
  });

  it('tries again for as long as the stream is away, and skips nothing', async () => {
    const { arrived, publish } = stream();
    let isAway = true;
    let tries = 0;
    const one = relay(async (events) => {
      tries += 1;
      if (isAway) throw new Error('no broker');
      await publish(events);
    });
    await append('1', '2');
    await until(() => tries >= 3);
    expect(await one.lag()).toBe(2n);
    isAway = false;
    await until(async () => (await one.lag()) === 0n);
    expect(arrived).toEqual(['1', '2']);
  });

  it('goes on from its cursor after a restart', async () => {
    const before = stream();
    const first = relay(before.publish);
    await append('1', '2');
    await until(() => before.arrived.length === 2);
    await first.stop();
    await append('3');
    const after = stream();
    relay(after.publish);
    await until(() => after.arrived.length === 1);
    expect(after.arrived).toEqual(['3']);
  });

  it('is one among its replicas, and another takes over when it goes', async () => {
    const one = stream();
    const other = stream();
    const first = relay(one.publish);
    await append('1');
    await until(() => one.arrived.length === 1);
    const replica = await Database.open({ url: test.url, max: 2, log: silentLog });
    ends.push(() => replica.close());
    relay(other.publish, { db: replica });
    await append('2');
    await until(() => one.arrived.length === 2);
    expect(other.arrived).toEqual([]);
    await first.stop();
    await append('3');
    await until(() => other.arrived.length === 1);
    expect([one.arrived, other.arrived]).toEqual([['1', '2'], ['3']]);
  });

  it('repeats but never skips when it is killed between publishing and moving its cursor', async () => {
    await append(...numbers(1, 2_000));
    const child = runChild(new URL('../testing/relay-main.ts', import.meta.url), [test.url, record.schema]);
    const published: number[] = [];
    const seen = async (text: string) =>
      void published.push(...(JSON.parse(await child.line(text)) as number[]));
    await seen('[1,'); // it holds the first batch published and its cursor unmoved
    child.process.kill('SIGKILL');
    expect(await child.ended).toBe('SIGKILL');
    const { arrived, publish } = stream();
    relay(publish);
    await until(() => arrived.length >= 2_000);
    expect(published.length).toBeGreaterThan(0);
    expect(arrived).toEqual(numbers(1, 2_000)); // the killed one's batch comes again, and nothing is missing
  });

  it('is replaced when its process is frozen, and does no harm when that wakes up', async () => {
    await append('1');
    const child = runChild(new URL('../testing/relay-main.ts', import.meta.url), [test.url, record.schema]);
    await child.line('[1]'); // it is the active one
    child.process.kill('SIGSTOP');
    const { arrived, publish } = stream();
    const one = relay(publish);
    await until(() => arrived.length === 1, 60_000); // the server ends a silent session after 15 s
    await append('2');
    await until(() => arrived.length === 2);
    child.process.kill('SIGCONT');
    await sleep(200);
    child.process.kill('SIGKILL');
    expect(await one.lag()).toBe(0n);
  }, 120_000);

  it('publishes everything again when the stream lost what it had', async () => {
    const before = stream();
    const first = relay(async (events) => {
      await before.publish(events);
      return [{ topic: 'exercise.warnings.v1', partition: 3, offset: events.at(-1)?.position ?? 0n }];
    });
    await append('1', '2');
    await until(() => before.arrived.length === 2);
    await first.stop();
    const asked: unknown[] = [];
    const after = stream();
    relay(after.publish, {
      check: async (last) => {
        asked.push(...last);
        return 'lost';
      },
    });
    await until(() => after.arrived.length === 2);
    expect(asked).toEqual([{ topic: 'exercise.warnings.v1', partition: 3, offset: 2n }]);
    expect(after.arrived).toEqual(['1', '2']);
  });

  it('comes back by itself when every connection was cut', async () => {
    const { arrived, publish } = stream();
    relay(publish);
    await append('1');
    await until(() => arrived.length === 1);
    await test.db.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await until(async () =>
      append('2').then(
        () => true,
        () => false,
      ),
    );
    await until(() => arrived.includes('2'));
    expect(arrived.indexOf('1')).toBeLessThan(arrived.indexOf('2'));
  });

  it.each<[who: string, more: Partial<RelayOptions>]>([
    ['that was asked, and knew nothing of it', { check: async () => 'kept' }],
    ['whom nobody asked', {}],
  ])(
    '%s notices a stream that came back empty by what it publishes, and publishes everything again',
    async (_, more) => {
      const broker: string[] = [];
      relay(
        async (events) =>
          events.map(({ body }) => {
            broker.push(String(body['note']));
            return { topic: 'exercise.warnings.v1', partition: 0, offset: BigInt(broker.length - 1) };
          }),
        more,
      );
      await append('1', '2', '3');
      await until(() => broker.length === 3);
      broker.length = 0; // its disk was lost, and it is ready again before anybody asks
      await append('4');
      await until(() => broker.length === 5);
      expect(broker).toEqual(['4', '1', '2', '3', '4']);
      await append('5');
      await until(() => broker.length === 6);
      expect(broker.at(-1)).toBe('5');
    },
  );

  it('asks again for as long as nobody knows whether the stream lost anything, and publishes nothing before', async () => {
    const places = async (events: readonly RecordedEvent[]) => [
      { topic: 'exercise.warnings.v1', partition: 0, offset: events.at(-1)?.position ?? 0n },
    ];
    const first = relay(places);
    await append('1');
    await until(async () => (await first.lag()) === 0n);
    await first.stop();
    let asked = 0;
    let answers = false;
    const { arrived, publish } = stream();
    relay(publish, {
      check: async () => {
        asked += 1;
        if (!answers) throw new Error('the broker does not answer');
        return 'kept';
      },
    });
    await append('2');
    await until(() => asked >= 2);
    expect(arrived).toEqual([]);
    answers = true;
    await until(() => arrived.length === 1);
    expect(arrived).toEqual(['2']);
  });

  it('leaves nothing behind in a short batch when more is recorded while it publishes', async () => {
    const arrived: string[] = [];
    const gaps: number[] = [];
    let last = -Infinity;
    relay(async (events) => {
      for (const { body } of events) {
        arrived.push(String(body['note']));
        gaps.push(performance.now() - last);
        last = performance.now();
        const next = Number(body['note']) + 1;
        if (next > 12) continue;
        await append(String(next));
        await sleep(20); // its notification comes while this batch is on its way
      }
    });
    await append('1');
    await until(() => arrived.length === 12);
    expect(arrived).toEqual(numbers(1, 12));
    expect(Math.min(...gaps)).toBeLessThan(250); // by the poll alone: each of them 300 ms
  });

  it('takes a whole batch and the odd one behind it without waiting in between', async () => {
    await record.append({
      facts: Array.from({ length: 1_001 }, (_, n) => fact('wrn_long', n + 1, String(n + 1))),
    });
    const sizes: number[] = [];
    relay(async (events) => void sizes.push(events.length));
    await until(() => sizes.reduce((sum, size) => sum + size, 0) === 1_001);
    expect(sizes).toEqual([500, 500, 1]);
  });

  it('may be started twice and stopped twice, and stops while the stream is away', async () => {
    let tries = 0;
    const one = relay(async () => {
      tries += 1;
      throw new Error('no broker');
    });
    one.start();
    await append('1');
    await until(() => tries >= 2);
    const began = performance.now();
    await Promise.all([one.stop(), one.stop()]);
    expect(performance.now() - began).toBeLessThan(20_000);
    const before = tries;
    await sleep(300);
    expect(tries).toBe(before);
  });

  it('notes where it stands when it stops, so that a clean restart repeats nothing', async () => {
    for (const note of numbers(1, 5)) {
      const { arrived, publish } = stream();
      const one = relay(publish);
      await append(note);
      await until(() => arrived.length === 1);
      await one.stop();
      expect(arrived).toEqual([note]);
    }
  });

  it('stops within a second or so although the stream never answers, and its batch is published at the next start', async () => {
    let giveUp: (why: Error) => void = () => undefined;
    const never = new Promise<void>((_, reject) => (giveUp = reject));
    let asked = 0;
    const one = relay(() => {
      asked += 1;
      return never;
    });
    await append('1');
    await until(() => asked === 1);
    const began = performance.now();
    await one.stop();
    expect(performance.now() - began).toBeLessThan(20_000); // a second or so; the stream would take for ever
    giveUp(new Error('the process has gone')); // in life its connection, and its turn with it, would have gone
    const after = stream();
    relay(after.publish);
    await until(() => after.arrived.length > 0);
    expect(after.arrived).toEqual(['1']);
  });

  it('ends after the batch under way and notes it, so that the next start does not repeat it', async () => {
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    const before = stream();
    const one = relay(async (events) => {
      await before.publish(events);
      await slow;
    });
    await append('1', '2');
    await until(() => before.arrived.length > 0);
    const stopped = one.stop();
    letGo();
    await stopped;
    const after = stream();
    relay(after.publish);
    await append('3');
    await until(() => after.arrived.includes('3'));
    expect([...before.arrived, ...after.arrived]).toEqual(['1', '2', '3']);
  });

  it('skips nothing and keeps the order of what is new, whichever turns are lost and whichever sends fail', async () => {
    // Seeded, so that a failure comes again: Park and Miller, multiplier 48271.
    let seed = 20_261_121;
    const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const arrived: string[] = [];
    const publish = async (events: readonly RecordedEvent[]) => {
      await sleep(chance() * 10);
      const luck = chance();
      const notes = events.map(({ body }) => String(body['note']));
      if (luck < 0.15) throw new Error('refused');
      arrived.push(...(luck < 0.3 ? notes.slice(0, Math.ceil(notes.length / 2)) : notes));
      if (luck < 0.4) throw new Error('stored in part or whole, and the answer was lost');
    };
    const replica = await Database.open({ url: test.url, max: 2, log: silentLog });
    ends.push(() => replica.close());
    relay(publish);
    relay(publish, { db: replica });
    const cut = async () =>
      void (await test.db.query(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and objsubid = 1 and pid <> pg_backend_pid()
           and database = (select oid from pg_database where datname = current_database())`,
      ));
    for (let n = 1; n <= 60; n += 1) {
      await append(String(n));
      if (n % 12 === 0) await cut(); // the active one loses its turn, and the other takes over
      await sleep(chance() * 15);
    }
    await until(() => new Set(arrived).size === 60);
    expect([...new Set(arrived)]).toEqual(numbers(1, 60)); // where each was met first
  }, 60_000);
});
