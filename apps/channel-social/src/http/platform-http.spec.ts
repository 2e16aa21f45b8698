import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { ScriptedPlatform } from '../testing/scripted-platform.js';
import { PlatformHttp } from './platform-http.js';

const SETTINGS = { connectTimeoutMs: 5_000, answerTimeoutMs: 1_000 };

describe('a call to a platform', () => {
  let platform: ScriptedPlatform;
  let http: PlatformHttp;

  beforeEach(async () => {
    platform = await ScriptedPlatform.listen();
    http = new PlatformHttp(platform.origin, SETTINGS);
  });
  afterEach(async () => {
    await http.close();
    await platform.close();
  });

  it('carries its query, headers and body, and names itself', async () => {
    platform.on('POST /posts', { status: 201, json: { id: '1' }, headers: { 'x-left': '7' } });
    const heard = await http.call({
      method: 'POST',
      path: '/posts',
      query: [['id[]', 'a b']],
      headers: { authorization: 'Bearer t' },
      body: { text: 'ŵ' },
    });
    expect(heard).toMatchObject({
      heard: 'answer',
      answer: { status: 201, json: { id: '1' }, headers: { 'x-left': '7' } },
    });
    expect(platform.arrived[0]).toMatchObject({
      body: { text: 'ŵ' },
      headers: { authorization: 'Bearer t' },
    });
    expect(platform.arrived[0]!.query.get('id[]')).toBe('a b');
    expect(platform.arrived[0]!.headers['user-agent']).toContain('Larum');
  });

  it('is not sent when nobody listens', async () => {
    const nobody = new PlatformHttp('http://127.0.0.1:1', SETTINGS);
    expect(await nobody.call({ method: 'POST', path: '/posts', body: {} })).toMatchObject({
      heard: 'not-sent',
    });
    await nobody.close();
  });

  it('is not sent when there is no such host', async () => {
    const nowhere = new PlatformHttp('http://no-such-host.invalid', SETTINGS);
    expect(await nowhere.call({ method: 'POST', path: '/posts', body: {} })).toMatchObject({
      heard: 'not-sent',
    });
    await nowhere.close();
  });

  it('is not sent when the host speaks no TLS: no secret leaves in clear text', async () => {
    const { port } = new URL(platform.origin);
    const plain = new PlatformHttp(`https://127.0.0.1:${port}`, SETTINGS);
    const secret = { headers: { authorization: 'Bearer t' }, body: {} };
    expect(await plain.call({ method: 'POST', path: '/posts', ...secret })).toMatchObject({
      heard: 'not-sent',
    });
    expect(platform.arrived).toEqual([]);
    await plain.close();
  });

  it('is not sent when its time is over before it begins', async () => {
    const heard = await http.call({ method: 'POST', path: '/posts', body: {}, signal: AbortSignal.abort() });
    expect(heard).toMatchObject({ heard: 'not-sent' });
    expect(platform.arrived).toHaveLength(0);
  });

  it('is lost when the connection breaks after the body went out', async () => {
    platform.on('POST /posts', 'cut');
    expect(await http.call({ method: 'POST', path: '/posts', body: { a: 1 } })).toMatchObject({
      heard: 'lost',
    });
    expect(platform.arrived).toHaveLength(1); // once: a POST is never repeated by itself
  });

  it('is lost when no answer comes in time', async () => {
    platform.on('POST /posts', 'silent');
    expect(await http.call({ method: 'POST', path: '/posts', body: {} })).toMatchObject({ heard: 'lost' });
  });

  it('is lost when it is aborted on the way and no answer comes in the last moment either', async () => {
    platform.on('POST /posts', 'silent');
    const brief = new PlatformHttp(platform.origin, {
      ...SETTINGS,
      answerTimeoutMs: 60_000,
      lastReplyMs: 50,
    });
    const signal = AbortSignal.timeout(1_000);
    expect(await brief.call({ method: 'POST', path: '/posts', body: {}, signal })).toEqual({
      heard: 'lost',
      detail: 'POST /posts: no answer in time', // a person reads it in the report
    });
    await brief.close();
  });

  describe('that is aborted', () => {
    let patient: PlatformHttp;
    const post = (signal?: AbortSignal) =>
      patient.call({ method: 'POST', path: '/posts', body: {}, ...(signal === undefined ? {} : { signal }) });
    const arrived = async (posts: number) => {
      for (let n = 0; n < 2_000 && platform.arrived.length < posts; n += 1)
        await new Promise((resolve) => setTimeout(resolve, 10));
    };
    beforeEach(() => {
      const long = { answerTimeoutMs: 60_000, lastReplyMs: 60_000 };
      patient = new PlatformHttp(platform.origin, { ...SETTINGS, ...long });
    });
    afterEach(() => patient.close());

    it('is waited for a little longer once its body has left: a stop or an expiry puts no post in doubt', async () => {
      const stop = new AbortController();
      platform.on('POST /posts', 'held');
      const call = post(stop.signal);
      await arrived(1);
      stop.abort();
      platform.answerHeld({ json: { id: '1' } });
      expect(await call).toMatchObject({ heard: 'answer', answer: { json: { id: '1' } } });
    });

    it('is not sent while it still waits for a connection', async () => {
      platform.on('POST /posts', 'silent');
      const busy = Array.from({ length: 8 }, () => post());
      await arrived(8);
      expect(await post(AbortSignal.timeout(20))).toMatchObject({ heard: 'not-sent' });
      await patient.close();
      expect((await Promise.all(busy)).map(({ heard }) => heard)).toEqual(Array(8).fill('lost'));
      expect(platform.arrived).toHaveLength(8);
    });
  });

  it('is lost when the answer never ends', async () => {
    const endless = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
      const more = setInterval(() => socket.write('x'.repeat(1024 * 1024)), 1);
      socket.on('close', () => clearInterval(more));
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const { port } = endless.address() as { port: number };
    const swamped = new PlatformHttp(`http://127.0.0.1:${port}`, { ...SETTINGS, answerTimeoutMs: 30_000 });
    expect(await swamped.call({ method: 'GET', path: '/' })).toMatchObject({ heard: 'lost' });
    await swamped.close();
    await new Promise((resolve) => endless.close(resolve));
  });

  it('is lost when the whole answer is not there in time, although a little of it keeps coming', async () => {
    const dripping = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
      const more = setInterval(() => socket.write(' '), 50);
      socket.on('close', () => clearInterval(more));
    });
    await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve));
    const { port } = dripping.address() as { port: number };
    const settings = { connectTimeoutMs: 1_000, answerTimeoutMs: 1_000 };
    const slow = new PlatformHttp(`http://127.0.0.1:${port}`, settings);
    expect(await slow.call({ method: 'POST', path: '/', body: {} })).toMatchObject({ heard: 'lost' });
    await slow.close();
    await new Promise((resolve) => dripping.close(resolve));
  }, 30_000);

  it('follows no redirect: an answer cannot send our token to another host', async () => {
    const other = await ScriptedPlatform.listen();
    platform.on('GET /posts', { status: 302, headers: { location: `${other.origin}/posts` } });
    expect(await http.call({ method: 'GET', path: '/posts' })).toMatchObject({ answer: { status: 302 } });
    expect(other.arrived).toHaveLength(0);
    await other.close();
  });

  it('tells that an answer was no JSON', async () => {
    platform.on('GET /posts', { text: '<html>' });
    const heard = await http.call({ method: 'GET', path: '/posts' });
    expect(heard).toMatchObject({ heard: 'answer', answer: { status: 200 } });
    expect(heard.heard === 'answer' && heard.answer.json).toBeUndefined();
  });
});
