import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { currentTraceId, currentTraceparent, inTrace, nextTraceparent, sleep } from '#runtime';

/** W3C Trace Context §3.2: what may stand there, and nothing else. */
const VALID = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });
const id = (digits: number) => hex(digits).filter((text) => !/^0+$/.test(text));

describe('a trace', () => {
  it('is valid whatever a caller sends', () =>
    fc.assert(
      fc.property(fc.string(), (given) => VALID.test(nextTraceparent(given))),
      { seed: 20261121 },
    ));

  it('keeps the caller’s id and flags, and has a hop of its own', () =>
    fc.assert(
      fc.property(id(32), id(16), hex(2), (trace, parent, flags) => {
        const next = nextTraceparent(`00-${trace}-${parent}-${flags}`);
        return (
          VALID.test(next) &&
          next.slice(3, 35) === trace &&
          next.slice(36, 52) !== parent &&
          next.endsWith(flags)
        );
      }),
      { seed: 20261121 },
    ));

  it.each([
    ['another version', '01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['a parent of zeros', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['capital letters', '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01'],
    ['something behind it', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more'],
    ['a digit too few', '00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01'],
  ])('begins anew after %s', (_, given) =>
    expect(nextTraceparent(given)).not.toContain('0af7651916cd43dd8448eb211c80319'),
  );

  it('of one request is never that of another, however they are interleaved', async () => {
    const seen = await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const traceparent = nextTraceparent();
        return inTrace(traceparent, async () => {
          await sleep((n * 7) % 10);
          return currentTraceparent() === traceparent && currentTraceId() === traceparent.slice(3, 35);
        });
      }),
    );
    expect(seen).not.toContain(false);
    expect(currentTraceId()).toBeNull();
  });

  it('within a trace is the inner one, and the outer one again afterwards', () => {
    const [outer, inner] = [nextTraceparent(), nextTraceparent()];
    inTrace(outer, () => {
      expect(inTrace(inner, currentTraceparent)).toBe(inner);
      expect(currentTraceparent()).toBe(outer);
    });
  });

  it('ends with the work that throws', () => {
    const work = () => inTrace(nextTraceparent(), () => JSON.parse('{') as unknown);
    expect(work).toThrow(SyntaxError);
    expect(currentTraceparent()).toBeNull();
  });
});
