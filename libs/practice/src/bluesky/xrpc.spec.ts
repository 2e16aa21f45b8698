import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { Told } from '../http/answer.js';
import type { Call } from '../http/route.js';
import { pageOf, rateHeaders, read, throttled } from './xrpc.js';

const call = (body: string): Call => ({ body: Buffer.from(body) }) as unknown as Call;

describe('a page of Bluesky', () => {
  const key = (n: number) => `3l${String(n).padStart(3, '0')}`;
  const all = Array.from({ length: 230 }, (_, n) => ({
    uri: `at://did:plc:a/app.bsky.feed.post/${key(230 - n)}`,
  }));
  const ask = (query: string) => {
    const { page, next } = pageOf(all, new URLSearchParams(query));
    return { keys: page.map(({ uri }) => uri.slice(-3)), cursor: 'cursor' in next ? next.cursor : undefined };
  };

  it.each<[string, number, string, string, string | undefined]>([
    ['', 50, '230', '181', key(181)],
    ['limit=3', 3, '230', '228', key(228)],
    ['limit=1000', 100, '230', '131', key(131)], // a hundred at the most
    ['limit=0', 50, '230', '181', key(181)],
    ['limit=-5', 1, '230', '230', key(230)],
    ['limit=many', 50, '230', '181', key(181)],
    ['limit=2.9', 2, '230', '229', key(229)],
    [`cursor=${key(4)}`, 3, '003', '001', undefined], // the last one names no next
    [`cursor=${key(51)}`, 50, '050', '001', undefined],
    [`cursor=${key(52)}`, 50, '051', '002', key(2)],
  ])('asked for %j has %i, from %s to %s', (query, count, from, to, cursor) => {
    const { keys, cursor: next } = ask(query);
    expect([keys.length, keys[0], keys.at(-1), next]).toEqual([count, from, to, cursor]);
  });

  it('is empty below the last one', () =>
    expect(ask(`cursor=${key(1)}`)).toEqual({ keys: [], cursor: undefined }));

  it('after page, to the end, misses none and repeats none, whatever its length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (limit) => {
        const seen: string[] = [];
        for (let cursor: string | undefined = ''; cursor !== undefined;) {
          const { keys, cursor: next } = ask(`limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
          seen.push(...keys);
          cursor = next;
        }
        expect(seen).toEqual(all.map(({ uri }) => uri.slice(-3)));
      }),
      { seed: 20261121 },
    );
  });
});

describe('what Bluesky says of its patience', () => {
  it('is in whole seconds of the epoch, never earlier than the moment itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 }), (resetAt) => {
        const reset = Number(
          rateHeaders({ limit: 5_000, remaining: 3, resetAt, allowed: true })['ratelimit-reset'],
        );
        expect(Number.isInteger(reset)).toBe(true);
        expect(reset * 1_000).toBeGreaterThanOrEqual(resetAt);
        expect(reset * 1_000).toBeLessThan(resetAt + 1_000);
      }),
      { seed: 20261121 },
    );
  });

  it('comes with the error by its name', () => {
    const answer = throttled({ limit: 5_000, remaining: 0, resetAt: 1_795_255_500_000, allowed: false });
    expect(answer).toMatchObject({
      status: 429,
      headers: { 'ratelimit-limit': '5000', 'ratelimit-remaining': '0', 'ratelimit-reset': '1795255500' },
      body: { error: 'RateLimitExceeded' },
    });
  });
});

describe('the body of a call', () => {
  const Body = z.looseObject({ identifier: z.string(), password: z.string() });

  it('is read as the method wants it, with fields that nobody knows', () => {
    expect(read(Body, call('{"identifier":"a","password":"b","more":1}'))).toEqual({
      identifier: 'a',
      password: 'b',
      more: 1,
    });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"identifier":'],
    ['no object', '"a"'],
    ['null', 'null'],
    ['another type', '{"identifier":7,"password":"b"}'],
    ['half of it', '{"identifier":"a"}'],
  ])('that is %s is refused as InvalidRequest, naming what is wrong', (_, body) => {
    try {
      read(Body, call(body));
      throw new Error('it was taken');
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      expect(error.answer).toMatchObject({ status: 400, body: { error: 'InvalidRequest' } });
      expect(JSON.stringify(error.answer.body)).toMatch(/expected/);
    }
  });
});
