import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { flood, update } from '#warning/testing';
import { ControlRoom } from './testing/control-room.js';

let room: ControlRoom;
beforeAll(async () => {
  room = await ControlRoom.open();
  await room.accountsReported();
});
afterAll(() => room.close());

const reason = { reason: 'for a reason' };
const typesOf = async (id: string) =>
  (
    await room.test.db.query<{ type: string }>(
      'select type from incident_command.event where stream_id = $1 order by revision',
      [id],
    )
  ).map(({ type }) => type);

describe('two officers at once', () => {
  it('who both approve issue it once, and both are told that it is out', async () => {
    for (let i = 0; i < 5; i += 1) {
      const { id, hashes } = await room.submitted();
      const answers = await Promise.all([
        room.post('bob', `/warnings/${id}/approve`, hashes),
        room.post('dan', `/warnings/${id}/approve`, hashes),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
      expect((await typesOf(id)).filter((type) => type === 'WarningIssued')).toHaveLength(1);
    }
  });

  it('of whom one approves and one rejects leave one decision', async () => {
    const { id, hashes } = await room.submitted();
    const answers = await Promise.all([
      room.post('bob', `/warnings/${id}/approve`, hashes),
      room.post('dan', `/warnings/${id}/reject`, reason),
    ]);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(1);
    expect((await typesOf(id)).length).toBe(3);
  });

  it('who save the same draft keep one text, and the other is told', async () => {
    const { id } = await room.drafted();
    const save = (contact: string) => ({ content: { ...flood, contact }, revision: 1 });
    const answers = await Promise.all([
      room.put('ann', `/warnings/${id}/draft`, save('101')),
      room.put('cat', `/warnings/${id}/draft`, save('999')),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await typesOf(id)).toEqual(['WarningDrafted', 'DraftEdited']);
  });

  it('of whom one cancels while the other saves an update again and again never lose the cancel', async () => {
    const { id } = await room.issued();
    const { body } = await room.post('ann', `/warnings/${id}/versions`, { content: update });
    let revision = Number(body['revision']);
    const saving = (async () => {
      for (let i = 0; i < 20; i += 1) {
        const saved = await room.put('ann', `/warnings/${id}/draft`, {
          content: { ...update, contact: String(i) },
          revision,
        });
        if (saved.status !== 200) return saved;
        revision = Number(saved.body['revision']);
      }
      return undefined;
    })();
    const cancelled = await room.post('bob', `/warnings/${id}/cancel`, reason);
    expect(cancelled.status).toBe(202);
    const lastSave = await saving;
    if (lastSave) expect(lastSave.status).toBe(409);
    expect((await typesOf(id)).at(-1)).toBe('WarningCancelled');
  });

  it('who cancel it cancel it once', async () => {
    const { id } = await room.issued();
    const answers = await Promise.all(
      ['bob', 'dan', 'ann'].map((by) => room.post(by as 'bob', `/warnings/${id}/cancel`, reason)),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect((await typesOf(id)).filter((type) => type === 'WarningCancelled')).toHaveLength(1);
  });
});

describe('what was read counts', () => {
  it('an approval of the text before the last change is refused, and names why', async () => {
    const { id, hashes } = await room.submitted();
    await room.post('dan', `/warnings/${id}/return`, reason);
    await room.put('ann', `/warnings/${id}/draft`, { content: { ...flood, contact: '101' }, revision: 3 });
    await room.post('ann', `/warnings/${id}/submit`, { revision: 4 });
    expect(await room.post('bob', `/warnings/${id}/approve`, hashes)).toMatchObject({
      status: 409,
      body: { code: 'changed-since-read' },
    });
    expect((await room.get('bob', `/warnings/${id}`)).body['state']).toBe('submitted');
    const { contentHash } = await room.hashes(id);
    expect(
      await room.post('bob', `/warnings/${id}/approve`, { contentHash, areaHash: 'a'.repeat(64) }),
    ).toMatchObject({
      status: 409,
      body: { code: 'changed-since-read' },
    });
  });
});

describe('a request that is sent again', () => {
  const key = (name: string) => ({ 'idempotency-key': name });

  it('is not done twice, and gets the first answer to the letter', async () => {
    const incidentId = await room.incident();
    const body = { incidentId, content: flood };
    const before = await room.facts();
    const first = await room.post('ann', '/warnings', body, key('draft-1'));
    const again = await room.post('ann', '/warnings', body, key('draft-1'));
    expect(again).toEqual(first);
    expect(await room.facts()).toBe(before + 1);
  });

  it('ten times at once is done once', async () => {
    const incidentId = await room.incident();
    const before = await room.facts();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        room.post('ann', '/warnings', { incidentId, content: {} }, key('storm')),
      ),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await room.facts()).toBe(before + 1);
  });

  it('after the state has moved on still gets the answer of its own time', async () => {
    const { id, hashes } = await room.submitted();
    const first = await room.post('bob', `/warnings/${id}/approve`, hashes, key('approve-1'));
    await room.post('ann', `/warnings/${id}/cancel`, reason);
    expect(await room.post('bob', `/warnings/${id}/approve`, hashes, key('approve-1'))).toEqual(first);
    const submitted = await room.drafted();
    const one = await room.post('ann', `/warnings/${submitted.id}/submit`, { revision: 1 }, key('submit-1'));
    expect(
      await room.post('ann', `/warnings/${submitted.id}/submit`, { revision: 1 }, key('submit-1')),
    ).toEqual(one);
    expect(one.status).toBe(200);
  });

  it('with its key and another body is refused', async () => {
    const incidentId = await room.incident();
    await room.post('ann', '/warnings', { incidentId, content: {} }, key('mixed'));
    const other = await room.post(
      'ann',
      '/warnings',
      { incidentId, content: { event: 'Flood' } },
      key('mixed'),
    );
    expect(other).toMatchObject({ status: 422, body: { code: 'key-reused' } });
    const elsewhere = await room.post('ann', `/warnings/wrn_${'0'.repeat(32)}/cancel`, reason, key('mixed'));
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'key-reused' } });
  });

  it('by another officer with the same key is another request', async () => {
    const incidentId = await room.incident();
    const [one, other] = [
      await room.post('ann', '/warnings', { incidentId, content: {} }, key('shared')),
      await room.post('cat', '/warnings', { incidentId, content: {} }, key('shared')),
    ];
    expect(one.body['id']).not.toBe(other.body['id']);
  });

  it('after it was refused may succeed: a refusal is not kept', async () => {
    const { id, hashes } = await room.submitted();
    const tooEarly = await room.post('ann', `/warnings/${id}/cancel`, reason, key('cancel-1'));
    expect(tooEarly.status).toBe(409);
    await room.post('bob', `/warnings/${id}/approve`, hashes);
    expect((await room.post('ann', `/warnings/${id}/cancel`, reason, key('cancel-1'))).status).toBe(202);
  });
});
