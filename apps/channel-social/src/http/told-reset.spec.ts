import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toldReset } from './told-reset.js';
import type { Instant } from '#contracts';

const NOW = '2026-11-21T10:00:00.000Z' as Instant;
const date = 'Sat, 21 Nov 2026 10:00:00 GMT';

describe('when a platform says that it will take posts again', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['Mastodon', { 'x-ratelimit-reset': '2026-11-21T10:05:00.000Z' }, '2026-11-21T10:05:00.000Z'],
    [
      'Mastodon, to the microsecond',
      { 'x-ratelimit-reset': '2026-11-21T10:05:00.123456Z' },
      '2026-11-21T10:05:00.123Z',
    ],
    ['a clone, in Unix seconds', { 'x-ratelimit-reset': '1795255500' }, '2026-11-21T10:05:00.000Z'],
    ['a clone, in Unix milliseconds', { 'x-ratelimit-reset': '1795255500000' }, '2026-11-21T10:05:00.000Z'],
    ['a clone, in seconds from now', { 'x-ratelimit-reset': '30', date }, '2026-11-21T10:00:30.000Z'],
    ['Bluesky', { 'ratelimit-reset': '1795255500' }, '2026-11-21T10:05:00.000Z'],
    ['a proxy, in seconds', { 'retry-after': '30', date }, '2026-11-21T10:00:30.000Z'],
    ['a proxy without a clock', { 'retry-after': '30' }, '2026-11-21T10:00:30.000Z'],
    [
      'a proxy whose clock is an hour behind',
      { 'retry-after': '30', date: 'Sat, 21 Nov 2026 09:00:00 GMT' },
      '2026-11-21T10:00:30.000Z',
    ],
    [
      'Mastodon whose clock is an hour ahead',
      { 'x-ratelimit-reset': '2026-11-21T11:05:00.000Z', date: 'Sat, 21 Nov 2026 11:00:00 GMT' },
      '2026-11-21T10:05:00.000Z',
    ],
    [
      'Bluesky whose clock is an hour behind',
      { 'ratelimit-reset': '1795251900', date: 'Sat, 21 Nov 2026 09:00:00 GMT' },
      '2026-11-21T10:05:00.000Z',
    ],
    ['a proxy, as a date', { 'retry-after': 'Sat, 21 Nov 2026 10:05:00 GMT' }, '2026-11-21T10:05:00.000Z'],
    [
      'both, of which the first is broken',
      { 'x-ratelimit-reset': 'soon', 'retry-after': '5' },
      '2026-11-21T10:00:05.000Z',
    ],
    ['nothing', {}, undefined],
    ['nonsense', { 'x-ratelimit-reset': '', 'ratelimit-reset': 'NaN', 'retry-after': '-5' }, undefined],
    ['a moment that no calendar holds', { 'ratelimit-reset': '99999999999999999999' }, undefined],
  ])('is read as %s tells it', (_, headers, at) => expect(toldReset(headers, NOW)).toBe(at));

  it('never breaks, whatever stands there', () => {
    const written = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.bigInt().map(String),
      fc.date({ noInvalidDate: true }).map(String),
    );
    fc.assert(
      fc.property(written, written, written, (reset, after, clock) => {
        const at = toldReset({ 'x-ratelimit-reset': reset, 'retry-after': after, date: clock }, NOW);
        if (at !== undefined) expect(new Date(at).toISOString()).toBe(at);
      }),
      { seed: 20261121 },
    );
  });
});
