import { describe, expect, it } from '@jest/globals';
import { DraftContent, WarningContent } from './index.js';
import { floodDraft, floodWarning } from './testing/index.js';

const why = (content: unknown) => {
  const parsed = WarningContent.safeParse(content);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.') || issue.message);
};
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
