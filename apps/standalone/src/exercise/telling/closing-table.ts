/** Aligns rows under their heads: the first column to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, n) => Math.max(name.length, ...rows.map((row) => (row[n] ?? '').length)));
  const line = (cells: readonly string[], left: number) =>
    cells
      .map((cell, n) => (n < left ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0)))
      .join('  ')
      .trimEnd();
  return [
    line(head, 2),
    widths.map((width) => '─'.repeat(width)).join('──'),
    ...rows.map((row) => line(row, 2)),
  ].join('\n');
}

/** What the closing table needs of `GET /v1/warnings/:id/report`. */
export type ReportRow = {
  act: string;
  version: number;
  message: string | null;
  channels: {
    channel: string;
    planned: number;
    complete: boolean;
    pending: number;
    states: Record<string, number>;
    delivered: number | null;
    bounced: number | null;
    shares: { last: number | null; atLeast: boolean };
    replies: { last: number | null };
    timeToFirstSendMs: number | null;
  }[];
};

/** What was counted on each channel, in the words of the control room. */
const COUNTED: Readonly<Record<string, string>> = { social: 'social posts', email: 'e-mails', sms: 'texts' };

/** Ends that are rare: their columns are left out where nothing ended so. */
const RARE = ['cancelled', 'expired'] as const;

const known = (value: number | null | undefined) => (value == null ? '–' : String(value));

/**
 * The exercise in figures: a line per version and channel. The columns from accepted to pending add up to planned; a dash is a
 * figure that the channel cannot know.
 */
export function closingTable(rows: readonly ReportRow[]): string {
  const all = rows.flatMap((row) => row.channels.map((channel) => ({ row, channel })));
  const ends = [
    'accepted',
    'refused',
    'suppressed',
    ...RARE.filter((end) => all.some(({ channel }) => (channel.states[end] ?? 0) > 0)),
    'unknown',
  ];
  return table(
    [
      'version',
      'channel',
      'planned',
      ...ends,
      'pending',
      'delivered',
      'bounced',
      'shares',
      'replies',
      'first sent',
    ],
    all.map(({ row, channel }) => [
      row.act === 'cancel' ? 'withdrawal' : `${row.version} ${row.message ?? ''}`.trim(),
      COUNTED[channel.channel] ?? channel.channel,
      String(channel.planned),
      ...ends.map((end) => known(channel.states[end])),
      String(channel.pending),
      known(channel.delivered),
      known(channel.bounced),
      `${channel.shares.atLeast && channel.shares.last !== null ? '≥ ' : ''}${known(channel.shares.last)}`,
      known(channel.replies.last),
      channel.timeToFirstSendMs === null ? '–' : `${channel.timeToFirstSendMs} ms`,
    ]),
  );
}

/** How the table is to be read, and the line for a shell that shows how its figures go on growing; `token` is a reviewer's. */
export const closingNote = (reportUrl: string, token: string): string =>
  [
    'A dash is what a channel cannot know; ≥ means at least. Suppressed: not written to again after a refusal, a returned mail or a STOP.',
    'Shares, receipts and returned mails that come later are counted in the report:',
    `  curl -sS -H 'Authorization: Bearer ${token}' ${reportUrl}`,
  ].join('\n');
