import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { floodStory, kept, second } from '../testing/flood-story.js';
import { inOrder } from './in-order.js';

const ids = (events: readonly { eventId: string }[]) => events.map(({ eventId }) => eventId);

describe('the timeline', () => {
  it('tells the same story whatever the order of arrival, and each event once', () => {
    const told = ids(inOrder(floodStory));
    const arrival = fc
      .tuple(
        fc.shuffledSubarray([...floodStory], { minLength: floodStory.length }),
        fc.subarray([...floodStory]),
      )
      .map(([all, again]) => [...all, ...again]);
    fc.assert(
      fc.property(arrival, (events) => expect(ids(inOrder(events))).toEqual(told)),
      { seed: 20261121 },
    );
    expect(told).toHaveLength(floodStory.length);
  });

  it('never tells an event before the one it follows in its stream, even when a clock went backwards', () => {
    const first = kept('incident-command', 'wrn_a', 1, 10, { type: 'WarningDrafted' });
    const second = kept('incident-command', 'wrn_a', 2, 3, { type: 'DraftEdited' });
    const other = kept('incident-command', 'wrn_b', 1, 5, { type: 'WarningDrafted' });
    expect(ids(inOrder([second, first, other]))).toEqual(['wrn_b@1', 'wrn_a@1', 'wrn_a@2']);
  });

  it('orders by code unit, not by the reviewer’s language', () => {
    const upper = kept('incident-command', 'Z', 1, 1, { type: 'WarningDrafted' });
    const lower = kept('incident-command', 'a', 1, 1, { type: 'WarningDrafted' });
    expect(ids(inOrder([lower, upper]))).toEqual(['Z@1', 'a@1']);
  });

  /** Streams whose clocks go on, stand still or go backwards: `[stream, seconds of each event]`. */
  const streams = fc
    .uniqueArray(fc.constantFrom('inc_a', 'wrn_a', 'wrn_a/sms', 'wrn_b', 'wrn_b/social'), { minLength: 1 })
    .chain((names) =>
      fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), fc.array(fc.nat(20), { maxLength: 8 })))),
    );
  const eventsOf = (all: readonly (readonly [string, readonly number[]])[]) =>
    all.flatMap(([stream, times]) =>
      times.map((at, n) => kept('incident-command', stream, n + 1, at, { type: 'DraftEdited' })),
    );

  it('keeps every stream in its own order and goes on in time, whatever the clocks did', () => {
    fc.assert(
      fc.property(streams, (all) => {
        const told = inOrder(eventsOf(all));
        const latest = new Map<string, string>();
        const revisions = new Map<string, number>();
        let now = '';
        for (const { streamId, revision, time } of told) {
          expect(revision).toBe((revisions.get(streamId) ?? 0) + 1);
          revisions.set(streamId, revision);
          const before = latest.get(streamId) ?? '';
          const at = time > before ? time : before;
          latest.set(streamId, at);
          expect(at >= now).toBe(true);
          now = at;
        }
      }),
      { numRuns: 200, seed: 20261121 },
    );
  });

  it('is simply the order of time where no clock went backwards', () => {
    const steady = streams.map((all) =>
      all.map(([name, times]) => [name, [...times].sort((a, b) => a - b)] as const),
    );
    fc.assert(
      fc.property(steady, (all) => {
        const times = inOrder(eventsOf(all)).map(({ time }) => time);
        expect(times).toEqual([...times].sort());
      }),
      { numRuns: 100, seed: 20261121 },
    );
  });

  it('does not sort by arrival, which it keeps to show', () => {
    const late = {
      ...kept('incident-command', 'wrn_a', 1, 1, { type: 'WarningDrafted' }),
      receivedAt: second(90),
    };
    const early = {
      ...kept('incident-command', 'wrn_b', 1, 2, { type: 'WarningDrafted' }),
      receivedAt: second(3),
    };
    expect(inOrder([early, late]).map(({ receivedAt }) => receivedAt)).toEqual([second(90), second(3)]);
  });

  it('tells two services apart that use the same id, and each of their events once', () => {
    const one = kept('channel-sms', 'acc_a', 1, 1, { type: 'AccountReported' });
    const other = kept('channel-email', 'acc_a', 1, 1, { type: 'AccountReported' });
    expect(inOrder([one, other, one, other]).map(({ source }) => source)).toEqual([
      '/larum/channel-email',
      '/larum/channel-sms',
    ]);
  });

  it('of nothing is nothing', () => expect(inOrder([])).toEqual([]));
});
