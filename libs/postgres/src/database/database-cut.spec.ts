import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '#runtime';
import { DatabaseAway } from './database-away.js';
import { Database } from './database.js';

/** One message of the server: its letter, its length, its content (PostgreSQL, "Message Formats"). */
function message(letter: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5, letter);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}
const WELCOME = message('R', Buffer.alloc(4)); // AuthenticationOk
const READY = message('Z', Buffer.from('I'));
const DONE = message('C', Buffer.from('SET\0'));
const STOPPING = message(
  'E',
  Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'),
);

let server: Server;
let db: Database;
let sockets: Socket[];
/** What the server says to somebody who has just arrived. */
let greeting: Buffer;
let arrivals: number;

beforeEach(async () => {
  sockets = [];
  arrivals = 0;
  greeting = Buffer.concat([WELCOME, READY]);
  server = createServer((socket) => {
    sockets.push(socket);
    arrivals += 1;
    let isNew = true;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (isNew) socket.write(greeting);
      else if (data[0] === 'Q'.charCodeAt(0)) socket.write(Buffer.concat([DONE, READY]));
      isNew = false;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  db = await Database.open({ url: `postgres://larum@127.0.0.1:${port}/house`, max: 2, log: silentLog });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await db.close();
  await new Promise((resolve) => server.close(resolve));
});

/** Every connection there is ends, and whoever comes gets `next`. */
async function cut(next: Buffer): Promise<void> {
  greeting = next;
  for (const socket of sockets.splice(0)) socket.destroy();
  for (let looks = 0; looks < 4_000 && db.pool.totalCount > 0; looks += 1)
    await new Promise((resolve) => setTimeout(resolve, 5)); // until it has noticed
}

describe('a server that is stopping', () => {
  const lastWords = Buffer.concat([WELCOME, READY, STOPPING]);

  it('may end a connection in the packet that makes it ready: the statement is refused, and the process lives', async () => {
    await cut(lastWords);
    for (let n = 0; n < 3; n += 1) await expect(db.query('select 1')).rejects.toBeInstanceOf(DatabaseAway);
  });

  it('and so with a transaction, and with a copy', async () => {
    await cut(lastWords);
    await expect(db.tx(async (tx) => tx.query('select 1'))).rejects.toBeInstanceOf(DatabaseAway);
    await expect(db.copyInto('people', ['id'], [[1]])).rejects.toBeInstanceOf(DatabaseAway);
  });

  it('costs each statement its connection: the next one does not get a dead one', async () => {
    await cut(lastWords);
    const before = arrivals;
    await db.query('select 1').catch(() => undefined);
    await db.query('select 1').catch(() => undefined);
    expect(arrivals).toBeGreaterThanOrEqual(before + 2);
  });

  it('may answer nothing but its last words', async () => {
    await cut(STOPPING);
    await expect(db.query('select 1')).rejects.toBeInstanceOf(DatabaseAway);
  });

  it('may speak in the middle of a statement', async () => {
    const asked = db.query('select 1'); // prepared: this server never answers it
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const socket of sockets) socket.write(STOPPING);
    await expect(asked).rejects.toThrow('the database does not answer: terminating connection');
  });

  it('may say nothing at all and hang up', async () => {
    const refused = expect(db.query('select 1')).rejects.toBeInstanceOf(DatabaseAway);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await cut(greeting);
    await refused;
  });
});

describe('a server that falls silent, as when its machine loses its power or its network', () => {
  it('is given up soon after it should have ended the statement itself, and the connection with it', async () => {
    const { port } = server.address() as AddressInfo;
    const url = `postgres://larum@127.0.0.1:${port}/house`;
    const patient = await Database.open({ url, max: 2, log: silentLog, statementTimeoutMs: 100 });
    const before = arrivals;
    const asked = [patient.query('select 1'), patient.tx(async (tx) => tx.query('select 1'))]; // never answered
    for (const one of asked) await expect(one).rejects.toBeInstanceOf(DatabaseAway);
    await expect(patient.query('select 1')).rejects.toBeInstanceOf(DatabaseAway);
    expect(arrivals).toBeGreaterThan(before); // nobody gets the silent one again
    await patient.close();
  }, 20_000);
});
