import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a version or a cancel reached this channel, by its database's clock: what lies before is the stream's time, what follows is ours. */
export class Arrival1763700300000 implements MigrationInterface {
  readonly name = 'Arrival1763700300000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `alter table sending add column arrived_at timestamptz not null default clock_timestamp()`,
    );
  }

  async down(): Promise<never> {
    throw new Error('what arrived is never dropped by a migration');
  }
}
