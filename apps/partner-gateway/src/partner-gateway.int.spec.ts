import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  allTopics,
  eventId,
  type RecordedEvent,
  topicOfType,
  topics,
  toInstant,
  wrap,
  TYPES_FOR_PARTNERS,
} from '#contracts';
import { ann, eve, flood, incidentNo, samples, warningNo } from '#contracts/testing';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { HealthRegistry, silentLog, startHttp, type HttpServer } from '#runtime';
import { testTokens } from '#runtime/testing';
import { newStream, type EventStream } from '#stream';
import { PartnerGatewayModule } from './partner-gateway.module.js';

const tokens = testTokens({
  ann: { id: ann, roles: ['author'] },
  eve: { id: eve, roles: ['reviewer'] },
  agency: { id: 'off_000000000000000000000000000000f0' as typeof ann, roles: ['partner'] },
  former: { id: 'off_000000000000000000000000000000f1' as typeof ann, roles: ['partner'] },
});
let test: TestDatabase;
let stream: EventStream;
let server: HttpServer;
let published = 0;
let sent = 0;

beforeAll(async () => {
  test = await testDatabase();
  stream = newStream({ db: test.db, log: silentLog, clientId: 'test' });
  await stream.ensureTopics(allTopics('exercise'));
  const parts = { mode: 'exercise' as const, db: test.db, stream, tokens: tokens.book, log: silentLog };
  server = await startHttp(PartnerGatewayModule.register({ ...parts, health: new HealthRegistry() }), {
    name: 'partner-gateway',
    port: 0,
    log: silentLog,
  });
});
/** Until what was published is with the gateway: a reader that comes then hears only of what comes after. */
async function takenIn(): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const [row] = await test.db.query<{ n: number }>(
      'select count(*)::int as n from partner_gateway.archive',
    );
    if (row?.n === sent) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the gateway has not taken in what was published');
}
afterEach(takenIn);
afterAll(async () => {
  await server.close();
  await stream.close();
  await test.close();
  tokens.close();
});

/** One event of `type` on a stream of its own. */
function eventOf(type: string, body: object, incidentId: string = flood): RecordedEvent {
  published += 1;
  return {
    position: BigInt(published),
    streamId: `${warningNo(published)}`,
    revision: 1,
    type,
    time: toInstant('2026-11-21T10:00:00Z'),
    actor: ann,
    traceparent: null,
    body: { ...body, type, incidentId },
  };
}

/** Publishes one event and answers its id. */
async function publish(type: string, body: object, incidentId: string = flood): Promise<string> {
  const event = eventOf(type, body, incidentId);
  const topic = topics('exercise')[topicOfType.get(type) ?? 'warnings'];
  await stream.publish([{ topic, ...wrap(event, 'incident-command', event.streamId) }]);
  sent += 1;
  return eventId(event);
}

type Heard = { id: string; event: string; data: { id?: string; type?: string; data?: unknown } };

/** Follows the stream; `take(n)` waits for n messages. */
function follow(query: string, headers: Record<string, string>) {
  const leaving = new AbortController();
  const heard: Heard[] = [];
  let raw = '';
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const status = fetch(`${server.url}/v1/events${query}`, { headers, signal: leaving.signal }).then(
    (answer) => {
      void (async () => {
        const text = new TextDecoder();
        let rest = '';
        for await (const bytes of answer.body ?? []) {
          raw += text.decode(bytes as Uint8Array, { stream: true });
          rest = raw.slice(raw.lastIndexOf('\n\n') + 2);
          const whole = raw
            .slice(0, raw.length - rest.length)
            .split('\n\n')
            .filter((one) => one.includes('data:'));
          heard.splice(0, heard.length, ...whole.map(parse));
        }
      })()
        .catch(() => {})
        .finally(end);
      return answer.status;
    },
  );
  return {
    status,
    /** When the gateway has ended the line. */
    ended,
    leave: () => leaving.abort(),
    take: async (n: number): Promise<Heard[]> => {
      for (let tries = 0; tries < 2_000 && heard.length < n; tries += 1)
        await new Promise((r) => setTimeout(r, 20));
      if (heard.length < n) throw new Error(`heard ${heard.length} of ${n}: ${raw}`);
      return heard.slice(0, n);
    },
    heard,
    /** The first place that the reader's own program remembers, whether an event came with it or not. */
    place: async (): Promise<string> => {
      const found = () => /^id: (\S+)$/m.exec(raw)?.[1];
      for (let tries = 0; tries < 2_000 && found() === undefined; tries += 1)
        await new Promise((r) => setTimeout(r, 20));
      return found() ?? '';
    },
  };
}

/** The id of the first event that a partner sees in this archive. */
async function oldest(): Promise<string> {
  const agency = follow('?after=0badcafe-1', tokens.as.agency);
  const [, first] = await agency.take(2);
  agency.leave();
  return first?.id ?? '';
}

function parse(message: string): Heard {
  const field = (name: string) =>
    message
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  return {
    id: field('id') ?? '',
    event: field('event') ?? '',
    data: JSON.parse(field('data') ?? '{}') as Heard['data'],
  };
}

const issued = { warningId: warningNo(1), version: 1, by: ann, submittedBy: ann };

describe('the live stream for partner agencies', () => {
  it('brings an issued warning within moments, without any officer’s id', async () => {
    const agency = follow('', tokens.as.agency);
    expect(await agency.status).toBe(200);
    const id = await publish('WarningIssued', { ...issued, content: { approvers: [ann] }, duressCode: 'x' });
    const [first] = await agency.take(1);
    agency.leave();
    expect(first).toMatchObject({ event: 'WarningIssued', data: { id, type: 'WarningIssued' } });
    expect(JSON.stringify(first?.data)).not.toContain('off_');
    expect(first?.data.data).toEqual({
      type: 'WarningIssued',
      incidentId: flood,
      warningId: warningNo(1),
      version: 1,
      content: { approvers: [] },
    });
  });

  it('never brings partners a draft, a hold, a proposal or a reply of the public, of any type that the house knows', async () => {
    const agency = follow('', tokens.as.agency);
    await agency.status;
    for (const { type } of samples()) await publish(type, {});
    const last = await publish('WarningCancelled', {});
    for (let tries = 0; tries < 2_000 && agency.heard.at(-1)?.data.id !== last; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    agency.leave();
    const types = new Set(agency.heard.map(({ event }) => event));
    expect([...types].filter((type) => !TYPES_FOR_PARTNERS.has(type))).toEqual([]);
    expect(types).toContain('WarningCancelled');
    for (const never of [
      'WarningDrafted',
      'WarningHeld',
      'WarningSubmitted',
      'InboundReceived',
      'ProposalReceived',
    ]) {
      expect(types).not.toContain(never);
    }
  });

  it('brings reviewers everything, with who acted', async () => {
    const reviewer = follow('', tokens.as.eve);
    await reviewer.status;
    await publish('WarningHeld', { by: ann, reason: 'waiting' });
    const [held] = await reviewer.take(1);
    reviewer.leave();
    expect(held).toMatchObject({ event: 'WarningHeld', data: { data: { by: ann } } });
  });

  it('goes on without a hole or a repeat where a reader left off, while others publish', async () => {
    const before = follow('', tokens.as.agency);
    await before.status;
    const ids: string[] = [];
    const publishing = (async () => {
      for (let n = 0; n < 60; n += 1) ids.push(await publish('WarningIssued', issued));
    })();
    const got = await before.take(10);
    before.leave();
    const after = follow('', { ...tokens.as.agency, 'last-event-id': got.at(-1)?.id ?? '' });
    await publishing;
    const rest = await after.take(50);
    after.leave();
    const all = [...got, ...rest].map(({ data }) => data.id);
    expect(new Set(all).size).toBe(60);
    expect([...all].sort()).toEqual([...ids].sort());
  });

  it('comes back to where it began when it was cut before it had heard of anything', async () => {
    const before = follow('', tokens.as.agency);
    const place = await before.place();
    before.leave();
    const id = await publish('WarningIssued', issued);
    await takenIn();
    const after = follow('', { ...tokens.as.agency, 'last-event-id': place });
    const [missed] = await after.take(1);
    after.leave();
    expect(missed?.data.id).toBe(id);
  });

  it('says that there is a gap when asked for a place in another archive, and gives all it has', async () => {
    const agency = follow('?after=0badcafe-7', tokens.as.agency);
    const [gap, oldest] = await agency.take(2);
    agency.leave();
    expect(gap).toMatchObject({ event: 'gap', data: { asked: '0badcafe-7' } });
    expect(oldest?.event).toBe('WarningIssued');
  });

  it('says that there is a gap when asked for a place that this archive has not reached: it was restored from a backup', async () => {
    const id = await oldest();
    const agency = follow(`?after=${id.split('-')[0]}-999999`, tokens.as.agency);
    const [gap, first] = await agency.take(2);
    agency.leave();
    expect(gap?.event).toBe('gap');
    expect(first?.id).toBe(id);
  });

  it('goes by what the reader’s own program remembers, which is newer than what stands in its address', async () => {
    const id = await oldest();
    const all = follow(`?after=0badcafe-1`, tokens.as.agency);
    const [, , second, third] = await all.take(4);
    all.leave();
    const agency = follow(`?after=${id}`, { ...tokens.as.agency, 'last-event-id': second?.id ?? '' });
    const [next] = await agency.take(1);
    agency.leave();
    expect(next?.id).toBe(third?.id);
    const empty = follow(`?after=${id}`, { ...tokens.as.agency, 'last-event-id': '' });
    const [after] = await empty.take(1);
    empty.leave();
    expect(after?.id).toBe(second?.id);
  });

  it('goes on past what is not JSON, for reviewers as for partners', async () => {
    const readers = [follow('', tokens.as.agency), follow('', tokens.as.eve)];
    await Promise.all(readers.map(({ status }) => status));
    const headers = {
      ...wrap(eventOf('WarningIssued', {}), 'incident-command', 'k').headers,
      ce_id: 'broken@1',
    };
    await stream.publish([{ topic: topics('exercise').warnings, key: 'k', value: '{"type":', headers }]);
    const id = await publish('WarningExpired', { warningId: warningNo(1) });
    for (const reader of readers) {
      const [first] = await reader.take(1);
      reader.leave();
      expect(first?.data.id).toBe(id);
    }
  });

  it('ends for an agency whose token was withdrawn, and goes on for the others', async () => {
    const withdrawn = follow('', tokens.as.former);
    const other = follow('', tokens.as.agency);
    await Promise.all([withdrawn.status, other.status]);
    await publish('WarningIssued', issued);
    await withdrawn.take(1);
    const rows = JSON.parse(readFileSync(tokens.file, 'utf8')) as { name: string }[];
    writeFileSync(tokens.file, JSON.stringify(rows.filter(({ name }) => name !== 'former')));
    // The book looks into its file once a second, when somebody asks, and so does each line with the book.
    for (let tries = 0; tries < 200; tries += 1) {
      const asks = follow('', tokens.as.former);
      const status = await asks.status;
      asks.leave();
      if (status === 401) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await publish('WarningIssued', issued);
    await other.take(2);
    await withdrawn.ended;
    other.leave();
    expect(withdrawn.heard).toHaveLength(1);
    expect(await follow('', tokens.as.former).status).toBe(401);
  });

  it('answers a question about its head without ever beginning', async () => {
    const answer = await fetch(`${server.url}/v1/events`, { method: 'HEAD', headers: tokens.as.agency });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect(await answer.text()).toBe('');
  });

  it('may not be kept by anybody on the way, and names the problem when it is refused', async () => {
    const leaving = new AbortController();
    const { headers } = await fetch(`${server.url}/v1/events`, {
      headers: tokens.as.agency,
      signal: leaving.signal,
    });
    leaving.abort();
    expect(headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(headers.get('x-accel-buffering')).toBe('no');
    const refused = await fetch(`${server.url}/v1/events?incident=flood`, { headers: tokens.as.agency });
    expect(await refused.json()).toMatchObject({ code: 'invalid-request', status: 400 });
  });

  it('of an agency that reads nothing delays nobody: the others have everything while it is stuck', async () => {
    const { port } = new URL(server.url);
    const stuck = connect({ port: Number(port), host: '127.0.0.1' });
    const { authorization } = tokens.as.agency;
    stuck.write(`GET /v1/events HTTP/1.1\r\nHost: larum\r\nAuthorization: ${authorization}\r\n\r\n`);
    await new Promise((resolve) => stuck.once('readable', resolve));
    stuck.pause();
    const quick = follow('', tokens.as.agency);
    await quick.status;
    const long = { ...issued, content: { note: 'x'.repeat(200_000) } };
    for (let n = 0; n < 40; n += 1) await publish('WarningIssued', long);
    await quick.take(40);
    quick.leave();
    stuck.destroy();
    expect(new Set(quick.heard.map(({ data }) => data.id)).size).toBe(40);
  }, 120_000);

  it('brings only the types and the incident that a reader asked for', async () => {
    const agency = follow(`?types=WarningCancelled&incident=${incidentNo(9)}`, tokens.as.agency);
    await agency.status;
    await publish('WarningIssued', issued, incidentNo(9));
    await publish('WarningCancelled', {}, incidentNo(8));
    const id = await publish('WarningCancelled', {}, incidentNo(9));
    const [only] = await agency.take(1);
    agency.leave();
    expect(only?.data.id).toBe(id);
  });

  it.each([
    ['without a token', {}, '', 401],
    ['with an author’s token', tokens.as.ann, '', 403],
    ['with a place that is not one', tokens.as.agency, '?after=yesterday', 400],
    ['with a type of event that never comes', tokens.as.agency, '?types=WarningIsued', 400],
    ['with an unknown wish', tokens.as.agency, '?since=1', 400],
  ])('refuses a reader %s', async (_, headers, query, status) => {
    const reader = follow(query, headers as Record<string, string>);
    expect(await reader.status).toBe(status);
    reader.leave();
  });
});
