import type { Sending } from '../adapter/list-sender.js';

/** What is known when a send ended `unknown`. */
export type Doubt = {
  sending: Pick<Sending, 'act' | 'message' | 'severity'>;
  /** How often this delivery has ended `unknown`, this time included. */
  unknowns: number;
};

/**
 * What to do when nobody can tell whether a message left (CHANNELS §E.3). `again`: the identical message once more, because
 * a doubled warning costs less than none: for Severe and Extreme, and for whatever takes something back. Once: after a
 * second doubt, and for everything milder, it stays `unknown` and a person is shown it.
 */
export function afterUnknown({ sending, unknowns }: Doubt): 'again' | 'stays-unknown' {
  if (unknowns > 1) return 'stays-unknown';
  const takesBack =
    sending.act === 'cancel' || sending.message === 'correction' || sending.message === 'all-clear';
  const grave = sending.severity === 'Severe' || sending.severity === 'Extreme';
  return takesBack || grave ? 'again' : 'stays-unknown';
}
