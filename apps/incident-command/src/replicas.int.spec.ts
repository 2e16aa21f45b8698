import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, type Instant } from '#contracts';
import { parkedTopic } from '#stream';
import { flood, minute, update } from '#warning/testing';
import { ControlRoom } from './testing/control-room.js';

let one: ControlRoom;
let other: ControlRoom;
beforeAll(async () => {
  one = await ControlRoom.open();
  other = await ControlRoom.open(one);
  await one.accountsReported();
});
afterAll(async () => {
  await other.leave();
  await one.close();
});

const typesOf = async (id: string) =>
  (
    await one.test.db.query<{ type: string }>(
      'select type from incident_command.event where stream_id = $1 order by revision',
      [id],
    )
  ).map(({ type }) => type);
const reason = { reason: 'for a reason' };

describe('two replicas of the service', () => {
  it('are one service: written at one, approved at the other, cancelled at the first', async () => {
    const { id, hashes } = await one.submitted();
    expect((await other.post('bob', `/warnings/${id}/approve`, hashes)).status).toBe(202);
    expect((await one.post('ann', `/warnings/${id}/cancel`, reason)).status).toBe(202);
    expect((await other.get('bob', `/warnings/${id}`)).body['state']).toBe('cancelled');
  });

  it('issue a warning once when both are asked at the same moment, and publish it once each', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, hashes } = await one.submitted();
      const answers = await Promise.all([
        one.post('bob', `/warnings/${id}/approve`, hashes),
        other.post('dan', `/warnings/${id}/approve`, hashes),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
      expect(await typesOf(id)).toEqual(['WarningDrafted', 'WarningSubmitted', 'WarningIssued']);
      await one.until(async () => (await one.onTheStream(id)).length >= 3);
      expect((await one.onTheStream(id)).map(({ type }) => type)).toEqual([
        'WarningDrafted',
        'WarningSubmitted',
        'WarningIssued',
      ]);
    }
  });

  it('record an expiry once, though both watch the clock', async () => {
    const [row] = await one.test.db.query<{ now: Instant; soon: Instant }>(
      "select clock_timestamp() as now, clock_timestamp() + interval '1500 milliseconds' as soon",
    );
    const { now = minute(0), soon = minute(0) } = row ?? {};
    one.clock.at = now;
    const issued = await Promise.all(
      [1, 2, 3, 4].map(() => one.issued({ ...flood, expiresAt: soon, nextUpdateAt: soon })),
    );
    one.clock.at = minute(0);
    for (const { id } of issued) {
      await one.until(async () => (await typesOf(id)).includes('WarningExpired'));
      expect((await typesOf(id)).filter((type) => type === 'WarningExpired')).toHaveLength(1);
    }
    const [fact] = await one.test.db.query<{ actor: string; body: { by: string } }>(
      "select actor, body from incident_command.event where type = 'WarningExpired' limit 1",
    );
    expect(fact?.actor).toBe('/larum/incident-command');
    expect(fact?.body.by).toMatch(/^off_/);
  });

  it('do a request once that a caller sends to both', async () => {
    const incidentId = await one.incident();
    const key = { 'idempotency-key': 'to-both' };
    const token = one.tokens.ann;
    const body = { incidentId, content: {} };
    const headers = { ...key, authorization: `Bearer ${token}` };
    const first = await one.post(null, '/warnings', body, headers);
    // The other replica has tokens of its own in this test, for the same officer: the key is the officer's, not the token's.
    const second = await other.post('ann', '/warnings', body, key);
    expect(second.body).toEqual(first.body);
  });
});

describe('what the channels say', () => {
  it('is parked when it cannot be read, skipped when it is newer, and the rest is followed', async () => {
    const { id } = await one.issued();
    const { channels } = topics('exercise');
    const gate = {
      type: 'GateInForce',
      warningId: id,
      incidentId: `inc_${'1'.repeat(32)}`,
      channel: 'sms',
      because: 'version',
      version: 1,
    };
    await one.stream.publish(
      [
        'not JSON at all',
        { type: 'GateInForce', channel: 'sms' },
        { type: 'FromTheFuture' },
        { ...gate, at: minute(1) },
      ].map((value) => ({
        topic: channels,
        key: 'one key, one order',
        value: typeof value === 'string' ? value : JSON.stringify(value),
        headers: {},
      })),
    );
    const gates = async () =>
      (
        (await one.get('ann', `/warnings/${id}`)).body['channels'] as { channel: string; gates: unknown[] }[]
      ).find(({ channel }) => channel === 'sms')?.gates;
    await one.until(async () => (await gates())?.length === 1);
    const parked = await one.stream.read({
      topic: parkedTopic(channels),
      partition: 0,
      offset: 0n,
      limit: 10,
    });
    expect(parked.map(({ value }) => new TextDecoder().decode(value))).toEqual([
      'not JSON at all',
      '{"type":"GateInForce","channel":"sms"}',
    ]);
  });

  it('about a gate that is told twice counts from the first time', async () => {
    const { id } = await one.issued();
    const gate = {
      type: 'GateInForce',
      warningId: id,
      incidentId: `inc_${'1'.repeat(32)}`,
      channel: 'social',
      because: 'version',
      version: 1,
    };
    await one.tell([
      { ...gate, at: minute(5) },
      { ...gate, at: minute(2) },
      { ...gate, at: minute(9) },
      { ...gate, at: minute(1), channel: 'sms' },
    ]);
    const channels = async () =>
      (await one.get('ann', `/warnings/${id}`)).body['channels'] as { gates: { at: string }[] }[];
    await one.until(async () => (await channels()).every(({ gates }) => gates.length === 1));
    expect((await channels()).map(({ gates }) => gates[0]?.at)).toEqual([minute(1), minute(2)]);
  });

  it('about smaller limits counts from the next submission on', async () => {
    const [mastodonAccount] = (
      (await one.get('ann', '/accounts')).body['accounts'] as { accountId: string; channel: string }[]
    ).filter(({ channel }) => channel === 'social');
    const narrow = { ...mastodonAccount, type: 'AccountReported', at: minute(30), limits: { max: 40 } };
    await one.tell([narrow]);
    await one.until(async () => (await one.get('ann', '/accounts')).text.includes('"max":40'));
    const { id, revision } = await one.drafted();
    expect(await one.post('ann', `/warnings/${id}/submit`, { revision })).toMatchObject({
      status: 422,
      body: { code: 'text-does-not-fit' },
    });
    await one.tell([{ ...narrow, at: minute(31), limits: { max: 500 } }]);
    await one.until(async () => (await one.get('ann', '/accounts')).text.includes('"max":500'));
    expect((await one.post('ann', `/warnings/${id}/submit`, { revision })).status).toBe(200);
  });
});

describe('a list of warnings', () => {
  it('comes in pages, the newest first, and knows each one’s state', async () => {
    const incidentId = await one.incident();
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      ids.push(String((await one.post('ann', '/warnings', { incidentId, content: flood })).body['id']));
    }
    const page = async (query: string) =>
      (
        (await other.get('rita', `/warnings?incident=${incidentId}&limit=2${query}`)).body['warnings'] as {
          id: string;
        }[]
      ).map(({ id }) => id);
    const newest = ids.toReversed();
    expect(await page('')).toEqual(newest.slice(0, 2));
    expect(await page(`&before=${newest[1]}`)).toEqual(newest.slice(2, 4));
    expect(await page(`&before=${newest[3]}`)).toEqual(newest.slice(4));
    expect(await page('&state=issued')).toEqual([]);
  });

  it('shows a next version beside what the public sees', async () => {
    const { id } = await one.issued();
    await one.post('ann', `/warnings/${id}/versions`, { content: update });
    const { body } = await other.get('rita', '/warnings?limit=1');
    expect(body['warnings']).toMatchObject([
      { id, state: 'issued', shownVersion: 1, openVersion: 2, openState: 'draft', message: 'first' },
    ]);
  });

  it('refuses a filter that it does not know', async () => {
    expect(await one.get('rita', '/warnings?states=issued')).toMatchObject({
      status: 400,
      body: { code: 'unknown-field' },
    });
    expect(await one.get('rita', '/warnings?limit=0')).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });
});
