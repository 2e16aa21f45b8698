import { describe, expect, it } from '@jest/globals';
import type { PartitionWork, WorkHealth } from './partition-work.js';
import { summary } from './summary.js';

const PARTITIONS = [{ topic: 'exercise.warnings.v1', partition: 0 }];
const of = (...healths: WorkHealth[]) =>
  summary(
    healths.map((health) => ({ health: () => health }) as PartitionWork),
    PARTITIONS,
  );

const working: WorkHealth = { state: 'working', waiting: 0 };
const retrying: WorkHealth = { state: 'retrying', why: 'a row is locked', waiting: 3 };
const stalled: WorkHealth = { state: 'stalled', why: 'a handler call shows no progress', waiting: 2 };

describe('how a member of a group is doing', () => {
  it.each([
    ['nothing to do', [], { state: 'working', waiting: 0 }],
    ['all at work', [working, working], { state: 'working', waiting: 0 }],
    ['one that retries among many', [working, retrying, working], retrying],
    ['one that is stalled among those that retry', [retrying, stalled], { ...stalled, waiting: 5 }],
    ['whatever the order', [stalled, retrying], { ...stalled, waiting: 5 }],
    ['all that waits, wherever it does', [retrying, retrying, working], { ...retrying, waiting: 6 }],
  ])('%s', (_, healths, says) => expect(of(...healths)).toEqual({ ...says, partitions: PARTITIONS }));

  it('has no reason where it needs none', () => expect(of(working)).not.toHaveProperty('why'));
});
