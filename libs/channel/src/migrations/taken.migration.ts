import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether the other side had taken a message before it said what became of it: a relay that refuses one has not, and its refusal settles no
 * doubt about an earlier try. Older rows do not tell the two kinds of `undelivered` apart, so they settle nothing.
 */
export class Taken1764400000000 implements MigrationInterface {
  readonly name = 'Taken1764400000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table receipt add column taken boolean not null default true`);
    await db.query(`update receipt set taken = false where kind = 'undelivered'`);
  }

  async down(): Promise<never> {
    throw new Error('what came back is never dropped by a migration');
  }
}
