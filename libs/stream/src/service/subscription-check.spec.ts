import { describe, expect, it } from '@jest/globals';
import type { Subscription, SubscriptionHealth } from '../event-stream.js';
import { subscriptionCheck } from './subscription-check.js';

describe('what readiness asks of a subscription', () => {
  const told = (states: (SubscriptionHealth['state'] | 'none')[]) => {
    let state: SubscriptionHealth['state'] | 'none' = 'none';
    const subscription: Subscription = {
      close: () => Promise.resolve(),
      health: () => ({ state: state as SubscriptionHealth['state'], partitions: [], waiting: 0 }),
    };
    const check = subscriptionCheck(() => (state === 'none' ? undefined : subscription));
    return states.map((now) => {
      state = now;
      try {
        check();
        return 'ready';
      } catch (error) {
        return (error as Error).message;
      }
    });
  };

  it('nobody is sent to a process that does not hear anything yet', () => {
    expect(told(['none', 'joining', 'working'])).toEqual([
      'not followed yet',
      'is joining its group for the first time',
      'ready',
    ]);
  });

  it('a group that forms anew takes nobody away', () => {
    expect(told(['working', 'joining', 'working'])).toEqual(['ready', 'ready', 'ready']);
  });

  it.each(['retrying', 'stalled', 'closed'] as const)('%s is not ready, also after it worked', (state) => {
    expect(told(['working', state])).toEqual(['ready', state]);
  });
});
