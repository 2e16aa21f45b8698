import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { PLATFORMS } from './budgets.js';
import type { Platform } from './budgets.js';
import { measure } from './measure.js';
import type { MeasureOptions } from './measure.js';
import { escapeForLinkedin } from './plain-lengths.js';

/** The last text that fits, and the first that does not. */
const EDGES: [string, Platform, MeasureOptions, string, string][] = [
  ['X takes a weight of 280', 'x', {}, 'a'.repeat(280), 'a'.repeat(281)],
  ['X weighs Chinese double', 'x', {}, '水'.repeat(140), '水'.repeat(141)],
  ['X refuses an empty post', 'x', {}, 'a', ''],
  ['Bluesky takes 300 graphemes', 'bluesky', {}, 'ŵ'.repeat(300), 'ŵ'.repeat(301)],
  ['Bluesky takes 3,000 bytes', 'bluesky', {}, '👨‍👩‍👧‍👦'.repeat(120), '👨‍👩‍👧‍👦'.repeat(121)],
  ['Bluesky with a lower live limit', 'bluesky', { maxBytes: 10 }, 'a'.repeat(10), 'a'.repeat(11)],
  ['Mastodon takes 500 unless told otherwise', 'mastodon', {}, 'a'.repeat(500), 'a'.repeat(501)],
  ['Mastodon with the server’s own limit', 'mastodon', { max: 5_000 }, 'a'.repeat(5_000), 'a'.repeat(5_001)],
  [
    'Mastodon with a content warning',
    'mastodon',
    { spoiler: 'a'.repeat(250) },
    'b'.repeat(250),
    'b'.repeat(251),
  ],
  ['Threads takes 125 emoji of four bytes', 'threads', {}, '🌊'.repeat(125), '🌊'.repeat(126)],
  [
    'Threads takes the same link six times, not six links',
    'threads',
    {},
    'https://a.uk '.repeat(6),
    [1, 2, 3, 4, 5, 6].map((n) => `https://a.uk/${n}`).join(' '),
  ],
  ['Facebook takes 63,206', 'facebook', {}, 'a'.repeat(63_206), 'a'.repeat(63_207)],
  ['Instagram counts UTF-16', 'instagram', {}, '🌊'.repeat(1_100), '🌊'.repeat(1_100) + 'a'],
  ['Telegram takes 4,096', 'telegram', {}, 'a'.repeat(4_096), 'a'.repeat(4_097)],
  [
    'Telegram takes 1,024 under a picture',
    'telegram',
    { caption: true },
    'a'.repeat(1_024),
    'a'.repeat(1_025),
  ],
  ['Telegram refuses an empty text', 'telegram', {}, 'a', ''],
  ['WhatsApp text', 'whatsapp', {}, 'a'.repeat(4_096), 'a'.repeat(4_097)],
  ['WhatsApp template', 'whatsapp', { field: 'template' }, 'a'.repeat(1_024), 'a'.repeat(1_025)],
  ['WhatsApp header', 'whatsapp', { field: 'header' }, 'a'.repeat(60), 'a'.repeat(61)],
  ['WhatsApp footer', 'whatsapp', { field: 'footer' }, 'a'.repeat(60), 'a'.repeat(61)],
  ['WhatsApp caption', 'whatsapp', { field: 'caption' }, 'a'.repeat(1_024), 'a'.repeat(1_025)],
  ['WhatsApp button', 'whatsapp', { field: 'button' }, 'a'.repeat(20), 'a'.repeat(21)],
  ['LinkedIn takes 3,000 on the wire', 'linkedin', {}, 'a'.repeat(2_998) + '(', 'a'.repeat(2_999) + '('],
  ['ntfy takes 4,096 bytes', 'ntfy', {}, 'ŵ'.repeat(2_048), 'ŵ'.repeat(2_048) + 'a'],
  ['Web Push takes 3,993 bytes', 'webpush', {}, 'a'.repeat(3_993), 'a'.repeat(3_994)],
  ['a text message takes six parts', 'sms', {}, 'a'.repeat(918), 'a'.repeat(919)],
  ['a text message with fewer parts', 'sms', { maxParts: 1 }, 'a'.repeat(160), 'a'.repeat(161)],
  ['cell broadcast takes 15 pages', 'cellbroadcast', {}, 'a'.repeat(1_395), 'a'.repeat(1_396)],
  ['cell broadcast in Welsh', 'cellbroadcast', {}, 'ŵ'.repeat(615), 'ŵ'.repeat(616)],
  ['a subject takes 70', 'email-subject', {}, '🌊'.repeat(70), '🌊'.repeat(71)],
];

describe('a text against a platform’s limit', () => {
  it.each(EDGES)('%s', (_, platform, options, fitting, tooLong) => {
    expect(measure(platform, fitting, options).fits).toBe(true);
    expect(measure(platform, tooLong, options).fits).toBe(false);
  });

  it('answers in the platform’s own words', () => {
    expect(measure('x', 'See gov.uk')).toEqual({ used: 27, max: 280, fits: true, links: ['gov.uk'] });
    expect(measure('bluesky', '👨‍👩‍👧‍👦')).toEqual({ used: 1, max: 300, fits: true, bytes: 25 });
    expect(measure('sms', 'a'.repeat(161))).toEqual({
      used: 161,
      max: 306,
      fits: true,
      parts: 2,
      encoding: 'GSM-7',
    });
    expect(measure('cellbroadcast', 'ŵ')).toEqual({
      used: 1,
      max: 615,
      fits: true,
      pages: 1,
      encoding: 'UCS-2',
    });
    expect(measure('threads', 'a 🌊')).toEqual({ used: 6, max: 500, fits: true, links: [] });
  });

  it('does not count the names that X puts at the head of a reply', () => {
    expect(measure('x', '@alice @bob_1 Leave now.', { reply: true }).used).toBe(10);
    expect(measure('x', '@alice Leave now.').used).toBe(17);
    expect(measure('x', 'Ask @alice', { reply: true }).used).toBe(10);
  });

  it('keeps a bracket whole on LinkedIn', () => {
    expect(escapeForLinkedin('Stay away (river rising)')).toBe('Stay away \\(river rising\\)');
    for (const reserved of '\\|{}@[]()<>#*_~') {
      expect(measure('linkedin', reserved).used).toBe(2);
      expect(measure('linkedin', `a${reserved}${reserved}`).used).toBe(5);
    }
    expect(measure('linkedin', '-.,:;!?').used).toBe(7);
  });

  it('is deterministic and never throws, whatever is written', () =>
    holds(
      fc.property(fc.constantFrom(...PLATFORMS), anyText(), (platform, text) => {
        const once = measure(platform, text);
        expect(measure(platform, text)).toEqual(once);
        expect(Number.isInteger(once.used) && once.used >= 0).toBe(true);
        if (once.fits && once.parts === undefined) expect(once.used).toBeLessThanOrEqual(once.max);
      }),
      1_000,
    ));

  it.each(['facebook', 'instagram', 'telegram', 'whatsapp', 'linkedin', 'ntfy', 'webpush'] as const)(
    'adds up on %s',
    (platform) => {
      const used = (text: string) => measure(platform, text).used;
      // A space between, so that two halves of a character do not meet.
      holds(fc.property(anyText(), anyText(), (a, b) => used(`${a} ${b}`) === used(`${a} `) + used(b)));
    },
  );
});
