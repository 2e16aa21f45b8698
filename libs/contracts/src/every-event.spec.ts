import { describe, expect, it } from '@jest/globals';
import {
  ChannelEvent,
  ChunkPlanned,
  DeliveryEvent,
  EngagementEvent,
  InboundEvent,
  IncidentEvent,
  readWarningEvent,
  topicOfType,
  WarningEvent,
} from './index.js';
import { samples } from './testing/index.js';

type Body = Record<string, unknown>;
const schemas = {
  incidents: IncidentEvent,
  warnings: WarningEvent,
  deliveries: DeliveryEvent,
  engagement: EngagementEvent,
  inbound: InboundEvent,
  channels: ChannelEvent,
} as const;
const schemaOf = (type: string) => {
  const topic = topicOfType.get(type);
  return topic === undefined ? ChunkPlanned : schemas[topic];
};
const bodyOf = (json: string) => JSON.parse(json) as Body;
const reads = (type: string, body: unknown) => schemaOf(type).safeParse(body).success;

/** Fields that an event may lack. A field that joins this list was promised before: events that are stored have it, new ones may not. */
const optional: Readonly<Record<string, readonly string[]>> = {
  InboundReceived: ['warningId', 'incidentId', 'keyword'],
  IncidentOpened: ['methane', 'area'],
  PlanReported: ['refused'],
  ProposalConfirmed: ['reason'],
  ProposalDismissed: ['reason'],
  ProposalReceived: ['warningId', 'draft', 'origin'],
  WarningCancelled: ['abandonedDraft'],
  WarningDrafted: ['origin'],
  WarningHeld: ['until'],
  WarningSubmitted: ['acknowledged'],
};

/** Values that no field of any event takes. */
const never = [{ no: 'such thing' }, [[['x']]], true];

describe.each(samples())('$type', ({ type, json }) => {
  const body = bodyOf(json);
  const fields = Object.keys(body).filter((name) => name !== 'type');

  it('cannot be read without any of its facts but those that may be missing', () => {
    const lacking = fields.filter((name) => {
      const { [name]: _, ...rest } = body;
      return reads(type, rest);
    });
    const may = (optional[type] ?? []).filter((name) => name in body);
    expect(lacking.toSorted()).toEqual(may.toSorted());
  });

  it('cannot be read with a fact that is something else', () => {
    const indifferent = fields.filter((name) =>
      never.every((value) => reads(type, { ...body, [name]: value })),
    );
    expect(indifferent).toEqual([]);
  });

  it('has a time to the millisecond and ids that are ids', () => {
    for (const [name, value] of Object.entries(body)) {
      if (name === 'at') expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      if (name === 'by' || name === 'submittedBy') expect(value).toMatch(/^off_[0-9a-f]{32}$/);
    }
    if ('at' in body) expect(reads(type, { ...body, at: '2026-11-21T10:00:00Z' })).toBe(false);
    if ('by' in body) expect(reads(type, { ...body, by: 'ann' })).toBe(false);
    if ('version' in body)
      for (const version of [0, -1, 1.5, '1']) expect(reads(type, { ...body, version })).toBe(false);
  });

  it('is read whole, with nothing lost and nothing added', () =>
    expect(schemaOf(type).parse(body)).toEqual(body));
});

describe('counts', () => {
  const chunk = bodyOf(samples().find(({ type }) => type === 'ChunkReported')?.json ?? '');
  const counted = chunk['counts'] as Record<string, number>;
  it.each(Object.keys(counted))('of %s are whole numbers that are not below nought', (name) => {
    for (const wrong of [-1, 0.5, null, '3', undefined]) {
      expect(reads('ChunkReported', { ...chunk, counts: { ...counted, [name]: wrong } })).toBe(false);
    }
    expect(reads('ChunkReported', { ...chunk, counts: { ...counted, [name]: 0 } })).toBe(true);
  });
  it('that a platform did not give are null, which is not nought', () => {
    const sample = bodyOf(samples().find(({ type }) => type === 'EngagementSampled')?.json ?? '');
    for (const metric of ['shares', 'likes', 'replies']) {
      expect(reads('EngagementSampled', { ...sample, [metric]: null })).toBe(true);
      expect(reads('EngagementSampled', { ...sample, [metric]: -1 })).toBe(false);
    }
  });
});

describe('an issued warning', () => {
  const issued = samples().find(({ type }) => type === 'WarningIssued')?.json ?? '{}';
  const reading = (change: object) =>
    readWarningEvent(new TextEncoder().encode(JSON.stringify({ ...bodyOf(issued), ...change }))).read;

  it('of another world, or of none, is not read as one of ours', () => {
    expect(reading({ mode: 'live' })).toBe('event');
    expect(reading({ mode: 'test' })).toBe('unreadable');
    expect(reading({ mode: undefined })).toBe('unreadable');
  });
  it('with a hash that is none is not read: nobody could hold its texts against it', () => {
    for (const contentHash of ['', 'a'.repeat(63), 'A'.repeat(64), null])
      expect(reading({ contentHash })).toBe('unreadable');
  });
  it('with an empty or broken area is not read: it would never widen, and reach nobody', () => {
    const content = bodyOf(issued)['content'] as Body;
    for (const area of [
      null,
      {},
      { ...(content['area'] as Body), geometry: { type: 'MultiPolygon', coordinates: [] } },
    ]) {
      expect(reading({ content: { ...content, area } })).toBe('unreadable');
    }
  });
  it('keeps what it does not know yet at every level that an approver saw', () => {
    const content = bodyOf(issued)['content'] as Body;
    const found = readWarningEvent(
      new TextEncoder().encode(JSON.stringify({ ...bodyOf(issued), content: { ...content, tsunami: true } })),
    );
    expect(found).toMatchObject({ read: 'event', event: { content: { tsunami: true } } });
  });
});
