import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What comes back after sending: receipts of list channels, samples of posts, and the last report of each account. */
export class LaterFacts1763700200000 implements MigrationInterface {
  readonly name = 'LaterFacts1763700200000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table receipt (
        delivery_id text        primary key,
        kind        text        not null check (kind in ('delivered', 'undelivered', 'bounced', 'complained')),
        at          timestamptz not null,
        detail      text        not null
      )`);
    await db.query(`
      create table sample (
        delivery_id text        primary key,
        account_id  text        not null,
        ref         jsonb       not null,
        step        integer     not null default 0,
        due_at      timestamptz,
        last        jsonb
      )`);
    await db.query(`create index sample_due on sample (due_at) where due_at is not null`);
    await db.query(`create table account_report (account_id text primary key, report jsonb not null)`);
  }

  async down(): Promise<never> {
    throw new Error('what came back is never dropped by a migration');
  }
}
