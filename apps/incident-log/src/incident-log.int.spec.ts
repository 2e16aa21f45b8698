import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allTopics, topics, TYPES_FOR_PARTNERS, type RecordedEvent, wrap } from '#contracts';
import { ann, eve, flood, incidentNo, warningNo } from '#contracts/testing';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { HealthRegistry, silentLog, startHttp, type HttpServer } from '#runtime';
import { testTokens } from '#runtime/testing';
import { newStream, type EventStream } from '#stream';
import { IncidentLogModule } from './incident-log.module.js';
import { floodStory } from './testing/flood-story.js';

const tokens = testTokens({
  ann: { id: ann, roles: ['author'] },
  eve: { id: eve, roles: ['reviewer'] },
  agency: { id: 'off_000000000000000000000000000000f0' as typeof ann, roles: ['partner'] },
});
let test: TestDatabase;
let stream: EventStream;
let server: HttpServer;

beforeAll(async () => {
  test = await testDatabase();
  stream = newStream({ db: test.db, log: silentLog, clientId: 'test' });
  await stream.ensureTopics(allTopics('exercise'));
  const parts = {
    mode: 'exercise' as const,
    db: test.db,
    stream,
    tokens: tokens.book,
    health: new HealthRegistry(),
    log: silentLog,
  };
  server = await startHttp(IncidentLogModule.register(parts), {
    name: 'incident-log',
    port: 0,
    log: silentLog,
  });
});
afterAll(async () => {
  await server.close();
  await stream.close();
  await test.close();
  tokens.close();
});

async function get(path: string, headers: Record<string, string> = tokens.as.eve) {
  const answer = await fetch(`${server.url}${path}`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function publish(order: readonly number[]): Promise<void> {
  for (const n of order) {
    const kept = floodStory[n];
    if (kept === undefined) throw new Error(`no event ${n}`);
    const event: RecordedEvent = {
      ...kept,
      position: BigInt(n),
      actor: 'test',
      traceparent: null,
      body: { ...(JSON.parse(kept.value) as object), incidentId: flood },
    };
    const topic =
      kept.source === '/larum/incident-command' ? topics('exercise').warnings : topics('exercise').deliveries;
    await stream.publish([{ topic, ...wrap(event, kept.source.replace('/larum/', ''), kept.streamId) }]);
  }
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 1_600; tries += 1) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('nothing came within 40 s');
}

describe('incident-log', () => {
  it('answers timeline and report from what the house published, in whatever order and however often', async () => {
    const all = floodStory.map((_, n) => n);
    await publish([...all.toReversed(), ...all]);
    const { body } = await until(async () => {
      const answer = await get(`/v1/incidents/${flood}/timeline`);
      const events = answer.body['events'] as unknown[] | undefined;
      return events?.length === floodStory.length ? answer : undefined;
    });
    const says = (body['events'] as { says: string }[]).map((event) => event.says);
    expect(says[0]).toContain('incident opened: Wainfleet flood');
    expect(says.at(-1)).toContain('the withdrawal is in force on text message');

    const report = await get(`/v1/warnings/${warningNo(1)}/report`);
    expect(report.body).toMatchObject({
      warningId: warningNo(1),
      versions: [{ version: 1, ended: { how: 'cancelled' } }],
      cancel: { reason: 'sent in error' },
    });
  });

  it('answers an author as well as a reviewer, and nobody without a token', async () => {
    expect((await get(`/v1/incidents/${flood}/timeline`, tokens.as.ann)).status).toBe(200);
    const { status, body } = await get(`/v1/incidents/${flood}/timeline`, {});
    expect([status, body['code']]).toEqual([401, 'no-token']);
  });

  it('shows a partner agency what went out and how far it got, without drafts, holds, replies or officers', async () => {
    const own = await get(`/v1/incidents/${flood}/timeline`);
    expect(JSON.stringify(own.body)).toMatch(/WarningDrafted.*off_/s);
    const { status, body } = await get(`/v1/incidents/${flood}/timeline`, tokens.as.agency);
    const events = body['events'] as { type: string; body: unknown }[];
    expect(status).toBe(200);
    expect(events.map(({ type }) => type)).toContain('WarningIssued');
    expect(events.filter(({ type }) => !TYPES_FOR_PARTNERS.has(type))).toEqual([]);
    expect(JSON.stringify(body)).not.toMatch(/off_[0-9a-f]/);

    const report = await get(`/v1/warnings/${warningNo(1)}/report`, tokens.as.agency);
    expect(report.body).toMatchObject({ versions: [{ version: 1, ended: { how: 'cancelled' } }] });
    expect(JSON.stringify(report.body)).not.toMatch(/off_[0-9a-f]/);
  });

  it('says so when it holds nothing', async () => {
    expect(await get(`/v1/incidents/${incidentNo(77)}/timeline`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
  });

  it.each([
    ['/v1/warnings/wrn_123/report', 'warningId', 'expected a WarningId, such as wrn_0192…'],
    ['/v1/incidents/flood/timeline', 'incidentId', 'expected an IncidentId, such as inc_0192…'],
  ])('names the id in the address that is none: %s', async (address, field, message) => {
    expect(await get(address)).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', detail: `${field}: ${message}`, fields: [{ field, message }] },
    });
  });
});
