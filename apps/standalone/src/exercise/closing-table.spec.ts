import { describe, expect, it } from '@jest/globals';
import { closingTable, type ReportRow } from './closing-table.js';

const channel = (changed: Partial<ReportRow['channels'][number]>): ReportRow['channels'][number] => ({
  channel: 'sms',
  planned: 200,
  complete: true,
  pending: 0,
  states: { accepted: 198, refused: 2, suppressed: 0, cancelled: 0, expired: 0, unknown: 0 },
  delivered: 190,
  bounced: null,
  shares: { last: null, atLeast: false },
  replies: { last: null },
  timeToFirstSendMs: 14,
  ...changed,
});

describe('the closing table of the exercise', () => {
  it('has a line per version and channel, and a dash for what nobody can know', () => {
    const lines = closingTable([
      { act: 'issue', version: 1, message: 'first', channels: [channel({})] },
      {
        act: 'issue',
        version: 2,
        message: 'update',
        channels: [
          channel({
            channel: 'social',
            planned: 2,
            shares: { last: 210, atLeast: true },
            replies: { last: 4 },
          }),
        ],
      },
    ]).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^1 first +sms +200 +198 +2 +0 +0 +190 +– +– +– +14 ms$/);
    expect(lines[3]).toContain('≥ 210');
  });

  it('calls a withdrawal what it is', () =>
    expect(closingTable([{ act: 'cancel', version: 1, message: null, channels: [channel({})] }])).toContain(
      'withdrawal',
    ));
});
