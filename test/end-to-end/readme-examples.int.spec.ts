import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { importSubscribers, subscriberMigrations, Subscribers } from '#audience';
import { ListChannelService, type ListSender } from '#channel';
import { FakeSender, ListWorld } from '#channel/testing';
import { readWarningEvent, toInstant, type OfficerId, type WarningEvent } from '#contracts';
import { Database, EventRecord, migrate, recordMigrations, Relay } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { PracticeWorld } from '#practice';
import {
  HealthRegistry,
  newId,
  newLog,
  problemsOf,
  readConfig,
  silentLog,
  startHttp,
  SystemClock,
} from '#runtime';
import { newStream } from '#stream';
import { decide, evolve, noWarning } from '#warning';
import { z } from 'zod';
import { floodContent } from '../../apps/standalone/src/exercise/flood-content.js';

/** The code that the READMEs of the libs show, run as it stands. `architecture/readme.spec.ts` compares the two word for word. */

let test: TestDatabase;
let folder: string;
beforeAll(async () => {
  test = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'larum-examples-'));
}, 60_000);
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true });
});

const ann = `off_${'a'.repeat(32)}` as OfficerId;
const content = floodContent('first', Date.parse('2026-11-21T10:00:00Z'));
const mode = 'exercise' as const;
const clock = new SystemClock();
const log = silentLog;

/** A warning that was issued, as its stream holds it: the golden samples of the published language. */
function issued(): { warningId: WarningEvent['warningId']; past: WarningEvent[]; bytes: Uint8Array } {
  const files = ['WarningDrafted', 'WarningSubmitted', 'WarningIssued'];
  const all = files.map((type) => readFileSync(join('libs', 'contracts', 'src', 'samples', `${type}.json`)));
  const past = all.map((bytes) => {
    const found = readWarningEvent(bytes);
    if (found.read !== 'event') throw new Error('a golden sample cannot be read');
    return found.event;
  });
  const [first] = past;
  const bytes = all.at(-1);
  if (first === undefined || bytes === undefined) throw new Error('there are no golden samples');
  return { warningId: first.warningId, past, bytes };
}

describe('the code of the READMEs does what it says:', () => {
  it('contracts reads an event of the stream', async () => {
    const message = { value: issued().bytes };
    const said: unknown[] = [];
    const console = { log: (one: unknown) => said.push(one) };
    const found = readWarningEvent(message.value);
    if (found.read === 'event' && found.event.type === 'WarningIssued')
      console.log(found.event.content.expiresAt);
    expect(said).toEqual([expect.stringMatching(/^\d{4}-.*Z$/)]);
  });

  it('warning turns a command into facts', async () => {
    const { warningId, past } = issued();
    const facts = decide({ type: 'CancelWarning', reason: 'sent in error' }, past.reduce(evolve, noWarning), {
      warningId,
      by: ann,
      at: clock.now(),
      mode: 'exercise',
    });
    expect(facts.map(({ type }) => type)).toContain('WarningCancelled');
  });

  it('audience finds who is in the area, page by page', async () => {
    const { db } = test;
    await migrate(db, { schema: 'channel_email', migrations: subscriberMigrations });
    const csv =
      'address,language,lat,lon,consent\nann@example.org,en-GB,53.138,-3.796,yes\nbob@example.org,en-GB,51,0,yes\n';
    await importSubscribers(db, { schema: 'channel_email', channel: 'email' }, Readable.from([csv]));
    const subscribers = new Subscribers(db, 'channel_email');
    const first = await subscribers.inArea(content.area.geometry, null, 200); // in the order of their ids
    const next = await subscribers.inArea(content.area.geometry, first.at(-1)?.subscriberId ?? null, 2_000);
    expect([first.map(({ address }) => address), next]).toEqual([['ann@example.org'], []]);
  });

  it('postgres appends facts in one statement and relays them', async () => {
    const { url } = test;
    const [warningId, version] = [newId('wrn'), 1];
    const fact = { streamId: warningId, revision: 1, type: 'WarningDrafted', time: toInstant(0), actor: ann };
    const facts = [{ ...fact, traceparent: null, body: { type: 'WarningDrafted' } }];
    const [holder, key, bodyHash, answer] = [ann, 'once', 'h', { status: 201 }];
    const sent: string[] = [];
    const toStream = async (events: readonly { streamId: string }[]) =>
      void sent.push(...events.map(({ streamId }) => streamId));
    const ownMigrations = [Gate1764000000001];
    const seen: string[] = [];
    const ask = async () => {
      const db = await Database.open({ url, log }); // one pool of ≤ 20, and one connection that listens and holds locks
      await migrate(db, { schema: 'incident_command', migrations: [...recordMigrations, ...ownMigrations] });
      const record = new EventRecord(db, 'incident_command');

      const appended = await record.append({
        facts, // revision by revision; the first of a stream is 1
        request: { holder, key, bodyHash, answer }, // optional
        also: [
          { sql: 'insert into incident_command.gate select $1, $2 from turn', params: [warningId, version] },
        ], // optional
      });
      switch (appended.kind) {
        case 'appended': // appended.position
        case 'repeated': // appended.answer: what was answered the first time
        case 'key-reused': // the same key for another request: 422
        case 'moved-on': // somebody else appended first: read and decide again
      }

      const relay = new Relay({
        db,
        schema: 'incident_command',
        name: 'stream',
        log,
        publish: (events) => toStream(events),
      });
      relay.start();
      seen.push(appended.kind);
      while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      await relay.stop();
      await db.close();
    };
    await ask();
    await ask();
    expect(seen).toEqual(['appended', 'repeated']);
    expect(sent).toEqual([warningId]);
  });

  it('stream hands every record to a group, and parks what cannot be read', async () => {
    const { db } = test;
    const KAFKA_BROKERS = undefined;
    const { warningId, bytes } = issued();
    const topic = 'exercise.sms.chunks.v1';
    const [headers, body] = [{}, JSON.parse(new TextDecoder().decode(bytes)) as object];
    const taken: string[] = [];
    const plan = {
      take: async (event: WarningEvent, eventId: string) => void taken.push(`${event.type} ${eventId}`),
    };
    const stream = newStream({ KAFKA_BROKERS, db, log, clientId: 'channel-sms' }); // Kafka with brokers, else embedded in `db`
    await stream.ensureTopics([{ name: 'exercise.sms.chunks.v1', partitions: 12 }]); // and exercise.sms.chunks.v1.parked

    const [placed] = await stream.publish([{ topic, key: warningId, value: JSON.stringify(body), headers }]); // durable when it resolves

    const subscription = await stream.subscribe({ topics: [topic], group: 'channel-sms' }, async (batch) => {
      for (const message of batch.messages) {
        if (batch.signal.aborted) return; // the process stops, or the partition moves
        const found = readWarningEvent(message.value);
        if (found.read === 'unreadable') await batch.park(message, found.why);
        else {
          // What `take` throws brings the message again, after a growing pause. A type newer than this build is not for it.
          if (found.read === 'event') await plan.take(found.event, message.eventId);
          await batch.done(message);
        }
      }
    });
    subscription.health(); // { state: 'working', partitions: […], waiting: 0 }
    expect(placed).toMatchObject({ topic, offset: 0n });
    await stream.publish([{ topic, key: warningId, value: 'no JSON', headers }]);
    const parked = async () => (await stream.endOffsets(`${topic}.parked`)).get(0);
    while ((await parked()) !== 1n) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(taken).toEqual([expect.stringMatching(/^WarningIssued exercise\.sms\.chunks\.v1\/\d+\/0$/)]);
    expect(subscription.health()).toMatchObject({ state: 'working', waiting: 0 });
    await stream.close();
  });

  it('channel starts a service that sends what was approved', async () => {
    const world = await ListWorld.open('sms');
    const { stream, account } = world;
    const { db } = world.test;
    const sender: ListSender = new FakeSender('sms');
    const service = new ListChannelService(
      {
        mode,
        channel: 'sms',
        app: 'channel-sms',
        schema: 'channel_sms',
        account,
        sender,
        receipts: ['delivered', 'undelivered'],
      },
      { db, stream, log, clock },
    );
    await service.migrate();
    await service.start(); // resolves when it has caught up with the warnings and may send
    await service.close();
    await world.close();
  });

  it('practice opens a world with doors, that misbehaves on request', async () => {
    const dataDir = join(folder, 'world');
    const arrived: string[] = [];
    const count = (to: string, key: unknown) => arrived.push(`${to} ${String(key)}`);
    const world = await PracticeWorld.open({
      dataDir,
      seed: 'wainfleet',
      bounceTo: { host: '127.0.0.1', port: 2526 },
    });
    const page = world.url; // http://127.0.0.1:…, with /api (Mastodon), /xrpc (Bluesky) and /practice (the desk) beside the page
    const { smtp, smpp } = world.ports;
    world.faults.order({ channel: 'sms', kind: 'throttle', count: 3 });
    for await (const arrival of world.arrivals('email'))
      if (arrival.fact === 'mail') count(arrival.to, arrival.key);
    await world.close();
    expect([arrived, page.startsWith('http://127.0.0.1:'), smtp > 0, smpp > 0]).toEqual([
      [],
      true,
      true,
      true,
    ]);
  });

  it('runtime puts a module behind HTTP, until a signal', async () => {
    const Environment = z.object({
      PORT: z.coerce.number().default(0),
      LOG_LEVEL: z.literal('error').default('error'),
    });
    const { db } = test;
    @Module({})
    class IncidentCommandModule {}
    const warningProblems = {
      'version-open': { status: 409, title: 'A version is open', meaning: 'One.', whatToDo: 'Finish it.' },
    } as const;
    const problem = problemsOf(warningProblems);
    const refusalToProblem = (error: unknown) => (error === 'open' ? problem('version-open') : undefined);
    const seen: string[] = [];
    const runUntilSignal = async (close: () => Promise<void>, to: unknown) => {
      expect(to).toBe(log);
      for (const path of ['/readyz', '/docs/problems'])
        seen.push(await (await fetch(server.url + path)).text());
      await close();
    };
    const config = readConfig(Environment); // zod; throws ConfigurationWrong with every mistake
    const log = newLog('incident-command', config.LOG_LEVEL);
    const health = new HealthRegistry();
    health.add('database', async () => void (await db.query('select 1')));

    const server = await startHttp(IncidentCommandModule, {
      name: 'incident-command',
      port: config.PORT,
      log,
      health,
      problems: [warningProblems], // explained at /docs/problems
      readers: [refusalToProblem], // (error) => Problem | undefined
    });
    await runUntilSignal(() => server.close(), log);
    expect(seen[0]).toContain('"database":"ok"');
    expect(seen[1]).toContain('A version is open');
    await expect(fetch(server.url)).rejects.toThrow();
  });
});

/** A table of the example's own. */
class Gate1764000000001 {
  name = 'Gate1764000000001';
  async up(db: { query(sql: string): Promise<unknown> }): Promise<void> {
    await db.query('create table gate (warning_id text, version int)');
  }
  async down(): Promise<void> {}
}
