import type { Mode } from '#contracts';
import { Database, rememberMode } from '#postgres';
import { HealthRegistry, Metrics, newLog, SystemClock, type Clock, type Log } from '#runtime';
import type { EventStream } from '../event-stream.js';
import { newStream } from '../new-stream.js';
import type { ServiceSettings } from './service-settings.js';

/** What an app's module is handed: its own when distributed, everybody's in a standalone. */
export type Service = {
  mode: Mode;
  db: Database;
  stream: EventStream;
  clock: Clock;
  log: Log;
  health: HealthRegistry;
  metrics: Metrics;
};

/** Most connections of one service to its database. */
const POOL = 10;

/**
 * Opens what a service of the distributed form stands on: its database (which must belong to this world), Kafka, log, health
 * and figures. Throws what the operator must mend. `close` lets go of it all, after the modules have ended.
 */
export async function openService(
  settings: ServiceSettings,
  name: string,
): Promise<Service & { close(): Promise<void> }> {
  const log = newLog(name, settings.LOG_LEVEL);
  const health = new HealthRegistry();
  const db = await Database.open({ url: settings.DATABASE_URL, max: POOL, log, name });
  try {
    await rememberMode(db, settings.MODE);
  } catch (error) {
    await db.close();
    throw error;
  }
  const stream = newStream({
    KAFKA_BROKERS: settings.KAFKA_BROKERS,
    db,
    log,
    clientId: name,
    replicationFactor: settings.KAFKA_REPLICATION,
  });
  health.add('database', async () => void (await db.query('select 1')));
  health.add('stream', () => stream.reach());
  return {
    mode: settings.MODE,
    db,
    stream,
    clock: new SystemClock(),
    log,
    health,
    metrics: new Metrics(),
    close: async () => {
      await stream.close();
      await db.close();
    },
  };
}
