import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The append-only record, which is also the outbox, with the answers of repeated requests and the cursors of its relays.
 * Appends take one lock, so positions are in commit order.
 */
export class Record1764000000000 implements MigrationInterface {
  readonly name = 'Record1764000000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table event (
        position    bigint generated always as identity primary key,
        stream_id   text        not null check (stream_id <> ''),
        revision    integer     not null check (revision > 0),
        type        text        not null check (type <> ''),
        time        timestamptz not null,
        actor       text        not null,
        traceparent text,
        body        jsonb       not null check (jsonb_typeof(body) = 'object'),
        recorded_at timestamptz not null default clock_timestamp(),
        unique (stream_id, revision)
      )`);
    await db.query(`create function refuse_change() returns trigger language plpgsql
      as $$ begin raise exception '% is append-only', tg_table_name; end $$`);
    await db.query(`create trigger event_is_append_only before update or delete or truncate
      on event for each statement execute function refuse_change()`);
    await db.query(`
      create table request (
        holder    text        not null,
        key       text        not null,
        body_hash text        not null,
        answer    json        not null,
        at        timestamptz not null default clock_timestamp(),
        primary key (holder, key)
      )`);
    await db.query(`create index request_by_age on request (at)`);
    await db.query(`
      create table relay_cursor (
        name      text        primary key,
        position  bigint      not null,
        published jsonb       not null default '{}',
        moved_at  timestamptz not null default clock_timestamp()
      )`);
  }

  async down(): Promise<never> {
    throw new Error('the record is never dropped');
  }
}

/** For every app with a record: put these before its own migrations. */
export const recordMigrations = [Record1764000000000];
