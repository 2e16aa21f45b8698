import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { Problem, type TokenHolder } from '#runtime';
import { Key, onceFor, type RequestKey } from './once.js';

class Route {
  post(@Key() key: RequestKey): RequestKey {
    return key;
  }
}
type Read = (data: unknown, context: ExecutionContext) => RequestKey;
const [{ factory: read }] = Object.values(
  Reflect.getMetadata(ROUTE_ARGS_METADATA, Route, 'post') as Record<string, { factory: Read }>,
) as [{ factory: Read }];

type Wish = { key?: string; method?: string; url?: string; body?: unknown };
function keyOf({ key = 'k-1', method = 'POST', url = '/v1/warnings', body = { a: 1 } }: Wish): RequestKey {
  const header = (name: string) => (name === 'idempotency-key' && key !== '-' ? key : undefined);
  const request = { header, method, originalUrl: url, body };
  return read(undefined, { switchToHttp: () => ({ getRequest: () => request }) } as never);
}
function codeOf(wish: Wish): string {
  try {
    keyOf(wish);
    return 'taken';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe('the key of a request', () => {
  it.each(['k', '!', '~', 'x'.repeat(255), '0192f6a0-c0de-7000-a000-000000000001', '"quoted"'])(
    'may be %j',
    (key) => expect(keyOf({ key }).key).toBe(key),
  );

  it.each(['-', '', ' ', 'a b', 'a\tb', 'é', 'k\u007f', 'k\n', 'x'.repeat(256)])('may not be %j', (key) =>
    expect(codeOf({ key })).toBe('idempotency-key-missing'),
  );

  it('goes with what is asked: the same again is the same request', () =>
    expect(keyOf({})).toEqual(keyOf({ body: { a: 1 } })));

  it.each<[string, Wish]>([
    ['another body', { body: { a: 2 } }],
    ['a body with one field more', { body: { a: 1, b: null } }],
    ['no body', { body: null }],
    ['another address', { url: '/v1/incidents' }],
    ['the same address with a wish', { url: '/v1/warnings?incident=1' }],
    ['another method', { method: 'PUT' }],
  ])('with %s is another request', (_, wish) => expect(keyOf(wish).bodyHash).not.toBe(keyOf({}).bodyHash));

  it('of an alert is made of its bytes, whatever they mean', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const [one, two] = ['<alert/>', '<alert />'].map((text) => keyOf({ body: bytes(text) }).bodyHash);
    expect(one).not.toBe(two);
    expect(keyOf({ body: bytes('<alert/>') }).bodyHash).toBe(one);
  });

  it('is refused for a body so deep that it could not be written down again', () => {
    let body: unknown = {};
    for (let n = 0; n < 50_000; n += 1) body = [body];
    expect(codeOf({ body })).toBe('too-deep');
  });

  it('belongs to whoever holds the token: the keys of two officers never meet', () => {
    const [ann, bob] = ['off_a', 'off_b'].map((id) => onceFor({ id } as TokenHolder, keyOf({})));
    expect(ann).toEqual({ ...bob, holder: 'off_a' });
    expect(bob?.holder).toBe('off_b');
  });
});
