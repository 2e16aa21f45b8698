import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Param, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import {
  BearerGuard,
  Caller,
  HealthRegistry,
  type HttpServer,
  newLog,
  newToken,
  openStartingBoard,
  problemsOf,
  Roles,
  sha256Hex,
  startHttp,
  TokenBook,
  type TokenHolder,
} from '#runtime';

const Cancel = z.strictObject({ reason: z.string().min(1).max(500), note: z.string().optional() });
type Cancel = z.infer<typeof Cancel>;

class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';
}

class Refused extends Error {}

const appProblems = {
  'version-open': {
    status: 409,
    title: 'A version is open',
    meaning: 'One at a time.',
    whatToDo: 'Finish it.',
  },
} as const;
const appProblem = problemsOf(appProblems);

@Controller('v1')
@UseGuards(BearerGuard)
class Warnings {
  @Post('cancel')
  @HttpCode(202)
  @Roles('author', 'approver')
  cancel(@Caller() by: TokenHolder, @Body({ schema: Cancel }) { reason }: Cancel) {
    return { by: by.id, reason };
  }

  @Get('warnings/:warningId')
  show(@Param('warningId', { schema: z.string().regex(/^wrn_/, 'is no id') }) warningId: string) {
    return { warningId };
  }

  @Get('fails/:how')
  fails(@Param('how') how: string) {
    if (how === 'away') throw new DatabaseAway('connect ECONNREFUSED 127.0.0.1:5432');
    if (how === 'refused') throw new Refused();
    throw new Error('secret of the house: postgres://larum:hunter2@127.0.0.1/');
  }

  @Post('cap')
  @HttpCode(200)
  cap(@Body() xml: Buffer) {
    return { bytes: xml.length };
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'larum-http-'));
const tokensFile = path.join(folder, 'tokens.json');
const ann = newToken('exercise');
const rita = newToken('exercise');
const entry = (digit: string, token: string, roles: string[]) => ({
  id: `off_${digit.repeat(32)}`,
  name: `holder ${digit}`,
  roles,
  agency: null,
  languages: ['en-GB'],
  tokenSha256: sha256Hex(token),
  mode: 'exercise',
});
const logged: string[] = [];
const log = newLog('test', 'info', { write: (line) => void logged.push(line) });
const health = new HealthRegistry();
let server: HttpServer;

beforeAll(async () => {
  writeFileSync(tokensFile, JSON.stringify([entry('a', ann, ['author']), entry('b', rita, ['reviewer'])]));
  @Module({
    controllers: [Warnings],
    providers: [{ provide: TokenBook, useFactory: () => TokenBook.open(tokensFile, 'exercise', log) }],
  })
  class App {}
  server = await startHttp(App, {
    name: 'test',
    port: 0,
    log,
    health,
    problems: [appProblems],
    readers: [(error) => (error instanceof Refused ? appProblem('version-open') : undefined)],
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const ask = async (at: string, init: RequestInit = {}) => {
  const response = await fetch(`${server.url}${at}`, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : text,
  };
};
const post = (at: string, body: unknown, token = ann, type = 'application/json') =>
  ask(at, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('a process behind HTTP', () => {
  it('answers an officer with the role, and knows who that is', async () => {
    expect(await post('/v1/cancel', { reason: 'over' })).toMatchObject({
      status: 202,
      body: { by: `off_${'a'.repeat(32)}`, reason: 'over' },
    });
  });

  it('names a wrong id in the address by its place there', async () => {
    const answer = await fetch(`${server.url}/v1/warnings/123`, {
      headers: { authorization: `Bearer ${ann}` },
    });
    expect(await answer.json()).toMatchObject({ status: 400, detail: 'warningId: is no id' });
  });

  it('names every wrong field, and never repeats a value', async () => {
    const answer = await post('/v1/cancel', { reason: '', nots: 'a secret' });
    expect(answer).toMatchObject({
      status: 400,
      body: { type: '/docs/problems#invalid-request', code: 'invalid-request', status: 400 },
    });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.fields.map((one: { field: string }) => one.field)).toEqual(['reason', 'nots']);
    expect(answer.text).not.toContain('a secret');
  });

  it.each([
    ['no token', 'no-token', {}, 401],
    ['a token that nobody holds', 'unknown-token', { authorization: `Bearer ${newToken('exercise')}` }, 401],
    [
      'a token of the other world',
      'token-of-the-other-world',
      { authorization: `Bearer ${newToken('live')}` },
      401,
    ],
    ['a role that may not', 'not-your-role', { authorization: `Bearer ${rita}` }, 403],
  ])('refuses %s', async (_, code, headers, status) => {
    const answer = await ask('/v1/cancel', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it.each([
    ['broken JSON', '{"reason":', 'application/json', 'not-json', 400],
    ['a megabyte too much', `"${'x'.repeat(1_048_577)}"`, 'application/json', 'too-large', 413],
    ['a form', 'reason=over', 'application/x-www-form-urlencoded', 'wrong-content-type', 415],
    ['JSON in a strange alphabet', '{}', 'application/json; charset=ebcdic', 'wrong-content-type', 415],
  ])('refuses %s', async (_, body, type, code, status) => {
    expect(await post('/v1/cancel', body, ann, type)).toMatchObject({ status, body: { code } });
  });

  it('takes CAP as bytes at its own address, up to its own limit', async () => {
    expect(await post('/v1/cap', '<alert/>', ann, 'application/cap+xml')).toMatchObject({
      status: 200,
      body: { bytes: 8 },
    });
    expect(await post('/v1/cap', '{}', ann)).toMatchObject({ status: 415 });
    expect(await post('/v1/cap', 'x'.repeat(1_048_577), ann, 'application/xml')).toMatchObject({
      status: 413,
    });
  });

  it('tells the caller of its own fault nothing but a trace id, by which the log is found', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await ask('/v1/fails/badly', { headers: { traceparent, authorization: `Bearer ${ann}` } });
    expect(answer).toMatchObject({
      status: 500,
      body: { code: 'internal-error', traceId: '0af7651916cd43dd8448eb211c80319c' },
    });
    expect(answer.text).not.toContain('secret');
    const line = logged.find((one) => one.includes('a request met a fault')) ?? '';
    expect(line).toContain('0af7651916cd43dd8448eb211c80319c');
    expect(line).not.toContain('hunter2');
  });

  it('asks to try again when the database is away', async () => {
    const answer = await ask('/v1/fails/away', { headers: { authorization: `Bearer ${ann}` } });
    expect(answer).toMatchObject({ status: 503, body: { code: 'database-away' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it("answers an app's own refusal by the app's own table", async () => {
    expect(await ask('/v1/fails/refused', { headers: { authorization: `Bearer ${ann}` } })).toMatchObject({
      status: 409,
      body: { code: 'version-open', detail: 'One at a time.' },
    });
  });

  it('says not found for an address that does not exist, and refuses one that cannot be read', async () => {
    expect(await ask('/v1/nowhere')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect((await ask('/v1/fails/%E0%A4%A')).status).toBe(400);
  });

  it('explains every problem on a page', async () => {
    const { text } = await ask('/docs/problems');
    expect(text).toContain('id="version-open"');
    expect(text).toContain('id="token-of-the-other-world"');
  });

  it('is ready when its checks are, and says which one is not', async () => {
    expect(await ask('/readyz')).toMatchObject({ status: 200 });
    const remove = health.add('database', () => {
      throw new Error('does not answer');
    });
    expect(await ask('/readyz')).toMatchObject({
      status: 503,
      body: { ready: false, checks: { database: 'does not answer' } },
    });
    remove();
    expect(await ask('/livez')).toMatchObject({ status: 200 });
    expect((await ask('/metrics')).text).toContain('process_cpu_seconds_total');
  });
});

describe('a process whose port is held until its modules are up', () => {
  const lines: string[] = [];
  class Slow {
    async onApplicationBootstrap() {
      lines.push(`modules come up, /readyz ${(await look()).status}`);
    }
  }
  @Module({ providers: [Slow] })
  class App {}
  const held = { port: 0 };
  const look = () => fetch(`http://127.0.0.1:${held.port}/readyz`);

  it('answers on one port from the first moment to the last, and is ready only at the end', async () => {
    const board = await openStartingBoard({ port: 0, host: '127.0.0.1' });
    held.port = board.port;
    const taken = await startHttp(App, {
      name: 'test',
      port: board.port,
      log,
      takesPort: async () => {
        await board.close();
        lines.push('the port is let go');
      },
    });
    lines.push(`/readyz ${(await look()).status}`);
    await taken.close();
    expect(lines).toEqual(['modules come up, /readyz 503', 'the port is let go', '/readyz 200']);
  });

  it('leaves it to whoever holds it when a module does not come up', async () => {
    const board = await openStartingBoard({ port: 0, host: '127.0.0.1' });
    held.port = board.port;
    class Broken {
      onApplicationBootstrap() {
        throw new DatabaseAway('cut');
      }
    }
    @Module({ providers: [Broken] })
    class BrokenApp {}
    const takesPort = () => board.close();
    const starting = startHttp(BrokenApp, { name: 'test', port: board.port, log, takesPort });
    await expect(starting).rejects.toThrow('cut');
    expect((await look()).status).toBe(503);
    await board.close();
  });
});
