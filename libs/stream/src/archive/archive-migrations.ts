import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An append-only copy of every event that was ever published, in the order in which this archive got it. */
export class Archive1764000100000 implements MigrationInterface {
  readonly name = 'Archive1764000100000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table archive (
        position    bigint      primary key check (position > 0),
        source      text        not null,
        event_id    text        not null,
        topic       text        not null,
        partition   integer     not null,
        "offset"    bigint      not null,
        stream_id   text        not null,
        revision    integer     not null,
        type        text        not null,
        time        timestamptz not null,
        incident_id text,
        headers     jsonb       not null,
        value       bytea       not null,
        received_at timestamptz not null default clock_timestamp(),
        unique (source, event_id)
      )`);
    await db.query('create index archive_by_incident on archive (incident_id, position)');
    await db.query('create index archive_by_stream on archive (stream_id text_pattern_ops, revision)');
    await db.query(`create function refuse_archive_change() returns trigger language plpgsql
      as $$ begin raise exception '% is append-only', tg_table_name; end $$`);
    await db.query(`create trigger archive_is_append_only before update or delete or truncate
      on archive for each statement execute function refuse_archive_change()`);
    await db.query(
      'create table archive_epoch (one boolean primary key default true check (one), epoch text not null)',
    );
    await db.query(`insert into archive_epoch (epoch) values (left(md5(gen_random_uuid()::text), 8))`);
  }

  async down(): Promise<never> {
    throw new Error('an archive is never dropped');
  }
}

/** For every app that keeps an archive: put these among its own migrations. */
export const archiveMigrations = [Archive1764000100000];
