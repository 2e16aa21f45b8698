import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Says of what an earlier build stored which version its texts are of: a version's own, and for a cancel those of the newest version
 * that says the very same. The hashes themselves come from the stream (`ApprovedBefore`).
 */
export class ApprovedBefore1764300000000 implements MigrationInterface {
  readonly name = 'ApprovedBefore1764300000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `update sending set texts_version = version where act = 'issue' and texts_version is null`,
    );
    await db.query(`
      update sending c set texts_version = (
        select max(s.version) from sending s
        where s.warning_id = c.warning_id and s.act = 'issue' and s.version <= c.version and s.composed = c.composed)
      where c.act = 'cancel' and c.texts_version is null`);
  }

  async down(): Promise<never> {
    throw new Error('what was approved is never dropped by a migration');
  }
}
