import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  allTopics,
  eventId,
  readHead,
  toInstant,
  topicOfType,
  topics,
  wrap,
  type RecordedEvent,
} from './index.js';
import { flood, warningNo } from './testing/index.js';

const event: RecordedEvent = {
  position: 7n,
  streamId: warningNo(1),
  revision: 3,
  type: 'WarningReturned',
  time: toInstant('2026-11-21T10:00:00Z'),
  actor: 'off_0000000000000000000000000000000b',
  traceparent: null,
  body: { type: 'WarningReturned', incidentId: flood, reason: 'name the bridge' },
};

describe('an event on the stream', () => {
  it('carries CloudEvents binary headers that say everything but the body', () => {
    const envelope = wrap(event, 'incident-command', warningNo(1));
    expect(envelope.headers).toEqual({
      ce_specversion: '1.0',
      ce_id: `${warningNo(1)}@3`,
      ce_source: '/larum/incident-command',
      ce_type: 'WarningReturned',
      ce_subject: warningNo(1),
      ce_time: '2026-11-21T10:00:00.000Z',
      ce_incidentid: flood,
      ce_sequence: '3',
      'content-type': 'application/json',
    });
    expect(JSON.parse(envelope.value)).toEqual(event.body);
  });

  it('is recognised by its head, and anything else is not', () => {
    expect(readHead(wrap(event, 'incident-command', 'k').headers)).toMatchObject({
      streamId: warningNo(1),
      revision: 3,
      incidentId: flood,
    });
    expect(readHead({ ce_id: 'x' })).toBeUndefined();
  });
});

describe('whatever is recorded', () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 });
  const recorded = fc.record({
    position: fc.bigInt({ min: 1n, max: 2n ** 62n }),
    streamId: text,
    revision: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    type: fc.constantFrom(...topicOfType.keys()),
    time: fc
      .date({ noInvalidDate: true, min: new Date('2020-01-01'), max: new Date('2100-01-01') })
      .map((at) => toInstant(at)),
    actor: text,
    traceparent: fc.option(fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')),
    body: fc.record({
      incidentId: fc.option(fc.constant<string>(flood), { nil: undefined }),
      note: fc.string({ unit: 'binary' }),
    }),
  });
  const wrapped = (fact: RecordedEvent) => wrap(fact, 'incident-command', fact.streamId);

  it('is told from its head alone as it was recorded', () =>
    fc.assert(
      fc.property(recorded, (fact) => {
        const head = readHead(wrapped(fact).headers);
        expect(head).toEqual({
          id: `${fact.streamId}@${fact.revision}`,
          source: '/larum/incident-command',
          type: fact.type,
          streamId: fact.streamId,
          revision: fact.revision,
          time: fact.time,
          incidentId: fact.body.incidentId ?? null,
          traceparent: fact.traceparent,
        });
      }),
      { numRuns: 200, seed: 20261121 },
    ));

  it('has a name of its own by stream and revision, and a repeat has the same', () =>
    fc.assert(
      fc.property(recorded, (fact) => {
        const { headers } = wrapped(fact);
        expect(headers['ce_id']).toBe(eventId(fact));
        expect(wrapped({ ...fact, position: fact.position + 1n }).headers).toEqual(headers);
        expect(wrapped({ ...fact, revision: fact.revision + 1 }).headers['ce_id']).not.toBe(headers['ce_id']);
      }),
      { seed: 20261121 },
    ));

  it.each(['ce_id', 'ce_source', 'ce_type', 'ce_subject', 'ce_time', 'ce_sequence'])(
    'is not ours without %s',
    (name) => {
      const { [name]: _, ...rest } = wrap(event, 'incident-command', 'k').headers;
      expect(readHead(rest)).toBeUndefined();
    },
  );

  it.each(['', 'seven', '1.5', '0', '-1', '1e3', '0x10', ' 7', '007', '9007199254740993', 'NaN'])(
    'is not ours with the revision %j',
    (revision) => {
      const { headers } = wrap(event, 'incident-command', 'k');
      expect(readHead({ ...headers, ce_sequence: revision })).toBeUndefined();
    },
  );
});

describe('the topics of a world', () => {
  it('are these, each with so many partitions (DESIGN §6)', () =>
    expect(allTopics('exercise')).toEqual([
      ...['incidents', 'warnings', 'deliveries', 'engagement', 'channels', 'inbound'].map((name) => ({
        name: `exercise.${name}.v1`,
        partitions: 6,
      })),
      ...['email.chunks', 'email.chunks.urgent', 'sms.chunks', 'sms.chunks.urgent'].map((name) => ({
        name: `exercise.${name}.v1`,
        partitions: 12,
      })),
    ]));

  it('carry every event of the house, each on one of them', () => {
    const names = new Set(allTopics('live').map(({ name }) => name));
    for (const topic of topicOfType.values()) expect(names).toContain(topics('live')[topic]);
    expect(topicOfType.has('ChunkPlanned')).toBe(false); // a channel's own affair
  });

  it('have names that no other becomes by leaving a letter out: two must never be mixed up', () => {
    const all = [...allTopics('live'), ...allTopics('exercise')].map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
    for (const name of all) expect(name).toMatch(/^(live|exercise)\.[a-z.]+\.v1$/);
  });

  it('share no name with the other world', () => {
    const live = new Set(allTopics('live').map(({ name }) => name));
    expect(allTopics('exercise').filter(({ name }) => live.has(name))).toEqual([]);
    expect(topics('live').warnings).toBe('live.warnings.v1');
    expect(topics('exercise').urgentChunks('sms')).toBe('exercise.sms.chunks.urgent.v1');
  });
});
