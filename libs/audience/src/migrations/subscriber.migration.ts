import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The people of one list channel. No point = in no area. A suppression outlives every later import. Imports are copied
 * into `staged_subscriber` first, so that a broken file leaves nothing half done.
 */
export class Subscriber1763700000000 implements MigrationInterface {
  readonly name = 'Subscriber1763700000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table subscriber (
        subscriber_id     text primary key check (subscriber_id ~ '^sub_[0-9a-f]{32}$'),
        address           text        not null,
        language          text        not null,
        place             point,
        consented_at      timestamptz,
        suppressed        text check (suppressed in ('opted-out', 'bounced', 'complained')),
        suppressed_at     timestamptz,
        suppressed_detail text,
        created_at        timestamptz not null default clock_timestamp()
      )`);
    await db.query(`create unique index subscriber_address on subscriber (lower(address))`);
    await db.query(`create index subscriber_place on subscriber using gist (place)`);
    await db.query(`
      create unlogged table staged_subscriber (
        import_id     text    not null,
        line          integer not null,
        subscriber_id text    not null,
        address       text    not null,
        language      text    not null,
        place         point,
        consented_at  timestamptz,
        staged_at     timestamptz not null default clock_timestamp(),
        primary key (import_id, line)
      )`);
  }

  async down(): Promise<never> {
    throw new Error('subscribers are never dropped by a migration');
  }
}

/** A suppression may be for a time only: a box that was full is tried again. Null: it stands until a person lifts it. */
export class SuppressedUntil1763800000000 implements MigrationInterface {
  readonly name = 'SuppressedUntil1763800000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table subscriber add suppressed_until timestamptz check (suppressed_until is null or suppressed is not null)`);
  }

  async down(): Promise<never> {
    throw new Error('subscribers are never dropped by a migration');
  }
}

/** What a list channel's schema needs for its subscribers. */
export const subscriberMigrations = [Subscriber1763700000000, SuppressedUntil1763800000000] as const;
