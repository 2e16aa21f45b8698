import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the SMS channel keeps beside the tables of every list channel. Receipts are kept by the gateway's id whether or not
 * that id is known yet: they may come before the answer to the text that they are about.
 */
class Sms1763700300000 implements MigrationInterface {
  readonly name = 'Sms1763700300000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table message_reference (
        message_key text    primary key,
        recipient   text    not null,
        reference   integer not null,
        unique (recipient, reference)
      )`);
    await db.query(`
      create table submitted_part (
        smsc        text        not null,
        message_id  text        not null,
        delivery_id text        not null,
        attempt     integer     not null,
        parts       integer     not null,
        at          timestamptz not null default clock_timestamp(),
        primary key (smsc, message_id)
      )`);
    await db.query(`create index submitted_part_delivery on submitted_part (delivery_id)`);
    await db.query(`
      create table part_receipt (
        smsc        text        not null,
        message_id  text        not null,
        state       text        not null,
        rank        smallint    not null,
        error       text        not null,
        at          timestamptz not null default clock_timestamp(),
        counted     boolean     not null default false,
        primary key (smsc, message_id)
      )`);
    await db.query(`create index part_receipt_uncounted on part_receipt (at) where not counted`);
    await db.query(`
      create table incoming_part (
        address   text        not null,
        reference integer     not null,
        total     integer     not null,
        number    integer     not null,
        text      text        not null,
        at        timestamptz not null default clock_timestamp(),
        primary key (address, reference, total, number)
      )`);
    await db.query(`create index delivery_target on delivery (target, settled_at)`);
    await db.query(`
      create table answered_by (
        item_id text        primary key,
        address text        not null,
        at      timestamptz not null default clock_timestamp()
      )`);
  }

  async down(): Promise<never> {
    throw new Error('what was sent and answered is never dropped by a migration');
  }
}

/** What the SMS channel's schema needs beside the tables of `#channel`. */
export const smsMigrations = [Sms1763700300000] as const;
