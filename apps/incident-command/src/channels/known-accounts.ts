import { Injectable } from '@nestjs/common';
import type { Account } from '#contracts';
import { Database } from '#postgres';
import { SCHEMA } from '../record/migrations.js';

/** One account with what its channel last said of its health. */
export type ReportedAccount = Account & {
  reportedAt: string;
  health: { state: string; detail: string; at: string } | null;
};

type AccountRow = {
  account: Account;
  reported_at: string;
  health: string | null;
  health_detail: string | null;
  health_at: string | null;
};

/** The accounts that the channels have reported, with their limits as of now. */
@Injectable()
export class KnownAccounts {
  constructor(private readonly db: Database) {}

  /** Every account, in the order of their ids. */
  async all(): Promise<ReportedAccount[]> {
    const rows = await this.db.query<AccountRow>(
      `select account, reported_at, health, health_detail, health_at from ${SCHEMA}.account_row
       where account is not null order by account_id`,
    );
    return rows.map(({ account, reported_at, health, health_detail, health_at }) => ({
      ...account,
      reportedAt: reported_at,
      health: health === null ? null : { state: health, detail: health_detail ?? '', at: health_at ?? '' },
    }));
  }
}
