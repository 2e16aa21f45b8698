import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { Admin, Consumer, ConsumerConfig, ConsumerRunConfig, EachBatchPayload, Kafka } from 'kafkajs';
import { readRange } from './kafka-read.js';

const TOPIC = 'exercise.warnings.v1';
const message = (offset: number) => ({
  offset: String(offset),
  key: Buffer.from('a'),
  value: Buffer.from(`v${offset}`),
});
type Fetched = { partition?: number; from: number; to: number };

/** A client that brings what is told, one batch after another, once the reader has said from where. */
function client(brings: readonly Fetched[], { crash = false, connects = true } = {}) {
  const emitter = new EventEmitter();
  const seen = {
    groups: [] as string[],
    sought: [] as string[],
    gone: false,
    deleted: [] as string[],
    fromBeginning: false,
  };
  let config: ConsumerRunConfig | undefined;
  const consumer = {
    events: { CRASH: 'crash' },
    on: (event: string, listener: (event: { payload: { error: Error } }) => void) =>
      emitter.on(event, (payload: { error: Error }) => listener({ payload })),
    connect: async () => {
      if (!connects) throw new Error('no broker answers');
    },
    subscribe: async ({ fromBeginning }: { fromBeginning: boolean }) =>
      void (seen.fromBeginning = fromBeginning),
    run: async (given: ConsumerRunConfig) => void (config = given),
    seek: ({ offset }: { offset: string }) => {
      seen.sought.push(offset);
      setImmediate(async () => {
        for (const { partition = 0, from, to } of brings) {
          const messages = Array.from({ length: to - from }, (_, n) => message(from + n));
          const batch = { topic: TOPIC, partition, messages, lastOffset: () => String(to - 1) };
          await config?.eachBatch?.({ batch } as unknown as EachBatchPayload);
        }
        if (crash) emitter.emit('crash', { error: new Error('the client died') });
      });
    },
    disconnect: async () => void (seen.gone = true),
  };
  const kafka = {
    consumer: ({ groupId }: ConsumerConfig) => {
      seen.groups.push(groupId);
      return consumer as unknown as Consumer;
    },
  } as unknown as Kafka;
  const admin = {
    deleteGroups: async (groups: string[]) => {
      seen.deleted.push(...groups);
      throw new Error('the group is not empty yet');
    },
  } as unknown as Admin;
  const read = (from: bigint, to: bigint) =>
    readRange(kafka, admin, { topic: TOPIC, partition: 0, from, to });
  return { read, seen };
}
const offsets = async (found: ReturnType<ReturnType<typeof client>['read']>) =>
  (await found).map(({ offset }) => Number(offset));

describe('a range that is read without a group of one’s own', () => {
  it('is exactly what was asked for, of batches that begin before it and end behind it', async () => {
    const { read, seen } = client([
      { from: 0, to: 4 },
      { from: 4, to: 9 },
      { from: 9, to: 20 },
    ]);
    expect(await offsets(read(3n, 11n))).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seen.sought).toEqual(['3']);
    expect(seen.fromBeginning).toBe(true);
  });

  it('holds each message once and in order, though a fetch that was on its way brings some again', async () => {
    const { read } = client([
      { from: 5, to: 8 },
      { from: 2, to: 6 },
      { from: 6, to: 10 },
    ]);
    expect(await offsets(read(2n, 10n))).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('takes nothing from another partition of the topic', async () => {
    const { read } = client([
      { partition: 1, from: 0, to: 50 },
      { from: 0, to: 3 },
    ]);
    const found = await read(0n, 3n);
    expect(found.map(({ partition }) => partition)).toEqual([0, 0, 0]);
    expect(Buffer.from(found[2]?.value ?? []).toString()).toBe('v2');
  });

  it('of a compacted topic is what is left of it', async () => {
    const { read } = client([
      { from: 0, to: 2 },
      { from: 6, to: 9 },
    ]);
    expect(await offsets(read(0n, 8n))).toEqual([0, 1, 6, 7]);
  });

  it('leaves no group behind, and a group that cannot be deleted yet is no failure', async () => {
    const { read, seen } = client([{ from: 0, to: 2 }]);
    await read(0n, 2n);
    await read(0n, 2n);
    expect(new Set(seen.groups).size).toBe(2); // never the same, so that readers do not share partitions
    expect(seen.deleted).toEqual(seen.groups);
    expect(seen.gone).toBe(true);
  });

  it('fails when the client dies, and lets go of it', async () => {
    const { read, seen } = client([{ from: 0, to: 2 }], { crash: true });
    await expect(read(0n, 5n)).rejects.toThrow('the client died');
    expect(seen.gone).toBe(true);
  });

  it('fails when no broker answers, and lets go of the client', async () => {
    const { read, seen } = client([], { connects: false });
    await expect(read(0n, 5n)).rejects.toThrow('no broker answers');
    expect(seen.gone).toBe(true);
  });
});
