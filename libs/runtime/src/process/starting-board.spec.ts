import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openStartingBoard, type StartingBoard } from '#runtime';

let board: StartingBoard;
beforeEach(async () => {
  board = await openStartingBoard({ port: 0, host: '127.0.0.1' });
});
afterEach(() => board.close());

async function get(path: string, method = 'GET') {
  const answer = await fetch(`http://127.0.0.1:${board.port}${path}`, { method });
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    again: answer.headers.get('retry-after'),
    connection: answer.headers.get('connection'),
    body: (await answer.json()) as Record<string, unknown>,
  };
}

describe('a process that is not up yet', () => {
  it('lives, so that nobody kills it for waiting', async () => {
    expect(await get('/livez')).toMatchObject({ status: 200, body: { alive: true } });
  });

  it('takes no work, and says that it is starting', async () => {
    expect(await get('/readyz')).toMatchObject({
      status: 503,
      type: 'application/json; charset=utf-8',
      body: { ready: false, checks: { process: 'is starting' } },
    });
  });

  it('names what it waits for, and only what it waits for now', async () => {
    board.waitsFor('database', 'connect ECONNREFUSED 127.0.0.1:5432');
    board.waitsFor('database', 'the database system is starting up');
    expect((await get('/readyz?from=probe')).body).toEqual({
      ready: false,
      checks: { database: 'the database system is starting up' },
    });
  });

  it.each([
    ['GET', '/v1/warnings'],
    ['POST', '/v1/warnings/wrn_1/cancel'],
    ['GET', '/'],
    ['GET', '/metrics'],
  ])('asks whoever wants more to come again: %s %s', async (method, path) => {
    expect(await get(path, method)).toMatchObject({
      status: 503,
      type: 'application/problem+json; charset=utf-8',
      again: '1',
      body: { code: 'database-away', status: 503 },
    });
  });

  it('keeps no connection, so that the next question finds the module', async () => {
    expect((await get('/livez')).connection).toBe('close');
  });

  it('lets go of its port for the module, also while a prober has said only half of its question', async () => {
    const { port } = board;
    const prober = connect(port, '127.0.0.1');
    const cut = new Promise((resolve) => prober.once('close', resolve));
    prober.on('error', () => {}); // it is cut off
    await new Promise<void>((resolve) => prober.write('GET /livez HTTP/1.1\r\n', () => resolve()));
    await Promise.all([board.close(), board.close()]);
    const next = await openStartingBoard({ port, host: '127.0.0.1' });
    expect(next.port).toBe(port);
    await next.close();
    await cut;
  });

  it('does not start on a port that another program has', async () => {
    const second = openStartingBoard({ port: board.port, host: '127.0.0.1' });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE', syscall: 'listen', port: board.port });
  });
});
