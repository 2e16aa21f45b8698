import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OwedFact } from '../record/facts.js';
import { WorldRecord } from '../record/world-record.js';
import { Faults } from './faults.js';
import { Owing } from './owing.js';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const debt = (id: string, dueAt = NOON) => ({
  id,
  what: 'DELIVRD',
  dueAt,
  to: 'LARUM',
  from: '447700900123',
  about: id,
});

describe('what the world owes', () => {
  let dataDir: string;
  let record: WorldRecord;
  let paid: string[];
  let answers: (boolean | Error)[];

  async function opened(together = 10): Promise<Owing> {
    record = await WorldRecord.open(dataDir);
    const world = { record, faults: new Faults(), now: () => NOON };
    const pay = async ({ id }: OwedFact) => {
      paid.push(id);
      const answer = answers.shift() ?? true;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const owing = new Owing(world, 'sms', pay, together);
    await record.recall((fact) => owing.replay(fact));
    return owing;
  }
  async function untilPaid(count: number): Promise<void> {
    for (let waited = 0; paid.length < count && waited < 20_000; waited += 5) await pause(5);
    await pause(20);
    expect(paid).toHaveLength(count);
  }

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'larum-owing-'));
    paid = [];
    answers = [];
  });
  afterEach(async () => {
    await record.close();
    await rm(dataDir, { recursive: true });
  });

  it('is paid once, when it is due', async () => {
    const owing = await opened();
    owing.start();
    await Promise.all([owing.owe(debt('late', NOON + 1_200)), owing.owe(debt('now'))]);
    await untilPaid(1);
    expect(paid).toEqual(['now']);
    await untilPaid(2);
    expect(owing.count).toBe(0);
    owing.stop();
  });

  it.each([[false], [new Error('the link went')]])(
    'is tried again when it was not taken: %s',
    async (first) => {
      answers = [first];
      const owing = await opened();
      owing.start();
      await owing.owe(debt('one'));
      await untilPaid(2);
      expect(owing.count).toBe(0);
      owing.stop();
    },
  );

  it('is remembered by the next run until it was paid, and never after', async () => {
    const before = await opened();
    await before.owe(debt('one'));
    await before.owe(debt('two'));
    await record.close();

    const after = await opened();
    expect(after.count).toBe(2);
    after.start();
    await untilPaid(2);
    after.stop();
    await record.close();

    expect((await opened()).count).toBe(0);
  });

  it('is paid by so many side by side and no more', async () => {
    record = await WorldRecord.open(dataDir);
    let [now, most] = [0, 0];
    const pay = async () => {
      most = Math.max(most, (now += 1));
      await pause(5);
      now -= 1;
      return true;
    };
    const owing = new Owing({ record, faults: new Faults(), now: () => NOON }, 'sms', pay, 3);
    owing.start();
    await Promise.all(Array.from({ length: 20 }, (_, n) => owing.owe(debt(String(n)))));
    while (owing.count > 0) await pause(5);
    expect(most).toBe(3);
    owing.stop();
  });

  it('can be paid at once, and then is not paid again when it would have been due', async () => {
    const owing = await opened();
    owing.start();
    await owing.owe(debt('one', NOON + 800));
    await owing.settleNow('one');
    await untilPaid(1);
    await pause(850);
    expect(paid).toEqual(['one']);
    owing.stop();
  });

  it('stays unpaid after a stop', async () => {
    const owing = await opened();
    owing.start();
    await owing.owe(debt('one', NOON + 800));
    owing.stop();
    await pause(850);
    expect(paid).toEqual([]);
    expect(owing.count).toBe(1);
  });
});
