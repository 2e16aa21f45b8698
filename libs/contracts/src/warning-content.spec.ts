import { describe, expect, it } from '@jest/globals';
import {
  Category,
  Certainty,
  DraftContent,
  ResponseType,
  Severity,
  toInstant,
  Urgency,
  WarningContent,
} from './index.js';
import { floodDraft, floodWarning } from './testing/index.js';

const why = (content: unknown) => {
  const parsed = WarningContent.safeParse(content);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.') || issue.message);
};
const english = floodWarning().texts['en-GB'];
const withText = (text: object) =>
  floodWarning({ texts: { 'en-GB': { ...floodWarning().texts['en-GB'], ...text } as never } });

describe('the content of a version', () => {
  it('is accepted whole', () => expect(why(floodWarning())).toEqual([]));

  it('is refused without an expiry, and says so', () =>
    expect(why({ ...floodWarning(), expiresAt: undefined })).toEqual(['expiresAt']));

  it('is refused without an area: nothing ever widens', () => {
    expect(why({ ...floodWarning(), area: undefined })).toEqual(['area']);
    const empty = { type: 'MultiPolygon' as const, coordinates: [] };
    expect(why(floodWarning({ area: { ...floodWarning().area, geometry: empty } }))).toEqual([
      'area.geometry.coordinates',
    ]);
  });

  it('is refused with a ring that does not end where it began', () => {
    const [ring = []] = floodWarning().area.geometry.coordinates[0] ?? [];
    const open = {
      type: 'MultiPolygon' as const,
      coordinates: [[[...ring.slice(0, 4), [0, 0] as [number, number]]]],
    };
    expect(why(floodWarning({ area: { ...floodWarning().area, geometry: open } }))).toEqual([
      'area.geometry.coordinates.0.0',
    ]);
  });

  it('is refused with a field that nobody knows', () =>
    expect(why({ ...floodWarning(), expiryAt: '2026-11-21T18:00:00.000Z' })).toHaveLength(1));

  it.each([
    ['a null character', 'flood\u0000'],
    ['half of a character', 'flood \ud83c'],
    ['a bell', 'flood\u0007'],
    ['a C1 control', 'flood\u0085'],
  ])('is refused with %s in a text', (_, hazard) =>
    expect(why(withText({ hazard }))).toEqual(['texts.en-GB.hazard']),
  );

  it('stores one form of every text: NFC, and one kind of line end', () => {
    const parsed = WarningContent.parse(withText({ hazard: 'caf\u0065\u0301\r\nis shut' }));
    expect(parsed.texts['en-GB']?.hazard).toBe('caf\u00e9\nis shut');
  });

  it('may lack anything while it is a draft, but still nothing unknown', () => {
    expect(DraftContent.safeParse(floodDraft('expiresAt', 'area', 'texts')).success).toBe(true);
    expect(DraftContent.safeParse({ colour: 'red' }).success).toBe(false);
  });
});

describe('the words of CAP 1.2', () => {
  it.each<[string, { options: readonly string[] }, string]>([
    [
      'category (§3.2.2)',
      Category,
      'Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other',
    ],
    ['urgency (§3.2.2)', Urgency, 'Immediate Expected Future Past Unknown'],
    ['severity (§3.2.2)', Severity, 'Extreme Severe Moderate Minor Unknown'],
    ['certainty (§3.2.2)', Certainty, 'Observed Likely Possible Unlikely Unknown'],
    [
      'responseType (§3.2.2)',
      ResponseType,
      'Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None',
    ],
  ])(
    '%s are exactly those of the standard, so that nothing is lost on the way in or out',
    (_, words, standard) => expect([...words.options]).toEqual(standard.split(' ')),
  );
});

describe('every field of a version', () => {
  const whole = floodWarning({ message: 'update', effectiveAt: toInstant('2026-11-21T10:00:00Z') });
  const needed = ['kind', 'message', 'event', 'category', 'urgency', 'severity', 'certainty', 'responseTypes', 'texts', 'area', 'channels', 'expiresAt']; // prettier-ignore

  it.each(needed)('that must be there is named when it is missing: %s', (field) =>
    expect(why({ ...whole, [field]: undefined })).toEqual([field]),
  );
  it.each(['link', 'contact', 'accounts', 'media', 'effectiveAt', 'nextUpdateAt'])(
    'that may be missing is: %s',
    (field) => expect(why({ ...whole, [field]: undefined })).toEqual([]),
  );
  it.each([...needed, 'link', 'contact', 'accounts', 'media', 'effectiveAt', 'nextUpdateAt'])(
    'is never null: %s',
    (field) => expect(why({ ...whole, [field]: null }).length).toBeGreaterThan(0),
  );

  it.each<[string, number, (text: string) => unknown]>([
    ['event', 200, (text) => ({ event: text })],
    ['contact', 200, (text) => ({ contact: text })],
    ['source', 200, (text) => ({ texts: { 'en-GB': { ...english, source: text } } })],
    ['hazard', 1_000, (text) => ({ texts: { 'en-GB': { ...english, hazard: text } } })],
    ['impact', 1_000, (text) => ({ texts: { 'en-GB': { ...english, impact: text } } })],
    ['place', 500, (text) => ({ texts: { 'en-GB': { ...english, place: text } } })],
    ['guidance', 2_000, (text) => ({ texts: { 'en-GB': { ...english, guidance: text } } })],
    ['headline', 200, (text) => ({ texts: { 'en-GB': { ...english, headline: text } } })],
    ['correction', 1_000, (text) => ({ texts: { 'en-GB': { ...english, correction: text } } })],
    ['resolved', 1_000, (text) => ({ texts: { 'en-GB': { ...english, resolved: text } } })],
    ['overrides', 5_000, (text) => ({ texts: { 'en-GB': { ...english, overrides: { sms: text } } } })],
  ])('%s has at most %i characters', (_, most, change) => {
    expect(why({ ...whole, ...(change('x'.repeat(most)) as object) })).toEqual([]);
    expect(why({ ...whole, ...(change('x'.repeat(most + 1)) as object) })).toHaveLength(1);
  });

  it.each([
    ['no channel', { channels: [] }],
    ['a channel that there is not', { channels: ['sirens'] }],
    ['more channels than there are', { channels: ['sms', 'sms', 'sms', 'sms'] }],
    ['an empty list of accounts: it would mean none, and absent means all', { accounts: [] }],
    ['an account that is none', { accounts: ['@lincspolice'] }],
    ['no text in any language', { texts: {} }],
    ['a text in a language that is none', { texts: { English: english } }],
    ['a kind that there is not', { kind: 'advert' }],
    ['a cancel for a message: it is an act of its own', { message: 'cancel' }],
    ['a time in the hour of a place', { expiresAt: '2026-11-21T18:00:00+00:00' }],
    ['a picture without a description', { media: [{ sha256: 'a'.repeat(64), mediaType: 'image/png' }] }],
    [
      'a picture of another kind',
      { media: [{ sha256: 'a'.repeat(64), mediaType: 'image/svg+xml', alt: {} }] },
    ],
    [
      'five pictures',
      {
        media: Array.from({ length: 5 }, () => ({ sha256: 'a'.repeat(64), mediaType: 'image/png', alt: {} })),
      },
    ],
    ['ten responses', { responseTypes: Array.from({ length: 10 }, () => 'Avoid') }],
  ])('is refused with %s', (_, change) => expect(why({ ...whole, ...change }).length).toBeGreaterThan(0));

  it('cannot bring in what every object has: a name such as __proto__ is a field that nobody knows', () => {
    const sent = JSON.parse('{"__proto__":{"kind":"warning"},"constructor":{},"event":"Flood"}') as unknown;
    expect(DraftContent.safeParse(sent).success).toBe(false);
    const inside = JSON.parse('{"texts":{"__proto__":{"source":"x"}}}') as unknown;
    expect(DraftContent.safeParse(inside).success).toBe(false);
    expect(({} as Record<string, unknown>)['source']).toBeUndefined();
  });

  it('may be missing from a draft, each by itself and all together', () => {
    for (const field of Object.keys(whole)) {
      expect(DraftContent.safeParse({ ...whole, [field]: undefined }).success).toBe(true);
      expect(DraftContent.safeParse({ [field]: whole[field as keyof typeof whole] }).success).toBe(true);
    }
    expect(DraftContent.safeParse({}).success).toBe(true);
  });
});
