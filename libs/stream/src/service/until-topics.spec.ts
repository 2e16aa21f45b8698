import { describe, expect, it } from '@jest/globals';
import { allTopics } from '#contracts';
import { silentLog } from '#runtime';
import type { EventStream, Subscription } from '../event-stream.js';
import { untilSubscribed, untilTopics } from './until-topics.js';

/** A stream whose first calls fail, as one does that is not there yet. */
function streamThatFails(times: { topics?: number; subscribe?: number }) {
  const left = { topics: times.topics ?? 0, subscribe: times.subscribe ?? 0 };
  const made: string[][] = [];
  const subscription: Subscription = {
    close: () => Promise.resolve(),
    health: () => ({ state: 'working', partitions: [], waiting: 0 }),
  };
  const stream = {
    ensureTopics: async (plans: readonly { name: string }[]) => {
      if (left.topics > 0) {
        left.topics -= 1;
        throw new Error('no broker answers');
      }
      made.push(plans.map(({ name }) => name));
    },
    subscribe: async () => {
      if (left.subscribe > 0) {
        left.subscribe -= 1;
        throw new Error('no coordinator');
      }
      return subscription;
    },
  } as unknown as EventStream;
  return { house: { stream, mode: 'exercise' as const, log: silentLog }, made, subscription };
}
const to = { topics: ['exercise.warnings.v1'], group: 'incident-log' };
const forever = new AbortController().signal;

describe('a process whose stream is away', () => {
  it('goes on when every topic of its world is there', async () => {
    const { house, made } = streamThatFails({ topics: 2 });
    expect(await untilTopics(house, forever)).toBe(true);
    expect(made).toEqual([allTopics('exercise').map(({ name }) => name)]);
  });

  it('stops waiting when it is stopped', async () => {
    const { house, made } = streamThatFails({ topics: Infinity });
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 20);
    expect(await untilTopics(house, stopping.signal)).toBe(false);
    expect(made).toEqual([]);
  });

  it('does not wait for a question that nobody answers when it is stopped', async () => {
    const { house } = streamThatFails({});
    const stopping = new AbortController();
    const waiting = untilTopics(
      { ...house, stream: { ensureTopics: () => new Promise(() => {}) } as unknown as EventStream },
      stopping.signal,
    );
    stopping.abort();
    expect(await waiting).toBe(false);
  });

  it('does not begin when it was stopped before', async () => {
    const { house, made } = streamThatFails({});
    expect(await untilTopics(house, AbortSignal.abort())).toBe(false);
    expect(made).toEqual([]);
  });

  it('follows as soon as a group can be joined, and not before its topics are there', async () => {
    const { house, made, subscription } = streamThatFails({ topics: 1, subscribe: 2 });
    expect(await untilSubscribed(house, forever, to, async () => {})).toBe(subscription);
    expect(made).toHaveLength(1);
  });

  it('follows nothing when it is stopped while it waits', async () => {
    const { house } = streamThatFails({ subscribe: Infinity });
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 20);
    expect(await untilSubscribed(house, stopping.signal, to, async () => {})).toBeUndefined();
  });
});
