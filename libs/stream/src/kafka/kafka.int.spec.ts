import { describe, it } from '@jest/globals';
import { silentLog } from '#runtime';
import { startBroker } from '../../../../test/support/kafka/broker.js';
import { findBroker, whyNoOwnBroker } from '../../../../test/support/kafka/find-broker.js';
import { streamContract } from '../testing/stream-contract.js';
import { KafkaStream } from './kafka-stream.js';

const open = (brokers: string[]) => async () =>
  new KafkaStream({ brokers, clientId: 'contract', log: silentLog });
const under = (brokers: string[]) => ({
  where: { KAFKA_BROKERS: brokers.join(',') },
  sessionMs: 6_000,
  open: open(brokers),
});

const whyNot = await whyNoOwnBroker();
const found = whyNot === undefined ? undefined : await findBroker();

if (whyNot === undefined) {
  streamContract('Kafka', async () => {
    const broker = await startBroker();
    const interrupt = async (): Promise<void> => {
      await broker.kill();
      await broker.restart();
    };
    return { ...under(broker.brokers), interrupt, close: () => broker.stop() };
  });
} else if (found && 'brokers' in found) {
  console.warn(`KAFKA: not killed in these tests, it is not ours (${whyNot})`);
  const nothing = async (): Promise<void> => undefined;
  streamContract('Kafka', async () => ({ ...under(found.brokers), interrupt: nothing, close: nothing }), {
    interruptible: false,
  });
} else {
  console.warn(`KAFKA MISSING, the stream was not tested on it: ${whyNot}`);
  describe.skip('the stream on Kafka', () => it('keeps its promises', () => undefined));
}
