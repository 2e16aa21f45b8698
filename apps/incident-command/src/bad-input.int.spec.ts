import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newToken } from '#runtime';
import { flood, minute, update } from '#warning/testing';
import { ControlRoom, type Person } from './testing/control-room.js';

let room: ControlRoom;
let incidentId: string;
beforeAll(async () => {
  room = await ControlRoom.open();
  await room.accountsReported();
  incidentId = await room.incident();
});
afterAll(() => room.close());

const draft = (content: object) => ({ incidentId, content });
const text = (change: object) => ({ ...flood, texts: { 'en-GB': { ...flood.texts['en-GB'], ...change } } });
const ring = (...corners: number[][]) => ({
  ...flood.area,
  geometry: { type: 'MultiPolygon', coordinates: [[corners]] },
});
const reason = { reason: 'for a reason' };
const picture = { sha256: 'a'.repeat(64), mediaType: 'image/png', alt: { 'en-GB': 'A map of the river' } };

/** Refused with this status and code, in a sentence of its own, and nothing recorded. */
async function refused(
  ask: () => Promise<{ status: number; body: Record<string, unknown> }>,
  status: number,
  code: string,
) {
  const before = await room.facts();
  const answer = await ask();
  expect(answer).toMatchObject({ status, body: { code, status, type: `/docs/problems#${code}` } });
  expect(String(answer.body['detail']).length).toBeGreaterThan(20);
  expect(await room.facts()).toBe(before);
  return answer.body;
}

describe('a request that cannot be read is refused, and nothing is recorded', () => {
  it.each([
    ['an unknown field', () => ({ ...draft(flood), sendNow: true }), 'unknown-field'],
    [
      'an unknown field deep in the content',
      () => draft(text({ guidnace: 'Move upstairs.' })),
      'unknown-field',
    ],
    ['a bell in the guidance', () => draft(text({ guidance: 'Move \u0007 upstairs' })), 'control-characters'],
    [
      'a character that no database keeps',
      () => draft(text({ guidance: 'Move\u0000' })),
      'control-characters',
    ],
    ['half a character', () => draft(text({ guidance: 'Move \ud83d' })), 'control-characters'],
    [
      'a field whose name has a control character',
      () => draft(text({ overrides: { 'sm\u0000s': 'x' } })),
      'control-characters',
    ],
    [
      'an empty area',
      () => draft({ ...flood, area: { ...flood.area, geometry: { type: 'MultiPolygon', coordinates: [] } } }),
      'wrong-area',
    ],
    [
      'an area that is not closed',
      () => draft({ ...flood, area: ring([0, 0], [1, 0], [1, 1], [0, 1]) }),
      'wrong-area',
    ],
    [
      'an area off the map',
      () => draft({ ...flood, area: ring([0, 0], [181, 0], [1, 1], [0, 0]) }),
      'wrong-area',
    ],
    [
      'a point for an area',
      () => draft({ ...flood, area: { ...flood.area, geometry: { type: 'Point', coordinates: [0, 0] } } }),
      'wrong-area',
    ],
    ['a word for the severity', () => draft({ ...flood, severity: 'Bad' }), 'invalid-request'],
    ['a local time', () => draft({ ...flood, expiresAt: '2126-11-21T12:00' }), 'invalid-request'],
    [
      'a year that never was',
      () => draft({ ...flood, expiresAt: '0000-06-01T00:00:00Z' }),
      'invalid-request',
    ],
    ['an empty text', () => draft(text({ guidance: '  ' })), 'invalid-request'],
    ['a script for a link', () => draft({ ...flood, link: 'javascript:alert(1)' }), 'invalid-request'],
    [
      'a link with a space in it, which would lead nowhere',
      () => draft({ ...flood, link: 'https://www.gov.uk/check flood' }),
      'invalid-request',
    ],
    [
      'a link that reads as one address and leads to another',
      () => draft({ ...flood, link: 'https://www.gov.uk@example.org/flood' }),
      'invalid-request',
    ],
    ['no incident', () => ({ content: flood }), 'invalid-request'],
    ['a list', () => [], 'invalid-request'],
  ])('%s', async (_, body, code) => {
    await refused(() => room.post('ann', '/warnings', body()), 400, code);
  });

  it('broken JSON', () => refused(() => room.post('ann', '/warnings', '{"incidentId":'), 400, 'not-json'));
  it('a body nested ten thousand deep', async () => {
    const content = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    await refused(() => room.post('ann', '/warnings', `{"content":${content}}`), 400, 'too-deep');
    await refused(
      () => room.put('ann', `/warnings/wrn_${'0'.repeat(32)}/draft`, `{"content":${content}}`),
      400,
      'too-deep',
    );
  });
  it('more than a megabyte', () =>
    refused(() => room.post('ann', '/warnings', `"${'x'.repeat(1_048_577)}"`), 413, 'too-large'));
  it('less than a megabyte, and still more than the stream carries: it would keep every later warning back', async () => {
    const corners = Array.from({ length: 39_996 }, (_, n) => {
      const turn = (n / 39_996) * 2 * Math.PI;
      return [-2 + Math.cos(turn) / 2, 53 + Math.sin(turn) / 2].map((at) => Number(at.toFixed(7)));
    });
    const rings = [0, 1, 2, 3].map((part) => corners.slice(part * 9_999, (part + 1) * 9_999));
    const coordinates = rings.map((open) => [[...open, open[0]]]);
    const area = { ...flood.area, geometry: { type: 'MultiPolygon', coordinates } };
    await refused(() => room.post('ann', '/warnings', draft({ ...flood, area })), 422, 'too-large-to-send');
    const { id } = await room.issued();
    await room.until(async () => (await room.onTheStream(id)).length === 3);
  });
  it.each([
    ['/warnings/wrn_1/cancel', 'warningId', 'expected a WarningId, such as wrn_0192…'],
    ['/proposals/itm_1/confirm', 'itemId', 'expected an ItemId, such as itm_0192…'],
  ])('an id in the address that is none is named by its place there: %s', async (at, field, message) => {
    const body = await refused(() => room.post('ann', at, reason), 400, 'invalid-request');
    expect(body).toMatchObject({ detail: `${field}: ${message}`, fields: [{ field, message }] });
  });
  it('a POST without an Idempotency-Key', () =>
    refused(
      () => room.post('ann', '/warnings', draft(flood), { 'idempotency-key': '' }),
      400,
      'idempotency-key-missing',
    ));
});

describe('a draft that is not fit to go out is refused at submission', () => {
  const without = (field: keyof typeof flood) => {
    const { [field]: _, ...rest } = flood;
    return rest;
  };
  it.each([
    ['without an expiry', () => without('expiresAt'), 'expiry-missing'],
    ['without an area', () => without('area'), 'area-missing'],
    ['without its texts and its channels', () => ({ ...without('texts'), channels: undefined }), 'not-whole'],
    [
      'with an area that crosses itself',
      () => ({ ...flood, area: ring([0, 0], [3, 2], [3, 0], [0, 1], [0, 0]) }),
      'broken-area',
    ],
    [
      'with an area that is a line',
      () => ({ ...flood, area: ring([0, 0], [1, 1], [2, 2], [0, 0]) }),
      'broken-area',
    ],
    [
      'that expired an hour ago',
      () => ({ ...flood, expiresAt: minute(-60), nextUpdateAt: undefined }),
      'already-expired',
    ],
    [
      'that ends before it begins',
      () => ({ ...flood, effectiveAt: minute(130) }),
      'expires-before-effective',
    ],
    [
      'that promises an update after its end',
      () => ({ ...flood, nextUpdateAt: minute(130) }),
      'next-update-after-expiry',
    ],
    [
      'that promises an update for a time gone by',
      () => ({ ...flood, nextUpdateAt: minute(-1) }),
      'next-update-in-the-past',
    ],
    [
      'for an account that nobody reported',
      () => ({ ...flood, accounts: [`acc_${'9'.repeat(32)}`] }),
      'unknown-account',
    ],
    [
      'for an account of a channel that was not chosen',
      () => ({ ...flood, channels: ['sms'], accounts: [`acc_${'3'.repeat(32)}`] }),
      'account-without-channel',
    ],
    [
      'for a channel that nobody reported',
      () => ({ ...flood, channels: ['social', 'email'] }),
      'channel-without-account',
    ],
    [
      'with an area across the 180° meridian, which every channel would refuse',
      () => ({ ...flood, area: ring([179, 53], [-179, 53], [-179, 54], [179, 53]) }),
      'broken-area',
    ],
    ['with a picture, which no channel takes', () => ({ ...flood, media: [picture] }), 'pictures-not-taken'],
    [
      'with a text for a platform that is misspelt',
      () => text({ overrides: { mastadon: 'Move upstairs.' } }),
      'unknown-platform',
    ],
    ['with a slot that waits to be filled', () => text({ place: 'Near [PLACE]' }), 'wording-refused'],
    [
      'with an area whose latitudes and longitudes are changed over',
      () => ({ ...flood, area: ring([53.31, -2.01], [53.31, -1.95], [53.35, -1.95], [53.31, -2.01]) }),
      'must-be-acknowledged',
    ],
    ['whose impact nobody says', () => text({ impact: '' }), 'must-be-acknowledged'],
    ['on social media alone', () => ({ ...flood, channels: ['social'] }), 'must-be-acknowledged'],
    [
      'whose guidance fits no platform',
      () => text({ guidance: `Go ${'and go on '.repeat(180)}.` }),
      'text-does-not-fit',
    ],
  ])('%s', async (_, content, code) => {
    const { id, revision } = await room.drafted(JSON.parse(JSON.stringify(content())) as object);
    expect(revision).toBe(1);
    await refused(() => room.post('ann', `/warnings/${id}/submit`, { revision }), 422, code);
  });
});

describe('the wrong person is refused', () => {
  it.each<[Person | null, string, string, object]>([
    [null, 'POST', '/warnings', {}],
    [null, 'GET', '/warnings', {}],
    [null, 'GET', '/accounts', {}],
    [null, 'POST', '/cap', {}],
  ])('%s may not %s %s without a token', async (by, method, at, body) => {
    const answer = await room.ask(by, method, at, method === 'GET' ? undefined : body);
    expect([401, 415]).toContain(answer.status);
  });

  it('with a token of the other world', async () => {
    const authorization = `Bearer ${newToken('live')}`;
    await refused(
      () => room.post(null, '/warnings', draft(flood), { authorization }),
      401,
      'token-of-the-other-world',
    );
  });

  it.each<[Person, string, object]>([
    ['bob', '/incidents', { type: 'flood', name: 'x', leadAgency: 'y' }],
    ['bob', '/warnings', {}],
    ['rita', '/warnings', {}],
    ['brigade', '/warnings', {}],
    ['bob', '/warnings/ID/submit', { revision: 1 }],
    ['bob', '/warnings/ID/versions', { content: update }],
    ['ann', '/warnings/ID/approve', { contentHash: 'a'.repeat(64), areaHash: 'a'.repeat(64) }],
    ['brigade', '/warnings/ID/approve', { contentHash: 'a'.repeat(64), areaHash: 'a'.repeat(64) }],
    ['ann', '/warnings/ID/return', reason],
    ['ann', '/warnings/ID/reject', reason],
    ['ann', '/warnings/ID/hold', reason],
    ['brigade', '/warnings/ID/cancel', reason],
    ['rita', '/warnings/ID/cancel', reason],
    ['brigade', '/proposals/itm_00000000000000000000000000000000/confirm', {}],
    ['rita', '/proposals/itm_00000000000000000000000000000000/dismiss', {}],
  ])('%s may not POST %s', async (by, at, body) => {
    const path = at.replace('ID', `wrn_${'0'.repeat(32)}`);
    await refused(() => room.post(by, path, body), 403, 'not-your-role');
  });

  it('nobody approves what they wrote, edited or submitted, with both roles and on every version', async () => {
    const { id } = await room.drafted(flood, 'amy');
    await room.post('ann', `/warnings/${id}/submit`, { revision: 1 });
    await refused(
      async () => room.post('amy', `/warnings/${id}/approve`, await room.hashes(id)),
      403,
      'approver-is-author',
    );
    await room.post('bob', `/warnings/${id}/hold`, reason);
    await refused(
      async () => room.post('amy', `/warnings/${id}/approve`, await room.hashes(id)),
      403,
      'approver-is-author',
    );
    await room.post('bob', `/warnings/${id}/approve`, await room.hashes(id));

    const opened = await room.post('ann', `/warnings/${id}/versions`, { content: update });
    const saved = await room.put('amy', `/warnings/${id}/draft`, {
      content: update,
      revision: opened.body['revision'],
    });
    await room.post('ann', `/warnings/${id}/submit`, { revision: saved.body['revision'] });
    await refused(
      async () => room.post('amy', `/warnings/${id}/approve`, await room.hashes(id)),
      403,
      'approver-is-editor',
    );
    await room.post('bob', `/warnings/${id}/return`, reason);
  });

  it('nobody approves what they submitted for a colleague', async () => {
    const { id } = await room.drafted(flood, 'ann');
    await room.post('amy', `/warnings/${id}/submit`, { revision: 1 });
    await refused(
      async () => room.post('amy', `/warnings/${id}/approve`, await room.hashes(id)),
      403,
      'approver-is-submitter',
    );
  });

  it('nobody mends what they returned', async () => {
    const { id } = await room.submitted();
    await room.post('amy', `/warnings/${id}/return`, reason);
    await refused(
      () => room.put('amy', `/warnings/${id}/draft`, { content: flood, revision: 3 }),
      403,
      'returner-may-not-edit',
    );
    await refused(
      () => room.post('amy', `/warnings/${id}/submit`, { revision: 3 }),
      403,
      'returner-may-not-edit',
    );
  });

  it('a partner sees neither drafts nor officers', async () => {
    const { id, hashes } = await room.submitted();
    await refused(() => room.get('brigade', `/warnings/${id}`), 404, 'no-such-warning');
    expect((await room.get('brigade', '/warnings?limit=200')).text).not.toContain(id);
    const { incidentId } = (await room.get('ann', `/warnings/${id}`)).body as { incidentId: string };
    expect((await room.get('ann', `/incidents/${incidentId}`)).text).toContain(id);
    expect((await room.get('brigade', `/incidents/${incidentId}`)).text).not.toContain(id);
    await room.post('bob', `/warnings/${id}/approve`, hashes);
    expect((await room.get('brigade', `/incidents/${incidentId}`)).text).toContain(id);
    const seen = await room.get('brigade', `/warnings/${id}`);
    expect(seen).toMatchObject({ status: 200, body: { state: 'issued' } });
    expect(seen.text).not.toContain('off_');
    expect((await room.get('brigade', '/warnings?limit=200')).text).toContain(id);
  });
});

describe('the wrong state is refused', () => {
  it.each<[string, Person, string, object, number, string]>([
    [
      'approving a draft',
      'bob',
      'approve',
      { contentHash: 'a'.repeat(64), areaHash: 'a'.repeat(64) },
      409,
      'not-submitted',
    ],
    ['returning a draft', 'bob', 'return', reason, 409, 'not-submitted'],
    ['rejecting a draft', 'bob', 'reject', reason, 409, 'not-submitted'],
    ['holding a draft', 'bob', 'hold', reason, 409, 'not-submitted'],
    ['cancelling a draft', 'bob', 'cancel', reason, 409, 'not-issued'],
    ['updating a draft', 'ann', 'versions', { content: update }, 409, 'not-issued'],
  ])('%s', async (_, by, act, body, status, code) => {
    const { id } = await room.drafted();
    await refused(() => room.post(by, `/warnings/${id}/${act}`, body), status, code);
  });

  it('a warning that nobody wrote', () =>
    refused(
      () => room.post('bob', `/warnings/wrn_${'0'.repeat(32)}/cancel`, reason),
      404,
      'no-such-warning',
    ));
  it('an incident that nobody opened', () =>
    refused(
      () => room.post('ann', '/warnings', { incidentId: `inc_${'0'.repeat(32)}`, content: flood }),
      404,
      'no-such-incident',
    ));
  it('a proposal that nobody made', () =>
    refused(() => room.post('ann', `/proposals/itm_${'0'.repeat(32)}/confirm`), 404, 'no-such-proposal'));
  it('a second next version', async () => {
    const { id } = await room.issued();
    await room.post('ann', `/warnings/${id}/versions`, { content: update });
    await refused(
      () => room.post('ann', `/warnings/${id}/versions`, { content: update }),
      409,
      'version-open',
    );
  });
  it('a next version that begins again', async () => {
    const { id } = await room.issued();
    await refused(
      () => room.post('ann', `/warnings/${id}/versions`, { content: flood }),
      422,
      'not-a-next-message',
    );
  });
  it('a warning that begins as an update', () =>
    refused(() => room.post('ann', '/warnings', draft(update)), 422, 'not-a-first-message'));
  it('a hold until yesterday', async () => {
    const { id } = await room.submitted();
    await refused(
      () => room.post('bob', `/warnings/${id}/hold`, { ...reason, until: minute(-1440) }),
      422,
      'hold-in-the-past',
    );
  });
  it('an approval by the wrong hashes, whichever of the two is wrong', async () => {
    const { id, hashes } = await room.submitted();
    for (const wrong of [{ contentHash: 'f'.repeat(64) }, { areaHash: 'f'.repeat(64) }]) {
      const body = { ...hashes, ...wrong };
      await refused(() => room.post('bob', `/warnings/${id}/approve`, body), 409, 'changed-since-read');
    }
    expect((await room.post('bob', `/warnings/${id}/approve`, hashes)).status).toBe(202);
  });
  it('an approval by the hashes of a text that was changed after it was read', async () => {
    const { id, revision, hashes } = await room.submitted();
    await room.post('bob', `/warnings/${id}/return`, reason);
    const content = text({ guidance: 'Move upstairs or to the church now.' });
    const saved = await room.put('ann', `/warnings/${id}/draft`, { content, revision: revision + 1 });
    await room.post('ann', `/warnings/${id}/submit`, { revision: saved.body['revision'] });
    await refused(() => room.post('bob', `/warnings/${id}/approve`, hashes), 409, 'changed-since-read');
  });
  it.each([
    ['without hashes', {}],
    ['by half a hash', { contentHash: 'a'.repeat(32), areaHash: 'a'.repeat(64) }],
    ['by a hash in capitals', { contentHash: 'A'.repeat(64), areaHash: 'a'.repeat(64) }],
  ])('an approval %s', async (_, body) => {
    const { id } = await room.submitted();
    await refused(() => room.post('bob', `/warnings/${id}/approve`, body), 400, 'invalid-request');
  });
  it('an approval of what has expired meanwhile', async () => {
    const { id, hashes } = await room.submitted();
    room.clock.at = minute(121);
    await refused(() => room.post('bob', `/warnings/${id}/approve`, hashes), 422, 'already-expired');
    room.clock.at = minute(0);
  });
  it('a draft that somebody saved since it was read', async () => {
    const { id } = await room.drafted();
    await room.put('cat', `/warnings/${id}/draft`, { content: flood, revision: 1 });
    const body = await refused(
      () => room.put('ann', `/warnings/${id}/draft`, { content: flood, revision: 1 }),
      409,
      'moved-on',
    );
    expect(body['revision']).toBe(2);
  });
});
