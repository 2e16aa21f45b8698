import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { warningNo } from '#contracts/testing';
import {
  cameBack,
  counts,
  ending,
  floodStory,
  gate,
  issued,
  kept,
  postOn,
  second,
  slice,
} from '../testing/flood-story.js';
import type { KeptEvent } from '../timeline/kept-event.js';
import { warningReport } from './report.js';
import { reportForPartners } from './warning-report.js';

const report = (events: readonly KeptEvent[] = floodStory) => warningReport(warningNo(1), events);
const version = (n: number, channel: string, events: readonly KeptEvent[] = floodStory) => {
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

  describe('of the mails that came back', () => {
    const mails = (accepted: number) => [
      ...floodStory,
      slice({ version: 1, act: 'issue', chunk: 0, channel: 'email' }, 5, {
        accepted,
        refused: 200 - accepted,
      }),
    ];

    it('says none as soon as a mail has left, and nothing before', () => {
      expect(version(1, 'email', mails(198)).bounced).toBe(0);
      expect(version(1, 'email', mails(0)).bounced).toBeNull();
    });

    it('takes the newest count, whichever is heard first', () => {
      const counted = [cameBack(2, 12, 3), cameBack(1, 9, 1)];
      expect(version(1, 'email', [...mails(198), ...counted]).bounced).toBe(3);
      expect(version(1, 'email', [...counted.toReversed(), ...mails(198)]).bounced).toBe(3);
    });

    it('knows of no text and no post that came back: there is no such thing', () => {
      expect(version(1, 'sms').bounced).toBeNull();
      expect(version(1, 'social').bounced).toBeNull();
    });
  });

  it('says of how many texts no receipt told, once the time for receipts is over, and nothing before', () => {
    const later = floodStory.map((event) =>
      event.type === 'ReceiptsCounted'
        ? { ...event, value: event.value.replace('{', '{"noReceipt":4,') }
        : event,
    );
    expect(version(1, 'sms').noReceipt).toBeNull();
    expect(version(1, 'sms', later)).toMatchObject({ delivered: 340, undelivered: 8, noReceipt: 4 });
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
      ['social', null, second(20)], // it counted shares then
      ['sms', second(31), second(31)],
    ]);
  });

  it('says when a channel was last heard from about this warning, whatever it told, on each of its rows', () => {
    const told = [issued(1, 4), slice({ version: 1, act: 'issue', chunk: 0 }, 25, { accepted: 200 })];
    const cancelled = report([...told, ending('WarningCancelled', 1, 30)]).cancel;
    expect(cancelled?.channels).toMatchObject([{ channel: 'sms', inForceAt: null, lastHeardAt: second(25) }]);
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
    fc.assert(
      fc.property(arrival, (events) => expect(report(events)).toEqual(whole)),
      { seed: 20261121 },
    );
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

describe('the end of a version', () => {
  const endOf = (...events: KeptEvent[]) => report([issued(1, 4), ...events]).versions[0]?.ended;
  it.each<[string, KeptEvent[], { how: string; at: string } | null]>([
    ['is none while it stands', [], null],
    ['is the next version', [ending('WarningSuperseded', 1, 20)], { how: 'superseded', at: second(20) }],
    [
      'is the all-clear',
      [ending('WarningSuperseded', 1, 20, { cleared: true })],
      { how: 'cleared', at: second(20) },
    ],
    ['is its time', [ending('WarningExpired', 1, 50)], { how: 'expired', at: second(50) }],
    ['is its cancel', [ending('WarningCancelled', 1, 30)], { how: 'cancelled', at: second(30) }],
    [
      'is a cancel of a later version, which withdraws every earlier one',
      [ending('WarningCancelled', 2, 40)],
      { how: 'cancelled', at: second(40) },
    ],
    [
      'is what came first, when it had expired before it was cancelled',
      [ending('WarningCancelled', 1, 70), ending('WarningExpired', 1, 50)],
      { how: 'expired', at: second(50) },
    ],
    ['is not the cancel of an earlier version', [ending('WarningExpired', 2, 50)], null],
  ])('%s', (_, events, end) => expect(endOf(...events)).toEqual(end));

  it('of a version that was issued anew after a cancel is not that cancel', () => {
    const again = report([issued(1, 4), ending('WarningCancelled', 1, 30), issued(2, 60)]);
    expect(again.versions.map(({ ended }) => ended?.how ?? 'stands')).toEqual(['cancelled', 'stands']);
  });
});

describe('a warning that was withdrawn, issued anew and withdrawn again', () => {
  const events = [
    issued(1, 4),
    slice({ version: 1, act: 'issue', chunk: 0 }, 5, { accepted: 200 }),
    ending('WarningCancelled', 1, 30),
    slice({ version: 1, act: 'cancel', chunk: 0, revision: 7 }, 31, { accepted: 150, refused: 50 }),
    gate('sms', 2, 31, 'cancel', 1),
    issued(2, 60),
    slice({ version: 2, act: 'issue', chunk: 0 }, 61, { accepted: 120, planned: 120 }),
    ending('WarningCancelled', 2, 90),
    slice({ version: 2, act: 'cancel', chunk: 0 }, 92, { accepted: 120, planned: 120 }),
    gate('sms', 4, 91, 'cancel', 2),
  ];
  it('has both withdrawals, each with its own counts and its own times', () => {
    const { cancel, earlierCancels } = report(events);
    expect(cancel).toMatchObject({
      version: 2,
      recordedAt: second(90),
      reason: 'withdrawn at 90',
      channels: [
        {
          channel: 'sms',
          planned: 120,
          states: { accepted: 120, refused: 0 },
          inForceAt: second(91),
          timeToFirstSendMs: 2_000,
        },
      ],
    });
    expect(earlierCancels).toMatchObject([
      {
        version: 1,
        reason: 'withdrawn at 30',
        channels: [
          {
            planned: 200,
            states: { accepted: 150, refused: 50 },
            inForceAt: second(31),
            timeToFirstSendMs: 1_000,
          },
        ],
      },
    ]);
  });
  it('is told the same in whatever order that was heard', () =>
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (heard) =>
        expect(report(heard)).toEqual(report(events)),
      ),
      { numRuns: 50, seed: 20261121 },
    ));
});

describe('a cancel that is heard of before what it cancels', () => {
  it('is a row of its own as soon as it is recorded, though nothing is known of the version', () => {
    const { versions, cancel } = report([ending('WarningCancelled', 1, 30)]);
    expect(versions).toEqual([]);
    expect(cancel).toMatchObject({ version: 1, recordedAt: second(30), channels: [] });
  });
  it('is a row of its own as soon as a channel tells of its deliveries, though nobody told of the cancel', () => {
    const { cancel } = report([slice({ version: 1, act: 'cancel', chunk: 0 }, 31, { accepted: 200 })]);
    expect(cancel).toMatchObject({ version: 1, recordedAt: null, reason: null });
    expect(cancel?.channels).toMatchObject([{ channel: 'sms', planned: 200, timeToFirstSendMs: null }]);
  });
  it('is not in force where a channel only raised its gate for the version', () => {
    const early = [issued(1, 4), gate('sms', 1, 5, 'version'), ending('WarningCancelled', 1, 30)];
    expect(report(early).cancel?.channels).toMatchObject([
      { channel: 'sms', inForceAt: null, lastHeardAt: second(5) },
    ]);
  });
});

describe('a social plan', () => {
  const two = issued(1, 4, { accounts: [1, 2] });
  it('is whole when every account that was approved has been heard of, and not before', () => {
    expect(version(1, 'social', [two])).toMatchObject({ planned: 0, complete: false });
    expect(version(1, 'social', [two, postOn(1, 5, 'accepted')])).toMatchObject({
      planned: 1,
      complete: false,
    });
    const both = [two, postOn(1, 5, 'accepted'), postOn(2, 6, 'pending')];
    expect(version(1, 'social', both)).toMatchObject({ planned: 2, pending: 1, complete: true });
  });
  it('is whole when its version has ended before every account was planned', () => {
    const events = [two, postOn(1, 5, 'accepted'), ending('WarningSuperseded', 1, 6)];
    expect(version(1, 'social', events).complete).toBe(true);
  });
  it('that was refused as a whole is whole, and says why', () => {
    const refused = kept('channel-social', 'wrn_1/social', 9, 5, {
      type: 'PlanReported',
      incidentId: two.incidentId,
      warningId: warningNo(1),
      version: 1,
      act: 'issue',
      channel: 'social',
      at: second(5),
      accountId: `acc_${'0'.repeat(31)}1`,
      recipients: 0,
      chunks: 0,
      withoutPoint: 0,
      complete: true,
      refused: 'the text is not what was approved',
    });
    expect(version(1, 'social', [two, refused])).toMatchObject({
      complete: true,
      refusedWhole: 'the text is not what was approved',
    });
  });
});

describe('whatever slices report, in whatever order it is heard', () => {
  const states = ['accepted', 'refused', 'suppressed', 'cancelled', 'expired', 'unknown'] as const;
  const told = fc.record(
    Object.fromEntries([...states, 'pending'].map((state) => [state, fc.nat(30)])) as Record<
      string,
      fc.Arbitrary<number>
    >,
  );
  /** For each slice its reports, oldest first. */
  const history = fc.array(fc.array(told, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
  const arrival = history.chain((slices) => {
    const events = slices.flatMap((reports, chunk) =>
      reports.map((changed, n) =>
        slice({ version: 1, act: 'issue', chunk, revision: n + 1 }, n, {
          ...changed,
          planned: sum(Object.values(changed)),
        }),
      ),
    );
    return fc
      .tuple(fc.shuffledSubarray(events, { minLength: events.length }), fc.subarray(events))
      .map(([all, again]) => ({ slices, events: [...all, ...again] }));
  });
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

  it('every figure is the sum of the newest report of each slice, and planned is pending and the six', () => {
    fc.assert(
      fc.property(arrival, ({ slices, events }) => {
        const found = version(1, 'sms', events);
        const newest = slices.map((reports) => reports.at(-1) ?? {});
        for (const state of states)
          expect(found.states[state]).toBe(sum(newest.map((one) => one[state] ?? 0)));
        expect(found.planned).toBe(found.pending + sum(Object.values(found.states)));
        expect(found.pending).toBe(sum(newest.map((one) => one['pending'] ?? 0)));
      }),
      { numRuns: 200, seed: 20261121 },
    );
  });

  it('counts that nobody gave are nought, and the rest of a slice stands', () =>
    expect(counts({ accepted: 3 })).toMatchObject({ planned: 200, accepted: 3, refused: 0 }));
});

describe('the report as another agency reads it', () => {
  const refusing = floodStory.map((event) =>
    event.type === 'PlanReported'
      ? {
          ...event,
          value: event.value.replace('"recipients"', '"refused":"key mismatch on host 7","recipients"'),
        }
      : event,
  );
  it('says how far everything got, and neither why it was withdrawn nor what went wrong inside', () => {
    const own = report(refusing);
    const seen = reportForPartners(own);
    expect(own.cancel?.reason).toBe('sent in error');
    expect(own.versions[0]?.channels.map(({ refusedWhole }) => refusedWhole)).toContain(
      'key mismatch on host 7',
    );
    expect(JSON.stringify(seen)).not.toMatch(/sent in error|host 7/);
    const figures = (one: typeof own) =>
      one.versions[0]?.channels.map(({ planned, states, shares }) => [planned, states, shares]);
    expect(figures(seen)).toEqual(figures(own));
    expect(seen.cancel?.recordedAt).toBe(second(30));
  });
  it('of a warning that stands has no cancel', () =>
    expect(reportForPartners(report([issued(1, 4)]))).toMatchObject({ cancel: null, earlierCancels: [] }));
});
