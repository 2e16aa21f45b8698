import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { warningNo } from '#contracts/testing';
import { floodStory, kept, second } from '../testing/flood-story.js';
import { warningReport } from './report.js';

const report = (events = floodStory) => warningReport(warningNo(1), events);
const version = (n: number, channel: string, events = floodStory) => {
  const row = report(events).versions.find((one) => one.version === n);
  const found = row?.channels.find((one) => one.channel === channel);
  if (found === undefined) throw new Error(`no row for version ${n} on ${channel}`);
  return found;
};

describe('the report of a warning', () => {
  it('counts every recipient in exactly one state: planned is pending and the six final states', () => {
    const { planned, pending, states } = version(1, 'sms');
    expect(planned).toBe(400);
    expect(states).toEqual({
      accepted: 348,
      refused: 2,
      suppressed: 0,
      cancelled: 49,
      expired: 0,
      unknown: 1,
    });
    expect(pending + Object.values(states).reduce((a, b) => a + b, 0)).toBe(planned);
  });

  it('takes the newest report of a slice, never the sum of its reports', () =>
    expect(version(1, 'sms').states.accepted).toBe(198 + 150));

  it('shows recipients whose slice has not reported yet as pending', () => {
    const early = floodStory.filter((event) => !event.streamId.endsWith('/sms/1'));
    expect(version(1, 'sms', early)).toMatchObject({ planned: 400, pending: 200 });
  });

  it('says how long the first send took after the approval', () => {
    expect(version(1, 'sms').timeToFirstSendMs).toBe(1_000);
    expect(version(1, 'social')).toMatchObject({ firstSentAt: second(6), timeToFirstSendMs: 2_000 });
  });

  it('gives the last and the highest count of shares, and says "at least" when a post could not be counted', () => {
    expect(version(1, 'social').shares).toEqual({ last: 38, most: 40, atLeast: true });
    expect(version(1, 'social').likes).toEqual({ last: null, most: null, atLeast: true });
  });

  it('keeps the mark of what was ever unknown', () => {
    expect(version(1, 'sms').wasUnknown).toBe(1);
    expect(version(1, 'social').wasUnknown).toBe(1);
  });

  it('shows the withdrawal as a row of its own: recorded at once, in force where the channel said so', () => {
    const { cancel } = report();
    expect(cancel).toMatchObject({ act: 'cancel', recordedAt: second(30), reason: 'sent in error' });
    expect(
      cancel?.channels.map(({ channel, inForceAt, lastHeardAt }) => [channel, inForceAt, lastHeardAt]),
    ).toEqual([
      ['social', null, null],
      ['sms', second(31), second(31)],
    ]);
  });

  it('says how a version ended', () =>
    expect(report().versions[0]?.ended).toEqual({ how: 'cancelled', at: second(30) }));

  it('is the same in whatever order events arrive, and however often', () => {
    const whole = report();
    const arrival = fc
      .tuple(
        fc.shuffledSubarray([...floodStory], { minLength: floodStory.length }),
        fc.subarray([...floodStory]),
      )
      .map(([all, again]) => [...all, ...again]);
    fc.assert(fc.property(arrival, (events) => expect(report(events)).toEqual(whole)));
  });

  it('answers with what it has when a delivery arrives before its warning', () => {
    const only = floodStory.filter((event) => event.type === 'ChunkReported');
    expect(version(1, 'sms', only)).toMatchObject({ planned: 400, timeToFirstSendMs: null, inForceAt: null });
  });

  it('is not confused by a type that this build does not know', () => {
    const newer = kept('channel-sms', 'wrn_x/sms', 9, 50, { type: 'ReadReceiptsCounted', read: 9 });
    expect(report([...floodStory, newer])).toEqual(report());
  });
});
