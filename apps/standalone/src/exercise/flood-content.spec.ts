import { describe, expect, it } from '@jest/globals';
import { areaProblem } from '#audience';
import { WarningContent } from '#contracts';
import { lint } from '#wording';
import { floodContent, LLANRWST } from './flood-content.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');

describe('the texts of the exercise', () => {
  it.each(['first', 'update', 'all-clear'] as const)(
    'are a whole warning that can be submitted: %s',
    (message) => {
      const content = floodContent(message, Date.parse('2026-11-21T10:00:00Z'));
      expect(WarningContent.safeParse(content).error?.issues ?? []).toEqual([]);
      expect(Object.keys(content.texts)).toEqual(['en-GB', 'cy-GB']);
      expect(content.expiresAt > '2026-11-21T10:00:00.000Z').toBe(true);
    },
  );

  it('say in Welsh what they say in English, and never the same text twice', () => {
    const { texts } = floodContent('first', 0);
    expect(texts['cy-GB']).not.toEqual(texts['en-GB']);
    expect(Object.keys(texts['cy-GB'] ?? {})).toEqual(Object.keys(texts['en-GB'] ?? {}));
  });

  it.each(['first', 'update', 'all-clear'] as const)(
    '%s: are passed by the rules of wording without a caution',
    (message) => {
      const { kind, severity, link, contact, texts, expiresAt, nextUpdateAt } = floodContent(message, NOW);
      const findings = lint({
        mode: 'exercise',
        kind,
        message,
        severity,
        texts,
        link,
        contact,
        expiresAt,
        nextUpdateAt,
      });
      expect(findings.filter(({ level }) => level !== 'hint')).toEqual([]);
    },
  );

  it.each(['first', 'update', 'all-clear'] as const)(
    '%s: have an area that is valid, closed, and holds the middle of the town',
    (message) => {
      const { area } = floodContent(message, NOW);
      expect(areaProblem(area.geometry)).toBeUndefined();
      const [ring = []] = area.geometry.coordinates[0] ?? [];
      expect(ring.at(0)).toEqual(ring.at(-1));
      const [lons, lats] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
      expect(Math.min(...lons) < LLANRWST.lon && LLANRWST.lon < Math.max(...lons)).toBe(true);
      expect(Math.min(...lats) < LLANRWST.lat && LLANRWST.lat < Math.max(...lats)).toBe(true);
      expect(Object.keys(area.description)).toEqual(['en-GB', 'cy-GB']);
    },
  );

  it('promise the next word before they expire, and after an all-clear none', () => {
    for (const message of ['first', 'update'] as const) {
      const { nextUpdateAt = '', expiresAt } = floodContent(message, NOW);
      expect([nextUpdateAt > '2026-11-21T10:00:00.000Z', nextUpdateAt < expiresAt]).toEqual([true, true]);
    }
    expect(floodContent('all-clear', NOW).nextUpdateAt).toBeUndefined();
  });

  it('depend on nothing but the step and the moment', () =>
    expect(floodContent('update', NOW)).toEqual(floodContent('update', NOW)));
});
