import { describe, expect, it } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { streamMessage } from './stream-message.js';

const from = (message: Partial<KafkaMessage>) =>
  streamMessage('live.warnings.v1', 3, { offset: '7', key: null, value: null, ...message } as KafkaMessage);

describe('a record of Kafka', () => {
  it('comes with its place, key, bytes and the id that repeats are known by', () =>
    expect(
      from({
        key: Buffer.from('wrn_1'),
        value: Buffer.from([0xff, 0]),
        headers: { ce_source: Buffer.from('/larum/incident-command'), ce_id: Buffer.from('wrn_1@7') },
      }),
    ).toEqual({
      topic: 'live.warnings.v1',
      partition: 3,
      offset: 7n,
      key: 'wrn_1',
      value: Buffer.from([0xff, 0]),
      headers: { ce_source: '/larum/incident-command', ce_id: 'wrn_1@7' },
      eventId: '/larum/incident-command wrn_1@7',
    }));

  it('of a foreign producer has no key, no value and no headers, and is known by its place', () =>
    expect(from({})).toMatchObject({
      key: '',
      value: new Uint8Array(),
      headers: {},
      eventId: 'live.warnings.v1/3/7',
    }));

  it.each<[what: string, headers: KafkaMessage['headers'], texts: Record<string, string>]>([
    ['text that is text already', { a: 'one' }, { a: 'one' }],
    ['letters of any language', { a: Buffer.from('Llifogydd: ŵ') }, { a: 'Llifogydd: ŵ' }],
    ['the first of a repeated one', { a: [Buffer.from('one'), 'two'] }, { a: 'one' }],
    ['an empty one', { a: Buffer.alloc(0) }, { a: '' }],
    ['none for one without a value', { a: undefined, b: 'two' }, { b: 'two' }],
    ['none for one that is repeated no times', { a: [] }, {}],
  ])('has headers as text: %s', (_, headers, texts) =>
    expect(from(headers === undefined ? {} : { headers }).headers).toEqual(texts),
  );

  it('has a place beyond 2^53 to the last digit', () =>
    expect(from({ offset: '9007199254740993' }).offset).toBe(9_007_199_254_740_993n));
});
