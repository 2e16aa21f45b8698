import { describe, expect, it } from '@jest/globals';
import { eventIdOf } from './event-id.js';
import type { StreamMessage } from './event-stream.js';
import { MOST_RECORD_BYTES, OneInFlight } from './handling/one-in-flight.js';
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

  const large = (bytes: number): StreamMessage => ({
    ...message,
    value: new Uint8Array(bytes - 'wrn_1ce_idwrn_1@7'.length),
  });
  const sent = async (one: StreamMessage) => {
    const values: number[] = [];
    const queue = new OneInFlight(async (records) => {
      values.push(...records.map(({ value }) => value.byteLength));
      return records.map(() => place);
    });
    await queue.publish([parkedRecord(one, 'ŵ'.repeat(5_000), 'channel-sms')]);
    return values;
  };

  it('may be as large as the largest message that travels', async () => {
    const largest = large(MOST_RECORD_BYTES);
    expect(await sent(largest)).toEqual([largest.value.byteLength]);
  });

  it('that is larger, as only a stranger can have made it, stays where it lies, and is told by its place and its size', async () => {
    const larger = large(MOST_RECORD_BYTES + 1);
    expect(await sent(larger)).toEqual([0]);
    expect(parkedRecord(larger, 'not JSON', 'channel-sms').headers).toEqual({
      parked_why: 'not JSON',
      parked_by: 'channel-sms',
      parked_from: 'live.warnings.v1/3/7',
      parked_bytes: '900001',
    });
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
