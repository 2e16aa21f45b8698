import kafkajs from 'kafkajs';
import { topics } from '#contracts';
import type { RunningHouse } from '../../support/house/form.js';
import { stamps, type PublishedAt } from './ours.js';

const { warnings } = topics('exercise');

/** On the embedded stream: when the message's row was written. */
export const onEmbedded: PublishedAt = (house: RunningHouse) =>
  stamps(
    house,
    'standalone',
    `select key as id, (extract(epoch from at) * 1000)::float8 as at from stream.message
     where topic = '${warnings}' and headers->>'ce_type' = 'WarningIssued'`,
  );

/** On Kafka: when the producer made the record, in whole milliseconds (CreateTime, the default of `message.timestamp.type`). */
export const onKafka =
  (brokers: string[]): PublishedAt =>
  async () => {
    const kafka = new kafkajs.Kafka({ clientId: 'bench', brokers, logLevel: kafkajs.logLevel.NOTHING });
    const admin = kafka.admin();
    const consumer = kafka.consumer({ groupId: `bench-${process.pid}`, maxWaitTimeInMs: 100 });
    await Promise.all([admin.connect(), consumer.connect()]);
    const ends = new Map(
      (await admin.fetchTopicOffsets(warnings)).map(({ partition, high }) => [partition, Number(high)]),
    );
    await consumer.subscribe({ topic: warnings, fromBeginning: true });
    const published = new Map<string, number>();
    const open = new Set([...ends].filter(([, end]) => end > 0).map(([partition]) => partition));
    await new Promise<void>((resolve, reject) => {
      setTimeout(() => reject(new Error(`${warnings} could not be read to its end`)), 30_000).unref();
      void consumer.run({
        eachMessage: async ({ partition, message }) => {
          if (String(message.headers?.['ce_type']) === 'WarningIssued')
            published.set(String(message.key), Number(message.timestamp));
          if (Number(message.offset) + 1 >= (ends.get(partition) ?? 0)) open.delete(partition);
          if (open.size === 0) resolve();
        },
      });
    });
    await Promise.all([consumer.disconnect(), admin.disconnect()]);
    return published;
  };
