import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Account, readChannelEvent, topics, type ChannelEvent } from '#contracts';
import { Database } from '#postgres';
import { eachEvent, Follower, type Batch, type FollowedWorld, type Read } from '#stream';
import { SCHEMA } from '../record/migrations.js';

type Of<Type extends ChannelEvent['type']> = Extract<ChannelEvent, { type: Type }>;

/**
 * Follows `<mode>.channels.v1` from its beginning: accounts with their limits and health, and where a gate is in force.
 * The newest word of each counts, whatever the order of arrival, and a repeat changes nothing.
 */
@Injectable()
export class ChannelFollower implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly follower: Follower;

  constructor(
    private readonly db: Database,
    private readonly house: FollowedWorld,
  ) {
    const to = { topics: [topics(house.mode).channels], group: 'incident-command' };
    this.follower = new Follower(house, 'incident-command channels', to, (batch) => this.consume(batch));
  }

  /** Returns at once; until the channel topic is followed, the process is not ready. */
  onApplicationBootstrap(): void {
    this.follower.onApplicationBootstrap();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.follower.onApplicationShutdown();
  }

  private consume(batch: Batch): Promise<void> {
    const take = ({ event }: Read<ChannelEvent>) => this.take(event);
    return eachEvent(batch, { read: readChannelEvent, take, log: this.house.log });
  }

  private async take(event: ChannelEvent): Promise<void> {
    await this.heard(event);
    switch (event.type) {
      case 'AccountReported':
        return this.account(event);
      case 'AccountHealthReported':
        return this.health(event);
      case 'GateInForce':
        return this.gate(event);
    }
  }

  private async heard({ channel, at }: ChannelEvent): Promise<void> {
    await this.db.execute(
      `insert into ${SCHEMA}.channel_row as had values ($1, $2)
       on conflict (channel) do update set heard_at = excluded.heard_at where had.heard_at < excluded.heard_at`,
      [channel, at],
    );
  }

  private async account({ at, ...event }: Of<'AccountReported'>): Promise<void> {
    const account = Account.strip().parse(event);
    await this.db.execute(
      `insert into ${SCHEMA}.account_row as had (account_id, channel, account, reported_at) values ($1, $2, $3, $4)
       on conflict (account_id) do update set channel = excluded.channel, account = excluded.account, reported_at = excluded.reported_at
       where had.reported_at is null or had.reported_at < excluded.reported_at`,
      [account.accountId, account.channel, JSON.stringify(account), at],
    );
  }

  private async health({
    accountId,
    channel,
    health,
    detail,
    at,
  }: Of<'AccountHealthReported'>): Promise<void> {
    await this.db.execute(
      `insert into ${SCHEMA}.account_row as had (account_id, channel, health, health_detail, health_at) values ($1, $2, $3, $4, $5)
       on conflict (account_id) do update set health = excluded.health, health_detail = excluded.health_detail, health_at = excluded.health_at
       where had.health_at is null or had.health_at < excluded.health_at`,
      [accountId, channel, health, detail, at],
    );
  }

  /** When it was first in force counts; a channel that says so again after a restart changes nothing. */
  private async gate({ warningId, channel, because, version, at }: Of<'GateInForce'>): Promise<void> {
    await this.db.execute(
      `insert into ${SCHEMA}.gate_row as had values ($1, $2, $3, $4, $5)
       on conflict (warning_id, channel, because, version) do update set at = excluded.at where excluded.at < had.at`,
      [warningId, channel, because, version, at],
    );
  }
}
