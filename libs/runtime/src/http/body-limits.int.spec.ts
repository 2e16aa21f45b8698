import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Module, Param, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import { MOST_JSON_BYTES, silentLog, startHttp, type HttpServer } from '#runtime';

const Anything = z.unknown();

@Controller()
class Takes {
  @Post(['v1/warnings', 'v1/capable'])
  json(@Body({ schema: Anything }) body: unknown) {
    return { json: body === undefined ? 'nothing' : body };
  }

  @Put('v1/warnings')
  put(@Body({ schema: Anything }) body: unknown) {
    return { json: body };
  }

  @Post('v1/cap')
  cap(@Body() body: unknown) {
    return { bytes: Buffer.isBuffer(body) ? body.length : 'none' };
  }

  @Post('v1/unsubscribe/:token')
  unsubscribe(@Param('token') token: string, @Body() body: unknown) {
    return { token, bytes: Buffer.isBuffer(body) ? body.length : 'none' };
  }

  @Post('v1/webhook')
  own(@Body() body: unknown) {
    return { bytes: Buffer.isBuffer(body) ? body.length : 'none' };
  }
}

@Module({ controllers: [Takes] })
class App {}

let server: HttpServer;
beforeAll(async () => {
  server = await startHttp(App, {
    name: 'bodies',
    port: 0,
    log: silentLog,
    rawBodies: [{ path: '/v1/webhook', types: ['application/octet-stream'], mostBytes: 10 }],
  });
});
afterAll(() => server.close());

async function send(path: string, type: string | undefined, body: string | Uint8Array, method = 'POST') {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: type === undefined ? {} : { 'content-type': type },
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  });
  const { code, ...said } = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, code, said };
}

describe('what a body may be', () => {
  it.each([
    ['/v1/warnings', 'application/json'],
    ['/v1/warnings', 'application/json; charset=utf-8'],
    ['/v1/warnings', 'Application/JSON;charset="UTF-8"'],
    ['/v1/cap', 'application/cap+xml'],
    ['/v1/cap', 'application/xml; charset=iso-8859-1'],
    ['/v1/cap', 'text/xml'],
    ['/v1/unsubscribe/abc', 'application/x-www-form-urlencoded'],
    ['/v1/unsubscribe/abc', 'multipart/form-data; boundary=x'],
    ['/v1/unsubscribe/abc', 'text/plain'],
    ['/v1/webhook', 'application/octet-stream'],
  ])('at %s: %s', async (path, type) => expect((await send(path, type, '{"a":1}')).status).toBe(201));

  it.each([
    ['/v1/warnings', 'text/json'],
    ['/v1/warnings', 'application/json-seq'],
    ['/v1/warnings', 'application/x-www-form-urlencoded'],
    ['/v1/warnings', 'application/cap+xml'],
    ['/v1/warnings', 'text/plain'],
    ['/v1/cap', 'application/json'],
    ['/v1/cap', 'text/html'],
    ['/v1/cap', 'multipart/form-data; boundary=x'],
    ['/v1/unsubscribe/abc', 'application/json'],
    ['/v1/webhook', 'application/json'],
    ['/v1/capable', 'application/cap+xml'], // begins like the path of CAP, and is another
  ])('at %s not %s', async (path, type) =>
    expect(await send(path, type, '{"a":1}')).toMatchObject({ status: 415, code: 'wrong-content-type' }),
  );

  it('is of a kind that it names: a body without one is not guessed at', async () =>
    expect(await send('/v1/warnings', undefined, '{}')).toMatchObject({ status: 415 }));

  it('may be none at all, whatever its kind is said to be', async () => {
    expect(await send('/v1/warnings', 'application/xml', '')).toMatchObject({ status: 201 });
    expect(await send('/v1/unsubscribe/abc', undefined, '')).toMatchObject({
      status: 201,
      said: { token: 'abc' },
    });
  });

  it('is refused with the kinds that this very address takes', async () => {
    const { said } = await send('/v1/cap', 'application/json', '{}');
    expect(said['detail']).toBe('This address takes application/cap+xml, application/xml, text/xml.');
  });

  it('is looked at in the same way whatever the method', async () => {
    expect((await send('/v1/warnings', 'text/plain', 'x', 'PUT')).status).toBe(415);
    expect((await send('/v1/warnings', 'application/json', '[1]', 'PUT')).said).toEqual({ json: [1] });
  });
});

describe('how large a body may be', () => {
  const jsonOf = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;

  it('to the byte: a megabyte of JSON, and not one more', async () => {
    expect((await send('/v1/warnings', 'application/json', jsonOf(MOST_JSON_BYTES))).status).toBe(201);
    expect(await send('/v1/warnings', 'application/json', jsonOf(MOST_JSON_BYTES + 1))).toMatchObject({
      status: 413,
      code: 'too-large',
    });
  });

  it.each([
    ['/v1/cap', 'application/xml', 1024 * 1024],
    ['/v1/unsubscribe/abc', 'text/plain', 16 * 1024],
    ['/v1/webhook', 'application/octet-stream', 10],
  ])('%s: by its own limit', async (path, type, most) => {
    expect((await send(path, type, 'x'.repeat(most))).said['bytes']).toBe(most);
    expect((await send(path, type, 'x'.repeat(most + 1))).status).toBe(413);
  });

  it('counts bytes and not letters', async () => {
    expect((await send('/v1/webhook', 'application/octet-stream', '🌊🌊')).said['bytes']).toBe(8);
    expect((await send('/v1/webhook', 'application/octet-stream', '🌊🌊🌊')).status).toBe(413);
  });
});

describe('what JSON may be', () => {
  it.each([
    ['a half', '{"a":'],
    ['two at once', '{}{}'],
    ['a comment', '{/* a */}'],
    ['a comma too many', '[1,]'],
    ['a name without quotes', '{a:1}'],
    ['a number that is none', '[NaN]'],
    ['a text with a line break in it', '"a\nb"'],
    ['a text with bytes that are no UTF-8', Uint8Array.of(0x22, 0x61, 0xff, 0x22)],
    ['a letter of two bytes that was cut in the middle', Uint8Array.of(0x22, 0xc5, 0x22)],
    ['half a surrogate as UTF-8 (CESU-8)', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ['UTF-16', Uint8Array.of(0x5b, 0x00, 0x5d, 0x00)],
  ])('not %s', async (_, body) =>
    expect(await send('/v1/warnings', 'application/json', body)).toMatchObject({
      status: 400,
      code: 'not-json',
    }),
  );

  it.each(['null', '0', '""', '[]', 'true'])('%s, which is for the route to judge', async (body) =>
    expect((await send('/v1/warnings', 'application/json', body)).status).toBe(201),
  );

  it('with a byte order mark is read as it is without', async () =>
    expect((await send('/v1/warnings', 'application/json', '\ufeff{"a":1}')).said).toEqual({
      json: { a: 1 },
    }));
});
