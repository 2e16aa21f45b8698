import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LarumClient, Refused } from './larum-client.js';

type Heard = { request: string; headers: IncomingHttpHeaders; body: string };

describe('an officer at the interface', () => {
  let server: Server;
  let heard: Heard[];
  let answers: { status: number; body: string; type?: string };
  let ann: LarumClient;

  beforeEach(async () => {
    heard = [];
    answers = { status: 200, body: '{"id":"inc_1"}' };
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        heard.push({ request: `${request.method} ${request.url}`, headers: request.headers, body });
        response.writeHead(answers.status, { 'content-type': answers.type ?? 'application/json' });
        response.end(answers.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ann = new LarumClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'lrx_ann');
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('asks with the token, and sends what it writes as JSON', async () => {
    expect(await ann.post('/v1/incidents', { name: 'Llifogydd Dŵr' })).toEqual({ id: 'inc_1' });
    expect(heard).toMatchObject([
      {
        request: 'POST /v1/incidents',
        headers: { authorization: 'Bearer lrx_ann', 'content-type': 'application/json' },
        body: '{"name":"Llifogydd Dŵr"}',
      },
    ]);
  });

  it('says nothing when it only reads', async () => {
    await ann.get('/v1/accounts');
    expect(heard[0]).toMatchObject({ request: 'GET /v1/accounts', body: '' });
    expect(heard[0]?.headers['content-type']).toBeUndefined();
  });

  it('has an idempotency key of its own for each request, also for two that are alike', async () => {
    await Promise.all([1, 2, 3].map(() => ann.post('/v1/incidents', {})));
    expect(new Set(heard.map(({ headers }) => headers['idempotency-key'])).size).toBe(3);
  });

  it.each([
    [403, 'second-person', 'Somebody else must approve.'],
    [409, 'version-open', 'The next version is open already.'],
    [503, 'not-ready', 'Try again in a moment.'],
  ])('hears why it was refused: %d %s', async (status, code, detail) => {
    answers = { status, body: JSON.stringify({ code, detail }), type: 'application/problem+json' };
    const refused = ann.post('/v1/warnings', {});
    await expect(refused).rejects.toBeInstanceOf(Refused);
    await expect(refused).rejects.toMatchObject({ status, code, message: `${status} ${code}: ${detail}` });
  });

  it.each([
    [502, '<h1>Bad gateway</h1>'],
    [200, '{"id":"inc'],
    [500, ''],
  ])('is told in words of an answer that nobody can read: %d %j', async (status, body) => {
    answers = { status, body, type: 'text/html' };
    await expect(ann.get('/v1/accounts')).rejects.toMatchObject({
      message: `${status} unreadable: the answer is not JSON`,
    });
  });

  it('follows what comes, piece by piece, until it is told to stop', async () => {
    answers = { status: 200, body: 'data: 1\n\ndata: 2\n\n', type: 'text/event-stream' };
    const text = new TextDecoder();
    let told = '';
    for await (const bytes of await ann.follow('/v1/events', new AbortController().signal))
      told += text.decode(bytes, { stream: true });
    expect(told).toBe(answers.body);
    const stopped = new AbortController();
    stopped.abort();
    await expect(ann.follow('/v1/events', stopped.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
