import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { composed } from '#channel/testing';
import { LarumClient, Refused } from './larum-client.js';
import { ExerciseStuck, playFlood, type Officers } from './play-flood.js';

const NOW = Date.parse('2026-11-21T10:00:00.000Z');

/** Larum's interface as the exercise meets it: remembers what it was asked, and answers as the real one does. */
class FakeLarum {
  readonly asked: { by: string; request: string; body: Record<string, unknown>; key: string }[] = [];
  /** How many looks at the report a version's sending takes. */
  looksUntilSent = 1;
  /** Leaves the open version out of what the approver is shown. */
  hides = false;
  /** Refuses this request with this status. */
  refuses: { request: RegExp; status: number } | undefined;
  private version = 0;
  private looks = 0;

  answer(
    method: string,
    path: string,
    by: string,
    body: Record<string, unknown>,
    key: string,
  ): [number, object] {
    const request = `${method} ${path}`;
    this.asked.push({ by, request, body, key });
    if (this.refuses?.request.test(request))
      return [this.refuses.status, { code: 'not-your-role', detail: 'This needs the role approver.' }];
    if (request === 'POST /v1/incidents') return [201, { id: 'inc_1', revision: 1 }];
    if (request === 'POST /v1/warnings' || request === 'POST /v1/warnings/wrn_1/versions') {
      this.version += 1;
      this.looks = 0;
      return [201, { id: 'wrn_1', version: this.version, revision: this.version * 10 }];
    }
    if (request === 'GET /v1/warnings/wrn_1') return [200, { versions: this.hides ? [] : this.shown() }];
    if (request === 'GET /v1/warnings/wrn_1/report') return [200, this.report()];
    return [request.includes('/approve') ? 202 : 200, { revision: 1 }];
  }

  private shown() {
    return Array.from({ length: this.version }, (_, n) => ({
      version: n + 1,
      contentHash: `content ${n + 1}`,
      areaHash: `area ${n + 1}`,
      composed: [composed({ channel: 'sms', texts: [`Version ${n + 1}.`] })],
    }));
  }

  private report() {
    this.looks += 1;
    const pending = this.looks > this.looksUntilSent ? 0 : 3;
    const versions = Array.from({ length: this.version }, (_, n) => ({
      act: 'issue',
      version: n + 1,
      message: 'first',
      channels: [
        { channel: 'sms', planned: 3, complete: true, pending: n + 1 === this.version ? pending : 0 },
      ],
    }));
    return { versions, cancel: null };
  }
}

let larum: FakeLarum;
let server: Server;
let officers: Officers;
let printed: string[];
beforeEach(async () => {
  larum = new FakeLarum();
  printed = [];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (data: Buffer) => (text += data.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      const by = headers.authorization?.slice('Bearer '.length) ?? '';
      const [status, answer] = larum.answer(method, url, by, body, String(headers['idempotency-key']));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  officers = { author: new LarumClient(url, 'ann'), approver: new LarumClient(url, 'bob') };
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const play = (told: (type: string, version: number) => Promise<void> = () => Promise.resolve()) =>
  playFlood(officers, { print: (line) => void printed.push(line), told, watchMs: 0, now: () => NOW });
const did = (request: string) => larum.asked.filter((one) => one.request === request);

const BOB_READS = 'BOB reads every text and the area, and approves exactly these. The text message of them:';

describe('the packaged exercise', () => {
  it('is one incident and one warning in three versions: first, update, all-clear', async () => {
    expect(await play()).toMatchObject({ incidentId: 'inc_1', warningId: 'wrn_1', report: { cancel: null } });
    expect(did('POST /v1/incidents')).toHaveLength(1);
    const written = [...did('POST /v1/warnings'), ...did('POST /v1/warnings/wrn_1/versions')];
    expect(written.map(({ body }) => (body['content'] as { message: string }).message)).toEqual([
      'first',
      'update',
      'all-clear',
    ]);
    expect(did('POST /v1/warnings')[0]?.body['incidentId']).toBe('inc_1');
  });

  it('has two people: ann writes and submits, bob approves the hashes that he was shown', async () => {
    await play();
    const approvals = did('POST /v1/warnings/wrn_1/approve');
    expect(approvals.map(({ by, body }) => [by, body])).toEqual(
      [1, 2, 3].map((version) => ['bob', { contentHash: `content ${version}`, areaHash: `area ${version}` }]),
    );
    const looks = larum.asked.findIndex(
      ({ by, request }) => by === 'bob' && request === 'GET /v1/warnings/wrn_1',
    );
    expect(looks).toBeLessThan(larum.asked.indexOf(approvals[0] ?? larum.asked[0]!));
    for (const { by } of did('POST /v1/warnings/wrn_1/submit')) expect(by).toBe('ann');
    expect(did('POST /v1/warnings/wrn_1/submit').map(({ body }) => body['revision'])).toEqual([10, 20, 30]);
  });

  it('never uses an idempotency key twice', async () => {
    await play();
    const keys = larum.asked.filter(({ request }) => request.startsWith('POST')).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('waits until a version has been sent before it writes the next', async () => {
    larum.looksUntilSent = 3;
    await play();
    const requests = larum.asked.map(({ request }) => request);
    const next = requests.indexOf('POST /v1/warnings/wrn_1/versions');
    const looks = requests.slice(0, next).filter((request) => request.endsWith('/report'));
    expect(looks.length).toBe(4);
  });

  it('tells a person each step in plain words, in the order in which they happen', async () => {
    await play();
    expect(printed.map((line) => line.trim())).toEqual([
      'ANN opens an incident and writes the warning in English and Welsh.',
      BOB_READS,
      'English   Version 1.',
      'The warning is out. The public reads, shares and answers …',
      'ANN writes the next version: update.',
      BOB_READS,
      'English   Version 2.',
      'ANN writes the next version: all-clear.',
      BOB_READS,
      'English   Version 3.',
    ]);
  });

  it('says what Bob does only when what Ann did before it has been told', async () => {
    await play((type, version) => Promise.resolve(void printed.push(`${type} ${version} is told`)));
    const steps = printed.filter((line) => /BOB|told/.test(line)).map((line) => line.split(' ', 2).join(' '));
    expect(steps).toEqual([1, 2, 3].flatMap((version) => [`WarningSubmitted ${version}`, 'BOB reads']));
  });

  it('stops where the approver is not shown what he is to approve, and approves nothing', async () => {
    larum.hides = true;
    await expect(play()).rejects.toThrow(new ExerciseStuck('version 1 is not to be seen by the approver'));
    expect(did('POST /v1/warnings/wrn_1/approve')).toEqual([]);
  });

  it.each([
    [/incidents$/, 403],
    [/submit$/, 422],
    [/approve$/, 409],
  ])('stops at a refusal of %s with what Larum said', async (request, status) => {
    larum.refuses = { request, status };
    await expect(play()).rejects.toMatchObject({
      name: 'Refused',
      status,
      message: `${status} not-your-role: This needs the role approver.`,
    });
  });
});

describe('an officer’s client', () => {
  it('throws what Larum said, for the person who reads it', async () => {
    larum.refuses = { request: /incidents/, status: 401 };
    const refused = officers.author.get('/v1/incidents');
    await expect(refused).rejects.toBeInstanceOf(Refused);
    await expect(refused).rejects.toMatchObject({ status: 401, code: 'not-your-role' });
  });

  it('throws when there is no live stream to follow', async () => {
    larum.refuses = { request: /events/, status: 503 };
    const following = officers.author.follow('/v1/events', new AbortController().signal);
    await expect(following).rejects.toMatchObject({ status: 503, code: 'no-stream' });
  });
});
