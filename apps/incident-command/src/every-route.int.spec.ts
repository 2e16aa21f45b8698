import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newToken, type Role } from '#runtime';
import { flood, update } from '#warning/testing';
import type { Route } from './docs/route.js';
import { routes } from './docs/routes.js';
import { ControlRoom, PEOPLE, type Answer, type Person } from './testing/control-room.js';

let room: ControlRoom;
let before = 0;
beforeAll(async () => {
  room = await ControlRoom.open();
  before = await room.facts();
});
afterAll(async () => {
  expect(await room.facts()).toBe(before); // nothing that is asked here is ever done
  await room.close();
});

const people = Object.keys(PEOPLE) as Person[];
const holds = (person: Person, roles: readonly Role[]) =>
  (PEOPLE[person] as readonly Role[]).some((role) => roles.includes(role));
const nobody = '0'.repeat(32);
const address = ({ path }: Route, id = nobody) =>
  path.replace(':warningId', `wrn_${id}`).replace(':incidentId', `inc_${id}`).replace(':itemId', `itm_${id}`);
const hashes = { contentHash: 'a'.repeat(64), areaHash: 'b'.repeat(64) };

/** A body that each route would take, of something that is not there. */
const bodies: Readonly<Record<string, unknown>> = {
  'post /incidents': { type: 'flood', name: 'River Goyt', leadAgency: 'Derbyshire Police' },
  'post /warnings': { incidentId: `inc_${nobody}`, content: flood },
  'put /warnings/:warningId/draft': { content: flood, revision: 1 },
  'post /warnings/:warningId/submit': { revision: 1 },
  'post /warnings/:warningId/approve': hashes,
  'post /warnings/:warningId/return': { reason: 'for a reason' },
  'post /warnings/:warningId/reject': { reason: 'for a reason' },
  'post /warnings/:warningId/hold': { reason: 'for a reason' },
  'post /warnings/:warningId/versions': { content: update },
  'post /warnings/:warningId/cancel': { reason: 'for a reason' },
  'post /proposals/:itemId/confirm': {},
  'post /proposals/:itemId/dismiss': {},
};
const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const ask = (
  route: Route,
  by: Person | null,
  headers: Record<string, string> = {},
  body = bodies[nameOf(route)],
) =>
  room.ask(
    by,
    route.method.toUpperCase(),
    address(route),
    route.method === 'get' ? undefined : body,
    headers,
  );
const told = ({ status, body }: Answer) => [status, body['code']];
const whoMay = ({ roles }: Route): Person =>
  people.find((one) => roles.length === 0 || holds(one, roles)) ?? 'ann';
const cases = (some: (route: Route) => boolean) =>
  routes.filter(some).map((route) => [nameOf(route), route] as const);
const writes = ({ method }: Route) => method !== 'get';
const takesJson = (route: Route) => writes(route) && route.xml === undefined;

describe.each(cases(() => true))('%s', (_, route) => {
  it('is for nobody without a token, with one that nobody holds, or with one of the other world', async () => {
    const asXml = route.xml ? { 'content-type': 'application/cap+xml' } : {};
    const asking = (authorization?: string) =>
      ask(
        route,
        null,
        { ...asXml, ...(authorization === undefined ? {} : { authorization }) },
        bodies[nameOf(route)] ?? '<alert/>',
      );
    expect(told(await asking())).toEqual([401, 'no-token']);
    expect(told(await asking('Basic YW5uOnBhc3M='))).toEqual([401, 'no-token']);
    expect(told(await asking(`Bearer ${newToken('exercise')}`))).toEqual([401, 'unknown-token']);
    expect(told(await asking('Bearer lrx_'))).toEqual([401, 'unknown-token']);
    expect(told(await asking(`Bearer ${newToken('live')}`))).toEqual([401, 'token-of-the-other-world']);
  });

  it('is for those whose role it names, and for nobody else', async () => {
    const { roles } = route;
    const asXml = route.xml ? { 'content-type': 'application/cap+xml' } : {};
    for (const person of people) {
      const { status, body } = await ask(route, person, asXml, bodies[nameOf(route)] ?? '<alert/>');
      if (nameOf(route) === 'post /incidents' && holds(person, roles)) continue; // it is done: the next line undoes the count
      const may = roles.length === 0 || holds(person, roles);
      expect([person, status === 403 && body['code'] === 'not-your-role']).toEqual([person, !may]);
    }
    if (nameOf(route) === 'post /incidents') before = await room.facts();
  });
});

describe.each(cases(({ path }) => path.includes(':')))('%s', (_, route) => {
  const by = whoMay(route);
  it('of something that is not there says so', async () => {
    const { status, body } = await ask(route, by);
    expect(status).toBe(404);
    expect(String(body['code'])).toMatch(/^no-such-(warning|incident|proposal)$/);
  });
  it.each(['wrn_1', nobody, `WRN_${nobody}`, `acc_${nobody}`, '..%2f..%2fetc', '%00'])(
    'of what is no id says so: %s',
    async (id) => {
      const at = route.path.replace(/:\w+/, id);
      const { status } = await room.ask(by, route.method.toUpperCase(), at, bodies[nameOf(route)]);
      expect(status).toBe(400);
    },
  );
});

describe.each(cases(({ method }) => method === 'post'))('%s', (_, route) => {
  it.each(['', ' ', 'a b', 'é', 'x'.repeat(256)])('is not done under the key %j', async (key) => {
    const headers = {
      'idempotency-key': encodeURIComponent(key) === key || /^[ -~]*$/.test(key) ? key : 'Ã©',
    };
    const asXml = route.xml ? { 'content-type': 'application/cap+xml' } : {};
    const answer = await ask(
      route,
      whoMay(route),
      { ...headers, ...asXml },
      bodies[nameOf(route)] ?? '<alert/>',
    );
    expect(told(answer)).toEqual([400, 'idempotency-key-missing']);
  });
});

const kindOf = (route: Route) => (route.xml ? 'application/cap+xml' : 'application/json');

describe.each(cases(writes))('%s', (_, route) => {
  it.each([
    ['of another kind', { 'content-type': 'text/plain' }],
    ['of a form, which a page elsewhere could send', { 'content-type': 'application/x-www-form-urlencoded' }],
    [
      'packed in a way that nobody here unpacks',
      { 'content-type': kindOf(route), 'content-encoding': 'compress' },
    ],
  ])('takes no body %s', async (_case, headers) =>
    expect(told(await ask(route, whoMay(route), headers, 'x=1'))).toEqual([415, 'wrong-content-type']),
  );
});

describe('a body of more than a megabyte', () => {
  const large = 'x'.repeat(1_048_576);
  // Made before the server is up: it takes so long that a busy machine would let go of the kept connections meanwhile.
  const packed = gzipSync(Buffer.alloc(64 * 1_048_576, ' '));
  const three = cases((route) =>
    ['post /warnings', 'put /warnings/:warningId/draft', 'post /cap'].includes(nameOf(route)),
  );
  it.each(three)('is not read by %s', async (_, route) => {
    const body = route.xml ? `<alert>${large}</alert>` : JSON.stringify({ note: large });
    expect(told(await ask(route, whoMay(route), { 'content-type': kindOf(route) }, body))).toEqual([
      413,
      'too-large',
    ]);
  });
  it.each(three)('is not unpacked by %s, however small it came', async (_, route) => {
    expect(packed.length).toBeLessThan(100_000);
    const response = await fetch(`${room.url}/v1${address(route)}`, {
      method: route.method.toUpperCase(),
      headers: {
        authorization: `Bearer ${room.tokens[whoMay(route)]}`,
        'content-type': kindOf(route),
        'content-encoding': 'gzip',
        'idempotency-key': 'a-bomb',
      },
      body: packed,
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([413, 'too-large']);
  });
});

describe.each(cases(takesJson))('%s', (_, route) => {
  const by = whoMay(route);
  const valid = bodies[nameOf(route)] as Record<string, unknown>;
  it('takes no field that it does not know, and names it', async () => {
    const answer = await ask(route, by, {}, { ...valid, sendNow: true });
    expect(told(answer)).toEqual([400, 'unknown-field']);
    expect(answer.body['fields']).toContainEqual({ field: 'sendNow', message: 'is not known here' });
  });
  it('takes nothing that is no object, and never answers with a fault', async () => {
    for (const body of ['[]', 'null', '7', '"x"', 'true', '[[[]]]', '{']) {
      const { status, body: problem } = await ask(route, by, {}, body);
      expect([body, status]).toEqual([body, 400]);
      expect(problem['code']).toMatch(/^(invalid-request|not-json|unknown-field|wrong-area)$/);
    }
  });
  it('repeats no value that it refused: what was sent by mistake stays with the sender', async () => {
    const secret = 'my password is swordfish';
    const wrong = Object.fromEntries(Object.keys(valid).map((name) => [name, { secret }]));
    const { status, text } = await ask(route, by, {}, { ...wrong, extra: secret });
    expect(status).toBe(400);
    expect(text).not.toContain('swordfish');
  });
});

describe.each(cases(({ query }) => query !== undefined && query !== null))('%s', (_, route) => {
  it('takes no wish that it does not know', async () => {
    const asXml = route.xml ? { 'content-type': 'application/cap+xml' } : {};
    const at = `${address(route)}?colour=red`;
    const body = route.method === 'get' ? undefined : '<alert/>';
    const answer = await room.ask(whoMay(route), route.method.toUpperCase(), at, body, asXml);
    expect(told(answer)).toEqual([400, 'unknown-field']);
  });
});
