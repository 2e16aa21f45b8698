import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '#contracts';
import { areaHash, contentHash, type Approvable } from '#runtime';
import { allClear, flood, minute, update } from '#warning/testing';
import { ControlRoom, officer } from './testing/control-room.js';

let room: ControlRoom;
beforeAll(async () => {
  room = await ControlRoom.open();
  await room.accountsReported();
});
afterAll(() => room.close());

const reason = { reason: 'for a reason' };
type Version = {
  version: number;
  state: string;
  composed: { act: string; variant: string; parts: { text: string }[] }[];
};
const versionsOf = async (id: string) =>
  (await room.get('bob', `/warnings/${id}`)).body['versions'] as Version[];
const statesOf = async (id: string) => (await versionsOf(id)).map(({ state }) => state);

/** The next version of a warning, written by ann and approved by bob. */
async function next(id: string, content: object, acknowledged: object[] = []) {
  const opened = await room.post('ann', `/warnings/${id}/versions`, { content });
  await room.post('ann', `/warnings/${id}/submit`, { revision: opened.body['revision'], acknowledged });
  return room.post('bob', `/warnings/${id}/approve`, await room.hashes(id));
}

describe('a flood warning', () => {
  it('is written by one officer, approved by another, and on the stream at once', async () => {
    const { id, revision } = await room.drafted();
    expect(await room.post('ann', `/warnings/${id}/submit`, { revision })).toMatchObject({
      status: 200,
      body: { id, version: 1, revision: 2 },
    });
    const hashes = await room.hashes(id);
    expect(await room.post('bob', `/warnings/${id}/approve`, hashes)).toMatchObject({
      status: 202,
      body: { id, version: 1, revision: 3, warningState: 'issued', openVersion: null, openState: null },
    });
    await room.until(async () => (await room.onTheStream(id)).length === 3);
    const issued = (await room.onTheStream(id)).at(-1);
    expect(issued).toMatchObject({
      type: 'WarningIssued',
      version: 1,
      supersedes: null,
      ...hashes,
      mode: 'exercise',
    });
    expect(issued).toMatchObject({ by: officer('bob'), submittedBy: officer('ann'), content: flood });
  });

  it('reaches the channels with the very hashes that they compute from the JSON they receive', async () => {
    const { id, hashes } = await room.issued();
    await room.until(async () => (await room.onTheStream(id)).length === 3);
    const issued = (await room.onTheStream(id)).at(-1) as unknown as Approvable & {
      content: { area: unknown };
    };
    expect({ contentHash: contentHash(issued), areaHash: areaHash(issued.content.area) }).toEqual(hashes);
  });

  it('shows the approver every text, and the text that would withdraw it', async () => {
    const { id } = await room.submitted();
    const [version] = await versionsOf(id);
    expect(version?.composed.map(({ act, variant }) => `${act} ${variant}`)).toEqual([
      'issue first',
      'cancel alone',
      'issue first',
      'cancel alone',
    ]);
    const text = version?.composed[0]?.parts[0]?.text ?? '';
    expect(text).toMatch(/^EXERCISE/);
    expect(text).toContain('Move upstairs or to higher ground now.');
  });

  it('with a caution is submitted when its author says why it may stand, and the approver reads it', async () => {
    const { nextUpdateAt: _, ...content } = flood;
    const { id, revision } = await room.drafted(content);
    const refused = await room.post('ann', `/warnings/${id}/submit`, { revision });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'must-be-acknowledged',
        rules: ['next-update-missing'],
        findings: [{ field: 'nextUpdateAt' }],
      },
    });
    const acknowledged = [{ rule: 'next-update-missing', reason: 'the gauge is read at dawn' }];
    const done = await room.post('ann', `/warnings/${id}/submit`, { revision, acknowledged });
    expect(done).toMatchObject({ status: 200, body: { revision: 2 } });
    const { body } = await room.get('bob', `/warnings/${id}`);
    expect(body['versions']).toMatchObject([{ acknowledged: [{ ...acknowledged[0], by: officer('ann') }] }]);
    await room.post('bob', `/warnings/${id}/approve`, await room.hashes(id));
    expect((await room.get('brigade', `/warnings/${id}`)).text).not.toContain('dawn');
    await room.until(async () => (await room.onTheStream(id)).length === 3);
    expect((await room.onTheStream(id))[1]).toMatchObject({ type: 'WarningSubmitted', acknowledged });
  });

  it.each([
    ['a rule that there is not', [{ rule: 'sounds-wrong', reason: 'x' }]],
    ['a rule that refuses', [{ rule: 'placeholder', reason: 'x' }]],
    ['no reason', [{ rule: 'impact-missing', reason: ' ' }]],
    ['a rule twice', [1, 2].map(() => ({ rule: 'impact-missing', reason: 'x' }))],
  ])('is not submitted by acknowledging %s', async (_, acknowledged) => {
    const { id, revision } = await room.drafted();
    expect(await room.post('ann', `/warnings/${id}/submit`, { revision, acknowledged })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });

  it('is returned, mended, held and approved', async () => {
    const { id, revision } = await room.submitted();
    expect(await room.post('bob', `/warnings/${id}/return`, reason)).toMatchObject({
      status: 200,
      body: {
        warningState: 'returned',
        openState: 'returned',
        follows: expect.stringContaining('submit it again'),
      },
    });
    const saved = await room.put('cat', `/warnings/${id}/draft`, {
      content: { ...flood, contact: '101' },
      revision: revision + 1,
    });
    expect(saved).toMatchObject({ status: 200, body: { revision: revision + 2 } });
    await room.post('ann', `/warnings/${id}/submit`, { revision: revision + 2 });
    expect(await room.post('dan', `/warnings/${id}/hold`, { ...reason, until: minute(30) })).toMatchObject({
      status: 200,
    });
    expect(await statesOf(id)).toEqual(['held']);
    expect(await room.post('bob', `/warnings/${id}/approve`, await room.hashes(id))).toMatchObject({
      status: 202,
    });
    expect(await statesOf(id)).toEqual(['issued']);
  });

  it('is rejected for good', async () => {
    const { id } = await room.submitted();
    expect(await room.post('bob', `/warnings/${id}/reject`, reason)).toMatchObject({
      status: 200,
      body: {
        warningState: 'rejected',
        openVersion: null,
        follows: expect.stringContaining('nothing of it is sent'),
      },
    });
    expect(await statesOf(id)).toEqual(['rejected']);
    expect((await room.get('ann', '/warnings?state=rejected')).text).toContain(id);
  });

  it('is updated and cleared beside the version that the public sees', async () => {
    const { id } = await room.issued();
    expect(await next(id, update)).toMatchObject({ status: 202, body: { version: 2 } });
    const second = (await versionsOf(id))[1];
    expect(second?.composed.map(({ act, variant }) => `${act} ${variant}`).slice(0, 3)).toEqual([
      'issue thread',
      'issue alone',
      'cancel alone',
    ]);
    expect(await next(id, allClear)).toMatchObject({ status: 202, body: { version: 3 } });
    expect(await statesOf(id)).toEqual(['superseded', 'cleared', 'issued']);
    await room.until(async () => (await room.onTheStream(id)).length === 11);
    const last = (await room.onTheStream(id)).slice(-2);
    expect(last).toMatchObject([
      { type: 'WarningIssued', version: 3, supersedes: 2 },
      { type: 'WarningSuperseded', version: 2, byVersion: 3, cleared: true },
    ]);
  });

  it('is cancelled by one person in one act, which ends the update that was being written', async () => {
    const { id } = await room.issued();
    const { body } = await room.post('ann', `/warnings/${id}/versions`, { content: update });
    expect(body).toMatchObject({ version: 2, warningState: 'issued', openVersion: 2, openState: 'draft' });
    expect(body).not.toHaveProperty('state'); // it would read as the state of version 2
    expect(await room.post('ann', `/warnings/${id}/cancel`, reason)).toMatchObject({
      status: 202,
      body: {
        version: 1,
        warningState: 'cancelled',
        openVersion: null,
        follows: expect.stringContaining('in force'),
      },
    });
    expect(await statesOf(id)).toEqual(['cancelled', 'abandoned']);
    await room.until(async () => (await room.onTheStream(id)).length === 5);
    expect((await room.onTheStream(id)).at(-1)).toMatchObject({
      type: 'WarningCancelled',
      abandonedDraft: 2,
      expiresAt: minute(24 * 60),
    });
  });

  it('is recorded as expired when its time has come by the database’s clock, and can be cancelled after it', async () => {
    const [row] = await room.test.db.query<{ now: Instant; soon: Instant }>(
      "select clock_timestamp() as now, clock_timestamp() + interval '1 second' as soon",
    );
    const { now = minute(0), soon = minute(0) } = row ?? {};
    room.clock.at = now;
    const { id } = await room.issued({ ...flood, expiresAt: soon, nextUpdateAt: soon });
    await room.until(async () => (await statesOf(id))[0] === 'expired', 10_000);
    expect(
      (await room.onTheStream(id)).filter(({ type }) => type === 'WarningExpired').length,
    ).toBeLessThanOrEqual(1);
    expect(await room.post('bob', `/warnings/${id}/cancel`, reason)).toMatchObject({ status: 202 });
    expect(await statesOf(id)).toEqual(['cancelled']);
    room.clock.at = minute(0);
  });
});

describe('after a warning has ended', () => {
  it('a cancelled one is issued anew as a version that replaces nothing, approved by a second officer', async () => {
    const { id } = await room.issued();
    await room.post('bob', `/warnings/${id}/cancel`, reason);
    const why = [{ rule: 'after-cancel', reason: 'it was cancelled in error' }];
    expect(await next(id, update, why)).toMatchObject({ status: 202, body: { version: 2 } });
    expect(await statesOf(id)).toEqual(['cancelled', 'issued']);
    await room.until(async () => (await room.onTheStream(id)).length === 7);
    expect((await room.onTheStream(id)).at(-1)).toMatchObject({
      type: 'WarningIssued',
      version: 2,
      supersedes: null,
    });
    expect(await room.post('ann', `/warnings/${id}/cancel`, reason)).toMatchObject({
      status: 202,
      body: { version: 2 },
    });
    expect(await statesOf(id)).toEqual(['cancelled', 'cancelled']);
  });

  it('a cancelled one is not cancelled twice: the second officer hears that it is done, and nothing is recorded', async () => {
    const { id } = await room.issued();
    const first = await room.post('bob', `/warnings/${id}/cancel`, reason);
    const before = await room.facts();
    expect(await room.post('ann', `/warnings/${id}/cancel`, reason)).toMatchObject({
      status: 202,
      body: first.body,
    });
    expect(await room.facts()).toBe(before);
  });

  it('one that only the list calls over is not: the rules go by the warning’s own expiry, and an update still replaces it', async () => {
    const { id } = await room.issued();
    room.clock.at = minute(121);
    const [row] = await room.test.db.query<{ n: bigint }>(
      `update incident_command.warning_row set ends_at = '2020-01-01' where warning_id = $1 returning 1::bigint as n`,
      [id],
    );
    expect(row?.n).toBe(1n);
    // The database's clock has not reached the year of the tests: the rules say so, and nothing is recorded.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await statesOf(id)).toEqual(['issued']);
    expect(await next(id, { ...update, nextUpdateAt: minute(180) })).toMatchObject({ status: 202 });
    expect(await statesOf(id)).toEqual(['superseded', 'issued']);
    room.clock.at = minute(0);
  });

  it('one whose time was up is withdrawn, updated and cleared like any other', async () => {
    const [row] = await room.test.db.query<{ now: Instant; soon: Instant }>(
      "select clock_timestamp() as now, clock_timestamp() + interval '1 second' as soon",
    );
    const { now = minute(0), soon = minute(0) } = row ?? {};
    room.clock.at = now;
    const { id } = await room.issued({ ...flood, expiresAt: soon, nextUpdateAt: soon });
    room.clock.at = minute(0);
    await room.until(async () => (await statesOf(id))[0] === 'expired', 10_000);
    expect(await next(id, update)).toMatchObject({ status: 202, body: { version: 2 } });
    expect(await statesOf(id)).toEqual(['expired', 'issued']);
    const shown = (await room.get('bob', `/warnings/${id}`)).body['versions'] as {
      supersedes: number | null;
    }[];
    expect(shown[1]?.supersedes).toBe(1);
    expect(await next(id, allClear)).toMatchObject({ status: 202, body: { version: 3 } });
    expect(await statesOf(id)).toEqual(['expired', 'cleared', 'issued']);
  });
});

describe('a decision that is put off', () => {
  it('is put off again and again, each time with a reason and a time, and still decided', async () => {
    const { id } = await room.submitted();
    for (const until of [5, 10, 20]) {
      expect(
        await room.post('bob', `/warnings/${id}/hold`, { reason: `until ${until}`, until: minute(until) }),
      ).toMatchObject({ status: 200 });
    }
    const [version] = (await room.get('ann', `/warnings/${id}`)).body['versions'] as {
      history: { reason?: string; until?: string }[];
    }[];
    expect(version?.history.slice(2).map(({ reason: why, until }) => [why, until])).toEqual([
      ['until 5', minute(5)],
      ['until 10', minute(10)],
      ['until 20', minute(20)],
    ]);
    expect(await room.post('dan', `/warnings/${id}/return`, reason)).toMatchObject({ status: 200 });
    expect(await statesOf(id)).toEqual(['returned']);
  });

  it('for no named time is put off for a quarter of an hour: a hold without an end is forgotten', async () => {
    const { id } = await room.submitted();
    await room.post('bob', `/warnings/${id}/hold`, reason);
    const [version] = (await room.get('ann', `/warnings/${id}`)).body['versions'] as {
      history: { until?: string }[];
    }[];
    expect(version?.history.at(-1)?.until).toBe(minute(15));
  });

  it('keeps the hashes, so that what was read before the hold is what is approved after it', async () => {
    const { id, hashes } = await room.submitted();
    await room.post('bob', `/warnings/${id}/hold`, reason);
    expect(await room.hashes(id)).toEqual(hashes);
    expect(await room.post('bob', `/warnings/${id}/approve`, hashes)).toMatchObject({ status: 202 });
  });

  it('of an update leaves what the public sees as it is, and is ended by a cancel', async () => {
    const { id } = await room.issued();
    const opened = await room.post('ann', `/warnings/${id}/versions`, { content: update });
    await room.post('ann', `/warnings/${id}/submit`, { revision: opened.body['revision'] });
    await room.post('bob', `/warnings/${id}/hold`, reason);
    expect(await statesOf(id)).toEqual(['issued', 'held']);
    await room.post('ann', `/warnings/${id}/cancel`, reason);
    expect(await statesOf(id)).toEqual(['cancelled', 'abandoned']);
  });
});

describe('an all-clear that leaves out a channel of the warning', () => {
  it('is submitted when somebody says why, and the approver reads whom it leaves with the old words', async () => {
    const { id } = await room.issued();
    const content = { ...allClear, channels: ['social'] };
    const { body } = await room.post('ann', `/warnings/${id}/versions`, { content });
    const revision = Number(body['revision']);
    const refused = await room.post('ann', `/warnings/${id}/submit`, { revision });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'must-be-acknowledged', rules: ['channel-dropped'], findings: [{ field: 'channels' }] },
    });
    expect(refused.body['detail']).toContain(
      'Version 1 went out by text message, and this all clear does not',
    );
    const acknowledged = [
      { rule: 'channel-dropped', reason: 'the gateway is down, wardens go from door to door' },
    ];
    await room.post('ann', `/warnings/${id}/submit`, { revision, acknowledged });
    const [, version] = (await room.get('bob', `/warnings/${id}`)).body['versions'] as object[];
    expect(version).toMatchObject({
      state: 'submitted',
      acknowledged: [
        { ...acknowledged[0], said: [expect.stringContaining('would never hear that it is over')] },
      ],
    });
  });
});

describe('a correction', () => {
  it('replaces what was wrong, and says what it was', async () => {
    const { id } = await room.issued();
    const english = { ...flood.texts['en-GB'], correction: 'We said Canal Road. It is Canal Street.' };
    const content = { ...update, message: 'correction', texts: { 'en-GB': english } };
    expect(await next(id, content)).toMatchObject({ status: 202, body: { version: 2 } });
    const [, second] = await versionsOf(id);
    const thread =
      second?.composed.filter(({ act, variant }) => act === 'issue' && variant === 'thread') ?? [];
    expect(thread.length).toBeGreaterThan(0);
    expect(thread.flatMap(({ parts }) => parts.map(({ text }) => text)).join(' ')).toContain('Canal Road');
  });
});

describe('the state on each channel', () => {
  it('says where a cancel is in force, and when a silent channel was last heard from', async () => {
    const { id } = await room.issued();
    await room.post('bob', `/warnings/${id}/cancel`, reason);
    const { body } = await room.get('ann', `/warnings/${id}`);
    await room.tell([
      {
        type: 'GateInForce',
        warningId: id,
        incidentId: body['incidentId'],
        channel: 'sms',
        at: minute(3),
        because: 'cancel',
        version: 1,
      },
    ]);
    const channels = async () =>
      (await room.get('ann', `/warnings/${id}`)).body['channels'] as {
        channel: string;
        gates: unknown[];
        lastHeardAt: string;
      }[];
    await room.until(async () => (await channels()).some(({ gates }) => gates.length > 0));
    expect(await channels()).toEqual([
      { channel: 'sms', gates: [{ because: 'cancel', version: 1, at: minute(3) }], lastHeardAt: minute(3) },
      { channel: 'social', gates: [], lastHeardAt: minute(0) },
    ]);
  });

  it('keeps an account’s newest limits, whatever order they arrive in', async () => {
    const account = {
      accountId: `acc_${'7'.repeat(32)}`,
      channel: 'email',
      platform: 'email',
      name: 'Mail',
      languages: ['en-GB'],
      kind: 'sender',
    };
    await room.tell([
      { type: 'AccountReported', at: minute(9), ...account, limits: { max: 900 } },
      { type: 'AccountReported', at: minute(1), ...account, limits: { max: 100 } },
      {
        type: 'AccountHealthReported',
        at: minute(9),
        accountId: account.accountId,
        channel: 'email',
        health: 'broken',
        detail: 'no route',
      },
    ]);
    const mail = async () =>
      (
        (await room.get('rita', '/accounts')).body['accounts'] as {
          name: string;
          limits: unknown;
          health: unknown;
        }[]
      ).find(({ name }) => name === 'Mail');
    await room.until(async () => (await mail())?.health !== undefined && (await mail())?.health !== null);
    expect(await mail()).toMatchObject({
      limits: { max: 900 },
      health: { state: 'broken', detail: 'no route' },
    });
  });
});

describe('an incident', () => {
  it('is opened, listed, and shows its warnings', async () => {
    const id = await room.incident();
    const warning = await room.post('ann', '/warnings', { incidentId: id, content: {} });
    expect(await room.get('rita', `/incidents/${id}`)).toMatchObject({
      status: 200,
      body: { id, type: 'flood', name: 'River Goyt', warnings: [{ id: warning.body['id'], state: 'draft' }] },
    });
    expect((await room.get('rita', '/incidents')).text).toContain(id);
    expect((await room.get('rita', `/warnings?incident=${id}`)).body['warnings']).toHaveLength(1);
  });
});
