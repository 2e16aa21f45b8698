import { describe, expect, it } from '@jest/globals';
import { toInstant, topicOfType, type RecordedEvent } from '#contracts';
import { flood, sender, warning } from '../testing/index.js';
import { routeOf } from './relay-channel.js';

const event = (type: string, body: Record<string, unknown>): RecordedEvent => ({
  position: 1n,
  streamId: `${warning(1)}/v1/issue/sms/3`,
  revision: 1,
  type,
  time: toInstant('2026-11-21T10:00:00.000Z'),
  actor: '/larum/channel-sms',
  traceparent: null,
  body: { type, ...body },
});

describe('where a channel’s facts go', () => {
  it.each([
    [true, 'exercise.sms.chunks.urgent.v1'],
    [false, 'exercise.sms.chunks.v1'],
  ])('a chunk (urgent: %s) to its lane, with a key of its own so that workers share it', (urgent, topic) => {
    const planned = event('ChunkPlanned', {
      channel: 'sms',
      urgent,
      warningId: warning(1),
      accountId: sender,
    });
    expect(routeOf(planned, 'exercise')).toEqual({ topic, key: `${warning(1)}/v1/issue/sms/3` });
  });

  it.each([
    ['ChunkReported', 'live.deliveries.v1'],
    ['PlanReported', 'live.deliveries.v1'],
    ['PostReported', 'live.deliveries.v1'],
    ['ReceiptsCounted', 'live.deliveries.v1'],
    ['EngagementSampled', 'live.engagement.v1'],
    ['GateInForce', 'live.channels.v1'],
  ])('%s to its topic, in order per warning', (type, topic) => {
    const fact = event(type, { warningId: warning(1), accountId: sender, incidentId: flood });
    expect(routeOf(fact, 'live')).toEqual({ topic, key: warning(1) });
  });

  it.each([
    ['AccountReported', 'live.channels.v1'],
    ['AccountHealthReported', 'live.channels.v1'],
    ['InboundReceived', 'live.inbound.v1'],
  ])('%s to its topic, in order per account', (type, topic) => {
    expect(routeOf(event(type, { accountId: sender }), 'live')).toEqual({ topic, key: sender });
  });

  it('what is nobody else’s affair stays at home', () => {
    expect(routeOf(event('SomethingOfOurOwn', {}), 'live')).toBeUndefined();
    expect(topicOfType.has('ChunkPlanned')).toBe(false);
  });
});
