import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Told } from './answer.js';
import { HttpDoor } from './http-door.js';
import { RateWindow } from './rate-window.js';
import type { Route } from './route.js';

describe('the HTTP door', () => {
  const routes: Route[] = [
    {
      method: 'GET',
      path: '/hello/:name',
      answer: ({ params, query }) => ({ status: 200, body: { params, more: query.getAll('more') } }),
    },
    { method: 'GET', path: '/@:handle/:id', answer: ({ params }) => ({ status: 200, body: params }) },
    { method: 'GET', path: '/a.b', answer: () => ({ status: 204 }) },
    {
      method: 'POST',
      path: '/echo',
      answer: ({ body }) => ({
        status: 201,
        headers: { 'content-type': 'text/plain' },
        body: body.toString(),
      }),
    },
    {
      method: 'GET',
      path: '/told',
      answer: () => Promise.reject(new Told({ status: 418, body: { error: 'short and stout' } })),
    },
    { method: 'GET', path: '/broken', answer: () => Promise.reject(new Error('a defect')) },
    { method: 'GET', path: '/pieces', answer: () => ({ status: 200, body: pieces(3) }) },
    {
      method: 'GET',
      path: '/half',
      answer: () => ({ status: 200, body: pieces(1, new Error('the disk went')) }),
    },
  ];
  async function* pieces(count: number, then?: Error): AsyncGenerator<string> {
    for (let n = 0; n < count; n += 1) yield `piece ${n}\n`;
    if (then !== undefined) throw then;
  }
  let door: HttpDoor;
  let port: number;
  beforeEach(async () => {
    door = new HttpDoor(routes);
    port = await door.listen('127.0.0.1', 0);
  });
  afterEach(() => door.close());
  const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init);

  it('hands over parts of the path by name, decoded, and the query', async () => {
    expect(await (await ask('/hello/d%C5%B5r?more=1&more=2')).json()).toEqual({
      params: { name: 'dŵr' },
      more: ['1', '2'],
    });
    expect(await (await ask('/@county/7')).json()).toEqual({ handle: 'county', id: '7' });
  });

  it('knows a path only when it is that path, to the letter and to the method', async () => {
    expect((await ask('/a.b')).status).toBe(204);
    for (const path of ['/axb', '/hello', '/hello/', '/hello/a/b'])
      expect((await ask(path)).status).toBe(404);
    expect((await ask('/echo')).status).toBe(404);
  });

  it('reads the whole body, and refuses more than a megabyte', async () => {
    const large = 'x'.repeat(1 << 20);
    expect(await (await ask('/echo', { method: 'POST', body: large })).text()).toBe(large);
    expect((await ask('/echo', { method: 'POST', body: `${large}x` })).status).toBe(413);
  });

  it('tells what a route wants told, and a defect as 500', async () => {
    const told = await ask('/told');
    expect([told.status, await told.json()]).toEqual([418, { error: 'short and stout' }]);
    expect((await ask('/broken')).status).toBe(500);
  });

  it('answers an address that cannot be read with 400', async () => {
    expect((await ask('/hello/%E0%A4%A')).status).toBe(400);
  });

  it('streams pieces, and breaks off loudly when the source does', async () => {
    expect(await (await ask('/pieces')).text()).toBe('piece 0\npiece 1\npiece 2\n');
    await expect(ask('/half').then((answer) => answer.text())).rejects.toThrow();
  });

  it('outlives a caller who goes away in the midst of a body', async () => {
    const socket = connect({ host: '127.0.0.1', port });
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    socket.write('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
    expect((await ask('/a.b')).status).toBe(204);
  });

  it('rejects a port that is taken', async () => {
    await expect(new HttpDoor([]).listen('127.0.0.1', port)).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('a rate window', () => {
  const NOON = Date.parse('2026-11-21T12:00:00.000Z');

  it('lets so many through, and tells how many are left and until when', () => {
    const window = new RateWindow({ limit: 3, windowMs: 60_000 });
    expect([1, 2, 3, 4].map(() => window.take('ann', NOON + 5_000))).toMatchObject([
      { allowed: true, remaining: 2 },
      { allowed: true, remaining: 1 },
      { allowed: true, remaining: 0 },
      { allowed: false, remaining: 0, limit: 3, resetAt: NOON + 60_000 },
    ]);
  });

  it('gives the whole allowance again at the moment that it told', () => {
    const window = new RateWindow({ limit: 1, windowMs: 60_000 });
    window.take('ann', NOON);
    const { resetAt } = window.take('ann', NOON + 59_999);
    expect(window.take('ann', resetAt - 1).allowed).toBe(false);
    expect(window.take('ann', resetAt).allowed).toBe(true);
  });

  it('counts each name alone', () => {
    const window = new RateWindow({ limit: 1, windowMs: 60_000 });
    window.take('ann', NOON);
    expect(window.take('bob', NOON).allowed).toBe(true);
  });

  it('holds in every window or in none, and tells of the one that has least left', () => {
    const window = new RateWindow({ limit: 2, windowMs: 60_000 }, { limit: 3, windowMs: 3_600_000 });
    window.take('ann', NOON);
    expect(window.take('ann', NOON)).toMatchObject({ remaining: 0, resetAt: NOON + 60_000, limit: 2 });
    expect(window.take('ann', NOON).allowed).toBe(false);
    expect(window.take('ann', NOON + 60_000)).toMatchObject({ remaining: 0, limit: 3, allowed: true });
    expect(window.take('ann', NOON + 60_000)).toMatchObject({ allowed: false, resetAt: NOON + 3_600_000 });
    expect(window.take('ann', NOON + 3_600_000).allowed).toBe(true);
  });

  it('where both are spent, sends the caller to the later of the two', () => {
    const window = new RateWindow({ limit: 1, windowMs: 60_000 }, { limit: 1, windowMs: 3_600_000 });
    window.take('ann', NOON);
    expect(window.take('ann', NOON).resetAt).toBe(NOON + 3_600_000);
  });

  it('never lets more through in a window than its limit, whatever is asked and when', () => {
    const calls = fc.array(fc.record({ after: fc.nat(40_000), points: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(calls, (asked) => {
        const window = new RateWindow({ limit: 5, windowMs: 60_000 }, { limit: 9, windowMs: 180_000 });
        const through = new Map<string, number>();
        let now = NOON;
        for (const { after, points } of asked) {
          now += after;
          if (!window.take('ann', now, points).allowed) continue;
          for (const ms of [60_000, 180_000]) {
            const key = `${ms} ${Math.floor(now / ms)}`;
            through.set(key, (through.get(key) ?? 0) + points);
          }
        }
        for (const [key, points] of through)
          expect(points).toBeLessThanOrEqual(key.startsWith('60000 ') ? 5 : 9);
      }),
      { seed: 20261121 },
    );
  });

  it('takes nothing for a call that costs more than is left', () => {
    const window = new RateWindow({ limit: 5, windowMs: 60_000 });
    window.take('ann', NOON, 3);
    expect(window.take('ann', NOON, 3)).toMatchObject({ allowed: false, remaining: 2 });
    expect(window.take('ann', NOON, 2)).toMatchObject({ allowed: true, remaining: 0 });
  });
});
