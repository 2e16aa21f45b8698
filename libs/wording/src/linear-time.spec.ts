import { describe, expect, it } from '@jest/globals';
import { compose, measure, PLATFORMS, splitSms, transliterateForSms } from './index.js';
import type { ComposeRequest } from './index.js';

const MEGABYTE = 1_000_000;
const MOST_MS = 1_000;
/** Repeated to a megabyte, each of these has made some counter, pattern or splitter of somebody slow. */
const HOSTILE = [
  'a', 'ŵ', '日', '🌊', '👨‍👩‍👧‍👦', '🇬', '⚠️', '1️⃣', '\u0301', '\u200d', '\ufe0f', '\u0600', '\u0915\u094d', '\ud800',
  '.', '…', 'a.', '日.', '.com', 'a.com/', 'a.com/(', 'a.com?', 'xn--a.', 'xn--', 'рф.', '-', '_', 'a_.', 'www.', 't.co/',
  'http://', 'http://a', '@', '@a', '@a.', '@a@b.', '#', '#1', '(', ')', '"', '? ', '.) ', 'e.g. ', ' ', '\n', '\r\n', '€', '’', '&',
]; // prettier-ignore

const request: ComposeRequest = {
  platform: 'x',
  language: 'en-GB',
  mode: 'live',
  message: 'first',
  variant: 'first',
  version: 1,
  text: { source: 'A', hazard: 'H', place: 'P', guidance: 'G' },
  expiresAt: '2026-11-22T18:00:00.000Z',
};

/** The slowest of some works, by name, in time of the processor: other work on the machine is not its fault. */
function slowest(works: [string, () => unknown][]): { name: string; ms: number } {
  let worst = { name: '', ms: -1 };
  for (const [name, work] of works) {
    const start = process.cpuUsage();
    work();
    const { user } = process.cpuUsage(start);
    const ms = user / 1_000;
    if (ms > worst.ms) worst = { name, ms };
  }
  return worst;
}

describe('a megabyte of one character', () => {
  it.each(HOSTILE)('of %j takes no platform more than a second', (character) => {
    const text = character.repeat(Math.floor(MEGABYTE / Buffer.byteLength(character)));
    const works: [string, () => unknown][] = PLATFORMS.map((platform) => [
      platform,
      () => measure(platform, text),
    ]);
    works.push(['split', () => splitSms(text)], ['transliterate', () => transliterateForSms(text)]);
    for (const name of ['source', 'hazard', 'place', 'guidance'] as const) {
      works.push([
        `compose ${name}`,
        () => compose({ ...request, text: { ...request.text, [name]: `${text}a` } }),
      ]);
    }
    const { name, ms } = slowest(works);
    expect(ms < MOST_MS ? 'in time' : `${name} took ${Math.round(ms)} ms`).toBe('in time');
  });
});
