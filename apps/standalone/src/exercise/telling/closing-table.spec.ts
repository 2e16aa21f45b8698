import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closingNote, closingTable, table, type ReportRow } from './closing-table.js';

type Channel = ReportRow['channels'][number];
const states = { accepted: 198, refused: 2, suppressed: 0, cancelled: 0, expired: 0, unknown: 0 };
const channel = (changed: Partial<Channel>): Channel => ({
  channel: 'sms',
  planned: 200,
  complete: true,
  pending: 0,
  states,
  delivered: 190,
  bounced: null,
  shares: { last: null, atLeast: false },
  replies: { last: null },
  timeToFirstSendMs: 14,
  ...changed,
});
const row = (changed: Partial<ReportRow>): ReportRow => ({
  act: 'issue',
  version: 1,
  message: 'first',
  channels: [channel({})],
  ...changed,
});
/** The cells of a line, by the heads above them. */
function cells(rows: ReportRow[], line = 0): Record<string, string> {
  const [head = '', , ...lines] = closingTable(rows).split('\n');
  const split = (text: string) => text.trim().split(/ {2,}/);
  const values = split(lines[line] ?? '');
  return Object.fromEntries(split(head).map((name, n) => [name, values[n] ?? '']));
}

describe('the closing table of the exercise', () => {
  it('has a line per version and channel, and a dash for what nobody can know', () => {
    const social = channel({
      channel: 'social',
      planned: 2,
      shares: { last: 210, atLeast: true },
      replies: { last: 4 },
    });
    const lines = closingTable([row({}), row({ version: 2, message: 'update', channels: [social] })]).split(
      '\n',
    );
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^1 first +texts +200 +198 +2 +0 +0 +0 +190 +– +– +– +14 ms$/);
    expect(lines[3]).toContain('≥ 210');
  });

  it('calls a withdrawal what it is', () =>
    expect(cells([row({ act: 'cancel', message: null })])['version']).toBe('withdrawal'));

  it('puts every figure under its own head', () =>
    expect(
      cells([
        row({
          channels: [
            channel({
              planned: 1,
              states: { accepted: 2, refused: 3, suppressed: 11, cancelled: 12, expired: 13, unknown: 4 },
              pending: 5,
              delivered: 6,
              bounced: 7,
              shares: { last: 8, atLeast: false },
              replies: { last: 9 },
              timeToFirstSendMs: 10,
            }),
          ],
        }),
      ]),
    ).toEqual({
      version: '1 first',
      channel: 'texts',
      planned: '1',
      accepted: '2',
      refused: '3',
      suppressed: '11',
      cancelled: '12',
      expired: '13',
      unknown: '4',
      pending: '5',
      delivered: '6',
      bounced: '7',
      shares: '8',
      replies: '9',
      'first sent': '10 ms',
    }));

  it('tells a figure that is not known from a figure that is nought', () => {
    const unknown = cells([
      row({ channels: [channel({ shares: { last: null, atLeast: true }, timeToFirstSendMs: null })] }),
    ]);
    expect([unknown['shares'], unknown['first sent'], unknown['bounced']]).toEqual(['–', '–', '–']);
    const none = cells([
      row({ channels: [channel({ shares: { last: 0, atLeast: false }, bounced: 0, timeToFirstSendMs: 0 })] }),
    ]);
    expect([none['shares'], none['first sent'], none['bounced']]).toEqual(['0', '0 ms', '0']);
    const least = cells([row({ channels: [channel({ shares: { last: 0, atLeast: true } })] })]);
    expect(least['shares']).toBe('≥ 0');
  });

  it('shows a state that the report does not have as unknown and not as nought', () =>
    expect(cells([row({ channels: [channel({ states: {} })] })])['accepted']).toBe('–'));

  it('leaves out the rare ends where nothing ended so, and has them for all rows where one did', () => {
    expect(cells([row({})])).not.toHaveProperty('cancelled');
    const overtaken = channel({ states: { ...states, accepted: 180, cancelled: 18 } });
    const both = [row({}), row({ version: 2, channels: [overtaken] })];
    expect([cells(both)['cancelled'], cells(both, 1)['cancelled']]).toEqual(['0', '18']);
    expect(cells(both)).not.toHaveProperty('expired');
  });

  it('adds up: from accepted to pending the columns of a line are what was planned', () => {
    const story = channel({
      planned: 107,
      states: { accepted: 90, refused: 2, suppressed: 3, cancelled: 4, expired: 0, unknown: 1 },
      pending: 7,
    });
    const line = Object.entries(cells([row({ channels: [story] })])).map(([name, cell]) => ({ name, cell }));
    const [from, to] = ['accepted', 'pending'].map((head) => line.findIndex(({ name }) => name === head));
    expect(line.slice(from, (to ?? 0) + 1).reduce((sum, { cell }) => sum + Number(cell), 0)).toBe(107);
  });

  const count = fc.nat(99_999);
  const anyChannel = fc
    .record({
      channel: fc.constantFrom('social', 'email', 'sms'),
      states: fc.record({
        accepted: count,
        refused: count,
        suppressed: count,
        cancelled: fc.constantFrom(0, 3),
        expired: fc.constantFrom(0, 7),
        unknown: count,
      }),
      pending: count,
      delivered: fc.option(count),
      bounced: fc.option(count),
      timeToFirstSendMs: fc.option(count),
    })
    .map((some) => {
      const final = Object.values(some.states).reduce((sum, one) => sum + one, 0);
      return channel({ ...some, planned: final + some.pending });
    });

  it('stands straight and adds up, whatever the report says', () =>
    fc.assert(
      fc.property(fc.array(anyChannel, { minLength: 1, maxLength: 5 }), (channels) => {
        const [head = '', rule = '', ...lines] = closingTable([row({ channels })]).split('\n');
        expect(lines).toHaveLength(channels.length);
        const ends = [...head.matchAll(/\S+(?: \S+)*/g)].slice(2).map((one) => one.index + one[0].length);
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(rule.length);
          // Every figure ends where its head ends.
          const figures = [...line.matchAll(/\S+(?: (?:ms|\d+))?/g)].map((one) => one.index + one[0].length);
          for (const end of ends) expect(figures).toContain(end);
        }
        channels.forEach((one, n) => {
          const shown = cells([row({ channels })], n);
          const names = ['accepted', 'refused', 'suppressed', 'cancelled', 'expired', 'unknown', 'pending'];
          const sum = names.reduce((total, name) => total + Number(shown[name] ?? 0), 0);
          expect([sum, shown['planned']]).toEqual([one.planned, String(one.planned)]);
        });
      }),
      { numRuns: 60, seed: 20261121 },
    ));

  it.each([
    ['social', 'social posts'],
    ['email', 'e-mails'],
    ['sms', 'texts'],
    ['sirens', 'sirens'],
  ])('says what was counted on %s: %s', (name, words) =>
    expect(cells([row({ channels: [channel({ channel: name })] })])['channel']).toBe(words),
  );

  it('says how to read it, and where what comes later is counted', () => {
    const note = closingNote('http://127.0.0.1:8080/v1/warnings/wrn_1/report', 'lrx_reviewer');
    expect(note).toContain('A dash is what a channel cannot know');
    expect(note.trimEnd()).toMatch(
      /come later are counted in the report:\n  curl -sS -H 'Authorization: Bearer lrx_reviewer' http:\S+\/wrn_1\/report$/,
    );
  });

  it('shows a version that reached no channel not at all', () =>
    expect(closingTable([row({ channels: [] })]).split('\n')).toHaveLength(2));
});

describe('a table for people', () => {
  it('is as wide as its widest cell, words to the left and figures to the right', () =>
    expect(
      table(
        ['a', 'b', 'count'],
        [
          ['longer', 'x', '1'],
          ['y', 'longest', '1000000'],
        ],
      ),
    ).toBe(
      [
        'a       b          count',
        '──────────────────────────',
        'longer  x              1',
        'y       longest  1000000',
      ]
        .join('\n')
        .replace('──────────────────────────', '─'.repeat(24)),
    ));

  it('has no blanks at the ends of its lines, which an editor would show in red', () => {
    for (const line of table(['a', 'b'], [['x', '']]).split('\n')) expect(line).toBe(line.trimEnd());
  });

  it('with nothing in it still shows its heads', () =>
    expect(table(['a', 'b'], []).split('\n')).toHaveLength(2));
});
