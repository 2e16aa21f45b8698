import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the social channel keeps beside the tables of every channel: logins, how far replies were read, and who wrote them. */
class Social1763700300000 implements MigrationInterface {
  readonly name = 'Social1763700300000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table kept_session (
        account_id text        primary key,
        sealed     bytea       not null,
        at         timestamptz not null default clock_timestamp()
      )`);
    await db.query(`create table reply_cursor (account_id text primary key, cursor text)`);
    await db.query(`
      create table reply_author (
        account_id  text        not null,
        platform_id text        not null,
        item_id     text        not null unique,
        author      text        not null,
        at          timestamptz not null,
        primary key (account_id, platform_id)
      )`);
    await db.query(`create index delivery_ref on delivery ((ref ->> 'id')) where ref is not null`);
  }

  async down(): Promise<never> {
    throw new Error('who wrote to us is never dropped by a migration');
  }
}

/** What the social channel's schema needs beside the tables of `#channel`. */
export const socialMigrations = [Social1763700300000] as const;
