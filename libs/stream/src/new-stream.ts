import type { Database } from '#postgres';
import type { Log } from '#runtime';
import { EmbeddedStream } from './embedded/embedded-stream.js';
import type { EventStream } from './event-stream.js';
import { KafkaStream } from './kafka/kafka-stream.js';

/** Kafka keeps a week as well, unless its operator says otherwise (`log.retention.hours`). */
const RETENTION_HOURS = 168;

/** What decides which stream it is, and how it is set up. */
export type StreamConfig = {
  /** `host:port` of some brokers: with them the stream is Kafka, without them it lives in `db`. */
  KAFKA_BROKERS?: string[] | undefined;
  db: Database;
  log: Log;
  /** This process's name to the brokers, such as `channel-sms`. */
  clientId: string;
  /** Kafka: copies of each partition; default as the broker is set up, three in production. */
  replicationFactor?: number | undefined;
  /** Embedded: hours for which handled messages stay readable. Default 168. */
  retentionHours?: number | undefined;
};

/** The stream of this process: on Kafka when brokers are given, else embedded in the database. Nothing connects yet. */
export function newStream(config: StreamConfig): EventStream {
  const {
    KAFKA_BROKERS: brokers,
    db,
    log,
    clientId,
    replicationFactor,
    retentionHours = RETENTION_HOURS,
  } = config;
  return brokers?.length
    ? new KafkaStream({ brokers, clientId, log, replicationFactor })
    : new EmbeddedStream(db, log, retentionHours);
}
