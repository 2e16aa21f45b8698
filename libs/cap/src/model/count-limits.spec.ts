import { describe, expect, it } from '@jest/globals';
import { anAlert, anArea, anInfo } from '../testing/builders.js';
import type { Alert, LatLon } from './alert.js';
import { excessOf, MOST } from './count-limits.js';

const list = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);
const ring = (points: number): LatLon[] => list<LatLon>(points, [53.1, 0.2]);
const circle = { centre: [53.1, 0.2], radiusKm: 1 } as const;
const broken = { shape: 'polygon', text: 'x', wrong: 'x' } as const;
const reference = { sender: 's', identifier: 'i', sent: '2026-11-21T09:30:00-00:00' };
const file = (characters: number) => ({
  resourceDesc: 'r',
  mimeType: 'a/b',
  derefUri: 'A'.repeat(characters),
});
const inAreas = (...areas: Parameters<typeof anArea>): Alert =>
  anAlert({ infos: [anInfo({ areas: areas.map((each) => anArea(each)) })] });

/** The most that is taken in of each thing, as an alert that has exactly so many. */
const LIMITS: readonly (readonly [code: string, most: number, make: (count: number) => Alert])[] = [
  ['too-many-infos', 64, (count) => anAlert({ infos: list(count, anInfo()) })],
  [
    'too-many-areas',
    500,
    (count) => anAlert({ infos: [anInfo({ areas: list(count, anArea({ polygons: [] })) })] }),
  ],
  ['too-many-polygons', 1_000, (count) => inAreas({ polygons: list(count, ring(3)) })],
  ['too-many-polygons', 1_000, (count) => inAreas({ polygons: [], circles: list(count, circle) })],
  ['too-many-polygons', 1_000, (count) => inAreas({ polygons: [], broken: list(count, broken) })],
  ['too-many-vertices', 50_000, (count) => inAreas({ polygons: [ring(count)] })],
  ['too-many-references', 200, (count) => anAlert({ references: list(count, reference) })],
  ['too-many-references', 200, (count) => anAlert({ brokenReferences: list(count, 'x') })],
  ['attachment-too-large', 524_288, (count) => anAlert({ infos: [anInfo({ resources: [file(count)] })] })],
];

describe('the limits of one alert', () => {
  it.each(LIMITS)('%s: %i are taken in, and one more is not', (code, most, make) => {
    expect(excessOf(make(most))).toBeUndefined();
    expect(excessOf(make(most + 1))).toMatchObject({ code });
  });

  it('count what stands in several blocks and areas together', () => {
    const half = anInfo({ areas: [anArea({ polygons: [ring(25_000)] })] });
    expect(excessOf(anAlert({ infos: [half, half] }))).toBeUndefined();
    const more = anInfo({ areas: [anArea({ polygons: [ring(25_001)] })] });
    expect(excessOf(anAlert({ infos: [half, more] }))).toMatchObject({ code: 'too-many-vertices' });
    const shapes = anArea({
      polygons: list(400, ring(3)),
      circles: list(400, circle),
      broken: list(201, broken),
    });
    expect(excessOf(anAlert({ infos: [anInfo({ areas: [shapes] })] }))).toMatchObject({
      code: 'too-many-polygons',
    });
  });

  it('count one file by itself: two that are small enough are', () =>
    expect(
      excessOf(anAlert({ infos: [anInfo({ resources: [file(500_000), file(500_000)] })] })),
    ).toBeUndefined());

  it('say in a sentence how many there are and how many are taken in', () =>
    expect(excessOf(anAlert({ infos: list(65, anInfo()) }))?.message).toBe(
      'The alert has 65 info blocks; at most 64 are taken in.',
    ));

  it('let a real flood polygon pass: Windermere had 6,773 points', () => {
    expect(excessOf(inAreas({ polygons: [ring(6_773)] }))).toBeUndefined();
    expect(MOST.vertices).toBeGreaterThan(7 * 6_773);
  });
});
