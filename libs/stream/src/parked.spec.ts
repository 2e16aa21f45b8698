import { describe, expect, it } from '@jest/globals';
import { eventIdOf } from './event-id.js';
import type { StreamMessage } from './event-stream.js';
import { parkedRecord, parkedTopic } from './parked.js';

const place = { topic: 'live.warnings.v1', partition: 3, offset: 7n };

describe('a parked message', () => {
  const message: StreamMessage = {
    ...place,
    key: 'wrn_1',
    value: Uint8Array.from([0xff, 0]),
    headers: { ce_id: 'wrn_1@7' },
    eventId: 'live.warnings.v1/3/7',
  };

  it('keeps its bytes, key and headers, and says why, by whom and from where', () => {
    expect(parkedRecord(message, 'not JSON', 'channel-sms')).toEqual({
      topic: 'live.warnings.v1.parked',
      key: 'wrn_1',
      value: Uint8Array.from([0xff, 0]),
      headers: {
        ce_id: 'wrn_1@7',
        parked_why: 'not JSON',
        parked_by: 'channel-sms',
        parked_from: 'live.warnings.v1/3/7',
      },
    });
  });

  it('has a reason that fits into a header', () => {
    expect(parkedRecord(message, 'x'.repeat(1_000_000), 'channel-sms').headers.parked_why).toHaveLength(
      2_000,
    );
  });

  it('lies in a topic named after its own', () => {
    expect(parkedTopic('exercise.sms.chunks.v1')).toBe('exercise.sms.chunks.v1.parked');
  });
});

describe('an event', () => {
  it('is known again by its source and id', () => {
    expect(eventIdOf({ ce_source: '/larum/channel-sms', ce_id: 'wrn_1/sms@3' }, place)).toBe(
      '/larum/channel-sms wrn_1/sms@3',
    );
  });

  it('of a foreign producer is known by its place', () => {
    expect(eventIdOf({}, place)).toBe('live.warnings.v1/3/7');
    expect(eventIdOf({ ce_source: '/somebody' }, place)).toBe('live.warnings.v1/3/7');
    expect(eventIdOf({ ce_source: '', ce_id: 'x' }, place)).toBe('live.warnings.v1/3/7');
  });
});
