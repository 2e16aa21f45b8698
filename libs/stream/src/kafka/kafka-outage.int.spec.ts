import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '#runtime';
import { startBroker, type Broker } from '../../../../test/support/kafka/broker.js';
import { whyNoOwnBroker } from '../../../../test/support/kafka/find-broker.js';
import { consume, firsts, records, textOf, textsOf, until } from '../testing/consumer.js';
import { KafkaStream } from './kafka-stream.js';

const TOPIC = 'exercise.warnings.v1';
const whyNot = await whyNoOwnBroker();
if (whyNot !== undefined) console.warn(`KAFKA MISSING, outages were not tested: ${whyNot}`);

(whyNot === undefined ? describe : describe.skip)('a broker of its own', () => {
  let broker: Broker;
  const streams: KafkaStream[] = [];
  const open = (): KafkaStream => {
    const stream = new KafkaStream({ brokers: broker.brokers, clientId: 'outage', log: silentLog });
    streams.push(stream);
    return stream;
  };

  beforeAll(async () => {
    broker = await startBroker();
  }, 120_000);

  afterAll(async () => {
    await Promise.all(streams.map((stream) => stream.close()));
    await broker?.stop();
  });

  it('may be away for longer than the client tries: consumer and publisher go on when it is back', async () => {
    const stream = open();
    await stream.ensureTopics([{ name: TOPIC, partitions: 2 }]);
    const met = await consume(stream, { topics: [TOPIC], group: 'channel-sms' });
    await stream.publish(records(TOPIC, ['wrn_flood'], 5));
    await until('the first are met', () => met.messages.length >= 5);
    await broker.kill();
    const publishing = stream.publish(records(TOPIC, ['wrn_flood'], 5, 5)); // waits: the broker is expected back
    await sleep(14_000); // the client's own patience is ten seconds
    const began = performance.now();
    await broker.restart();
    const back = performance.now();
    await publishing;
    await until('all are met', () => firsts(textsOf(met.messages, 'wrn_flood')).length === 10, 60_000);
    const [start, rest] = [back - began, performance.now() - back].map(Math.round);
    console.info(`broker away for 14 s: ${start} ms for its own start, then ${rest} ms until all was met`);
    expect(rest).toBeLessThan(20_000); // one to three seconds on a quiet machine
    expect(firsts(textsOf(met.messages, 'wrn_flood'))).toEqual(
      records(TOPIC, ['wrn_flood'], 10).map(({ value }) => value),
    );
  }, 120_000);

  it('may lose a topic: the group begins at its new beginning', async () => {
    const topic = 'exercise.deliveries.v1';
    const stream = open();
    await stream.ensureTopics([{ name: topic, partitions: 1 }]);
    const met = await consume(stream, { topics: [topic], group: 'incident-log' });
    await stream.publish(records(topic, ['wrn_flood'], 5));
    await until('the first are met', () => met.messages.length >= 5);
    const admin = new kafkajs.Kafka({ brokers: broker.brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    await sleep(1_000);
    const other = open();
    await other.ensureTopics([{ name: topic, partitions: 1 }]);
    const [first] = await other.publish(records(topic, ['wrn_gale'], 3));
    expect(first?.offset).toBe(0n);
    await until('the new ones are met', () => textsOf(met.messages, 'wrn_gale').length >= 3, 60_000);
    expect(firsts(met.messages.map(textOf)).slice(5)).toEqual(['wrn_gale-0', 'wrn_gale-1', 'wrn_gale-2']);
  }, 120_000);
});
