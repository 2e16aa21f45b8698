import { describe, expect, it } from '@jest/globals';
import { readHead, toInstant, topics, wrap, allTopics, type RecordedEvent } from './index.js';
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

describe('the topics of a world', () => {
  it('share no name with the other world', () => {
    const live = new Set(allTopics('live').map(({ name }) => name));
    expect(allTopics('exercise').filter(({ name }) => live.has(name))).toEqual([]);
    expect(topics('live').warnings).toBe('live.warnings.v1');
    expect(topics('exercise').urgentChunks('sms')).toBe('exercise.sms.chunks.urgent.v1');
  });
});
