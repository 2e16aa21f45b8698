import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Posts that were to answer an earlier one, and stand alone because that is gone from the platform. `answers` keeps what they were to answer. */
export class StandsAlone1764200000000 implements MigrationInterface {
  readonly name = 'StandsAlone1764200000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table delivery add column stands_alone boolean not null default false`);
  }

  async down(): Promise<never> {
    throw new Error('what was posted is never dropped by a migration');
  }
}
