import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { samples } from '#contracts/testing';
import { floodStory, kept } from '../testing/flood-story.js';
import { inOrder } from './in-order.js';
import { inWords } from './in-words.js';

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
    fc.assert(fc.property(arrival, (events) => expect(ids(inOrder(events))).toEqual(told)));
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

  it.each(samples())('has plain words for $type', ({ type, json }) => {
    const sentence = inWords({ type, value: json });
    expect(sentence).not.toContain('no words for it');
    expect(sentence).not.toMatch(/undefined|null|NaN|\[object/);
  });

  it('names a type that it has no words for, and does not leave it out', () =>
    expect(inWords({ type: 'WarningTranslated', value: '{}' })).toContain('WarningTranslated'));
});
