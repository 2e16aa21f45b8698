import { seeded } from './seeded.js';

export const STEPS = ['issue', 'update', 'ending'] as const;
export type Step = (typeof STEPS)[number];

/** When something is killed: in which step of the warning's life, after which share of that step has arrived. */
export type Moment = {
  step: Step;
  /** 0: as soon as the officer has an answer; 1 would be when everything has arrived. */
  share: number;
  /** How long it stays down, in milliseconds. */
  downMs: number;
  ending: 'cancel' | 'all-clear';
};

/**
 * The n-th moment of a seed. The steps come in turn, so that any three moments in a row try all of them; with which the series begins
 * follows from the seed. The first of a series is at once after the answer: nothing has left yet.
 */
export function momentOf(seed: string, n: number): Moment {
  const first = Math.floor(seeded(seed, 'first step')() * STEPS.length);
  const next = seeded(seed, 'moment', n);
  return {
    step: STEPS[(first + n) % STEPS.length] ?? 'issue',
    share: n === 0 ? 0 : Math.round(next() * 95) / 100,
    downMs: Math.round(next() * 1_500),
    ending: next() < 0.5 ? 'cancel' : 'all-clear',
  };
}
