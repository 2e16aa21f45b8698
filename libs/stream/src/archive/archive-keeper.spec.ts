import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog, HealthRegistry } from '#runtime';
import type {
  EventStream,
  Handler,
  StreamMessage,
  SubscribeTo,
  SubscriptionHealth,
} from '../event-stream.js';
import { until } from '../testing/consumer.js';
import { archiveKeeper } from './archive-keeper.js';
import type { Archive } from './archive.js';
import { ARCHIVE_LINGER_MS } from './keep.js';

const TOPICS = ['exercise.warnings.v1', 'exercise.deliveries.v1'];

/** A house whose stream is away for the first `awayFor` questions. */
function house({ awayFor = 0 } = {}) {
  const seen = {
    asked: 0,
    closed: 0,
    added: [] as StreamMessage[],
    to: undefined as SubscribeTo | undefined,
  };
  let state: SubscriptionHealth['state'] = 'working';
  let handle: Handler = async () => undefined;
  const stream = {
    ensureTopics: async () => {
      if ((seen.asked += 1) <= awayFor) throw new Error('no broker answers');
    },
    subscribe: async (to: SubscribeTo, given: Handler) => {
      seen.to = to;
      handle = given;
      return {
        close: async () => void (seen.closed += 1),
        health: () => ({ state, partitions: [], waiting: 0 }),
      };
    },
  } as unknown as EventStream;
  const archive = {
    add: async (messages: readonly StreamMessage[]) => seen.added.push(...messages),
  } as unknown as Archive;
  const health = new HealthRegistry();
  const keeper = archiveKeeper(
    archive,
    { stream, mode: 'exercise', log: silentLog, health },
    'incident-log',
    TOPICS,
  );
  return {
    keeper,
    seen,
    health,
    become: (next: SubscriptionHealth['state']) => (state = next),
    handler: () => handle,
  };
}

describe('who keeps an archive', () => {
  it('follows its topics as the group of its app, and lets events gather', async () => {
    const { keeper, seen } = house();
    keeper.onApplicationBootstrap();
    await until('it follows', () => seen.to !== undefined);
    expect(seen.to).toEqual({ topics: TOPICS, group: 'incident-log', lingerMs: ARCHIVE_LINGER_MS });
    await keeper.onApplicationShutdown();
    expect(seen.closed).toBe(1);
  });

  it('does not hold up the start while the stream is away, says so, and follows when it is there', async () => {
    const { keeper, seen, health } = house({ awayFor: 2 });
    keeper.onApplicationBootstrap();
    expect((await health.readiness()).ready).toBe(false);
    await until('it follows', () => seen.to !== undefined);
    await until('it is ready', async () => (await health.readiness()).ready);
    expect(seen.asked).toBe(3);
    await keeper.onApplicationShutdown();
  });

  it('stops at once while the stream is away, and follows nothing afterwards', async () => {
    const { keeper, seen } = house({ awayFor: Infinity });
    keeper.onApplicationBootstrap();
    await until('it has tried', () => seen.asked >= 1);
    expect(await Promise.race([keeper.onApplicationShutdown(), sleep(500, 'too late')])).toBeUndefined();
    expect([seen.to, seen.closed]).toEqual([undefined, 0]);
  });

  it('that never began may be stopped', async () => {
    const { keeper, seen } = house();
    await keeper.onApplicationShutdown();
    expect(seen.closed).toBe(0);
  });

  it.each(['retrying', 'stalled', 'closed'] as const)('is not ready while it is %s', async (state) => {
    const { keeper, seen, health, become } = house();
    keeper.onApplicationBootstrap();
    await until('it follows', () => seen.to !== undefined);
    await until('it is ready', async () => (await health.readiness()).ready);
    become(state);
    expect((await health.readiness()).ready).toBe(false);
    await keeper.onApplicationShutdown();
  });
});
