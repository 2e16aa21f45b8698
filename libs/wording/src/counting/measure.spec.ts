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

  it.each([
    ['x', {}, 280],
    ['x', { max: 25_000 }, 25_000],
    ['bluesky', {}, 300],
    ['mastodon', {}, 500],
    ['mastodon', { max: 11_000 }, 11_000],
    ['threads', {}, 500],
    ['facebook', {}, 63_206],
    ['instagram', {}, 2_200],
    ['telegram', {}, 4_096],
    ['telegram', { caption: true }, 1_024],
    ['telegram', { caption: false }, 4_096],
    ['whatsapp', {}, 4_096],
    ['whatsapp', { field: 'text' }, 4_096],
    ['whatsapp', { field: 'template' }, 1_024],
    ['whatsapp', { field: 'caption' }, 1_024],
    ['whatsapp', { field: 'header' }, 60],
    ['whatsapp', { field: 'footer' }, 60],
    ['whatsapp', { field: 'button' }, 20],
    ['linkedin', {}, 3_000],
    ['ntfy', {}, 4_096],
    ['webpush', {}, 3_993],
    ['sms', {}, 160],
    ['cellbroadcast', {}, 1_395],
    ['email-subject', {}, 70],
  ] as const)('has on %s with %j a limit of %d', (platform, options, max) => {
    expect(measure(platform, 'a', options)).toMatchObject({ used: 1, max, fits: true });
  });

  it.each([
    ['nothing', '', 8, { used: 0, max: 160, parts: 1, encoding: 'GSM-7' }],
    ['160 septets', 'a'.repeat(160), 8, { used: 160, max: 160, parts: 1, encoding: 'GSM-7' }],
    ['161 septets', 'a'.repeat(161), 8, { used: 161, max: 306, parts: 2, encoding: 'GSM-7' }],
    ['161 septets, 16 bits', 'a'.repeat(161), 16, { used: 161, max: 304, parts: 2, encoding: 'GSM-7' }],
    [
      'a euro at the cut',
      `${'a'.repeat(152)}€${'a'.repeat(152)}`,
      8,
      { used: 306, max: 459, parts: 3, encoding: 'GSM-7' },
    ],
    ['extension characters', '[€]', 8, { used: 6, max: 160, parts: 1, encoding: 'GSM-7' }],
    ['70 Welsh letters', 'ŵ'.repeat(70), 8, { used: 70, max: 70, parts: 1, encoding: 'UCS-2' }],
    ['71 Welsh letters', 'ŵ'.repeat(71), 8, { used: 71, max: 134, parts: 2, encoding: 'UCS-2' }],
    ['71 Welsh letters, 16 bits', 'ŵ'.repeat(71), 16, { used: 71, max: 132, parts: 2, encoding: 'UCS-2' }],
    [
      'a wave at the cut',
      `${'ŵ'.repeat(66)}🌊${'ŵ'.repeat(66)}`,
      8,
      { used: 134, max: 201, parts: 3, encoding: 'UCS-2' },
    ],
    ['a family', '👨‍👩‍👧‍👦', 8, { used: 11, max: 70, parts: 1, encoding: 'UCS-2' }],
  ] as const)('tells of a text message what its parts hold: %s', (_, text, reference, told) =>
    expect(measure('sms', text, { reference })).toEqual({ ...told, fits: true }),
  );

  /** One character of each kind, in every unit (CHANNELS §A.1). */
  it.each([
    [
      'a family of four',
      '👨‍👩‍👧‍👦',
      { x: 2, bluesky: 1, mastodon: 1, threads: 25, telegram: 11, linkedin: 7, ntfy: 25, sms: 11 },
    ],
    [
      'the flag of Wales',
      '🏴󠁧󠁢󠁷󠁬󠁳󠁿',
      { x: 2, bluesky: 1, mastodon: 1, threads: 28, telegram: 14, linkedin: 7, ntfy: 28, sms: 14 },
    ],
    [
      'the flag of the United Kingdom',
      '🇬🇧',
      { x: 2, bluesky: 1, mastodon: 1, threads: 8, telegram: 4, linkedin: 2, ntfy: 8, sms: 4 },
    ],
    [
      'a keycap',
      '1️⃣',
      { x: 2, bluesky: 1, mastodon: 1, threads: 7, telegram: 3, linkedin: 3, ntfy: 7, sms: 3 },
    ],
    [
      'a warning sign with a selector',
      '⚠️',
      { x: 2, bluesky: 1, mastodon: 1, threads: 6, telegram: 2, linkedin: 2, ntfy: 6, sms: 2 },
    ],
    [
      'a warning sign without',
      '⚠',
      { x: 2, bluesky: 1, mastodon: 1, threads: 3, telegram: 1, linkedin: 1, ntfy: 3, sms: 1 },
    ],
    [
      'e and an accent',
      'e\u0301',
      { x: 1, bluesky: 1, mastodon: 1, threads: 2, telegram: 2, linkedin: 2, ntfy: 3, sms: 2 },
    ],
    [
      'a Welsh letter',
      'ŵ',
      { x: 1, bluesky: 1, mastodon: 1, threads: 1, telegram: 1, linkedin: 1, ntfy: 2, sms: 1 },
    ],
    [
      'a line end of another system',
      '\r\n',
      { x: 2, bluesky: 1, mastodon: 0, threads: 2, telegram: 2, linkedin: 2, ntfy: 2, sms: 2 },
    ],
    [
      'half of a character',
      '\ud83c',
      { x: 2, bluesky: 1, mastodon: 1, threads: 1, telegram: 1, linkedin: 1, ntfy: 3, sms: 1 },
    ],
    [
      'a bracket',
      '[',
      { x: 1, bluesky: 1, mastodon: 1, threads: 1, telegram: 1, linkedin: 2, ntfy: 1, sms: 2 },
    ],
  ] as const)('counts %s in each platform’s own unit', (_, text, units) => {
    for (const [platform, used] of Object.entries(units))
      expect([platform, measure(platform as Platform, text).used]).toEqual([platform, used]);
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
