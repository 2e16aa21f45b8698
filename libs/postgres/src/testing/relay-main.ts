// A process of its own: relays, prints the notes of each batch as published, and hangs before its cursor moves.
import { Database, Relay } from '#postgres';
import { silentLog } from '#runtime';

const [url = '', schema = ''] = process.argv.slice(2);
const db = await Database.open({ url, max: 2, log: silentLog });
new Relay({
  db,
  schema,
  name: 'stream',
  log: silentLog,
  publish: async (events) => {
    process.stdout.write(`${JSON.stringify(events.map(({ body }) => Number(body['note'])))}\n`);
    await new Promise(() => {}); // the stream has it, and the process dies here
  },
}).start();
setInterval(() => {}, 1_000);
