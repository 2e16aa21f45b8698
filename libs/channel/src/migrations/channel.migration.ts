import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A channel's own tables. `gate` decides what may leave, in the database where it is armed; `sending` keeps what was approved
 * as it was received; `plan` is how far the recipients are worked out; `chunk` is work with a fence and a lease; `delivery`
 * is one message to one recipient or one post; `armed` is the intent to send, written before the first byte.
 */
export class Channel1763700100000 implements MigrationInterface {
  readonly name = 'Channel1763700100000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table gate (
        warning_id        text primary key,
        incident_id       text    not null,
        current_version   integer not null default 0,
        cancelled_through integer not null default 0,
        effective_at      timestamptz,
        expires_at        timestamptz
      )`);
    await db.query(
      `create table seen (event_id text primary key, at timestamptz not null default clock_timestamp())`,
    );
    await db.query(`
      create table sending (
        warning_id  text        not null,
        version     integer     not null,
        act         text        not null check (act in ('issue', 'cancel')),
        incident_id text        not null,
        issued_at   timestamptz not null,
        send_until  timestamptz not null,
        urgent      boolean     not null,
        head        jsonb       not null,
        composed    jsonb       not null,
        area        jsonb,
        primary key (warning_id, version, act)
      )`);
    await db.query(`
      create table plan (
        warning_id   text    not null,
        version      integer not null,
        act          text    not null,
        incident_id  text    not null,
        from_version integer not null default 0,
        cursor       jsonb   not null default '{}',
        chunks       integer not null default 0,
        recipients   integer not null default 0,
        done         boolean not null default false,
        refused      text,
        lease_until  timestamptz,
        primary key (warning_id, version, act)
      )`);
    await db.query(`create index plan_open on plan (warning_id) where not done`);
    await this.work(db);
  }

  private async work(db: QueryRunner): Promise<void> {
    await db.query(`
      create table chunk (
        warning_id  text    not null,
        version     integer not null,
        act         text    not null,
        chunk       integer not null,
        account_id  text    not null,
        recipients  integer not null,
        urgent      boolean not null,
        fence       integer not null default 0,
        lease_until timestamptz,
        revision    integer not null,
        unreported  integer not null default 0,
        done        boolean not null default false,
        primary key (warning_id, version, act, chunk)
      )`);
    await db.query(`create index chunk_leased on chunk (lease_until) where lease_until is not null`);
    await db.query(`create index chunk_unreported on chunk (warning_id) where unreported > 0`);
    await db.query(`
      create table delivery (
        delivery_id text    primary key,
        warning_id  text    not null,
        version     integer not null,
        act         text    not null,
        chunk       integer not null,
        ordinal     integer not null,
        target      text    not null,
        part        integer not null default 1,
        language    text    not null,
        variant     text    not null,
        answers     text,
        state       text    not null default 'planned' check (state in
          ('planned', 'deferred', 'accepted', 'refused', 'suppressed', 'cancelled', 'expired', 'unknown')),
        attempt     integer not null default 0,
        unknowns    integer not null default 0,
        due_at      timestamptz,
        ref         jsonb,
        reason      text,
        detail      text,
        settled_at  timestamptz,
        told        text
      ) with (fillfactor = 70)`);
    await db.query(`create index delivery_chunk on delivery (warning_id, version, act, chunk)`);
    await db.query(`create index delivery_due on delivery (due_at) where state = 'deferred'`);
    await db.query(`
      create table armed (
        armed_id   bigint generated always as identity primary key,
        warning_id text        not null,
        version    integer     not null,
        act        text        not null,
        chunk      integer     not null,
        fence      integer     not null,
        deliveries text[]      not null,
        armed_at   timestamptz not null default clock_timestamp(),
        settled_at timestamptz
      )`);
    await db.query(
      `create index armed_open on armed (warning_id, version, act, chunk) where settled_at is null`,
    );
  }

  async down(): Promise<never> {
    throw new Error('what was sent is never dropped by a migration');
  }
}
