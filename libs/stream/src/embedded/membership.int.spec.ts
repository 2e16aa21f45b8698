import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog } from '#runtime';
import type { EventStream } from '../event-stream.js';
import { newStream } from '../new-stream.js';
import { Membership } from './membership.js';

const TOPIC = 'exercise.warnings.v1';
const GROUP = 'channel-sms';

describe('members of a group', () => {
  let test: TestDatabase;
  let stream: EventStream;
  let databases: Database[] = [];

  const join = async (topics = [TOPIC]): Promise<{ member: Membership; db: Database }> => {
    const db = await Database.open({ url: test.url, max: 2, log: silentLog });
    databases.push(db);
    return { member: new Membership(db, GROUP, topics), db };
  };
  const heldBy = async (member: Membership): Promise<number[]> =>
    (await member.beat())
      .filter(({ keep }) => keep)
      .map(({ partition }) => partition)
      .sort();

  beforeAll(async () => {
    test = await testDatabase();
    stream = newStream({ db: test.db, log: silentLog, clientId: 'test' });
    await stream.ensureTopics([{ name: TOPIC, partitions: 6 }]);
  });
  beforeEach(async () => {
    await test.db.execute('delete from stream.claim');
    await test.db.execute('delete from stream.member');
  });
  afterEach(async () => {
    for (const db of databases) await db.close();
    databases = [];
  });
  afterAll(async () => {
    await stream?.close();
    await test?.close();
  });

  it('hold every partition between them and none twice', async () => {
    const members = [(await join()).member, (await join()).member, (await join()).member];
    for (const member of members) await member.beat();
    for (const member of members)
      for (const { topic, partition, keep } of await member.beat())
        if (!keep) await member.release(topic, partition);
    const held = await Promise.all(members.map(heldBy));
    expect(held.map((partitions) => partitions.length)).toEqual([2, 2, 2]);
    expect(held.flat().sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('do not get a partition before the one that works on it has set it free', async () => {
    const [ann, bob] = [(await join()).member, (await join()).member];
    expect(await heldBy(ann)).toHaveLength(6);
    expect(await heldBy(bob)).toEqual([]);
    const toGive = (await ann.beat()).filter(({ keep }) => !keep);
    expect(toGive).toHaveLength(3);
    expect(await heldBy(bob)).toEqual([]); // ann may still be sending
    for (const { topic, partition } of toGive) await ann.release(topic, partition);
    expect(await heldBy(bob)).toEqual(toGive.map(({ partition }) => partition).sort());
  });

  it('go on where the last one stood', async () => {
    const { member: ann } = await join();
    await ann.beat();
    expect(await ann.commit(TOPIC, 3, 17n)).toBe(true);
    await ann.leave();
    const { member: bob } = await join();
    const next = new Map((await bob.beat()).map(({ partition, next }) => [partition, next]));
    expect(next.get(3)).toBe(17n);
    expect(next.get(2)).toBe(0n);
  });

  it('replace one at once whose process is gone', async () => {
    const { member: ann, db } = await join();
    expect(await heldBy(ann)).toHaveLength(6);
    await db.close(); // as a kill does: the connection ends, nobody says good-bye
    databases = databases.filter((one) => one !== db);
    expect(await heldBy((await join()).member)).toHaveLength(6);
  });

  it('replace one that is frozen, and what it commits when it wakes counts for nothing', async () => {
    const { member: ann } = await join();
    await ann.beat();
    await test.db.execute(`update stream.member set seen_at = seen_at - interval '9 seconds'`);
    const { member: bob } = await join();
    expect(await heldBy(bob)).toHaveLength(6);
    expect(await ann.commit(TOPIC, 0, 5n)).toBe(false);
    expect((await stream.committed(TOPIC, GROUP)).get(0)).toBe(0n);
    expect(await heldBy(ann)).toEqual([]); // it is a member again, and waits for its share
  });

  it('keep one that is slow but alive', async () => {
    const { member: ann } = await join();
    await ann.beat();
    await test.db.execute(`update stream.member set seen_at = seen_at - interval '4 seconds'`);
    expect(await heldBy((await join()).member)).toEqual([]);
    expect(await ann.commit(TOPIC, 0, 5n)).toBe(true);
  });

  it('take up a topic that is created later', async () => {
    const later = 'exercise.deliveries.v1';
    const { member } = await join([TOPIC, later]);
    expect(await member.beat()).toHaveLength(6);
    await stream.ensureTopics([{ name: later, partitions: 3 }]);
    expect((await member.beat()).filter(({ topic }) => topic === later)).toHaveLength(3);
  });

  it('of one group take nothing from another', async () => {
    const { member, db } = await join();
    expect(await heldBy(member)).toHaveLength(6);
    expect(await new Membership(db, 'incident-log', [TOPIC]).beat()).toHaveLength(6);
    expect(await heldBy(member)).toHaveLength(6);
  });

  it('may all beat at once', async () => {
    const members = await Promise.all(Array.from({ length: 8 }, async () => (await join()).member));
    for (let round = 0; round < 3; round += 1) {
      const held = await Promise.all(members.map((member) => member.beat()));
      await Promise.all(
        members.flatMap((member, n) =>
          (held[n] ?? [])
            .filter(({ keep }) => !keep)
            .map(({ topic, partition }) => member.release(topic, partition)),
        ),
      );
    }
    const held = await Promise.all(members.map(heldBy));
    expect(held.flat().sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
