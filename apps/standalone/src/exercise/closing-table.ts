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

const HEAD = [
  'version',
  'channel',
  'planned',
  'accepted',
  'refused',
  'unknown',
  'pending',
  'delivered',
  'bounced',
  'shares',
  'replies',
  'first sent',
];
const known = (value: number | null) => (value === null ? '–' : String(value));

/** The exercise in figures: a line per version and channel. A dash is a figure that the channel cannot know. */
export function closingTable(rows: readonly ReportRow[]): string {
  return table(
    HEAD,
    rows.flatMap((row) =>
      row.channels.map((channel) => [
        row.act === 'cancel' ? 'withdrawal' : `${row.version} ${row.message ?? ''}`.trim(),
        channel.channel,
        String(channel.planned),
        known(channel.states['accepted'] ?? null),
        known(channel.states['refused'] ?? null),
        known(channel.states['unknown'] ?? null),
        String(channel.pending),
        known(channel.delivered),
        known(channel.bounced),
        `${channel.shares.atLeast && channel.shares.last !== null ? '≥ ' : ''}${known(channel.shares.last)}`,
        known(channel.replies.last),
        channel.timeToFirstSendMs === null ? '–' : `${channel.timeToFirstSendMs} ms`,
      ]),
    ),
  );
}
