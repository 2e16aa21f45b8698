import { describe, expect, it } from '@jest/globals';
import { Faults } from './faults.js';

describe('faults on request', () => {
  it('strike once unless told otherwise', () => {
    const faults = new Faults();
    faults.order({ channel: 'mastodon', kind: '503' });
    expect(faults.take('mastodon', ['503'])?.kind).toBe('503');
    expect(faults.take('mastodon', ['503'])).toBeUndefined();
  });

  it('strike as often as ordered, and their list says how often they have', () => {
    const faults = new Faults();
    faults.order({ channel: 'sms', kind: 'throttle', count: 3 });
    faults.take('sms', ['throttle']);
    expect(faults.list()).toMatchObject([{ kind: 'throttle', count: 3, struck: 1 }]);
    faults.take('sms', ['throttle']);
    faults.take('sms', ['throttle']);
    expect(faults.list()).toEqual([]);
  });

  it('go on for ever when the count is null, until they are taken away', () => {
    const faults = new Faults();
    faults.order({ channel: 'email', kind: 'slow', count: null, ms: 5 });
    for (let n = 0; n < 100; n += 1) expect(faults.take('email', ['slow'])?.ms).toBe(5);
    faults.clear('email');
    expect(faults.take('email', ['slow'])).toBeUndefined();
  });

  it('leave every other channel alone', () => {
    const faults = new Faults();
    faults.order({ channel: 'bluesky', kind: '429', count: null });
    expect(faults.take('mastodon', ['429'])).toBeUndefined();
  });

  it('strike one account and spare the next', () => {
    const faults = new Faults();
    faults.order({ channel: 'email', kind: 'refuse', to: 'ann@example.org', count: null });
    expect(faults.take('email', ['refuse'], { to: 'bob@example.org' })).toBeUndefined();
    expect(faults.take('email', ['refuse'], { to: 'ann@example.org' })).toBeDefined();
  });

  it('strike what changes something and spare what reads, unless ordered for both', () => {
    const faults = new Faults();
    faults.order({ channel: 'mastodon', kind: 'slow', count: null });
    expect(faults.take('mastodon', ['slow'], { on: 'read' })).toBeUndefined();
    faults.order({ channel: 'mastodon', kind: '503', on: 'all' });
    expect(faults.take('mastodon', ['503'], { on: 'read' })).toBeDefined();
  });

  it('refuse a kind that the channel does not know, and name those that it does', () => {
    const order = () => new Faults().order({ channel: 'email', kind: 'throttle' });
    expect(order).toThrow(/email knows the faults slow, refuse, policy/);
  });
});
