import { Injectable } from '@nestjs/common';
import type { Channel } from '#contracts';
import { Database } from '#postgres';
import { SCHEMA } from '../record/migrations.js';

/** How a warning stands on one channel: which gates are in force, and when the channel was last heard from about anything. */
export type ChannelState = {
  channel: Channel;
  gates: { because: 'version' | 'cancel' | 'expiry'; version: number; at: string }[];
  lastHeardAt: string | null;
};

type Row = { channel: Channel; because: 'version' | 'cancel' | 'expiry'; version: number; at: string };

/** What the channels have said about one warning. Without a gate for a cancel, the cancel is not in force there. */
@Injectable()
export class ChannelStates {
  constructor(private readonly db: Database) {}

  /** One entry for each channel that was ever heard of or that the warning uses. */
  async of(warningId: string, used: readonly Channel[]): Promise<ChannelState[]> {
    const [gates, heard] = await Promise.all([
      this.db.query<Row>(
        `select channel, because, version, at from ${SCHEMA}.gate_row where warning_id = $1 order by at, because`,
        [warningId],
      ),
      this.db.query<{ channel: Channel; heard_at: string }>(
        `select channel, heard_at from ${SCHEMA}.channel_row`,
      ),
    ]);
    const channels = new Set([...used, ...gates.map(({ channel }) => channel)]);
    return [...channels].toSorted().map((channel) => ({
      channel,
      gates: gates
        .filter((gate) => gate.channel === channel)
        .map(({ because, version, at }) => ({ because, version, at })),
      lastHeardAt: heard.find((one) => one.channel === channel)?.heard_at ?? null,
    }));
  }
}
