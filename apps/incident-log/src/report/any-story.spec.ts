import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { WarningEvent } from '#contracts';
import { acts, incidentId, play, warningId } from '#warning/testing';
import { inOrder } from '../timeline/in-order.js';
import { inWords } from '../timeline/in-words.js';
import { bodyOf, type KeptEvent } from '../timeline/kept-event.js';
import { replay } from '../replay/replay.js';
import { warningReport } from './report.js';

/** The facts of a warning as incident-command records and relays them, one stream in order. */
const keptOf = (facts: readonly WarningEvent[]): KeptEvent[] =>
  facts.map((fact, n) => ({
    source: '/larum/incident-command',
    eventId: `${warningId}@${n + 1}`,
    topic: 'exercise.warnings.v1',
    streamId: warningId,
    revision: n + 1,
    type: fact.type,
    time: fact.at,
    incidentId,
    receivedAt: null,
    value: JSON.stringify(fact),
  }));

/** A story, and one way in which an archive may have got it: shuffled, and some of it twice. */
const arrived = acts.chain((all) => {
  const events = keptOf(play(all).facts);
  return fc
    .tuple(fc.shuffledSubarray(events, { minLength: events.length }), fc.subarray(events))
    .map(([whole, again]) => ({ events, heard: [...whole, ...again] }));
});
const holds = (check: (story: { events: KeptEvent[]; heard: KeptEvent[]; facts: WarningEvent[] }) => void) =>
  fc.assert(
    fc.property(arrived, ({ events, heard }) =>
      check({ events, heard, facts: events.map((event) => bodyOf(event) as WarningEvent) }),
    ),
    { numRuns: 60, seed: 20261122 },
  );
const of = <Type extends WarningEvent['type']>(facts: readonly WarningEvent[], type: Type) =>
  facts.filter((fact): fact is Extract<WarningEvent, { type: Type }> => fact.type === type);

describe('whatever officers did, and in whatever order it arrived', () => {
  it('is told in the order in which it was done', () =>
    holds(({ events, heard }) => expect(inOrder(heard)).toEqual(events)));

  it('is replayed byte for byte as from an archive that had it in order', () =>
    holds(({ events, heard }) => {
      for (const format of ['text', 'json'] as const) {
        const bytes = (all: readonly KeptEvent[]) =>
          [...replay(all, format)].map(({ text }) => text).join('\n');
        expect(bytes(heard)).toBe(bytes(events));
      }
    }));

  it('is reported the same', () =>
    holds(({ events, heard }) =>
      expect(warningReport(warningId, heard)).toEqual(warningReport(warningId, events)),
    ));

  it('has a row for each version that went out and for each cancel, with the time of the approval', () =>
    holds(({ heard, facts }) => {
      const { versions, cancel, earlierCancels } = warningReport(warningId, heard);
      expect(versions.map(({ version, recordedAt }) => [version, recordedAt])).toEqual(
        of(facts, 'WarningIssued').map(({ version, at }) => [version, at]),
      );
      const rows = cancel === null ? [] : [...earlierCancels, cancel];
      expect(rows.map(({ version, recordedAt, reason }) => [version, recordedAt, reason])).toEqual(
        of(facts, 'WarningCancelled').map(({ version, at, reason }) => [version, at, reason]),
      );
    }));

  it('has one version at the most that has not ended, and it is the newest', () =>
    holds(({ heard }) => {
      const { versions } = warningReport(warningId, heard);
      const standing = versions.filter(({ ended }) => ended === null);
      expect(standing).toEqual(versions.slice(versions.length - standing.length));
      expect(standing.length).toBeLessThanOrEqual(1);
    }));

  it('has plain words for every step', () =>
    holds(({ events }) => {
      for (const event of events)
        expect(inWords(event.type, bodyOf(event))).toMatch(/^(version \d|the warning was withdrawn)/);
    }));
});
