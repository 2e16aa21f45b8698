import { describe, expect, it } from '@jest/globals';
import {
  adviseSms,
  cellBroadcastPages,
  compose,
  lint,
  lintText,
  measure,
  PLATFORMS,
  splitSms,
  transliterateForSms,
} from './index.js';
import { findEntities } from './links/entities.js';
import type { ComposeRequest } from './index.js';

const MEGABYTE = 1_000_000;
/** Less than a second on a quiet machine, and a slow one is given five; what grows with the square of the length takes minutes. */
const MOST_MS = 5_000;
/** Repeated to a megabyte, each of these has made some counter, pattern or splitter of somebody slow. */
const HOSTILE = [
  'a', 'ŵ', '日', '🌊', '👨‍👩‍👧‍👦', '🇬', '⚠️', '1️⃣', '\u0301', '\u200d', '\ufe0f', '\u0600', '\u0915\u094d', '\ud800',
  '.', '…', 'a.', '日.', '.com', 'a.com/', 'a.com/(', 'a.com?', 'xn--a.', 'xn--', 'рф.', '-', '_', 'a_.', 'www.', 't.co/',
  'http://', 'http://a', '@', '@a', '@a.', '@a@b.', '#', '#1', '(', ')', '"', '? ', '.) ', 'e.g. ', ' ', '\n', '\r\n', '€', '’', '&',
]; // prettier-ignore
/** And these patterns of the checks: phrases, repeated. */
const PHRASES = [
  'д', 'aд', 'A', 'AA ', 'AA, ', 'AA,', '0', '0 ', '+44', '07 ', '[', '{', '{{', '<a', 'X', 'five ', '5 dead ', 'victim ', 'victim is ', 'RUN ', 'RUN HIDE ',
  'HIDE\n', 'run, ', 'leave now ', 'leave now. ', 'call 999 ', 'flood alert ', 'danger to life ', 'test ', 'this is a ', 'not a ', 'tonight ', 'in the next ',
  'until further ', 'rtc ', 'prior to ', 'in the ', 'e.g.', 'a’', 'A&', '-a', 'Level 2 ', 'Level ', 'Op ', '#aaaaaaaaaaaa', 'Ab ', '\u202e', '\u00ad', 'k', 'Vog, ',
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

/** Fails when one of some works takes longer than that. */
function inTime(works: [string, () => unknown][]): void {
  const { name, ms } = slowest(works);
  expect(ms < MOST_MS ? 'in time' : `${name} took ${Math.round(ms)} ms`).toBe('in time');
}

const repeated = (piece: string, bytes: number) => piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)));
const about = { mode: 'live', expiresAt: request.expiresAt } as const;

describe('a megabyte of one character', () => {
  it.each(HOSTILE)(
    'of %j is measured, split and composed for every platform in a moment each',
    (character) => {
      const text = repeated(character, MEGABYTE);
      inTime([
        ...PLATFORMS.map((platform): [string, () => unknown] => [platform, () => measure(platform, text)]),
        ['split', () => splitSms(text)],
        ['advise', () => adviseSms(text)],
        ['pages', () => cellBroadcastPages(text)],
        ['transliterate', () => transliterateForSms(text)],
        ['entities', () => findEntities(text, 'x')],
        ...(['source', 'hazard', 'impact', 'place', 'guidance', 'headline', 'resolved'] as const).map(
          (name): [string, () => unknown] => [
            `compose ${name}`,
            () => compose({ ...request, text: { ...request.text, [name]: `${text}a` } }),
          ],
        ),
      ]);
    },
  );

  it.each(['a', 'A', 'ŵ', '日', 'д', '🌊', '\ud800', '.', '0', ' ', '\n', '’', '…', '[', '\u202e'])(
    'of %j is checked in a moment',
    (character) => {
      const text = repeated(character, MEGABYTE);
      inTime([['lint', () => lintText(text, { ...about, language: 'en-GB' })]]);
    },
  );
});

describe('a tenth of a megabyte of one phrase', () => {
  it.each([...HOSTILE, ...PHRASES])(
    'of %j is checked in a moment, in both languages and as a master',
    (phrase) => {
      const text = repeated(phrase, MEGABYTE / 10);
      const words = { source: 'A', hazard: 'H', impact: 'I', place: 'P', guidance: text };
      inTime([
        ['lint en-GB', () => lintText(text, { ...about, language: 'en-GB' })],
        ['lint cy-GB', () => lintText(text, { ...about, language: 'cy-GB' })],
        ['lint a master', () => lint({ ...about, message: 'all-clear', texts: { 'en-GB': words } })],
      ]);
    },
  );
});
