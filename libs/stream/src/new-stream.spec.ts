import { describe, expect, it } from '@jest/globals';
import type { Database } from '#postgres';
import { silentLog } from '#runtime';
import { EmbeddedStream } from './embedded/embedded-stream.js';
import { KafkaStream } from './kafka/kafka-stream.js';
import { newStream } from './new-stream.js';

describe('the stream of a process', () => {
  const db = {} as Database; // nothing connects before it is used
  const rest = { db, log: silentLog, clientId: 'channel-sms' };

  it('is Kafka when brokers are given', () => {
    expect(newStream({ ...rest, KAFKA_BROKERS: ['kafka:9092'] })).toBeInstanceOf(KafkaStream);
  });

  it('is embedded in the database when none are', () => {
    expect(newStream(rest)).toBeInstanceOf(EmbeddedStream);
    expect(newStream({ ...rest, KAFKA_BROKERS: [] })).toBeInstanceOf(EmbeddedStream);
  });
});
