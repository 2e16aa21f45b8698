import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  readChannelEvent,
  readChunkPlanned,
  readDeliveryEvent,
  readEngagementEvent,
  readInboundEvent,
  readIncidentEvent,
  readWarningEvent,
  topicOfType,
  type TopicName,
} from './index.js';
import { samples } from './testing/index.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const readers = {
  incidents: readIncidentEvent,
  warnings: readWarningEvent,
  deliveries: readDeliveryEvent,
  engagement: readEngagementEvent,
  inbound: readInboundEvent,
  channels: readChannelEvent,
} satisfies Record<TopicName, unknown>;
const readerOf = (type: string) => {
  const topic = topicOfType.get(type);
  return topic ? readers[topic] : readChunkPlanned;
};

describe('the published language', () => {
  it.each(samples())('still reads what was published as $type', ({ type, json }) => {
    const found = readerOf(type)(bytes(json));
    expect(found).toMatchObject({ read: 'event', event: { type } });
  });

  it.each(samples())('keeps a field of $type that it does not know yet', ({ type, json }) => {
    const found = readerOf(type)(bytes(JSON.stringify({ ...JSON.parse(json), addedLater: 'kept' })));
    expect(found).toMatchObject({ read: 'event', event: { addedLater: 'kept' } });
  });

  it('has a golden sample for every event type', () => {
    const sampled = new Set(samples().map(({ type }) => type));
    expect([...topicOfType.keys(), 'ChunkPlanned'].filter((type) => !sampled.has(type))).toEqual([]);
  });

  it('skips a type that this build does not know, and does not call it broken', () => {
    expect(readWarningEvent(bytes('{"type":"WarningTranslated"}'))).toEqual({
      read: 'newer',
      type: 'WarningTranslated',
    });
  });

  it.each([
    ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe)],
    ['bytes that are not JSON', bytes('{"type":')],
    ['a value without a type', bytes('[1]')],
    ['a known type without its facts', bytes('{"type":"WarningReturned"}')],
  ])('calls %s unreadable and says why', (_, value) => {
    const found = readWarningEvent(value);
    expect(found.read).toBe('unreadable');
    if (found.read === 'unreadable') expect(found.why).not.toBe('');
  });

  it('hands out the JSON as received, so that hashes are computed before any schema', () => {
    const issued = samples().find(({ type }) => type === 'WarningIssued');
    const found = readWarningEvent(bytes(issued?.json ?? ''));
    expect(found).toMatchObject({ raw: JSON.parse(issued?.json ?? '') });
  });
});

describe.each(Object.entries(readers))('a consumer of %s', (topic, read) => {
  const own = samples().filter(({ type }) => topicOfType.get(type) === topic);

  it('has something to read', () => expect(own.length).toBeGreaterThan(0));

  it('skips what belongs to another topic, by declared rule: it is no fault of the message', () => {
    for (const { type, json } of samples()) {
      if (topicOfType.get(type) !== topic) expect(read(bytes(json))).toEqual({ read: 'newer', type });
    }
  });

  it('never throws, whatever bytes come: it reads, skips, or says why not', () =>
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (value) => {
        const found = read(value);
        expect(['event', 'newer', 'unreadable']).toContain(found.read);
        if (found.read === 'unreadable') expect(found.why.length).toBeGreaterThan(0);
      }),
      { numRuns: 200, seed: 20261121 },
    ));

  it('is not led astray by one broken field: the reason names it', () => {
    for (const { json } of own) {
      const body = JSON.parse(json) as Record<string, unknown>;
      if (!('at' in body)) continue;
      const found = read(bytes(JSON.stringify({ ...body, at: 'noon' })));
      expect(found).toMatchObject({ read: 'unreadable', why: expect.stringMatching(/at/) });
    }
  });
});
