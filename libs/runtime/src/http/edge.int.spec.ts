import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpException, Module, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { currentTraceId, newLog, startHttp, type HttpServer } from '#runtime';

const Anything = z.record(z.string(), z.unknown());

/** Ways in which our own code can fail, each with something in it that no caller may read. */
const FAULTS: Readonly<Record<string, () => unknown>> = {
  error: () => new Error('hunter2'),
  text: () => 'hunter2',
  nothing: () => undefined,
  object: () => ({ message: 'hunter2', status: 403, response: 'hunter2' }),
  nest: () => new HttpException({ message: 'hunter2' }, 500),
  gateway: () => new HttpException('hunter2', 502),
  postgres: () =>
    Object.assign(new Error('relation "hunter2" does not exist'), { code: '42P01', detail: 'hunter2' }),
  cause: () => new Error('outer hunter2', { cause: new Error('hunter2') }),
};

@Controller()
class Routes {
  @Get('fails/:how')
  fails(@Param('how') how: string) {
    throw FAULTS[how]?.();
  }

  @Get('trace')
  trace() {
    return { traceId: currentTraceId() };
  }

  @Get('much')
  much() {
    return 'much '.repeat(8_000_000);
  }

  @Post('takes')
  takes(@Body({ schema: Anything }) body: Record<string, unknown>) {
    return { fields: Object.keys(body).length };
  }
}

@Module({ controllers: [Routes] })
class App {}

const logged: string[] = [];
let server: HttpServer;
beforeAll(async () => {
  server = await startHttp(App, {
    name: 'edge',
    port: 0,
    log: newLog('edge', 'info', { write: (line) => void logged.push(line) }),
    patience: { headersMs: 800, requestMs: 1_600, silentMs: 3_000 },
  });
});
afterAll(() => server.close());

/** Writes bytes onto a connection, slowly where asked, and answers what came back and after how long it was closed. */
function raw(parts: readonly string[], everyMs = 0): Promise<{ said: string; ms: number }> {
  const began = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let said = '';
    const waiting = [...parts];
    const next = () => {
      const part = waiting.shift();
      if (part === undefined) return;
      socket.write(part);
      timer = setTimeout(next, everyMs);
    };
    let timer = setTimeout(next, 0);
    socket.on('data', (data) => (said += data.toString()));
    socket.on('error', () => {}); // a connection that the server has cut
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ said, ms: performance.now() - began });
    });
  });
}
const drip = (text: string) => Array.from(text.repeat(40));
const ask = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init);

describe('the edge of a process', () => {
  it.each(['/livez', '/readyz', '/metrics', '/docs/problems', '/trace', '/nowhere', '/fails/error'])(
    'answers %s with the headers that keep browsers from harm, and without its maker’s name',
    async (path) => {
      const { headers } = await ask(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('content-security-policy')).toMatch(
        /default-src 'self'.*object-src 'none'.*script-src 'self'/,
      );
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
      expect(headers.get('etag')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('names the trace of every answer: the caller’s own where it is a valid one', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const own = await ask('/trace', { headers: { traceparent } });
    expect(own.headers.get('x-trace-id')).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(await own.json()).toEqual({ traceId: '0af7651916cd43dd8448eb211c80319c' });
    const given = await ask('/trace', { headers: { traceparent: '00-what<script>ever-1-01' } });
    expect(given.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
    expect((await ask('/nowhere')).headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each(Object.keys(FAULTS))('tells nothing of its own fault but the trace id: %s', async (how) => {
    const answer = await ask(`/fails/${how}`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toMatch(/hunter2|Error|stack|\.ts|42P01/);
    const { code, traceId } = JSON.parse(text) as { code: string; traceId: string };
    expect([code, traceId]).toEqual(['internal-error', answer.headers.get('x-trace-id')]);
    expect(logged.some((line) => line.includes('a request met a fault') && line.includes(traceId))).toBe(
      true,
    );
  });

  it('cuts off a caller that never finishes its headers', async () => {
    const { said, ms } = await raw(['GET /livez HTTP/1.1\r\nHost: x\r\n', ...drip('X-A: b\r\n')], 40);
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeGreaterThan(700);
    expect(ms).toBeLessThan(20_000);
  });

  it('cuts off a caller that never finishes its body', async () => {
    const head =
      'POST /takes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
    const { said, ms } = await raw([head, ...drip(' ')], 60);
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan(20_000);
  });

  it('cuts off a caller that asks for much and takes nothing of it, which would be kept for it for ever', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => {}); // it may be told by a reset
    socket.write('GET /much HTTP/1.1\r\nHost: larum\r\n\r\n');
    await new Promise((resolve) => socket.once('readable', resolve));
    const open = () =>
      new Promise<number>((resolve) =>
        server.app.getHttpServer().getConnections((_: unknown, count: number) => resolve(count)),
      );
    for (let looks = 0; looks < 400 && (await open()) > 0; looks += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await open()).toBe(0);
    socket.destroy();
  });

  it('answers others at once while slow callers hold on', async () => {
    const slow = Array.from({ length: 200 }, () => raw(['GET /livez HTTP/1.1\r\nHost: x\r\n', 'X']));
    const began = performance.now();
    expect((await ask('/livez')).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(10_000);
    await Promise.all(slow);
  });

  it.each([
    [
      'headers of 20 kB',
      `GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    ['what is not HTTP', 'EHLO relay.example\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'two lengths at once',
      'POST /takes HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    ['a line break in a header', 'GET /livez HTTP/1.1\r\nHost: x\r\nX-A: b\rc\r\n\r\n', /^HTTP\/1\.1 400 /],
  ])('refuses %s', async (_, text, answer) => {
    const { said } = await raw([text]);
    expect(said).toMatch(answer);
    expect(said).not.toMatch(/ {4}at |node:/);
  });

  it('refuses a compressed bomb at the size that it unfolds to', async () => {
    const { gzipSync } = await import('node:zlib');
    const body = gzipSync(`{"a":"${'x'.repeat(5_000_000)}"}`);
    expect(body.length).toBeLessThan(10_000);
    const answer = await ask('/takes', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'too-large']);
  });

  it('lets nobody add to the objects of the house by a field’s name', async () => {
    const body = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}';
    await ask('/takes', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each(['TRACE', 'PUT', 'DELETE', 'PATCH'])(
    'has nothing for %s where no route takes it',
    async (method) => {
      const { said } = await raw([`${method} /trace HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`]);
      expect(said).toMatch(/^HTTP\/1\.1 404 /);
    },
  );
});
