import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ControlRoom } from './testing/control-room.js';
import { flood } from '#warning/testing';

let room: ControlRoom;
beforeAll(async () => {
  room = await ControlRoom.open();
  await room.accountsReported();
});
afterAll(() => room.close());

describe('a flood warning', () => {
  it('is written by one officer, approved by another, and on the stream at once', async () => {
    const { id, revision } = await room.drafted();
    expect(await room.post('ann', `/warnings/${id}/submit`, { revision })).toMatchObject({
      status: 200,
      body: { version: 1, revision: 2 },
    });
    const hashes = await room.hashes(id);
    expect(await room.post('bob', `/warnings/${id}/approve`, hashes)).toMatchObject({
      status: 202,
      body: { id, version: 1, revision: 3 },
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
    expect(issued?.['content']).toEqual(flood);
  });
});
