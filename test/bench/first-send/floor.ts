import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { BareMail } from './bare-mail.js';
import type { MailSink } from './mail-sink.js';

/** The stream of a floor: whatever was published comes out at `consume`, by nobody's code but the library's. */
type BareStream = { publish(id: string, body: string): Promise<void>; close(): Promise<void> };
type Consume = (id: string) => void;

/** As large as the `WarningIssued` of this bench: 5.9 kB. */
const TEXT = 'river '.repeat(970);
/** Our warnings rest while an officer reads; without that the floor would meet a machine that is wide awake, and ours one that wakes up. */
export const BREATH_MS = 150;

/**
 * The bare floor: HTTP → insert → publish → consume → SMTP, with `node:http`, `pg`, the stream and one kept SMTP connection, and
 * none of our code. Answers the milliseconds of `rounds` requests, one after another.
 */
export async function floor(
  open: (consume: Consume) => Promise<BareStream>,
  { databaseUrl, sink, rounds }: { databaseUrl: string; sink: MailSink; rounds: number },
): Promise<number[]> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  await db.query('create table if not exists floor_event (id text primary key, body jsonb not null)');
  const mail = await BareMail.open(sink.port);
  const stream = await open((id) => void mail.send(id));
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      const { id } = JSON.parse(body) as { id: string };
      void db.query('insert into floor_event (id, body) values ($1, $2)', [id, body]).then(() => {
        response.writeHead(202).end('{}');
        return stream.publish(id, body);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
  const took: number[] = [];
  const run = `${Date.now()}`;
  for (let n = 0; n < rounds + 20; n += 1) {
    const id = `floor-${run}-${n}`;
    await sleep(BREATH_MS);
    const began = performance.now();
    const arrived = sink.firstOf(id);
    const answer = await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ id, text: TEXT }),
    });
    await answer.arrayBuffer();
    const at = await arrived;
    if (n >= 20) took.push(at - began); // the first twenty warm connections and code
  }
  await stream.close();
  mail.close();
  await new Promise((resolve) => server.close(resolve));
  await db.query('drop table floor_event');
  await db.end();
  return took;
}

/** Publish and subscribe as plainly as PostgreSQL can: a row, and NOTIFY with its key. */
export function postgresStream(databaseUrl: string) {
  return async (consume: Consume): Promise<BareStream> => {
    const publisher = new pg.Client({ connectionString: databaseUrl });
    const listener = new pg.Client({ connectionString: databaseUrl });
    const reader = new pg.Client({ connectionString: databaseUrl });
    await Promise.all([publisher.connect(), listener.connect(), reader.connect()]);
    await publisher.query(
      'create table if not exists floor_message (id text primary key, body text not null)',
    );
    listener.on('notification', ({ payload }) => {
      void reader
        .query<{ id: string }>('select id, body from floor_message where id = $1', [payload])
        .then(({ rows }) => rows.forEach(({ id }) => consume(id)));
    });
    await listener.query('listen floor_message');
    return {
      publish: async (id, body) => {
        await publisher.query(
          'with put as (insert into floor_message values ($1, $2) returning id) select pg_notify($3, id) from put',
          [id, body, 'floor_message'],
        );
      },
      close: async () => {
        await publisher.query('drop table floor_message');
        await Promise.all([publisher.end(), listener.end(), reader.end()]);
      },
    };
  };
}

/** kafkajs as its manual shows it, with one setting of ours: it does not wait for more to send or to fetch. */
export function kafkaStream(brokers: string[]) {
  return async (consume: Consume): Promise<BareStream> => {
    const kafka = new kafkajs.Kafka({ clientId: 'floor', brokers, logLevel: kafkajs.logLevel.NOTHING });
    const topic = `floor-${process.pid}`;
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 6, replicationFactor: 1 }] });
    await admin.disconnect();
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 250 });
    await Promise.all([producer.connect(), consumer.connect()]);
    await consumer.subscribe({ topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on('consumer.group_join', () => resolve()));
    await consumer.run({ eachMessage: async ({ message }) => consume(String(message.key)) });
    await joined;
    return {
      publish: async (id, body) =>
        void (await producer.send({ topic, acks: -1, messages: [{ key: id, value: body }] })),
      close: async () => {
        await consumer.disconnect();
        await producer.disconnect();
      },
    };
  };
}
