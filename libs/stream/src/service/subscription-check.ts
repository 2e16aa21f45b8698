import type { Subscription } from '../event-stream.js';

/**
 * What `/readyz` asks of a process that follows topics: throws until the subscription has joined its group for the first time,
 * and while it is retrying, stalled or closed. Joining anew later is no fault: every deploy makes the whole group do it.
 */
export function subscriptionCheck(subscription: () => Subscription | undefined): () => void {
  let hasJoined = false;
  return () => {
    const { state, why } = subscription()?.health() ?? { state: 'closed' as const, why: 'not followed yet' };
    hasJoined ||= state === 'working';
    if (state === 'working' || (state === 'joining' && hasJoined)) return;
    throw new Error(why ?? (state === 'joining' ? 'is joining its group for the first time' : state));
  };
}
