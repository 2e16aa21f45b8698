import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { flood, minute } from '#warning/testing';
import { ControlRoom, officer, type Answer, type Person } from './testing/control-room.js';

let room: ControlRoom;
beforeAll(async () => {
  room = await ControlRoom.open();
  await room.accountsReported();
});
afterAll(() => room.close());

const reason = { reason: 'the brigade asked for it' };
let alerts = 0;
type Parts = {
  identifier?: string;
  msgType?: string;
  status?: string;
  references?: string;
  info?: string;
  extra?: string;
};

const info = `<info><language>en-GB</language><category>Fire</category><event>Warehouse fire</event><responseType>Shelter</responseType>
  <urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty><expires>2126-11-21T14:00:00-00:00</expires>
  <senderName>Derbyshire Fire and Rescue</senderName><headline>Smoke from a warehouse fire</headline>
  <instruction>Go inside and keep windows shut.</instruction><web>https://example.org/fire</web>
  <area><areaDesc>Chapel Street</areaDesc><polygon>53.32,-1.99 53.32,-1.97 53.34,-1.97 53.34,-1.99 53.32,-1.99</polygon></area></info>`;
const nextId = () => `fire-${(alerts += 1)}`;
const sent = '2126-11-21T10:00:00-00:00';
const cap = ({
  identifier = nextId(),
  msgType = 'Alert',
  status = 'Exercise',
  references,
  info: told = info,
  extra = '',
}: Parts = {}) =>
  `<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${identifier}</identifier>
  <sender>fire.example.org</sender><sent>${sent}</sent><status>${status}</status><msgType>${msgType}</msgType><scope>Public</scope>
  ${references === undefined ? '' : `<references>${references}</references>`}${told}${extra}</alert>`;
const about = (identifier: string) => `fire.example.org,${identifier},2126-11-21T10:00:00+00:00`; // another zone's zero: same instant
const send = (xml: string, by: Person = 'brigade', at = '/cap'): Promise<Answer> =>
  room.post(by, at, xml, { 'content-type': 'application/cap+xml' });
type View = {
  versions: { content: Record<string, unknown>; origin: Record<string, unknown> }[];
  incidentId: string;
};
const read = async (id: unknown) =>
  (await room.get('ann', `/warnings/${String(id)}`)).body as unknown as View;

/** An alert of the brigade that ann completed and bob approved: its identifier and our warning's id. */
async function issuedFromCap(): Promise<{ identifier: string; id: string }> {
  const identifier = nextId();
  const { body } = await send(cap({ identifier }));
  const id = String(body['id']);
  await room.put('ann', `/warnings/${id}/draft`, { content: flood, revision: body['revision'] });
  await room.post('ann', `/warnings/${id}/submit`, { revision: 2 });
  await room.post('bob', `/warnings/${id}/approve`, await room.hashes(id));
  return { identifier, id };
}

describe('a partner’s alert', () => {
  it('becomes a draft in an incident named after its event, and goes nowhere by itself', async () => {
    const taken = await send(cap());
    expect(taken).toMatchObject({ status: 201, body: { kind: 'draft', version: 1, revision: 1 } });
    const view = await read(taken.body['id']);
    expect(view.versions[0]?.content).toMatchObject({
      message: 'first',
      event: 'Warehouse fire',
      category: 'Fire',
      severity: 'Severe',
      responseTypes: ['Shelter'],
      expiresAt: '2126-11-21T14:00:00.000Z',
      link: 'https://example.org/fire',
      texts: {
        'en-GB': { hazard: 'Smoke from a warehouse fire', guidance: 'Go inside and keep windows shut.' },
      },
    });
    expect(view.versions[0]?.origin).toMatchObject({ sender: 'fire.example.org', sent, status: 'Exercise' });
    const incident = await room.get('ann', `/incidents/${view.incidentId}`);
    expect(incident.body).toMatchObject({
      type: 'fire',
      name: 'Warehouse fire',
      leadAgency: 'Derbyshire Fire and Rescue',
    });
  });

  it('joins the incident that its sender names', async () => {
    const incident = await room.incident();
    const taken = await send(cap(), 'ann', `/cap?incident=${incident}`);
    expect(taken).toMatchObject({ status: 201, body: { incidentId: incident } });
    expect(await send(cap(), 'ann', `/cap?incident=inc_${'9'.repeat(32)}`)).toMatchObject({
      status: 404,
      body: { code: 'no-such-incident' },
    });
  });

  it('that comes from two feeds is one draft', async () => {
    const xml = cap();
    const answers = await Promise.all([send(xml), send(xml), send(xml)]);
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  it('laid out otherwise by a second feed is the same alert', async () => {
    const identifier = nextId();
    const first = await send(cap({ identifier }));
    const again = await send(cap({ identifier }).replaceAll(/>\s+</g, '>\n\n    <'));
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  it('of another content under a name that was used is refused: a repeat it is not, and lost it must not be', async () => {
    const identifier = nextId();
    await send(cap({ identifier }));
    const before = await room.facts();
    const other = info
      .replace('Go inside and keep windows shut.', 'Leave now.')
      .replace('Chapel Street', 'Mill Lane');
    expect(await send(cap({ identifier, info: other }))).toMatchObject({
      status: 409,
      body: { code: 'alert-differs' },
    });
    expect(await send(cap({ identifier, status: 'Actual' }))).toMatchObject({ status: 409 });
    expect(await room.facts()).toBe(before);
  });

  it('that comes in a flood is told to wait, and when to come again; what officers do is not', async () => {
    const answers: Answer[] = [];
    for (let n = 0; n < 3_000 && answers.at(-1)?.status !== 429; n += 1) {
      answers.push(
        await room.post('council', '/cap', '<not-cap/>', { 'content-type': 'application/cap+xml' }),
      );
    }
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(answers.at(-1)?.body['retryAfterMs'])).toBeGreaterThan(0);
    expect(answers.length).toBeGreaterThanOrEqual(300);
    expect((await send(cap())).status).toBe(201);
    expect((await room.drafted()).revision).toBe(1);
  }, 240_000);

  it('that is as large as may be counts for many: a cancel must not wait while they are read', async () => {
    const large = cap({ msgType: 'Ack', extra: `<!--${'x'.repeat(1_000_000)}-->` });
    const statuses: number[] = [];
    for (let n = 0; n < 100 && statuses.at(-1) !== 429; n += 1)
      statuses.push((await send(large, 'cat')).status);
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.length).toBeLessThan(30);
    expect((await room.issued()).id).toMatch(/^wrn_/);
  }, 120_000);

  it('which is real comes into an exercise without its texts and without its expiry', async () => {
    const { body } = await send(cap({ status: 'Actual' }));
    const content = (await read(body['id'])).versions[0]?.content ?? {};
    expect(Object.keys(content)).not.toEqual(expect.arrayContaining(['expiresAt']));
    expect(Object.keys(content)).not.toEqual(expect.arrayContaining(['texts']));
    expect(content).toMatchObject({
      event: 'Warehouse fire',
      area: { description: { 'en-GB': 'Chapel Street' } },
    });
  });

  it('with a broken area comes without an area: nobody is warned by a guess', async () => {
    const broken = info.replace('53.34,-1.97 53.34,-1.99', '53.34,-1.99 53.34,-1.97');
    const { body } = await send(cap({ info: broken }));
    expect((await read(body['id'])).versions[0]?.content).not.toHaveProperty('area');
  });

  it('is not approved by the partner’s own officer, whatever role the token has', async () => {
    const { body } = await send(cap(), 'amy');
    const id = String(body['id']);
    await room.put('ann', `/warnings/${id}/draft`, { content: flood, revision: 1 });
    await room.post('ann', `/warnings/${id}/submit`, { revision: 2 });
    const refused = await room.post('amy', `/warnings/${id}/approve`, await room.hashes(id));
    expect(refused).toMatchObject({ status: 403, body: { code: 'approver-is-author' } });
  });
});

describe('a partner’s update', () => {
  it('opens the next version’s draft of the warning that it refers to, by instant and not by text', async () => {
    const { identifier, id } = await issuedFromCap();
    const taken = await send(cap({ msgType: 'Update', references: about(identifier) }));
    expect(taken).toMatchObject({ status: 201, body: { kind: 'draft', id, version: 2 } });
    expect((await read(id)).versions[1]?.content).toMatchObject({ message: 'update' });
  });

  it('whose danger is over is the draft of an all-clear', async () => {
    const { identifier, id } = await issuedFromCap();
    const over = info.replace('Shelter', 'AllClear');
    await send(cap({ msgType: 'Update', references: about(identifier), info: over }));
    expect((await read(id)).versions[1]?.content).toMatchObject({ message: 'all-clear' });
  });

  it('that cannot open a version waits for an officer, and opens it when confirmed', async () => {
    const { identifier, id } = await issuedFromCap();
    const opened = await room.post('ann', `/warnings/${id}/versions`, { content: { message: 'update' } });
    const proposed = await send(cap({ msgType: 'Update', references: about(identifier) }));
    expect(proposed).toMatchObject({ status: 201, body: { kind: 'proposal', warningId: id } });
    const item = String(proposed.body['id']);
    expect(await room.post('ann', `/proposals/${item}/confirm`)).toMatchObject({
      status: 409,
      body: { code: 'version-open' },
    });
    const saved = await room.put('ann', `/warnings/${id}/draft`, {
      content: { ...flood, message: 'update' },
      revision: opened.body['revision'],
    });
    await room.post('ann', `/warnings/${id}/submit`, { revision: saved.body['revision'] });
    await room.post('bob', `/warnings/${id}/reject`, reason);
    expect(await room.post('ann', `/proposals/${item}/confirm`)).toMatchObject({
      status: 200,
      body: { state: 'confirmed', warningId: id, version: 3 },
    });
    expect((await read(id)).versions[2]?.content).toMatchObject({
      event: 'Warehouse fire',
      message: 'update',
    });
  });

  it('that an officer confirmed is still the words of who sent it, who may not approve them', async () => {
    const { id } = await room.issued();
    const { body } = await send(cap({ msgType: 'Update', references: about('never-heard-of') }), 'amy');
    await room.post('ann', `/proposals/${String(body['id'])}/confirm`, { warningId: id });
    const { channels } = flood;
    const [, second] = (await read(id)).versions;
    const saved = await room.put('ann', `/warnings/${id}/draft`, {
      content: { ...flood, ...second?.content, texts: flood.texts, channels },
      revision: 4,
    });
    await room.post('ann', `/warnings/${id}/submit`, { revision: saved.body['revision'] });
    const hashes = await room.hashes(id);
    expect(await room.post('amy', `/warnings/${id}/approve`, hashes)).toMatchObject({
      status: 403,
      body: { code: 'approver-is-editor' },
    });
    expect((await room.post('bob', `/warnings/${id}/approve`, hashes)).status).toBe(202);
  });

  it('of an alert that nobody knows is a proposal, and the officer chooses the warning', async () => {
    const { id } = await room.issued();
    const proposed = await send(cap({ msgType: 'Update', references: about('never-seen') }));
    expect(proposed).toMatchObject({ status: 201, body: { kind: 'proposal', warningId: null, choices: [] } });
    const item = String(proposed.body['id']);
    expect(await room.post('ann', `/proposals/${item}/confirm`)).toMatchObject({
      status: 422,
      body: { code: 'choose-a-warning' },
    });
    expect(await room.post('ann', `/proposals/${item}/confirm`, { warningId: id })).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
  });
});

describe('a partner’s cancel', () => {
  it('never cancels by itself: an officer confirms, and one person is enough', async () => {
    const { identifier, id } = await issuedFromCap();
    const proposed = await send(cap({ msgType: 'Cancel', references: about(identifier), info: '' }));
    expect(proposed).toMatchObject({ status: 201, body: { kind: 'proposal', warningId: id, choices: [id] } });
    expect((await room.get('ann', `/warnings/${id}`)).body['state']).toBe('issued');
    const item = String(proposed.body['id']);
    const { body } = await room.get('ann', '/proposals');
    const listed = (body['proposals'] as { id: string }[]).find((one) => one.id === item);
    // Whoever holds a token can write any name under an alert: the officer sees both.
    expect(listed).toMatchObject({ cap: { sender: 'fire.example.org' }, sentBy: officer('brigade') });
    expect(await room.post('ann', `/proposals/${item}/confirm`, reason)).toMatchObject({
      status: 200,
      body: { state: 'confirmed' },
    });
    expect((await room.get('ann', `/warnings/${id}`)).body['state']).toBe('cancelled');
    await room.until(async () => (await room.onTheStream(id)).at(-1)?.['type'] === 'WarningCancelled');
    expect(await room.post('bob', `/proposals/${item}/confirm`)).toMatchObject({
      status: 409,
      body: { code: 'proposal-decided' },
    });
    expect((await room.get('ann', '/proposals?state=confirmed')).text).toContain(item);
  });

  it('that names two warnings asks which, with the choices shown', async () => {
    const [one, other] = [await issuedFromCap(), await issuedFromCap()];
    const references = `${about(one.identifier)} ${about(other.identifier)}`;
    const proposed = await send(cap({ msgType: 'Cancel', references, info: '' }));
    expect(proposed.body['choices']).toEqual([one.id, other.id].toSorted());
    const at = `/proposals/${String(proposed.body['id'])}/confirm`;
    expect(await room.post('ann', at)).toMatchObject({ status: 422, body: { code: 'choose-a-warning' } });
    expect(await room.post('ann', at, { warningId: `wrn_${'9'.repeat(32)}` })).toMatchObject({ status: 422 });
    expect(await room.post('ann', at, { warningId: other.id })).toMatchObject({ status: 200 });
    expect((await room.get('ann', `/warnings/${one.id}`)).body['state']).toBe('issued');
    expect((await room.get('ann', `/warnings/${other.id}`)).body['state']).toBe('cancelled');
  });

  it('of an update that an officer took for one of our warnings means that warning', async () => {
    const { id } = await room.issued();
    const identifier = nextId();
    const unknown = await send(
      cap({ identifier, msgType: 'Update', references: about('from-before-our-time') }),
    );
    await room.post('ann', `/proposals/${String(unknown.body['id'])}/confirm`, { warningId: id });
    const { incidentId } = await read(id);
    expect(await send(cap({ msgType: 'Cancel', references: about(identifier), info: '' }))).toMatchObject({
      status: 201,
      body: { kind: 'proposal', warningId: id, choices: [id], incidentId },
    });
  });

  it('of the same name that withdraws another alert is not taken for a repeat', async () => {
    const [one, other, identifier] = [await issuedFromCap(), await issuedFromCap(), nextId()];
    const cancel = (meant: string) =>
      cap({ identifier, msgType: 'Cancel', references: about(meant), info: '' });
    expect((await send(cancel(one.identifier))).status).toBe(201);
    expect((await send(cancel(one.identifier))).status).toBe(201);
    expect(await send(cancel(other.identifier))).toMatchObject({
      status: 409,
      body: { code: 'alert-differs' },
    });
  });

  it('may be dismissed, and then nothing happens', async () => {
    const { identifier, id } = await issuedFromCap();
    const { body } = await send(cap({ msgType: 'Cancel', references: about(identifier), info: '' }));
    const at = `/proposals/${String(body['id'])}`;
    expect(await room.post('bob', `${at}/dismiss`, reason)).toMatchObject({
      status: 200,
      body: { state: 'dismissed' },
    });
    expect(await room.post('ann', `${at}/confirm`)).toMatchObject({
      status: 409,
      body: { code: 'proposal-decided' },
    });
    expect((await room.get('ann', `/warnings/${id}`)).body['state']).toBe('issued');
  });
});

describe('the list of proposals', () => {
  it('shows the newest however many were never decided, the longest waiting first', async () => {
    await room.test.db.execute(
      `insert into incident_command.proposal_row (item_id, incident_id, state, proposes, choices, cap, summary, received_at)
       select 'itm_' || lpad(n::text, 32, '0'), 'inc_1', 'waiting', 'update', '[]',
         '{"sender":"a","identifier":"b","sent":"c","msgType":"Update"}', 'never looked at', '2126-01-01' from generate_series(1, 600) n`,
    );
    const { body } = await send(cap({ msgType: 'Cancel', references: about('nobody-knows-it'), info: '' }));
    const listed = (await room.get('ann', '/proposals')).body['proposals'] as { id: string }[];
    expect(listed.at(-1)?.id).toBe(body['id']);
    const ids = listed.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    await room.test.db.execute(`delete from incident_command.proposal_row where incident_id = 'inc_1'`);
  });
});

describe('a document that is not a warning', () => {
  it.each([
    ['an acknowledgement', cap({ msgType: 'Ack' }), 422, 'not-a-warning'],
    ['a kind that CAP does not know', cap({ msgType: 'Cancell' }), 422, 'not-a-warning'],
    ['a test', cap({ status: 'Test' }), 422, 'not-a-warning'],
    ['a system message', cap({ status: 'System' }), 422, 'not-a-warning'],
    ['a draft of somebody’s', cap({ status: 'Draft' }), 422, 'not-a-warning'],
    ['a page', '<html><body>hello</body></html>', 422, 'not-cap'],
    [
      'an alert without an event',
      cap({ info: info.replace('<event>Warehouse fire</event>', '') }),
      422,
      'not-cap',
    ],
    ['half an alert', cap().slice(0, 200), 400, 'not-xml'],
    [
      'an entity that reads a file',
      cap().replace('<alert', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert'),
      422,
      'unsafe-xml',
    ],
    [
      'a bomb of entities',
      cap().replace('<alert', '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><alert'),
      422,
      'unsafe-xml',
    ],
    ['a tower of elements', cap({ extra: `${'<a>'.repeat(200)}${'</a>'.repeat(200)}` }), 422, 'unsafe-xml'],
    ['more than a megabyte', cap({ extra: `<!--${'x'.repeat(1_048_576)}-->` }), 413, 'too-large'],
  ])('%s is refused, and nothing is recorded', async (_, xml, status, code) => {
    const before = await room.facts();
    expect(await send(xml)).toMatchObject({ status, body: { code } });
    expect(await room.facts()).toBe(before);
  });

  it('sent as JSON is refused by its kind', async () => {
    expect(await room.post('brigade', '/cap', { alert: 1 })).toMatchObject({
      status: 415,
      body: { code: 'wrong-content-type' },
    });
  });
});

const { REAL_INPUT_DIR: real } = process.env;
if (real === undefined)
  console.warn('SKIPPED: the real Wainfleet alert is not tried, because REAL_INPUT_DIR is not set');
const withReal = real === undefined ? describe.skip : describe;

withReal('the Environment Agency’s severe flood warning for Wainfleet, 16 February 2020', () => {
  const file = (name: string) => readFileSync(path.join(real ?? '', 'cap', name), 'utf8');

  it('becomes a draft of the exercise, is sent after two officers, and is withdrawn by its own Cancel', async () => {
    const taken = await send(file('wainfleet-severe-flood-warning.xml'));
    expect(taken).toMatchObject({ status: 201, body: { kind: 'draft' } });
    const id = String(taken.body['id']);
    const view = await read(id);
    expect(view.versions[0]?.content).toMatchObject({
      category: 'Met',
      severity: 'Severe',
      area: { geometry: { type: 'MultiPolygon' } },
    });
    expect(view.versions[0]?.content).not.toHaveProperty('expiresAt');
    const { kind, texts, channels } = flood;
    const times = { expiresAt: minute(120), nextUpdateAt: minute(60) };
    const content = { ...view.versions[0]?.content, kind, texts, channels, ...times };
    await room.put('ann', `/warnings/${id}/draft`, { content, revision: 1 });
    expect(await room.post('ann', `/warnings/${id}/submit`, { revision: 2 })).toMatchObject({ status: 200 });
    expect(await room.post('bob', `/warnings/${id}/approve`, await room.hashes(id))).toMatchObject({
      status: 202,
    });
    const cancel = await send(file('wainfleet-cancel.xml'));
    expect(cancel).toMatchObject({ status: 201, body: { kind: 'proposal', warningId: id } });
    expect(await room.post('ann', `/proposals/${String(cancel.body['id'])}/confirm`, reason)).toMatchObject({
      status: 200,
    });
    expect((await room.get('ann', `/warnings/${id}`)).body['state']).toBe('cancelled');
  });

  it('the alert for Windermere, with its thousands of corners, keeps its area', async () => {
    const { body } = await send(file('windermere-severe-flood-warning.xml'));
    expect((await read(body['id'])).versions[0]?.content).toHaveProperty('area');
  });
});
