import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, type NewEvent } from '#contracts';
import { incidentNo, warningNo } from '#contracts/testing';
import { EventRecord, migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { Metrics, silentLog, sleep } from '#runtime';
import { newStream, type EventStream } from '#stream';
import { migrations, SCHEMA } from './migrations.js';
import { Outgoing } from './outgoing.js';

const TOPIC = 'exercise.warnings.v1';
let test: TestDatabase;
let stream: EventStream;
let record: EventRecord;
let outgoing: Outgoing[] = [];

beforeAll(async () => {
  test = await testDatabase();
  await migrate(test.db, { schema: SCHEMA, migrations });
  record = new EventRecord(test.db, SCHEMA);
});
beforeEach(() => {
  stream = newStream({ db: test.db, log: silentLog, clientId: 'test' });
});
afterEach(async () => {
  for (const one of outgoing) await one.onApplicationShutdown();
  outgoing = [];
  await stream.close();
});
afterAll(() => test?.close());

/** Another start of the process. `instead` is what its stream does differently. */
function start(instead: Partial<EventStream> = {}): Outgoing {
  const house = {
    stream: Object.assign(Object.create(stream) as EventStream, instead),
    mode: 'exercise' as const,
  };
  const one = new Outgoing(test.db, { ...house, log: silentLog, metrics: new Metrics() });
  outgoing.push(one);
  one.onApplicationBootstrap();
  return one;
}
const fact = (warning: number): NewEvent => ({
  streamId: warningNo(warning),
  revision: 1,
  type: 'WarningDrafted',
  time: toInstant('2026-11-21T10:00:00.000Z'),
  actor: 'ann',
  traceparent: null,
  body: { type: 'WarningDrafted', incidentId: incidentNo(1) },
});
/** The ids on the stream, those of each partition in their order. */
async function published(): Promise<string[]> {
  const ids: string[] = [];
  for (const [partition] of await stream.endOffsets(TOPIC))
    for (const { headers } of await stream.read({ topic: TOPIC, partition, offset: 0n, limit: 1_000 }))
      ids.push(String(headers['ce_id']));
  return ids.sort();
}
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 40_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('not within 40 s');
    await sleep(10);
  }
}
const arrived = (...warnings: number[]) =>
  until(async () => {
    const ids = await published();
    return warnings.every((n) => ids.some((id) => id.includes(warningNo(n))));
  });
/** As a broker is after a restart on an empty disk. */
const empty = async () => {
  await test.db.execute('delete from stream.message');
  await test.db.execute('update stream.partition set next_place = 0');
};

describe('what is recorded, on its way to the stream', () => {
  it('goes on from where it stood at the next start, and repeats nothing after a clean stop', async () => {
    const first = start();
    await record.append({ facts: [fact(1), fact(2)] });
    await arrived(1, 2);
    await first.onApplicationShutdown();
    start();
    await record.append({ facts: [fact(3)] });
    await arrived(3);
    expect(await published()).toHaveLength(3);
  });

  it('is all published again at the next start, when the stream came back without its data meanwhile', async () => {
    const first = start();
    await arrived(1, 2, 3);
    await first.onApplicationShutdown();
    await empty();
    start();
    await arrived(1, 2, 3);
  });

  it('is all published again while it runs, when the stream came back without its data and nobody had asked', async () => {
    start();
    await record.append({ facts: [fact(4)] });
    await arrived(4);
    await sleep(300); // its place is noted
    await empty();
    for (const n of [5, 6, 7, 8, 9, 10, 11, 12]) await record.append({ facts: [fact(n)] }); // one of them meets a place that was told before
    await arrived(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  });

  it('waits, and skips nothing, while nobody can tell whether the stream lost anything', async () => {
    let away = true;
    start({
      endOffsets: async (topic) => {
        if (away) throw new Error('no broker answers');
        return stream.endOffsets(topic);
      },
    });
    await record.append({ facts: [fact(13)] });
    await sleep(300);
    expect((await published()).some((id) => id.includes(warningNo(13)))).toBe(false);
    away = false;
    await arrived(13);
  });

  it('of a topic that is gone is lost: nothing lies where something was', async () => {
    const first = start({ endOffsets: async () => new Map() });
    await until(async () => (await published()).length > 13); // everything came again
    await first.onApplicationShutdown();
  });
});
