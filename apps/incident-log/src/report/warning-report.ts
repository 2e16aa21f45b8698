import type { Act, Channel, FinalState } from '#contracts';

/** Counts of one metric over all posts of a version on a channel. */
export type Metric = {
  /** Sum of the last known reading of each post; null when no post has one. */
  last: number | null;
  /** Sum of the highest reading of each post: counts may fall when a share is deleted. */
  most: number | null;
  /** True when a post has no reading, so that the sums mean "at least". */
  atLeast: boolean;
};

/** One version, or the cancel, on one channel. planned = pending + the six final states. */
export type ChannelReport = {
  channel: Channel;
  planned: number;
  pending: number;
  states: Record<FinalState, number>;
  /** How many were ever `unknown`, whatever was found out later. */
  wasUnknown: number;
  /** All recipients are known. False while the plan is being made. */
  complete: boolean;
  refusedWhole: string | null;
  delivered: number | null;
  undelivered: number | null;
  /** Accepted, and no receipt came until three days after the end of sending; null until then, and where none can come. */
  noReceipt: number | null;
  /** Messages that came back, until now: mails are counted from the first that left, and null is a channel where none can come back. */
  bounced: number | null;
  shares: Metric;
  likes: Metric;
  replies: Metric;
  firstSentAt: string | null;
  /** From the approval (or the cancel) to the first acceptance, in ms; null while nothing was accepted. */
  timeToFirstSendMs: number | null;
  /** When this channel said that the version, or the cancel, is in force there; null = not in force. */
  inForceAt: string | null;
  /** The last thing heard from this channel about this warning. */
  lastHeardAt: string | null;
};

/** A row of the report: a version, or the cancel, which is a row of its own. */
export type ActReport = {
  act: Act;
  version: number;
  message: string | null;
  /** When it was recorded; null while only its deliveries are known. */
  recordedAt: string | null;
  ended: { how: 'superseded' | 'cleared' | 'cancelled' | 'expired'; at: string } | null;
  channels: ChannelReport[];
};

/** A cancel as a row: of the version that it withdrew, and of every earlier one. */
export type CancelReport = ActReport & { reason: string | null };

/** What `GET /v1/warnings/:id/report` answers. */
export type WarningReport = {
  warningId: string;
  incidentId: string | null;
  versions: ActReport[];
  /** The newest cancel. */
  cancel: CancelReport | null;
  /** Where a warning was issued anew after a cancel and withdrawn again: the cancels before the newest, oldest first. */
  earlierCancels: CancelReport[];
};

/** The report as another agency may see it: how far everything got, but not why, nor what an officer is (DESIGN §3, P11). */
export function reportForPartners(report: WarningReport): WarningReport {
  const quiet = (cancel: CancelReport): CancelReport => ({
    ...cancel,
    reason: null,
    channels: cancel.channels.map(withoutRefusal),
  });
  return {
    ...report,
    versions: report.versions.map((row) => ({ ...row, channels: row.channels.map(withoutRefusal) })),
    cancel: report.cancel && quiet(report.cancel),
    earlierCancels: report.earlierCancels.map(quiet),
  };
}

const withoutRefusal = (row: ChannelReport): ChannelReport => ({ ...row, refusedWhole: null });
