import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '#postgres';
import { readConfig, silentLog } from '#runtime';
import { z } from 'zod';
import { KafkaStream } from '../kafka/kafka-stream.js';
import { newStream } from '../new-stream.js';

const { TOPIC, GROUP, KAFKA_BROKERS, DATABASE_URL } = readConfig(
  z.object({
    TOPIC: z.string(),
    GROUP: z.string(),
    KAFKA_BROKERS: z.string().optional(),
    DATABASE_URL: z.string().optional(),
  }),
);

const stream = KAFKA_BROKERS
  ? new KafkaStream({ brokers: KAFKA_BROKERS.split(','), clientId: 'member', log: silentLog })
  : newStream({
      db: await Database.open({ url: DATABASE_URL ?? '', log: silentLog }),
      log: silentLog,
      clientId: 'member',
    });

await stream.subscribe({ topics: [TOPIC], group: GROUP }, async (batch) => {
  for (const message of batch.messages) {
    await sleep(20);
    writeSync(1, `${Buffer.from(message.value).toString('utf8')}\n`);
    await batch.done(message);
  }
});
process.stdin.on('end', () => process.exit()).resume(); // the test is gone
