import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The data was written by another major version of PostgreSQL, which this one cannot read. Nothing was touched. */
export class OtherVersion extends Error {
  override readonly name = 'OtherVersion';
  readonly forOperator = true;
}

/**
 * Throws `OtherVersion` unless the cluster was made by the major version of these programs: PostgreSQL's files are the same within
 * one alone (PostgreSQL 18 §18.6, "Upgrading a PostgreSQL Cluster").
 */
export function expectSameVersion(cluster: string, native: string): void {
  const made = readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();
  const ours = majorOf(native);
  if (ours === undefined || made === ours) return;
  throw new OtherVersion(
    `the database in ${cluster} was made by PostgreSQL ${made}, and this Larum brings PostgreSQL ${ours}: start the Larum that made it, move its data over with pg_dump, or start on a new data folder`,
  );
}

/** `postgres (PostgreSQL) 18.4`: the major is what stands before the dot. Undefined when the program does not say. */
function majorOf(native: string): string | undefined {
  const { stdout } = spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' });
  return /\(PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1];
}
