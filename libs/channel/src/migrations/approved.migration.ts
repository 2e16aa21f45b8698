import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was approved, in hashes that the database itself refuses to change: what `sending` keeps of a version is held against them each
 * time before it is planned or sent. `texts_version` says of which version the texts are: a cancel's are those of what it withdraws.
 */
export class Approved1764100000000 implements MigrationInterface {
  readonly name = 'Approved1764100000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table approved (
        warning_id   text    not null,
        version      integer not null,
        content_hash text    not null,
        area_hash    text    not null,
        texts_sha256 text    not null,
        frame_sha256 text    not null,
        place_sha256 text    not null,
        primary key (warning_id, version)
      )`);
    await db.query(`create trigger approved_is_append_only before update or delete or truncate
      on approved for each statement execute function refuse_change()`);
    await db.query(`alter table sending add column texts_version integer`);
  }

  async down(): Promise<never> {
    throw new Error('what was approved is never dropped by a migration');
  }
}
