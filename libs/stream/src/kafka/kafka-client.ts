import kafkajs from 'kafkajs';
import type { ConsumerConfig, Kafka, LogEntry, ProducerConfig, RetryOptions } from 'kafkajs';
import type { Log } from '#runtime';

/** Where the brokers are, who we are to them, and where the client's own lines go. */
export type KafkaSettings = {
  brokers: string[];
  clientId: string;
  log: Log;
  /** Copies of each partition; without it the broker's own default. Three in production. */
  replicationFactor?: number | undefined;
};

/** Pauses of at most a second: with the client's 30 s a recovery after a broker restart takes 45 to 63 s (measured). */
const retry = (retries: number): RetryOptions => ({
  initialRetryTime: 100,
  multiplier: 1.5,
  maxRetryTime: 1_000,
  retries,
});

/** About ten seconds of trying: for producers and questions, whose askers try again themselves. */
const SHORT = retry(14);
/**
 * About two minutes of trying: a consumer that comes back as the member it was is at work at once; a new one waits until
 * the broker has given up the old one. After that the supervisor builds a new one, which knows no old connections.
 */
const LONG = retry(120);

/** How long a client tries: `none` asks each broker once, and whoever asks wants the answer within a second. */
type Patience = 'none' | 'short' | 'long';
const ASKED_ONCE_MS = 600;

export const PRODUCER: ProducerConfig = {
  allowAutoTopicCreation: false,
  idempotent: false, // the client's idempotent producer loses the message after a rejected send without a word
  maxInFlightRequests: 1,
  retry: SHORT,
};

/** A group member is given up after 6 s of silence, and a new one waits at most 15 s for the others' work to end. */
export const CONSUMER: Omit<ConsumerConfig, 'groupId'> = {
  allowAutoTopicCreation: false,
  sessionTimeout: 6_000, // the least that brokers allow (group.min.session.timeout.ms)
  heartbeatInterval: 1_500,
  rebalanceTimeout: 15_000,
  maxWaitTimeInMs: 250,
  metadataMaxAge: 30_000,
  retry: { ...LONG, restartOnFailure: () => Promise.resolve(false) }, // our supervisor restarts
};

/**
 * A client with our time-outs, whose own log goes to ours. `patience` decides how long lost connections are tried again:
 * the client's retries count for its consumers too, whatever theirs are set to.
 */
export function newKafka({ brokers, clientId, log }: KafkaSettings, patience: Patience): Kafka {
  const isAskedOnce = patience === 'none';
  const tries = { none: { ...retry(brokers.length - 1), initialRetryTime: 1 }, short: SHORT, long: LONG };
  return new kafkajs.Kafka({
    brokers,
    clientId,
    connectionTimeout: isAskedOnce ? ASKED_ONCE_MS : 2_000,
    requestTimeout: isAskedOnce ? ASKED_ONCE_MS : 5_000,
    retry: tries[patience],
    logLevel: isAskedOnce ? kafkajs.logLevel.NOTHING : kafkajs.logLevel.WARN, // whoever asks is told
    logCreator: () => (entry) => writeEntry(log, entry),
  });
}

/** The client calls every lost connection an error; it heals by itself, so it is at most a warning here. */
function writeEntry(log: Log, { level, namespace, log: { message, ...rest } }: LogEntry): void {
  const fields = { says: message, namespace, broker: rest.broker, groupId: rest.groupId, error: rest.error };
  if (level === kafkajs.logLevel.ERROR) return log.warn(fields, 'kafka client reports');
  log.debug(fields, 'kafka client reports');
}
