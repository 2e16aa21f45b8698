import { describe, expect, it } from '@jest/globals';
import type { LatLon } from '../model/alert.js';
import { anArea } from '../testing/builders.js';
import { areaToGeoJson, AreaRefused, polygonsFromGeoJson, type Position } from './geo-json.js';
import { parseCircle, parsePolygon } from './parse-shapes.js';

const reasonOf = (make: () => unknown): string => {
  try {
    make();
    return 'made';
  } catch (error) {
    if (!(error instanceof AreaRefused)) throw error;
    return error.reason;
  }
};
const polygon = (...ring: readonly LatLon[]) => anArea({ polygons: [ring] });
const circle = (latitude: number, longitude: number, radiusKm: number) =>
  anArea({ polygons: [], circles: [{ centre: [latitude, longitude], radiusKm }] });
const rings = (area: Parameters<typeof areaToGeoJson>[0]) =>
  areaToGeoJson(area).coordinates.map((each) => each[0] ?? []);

/** Distance over a sphere in kilometres. */
function km([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h));
}

describe('an area as GeoJSON', () => {
  it('has longitude first, closed rings, and runs counter-clockwise whichever way it was written', () => {
    const square: Position[] = [
      [0, 50],
      [1, 50],
      [1, 51],
      [0, 51],
      [0, 50],
    ];
    expect(rings(polygon([50, 0], [50, 1], [51, 1], [51, 0], [50, 0]))).toEqual([square]);
    const [turned] = rings(polygon([50, 0], [51, 0], [51, 1], [50, 1]));
    expect(turned?.[0]).toEqual(turned?.at(-1));
    expect(turned).toHaveLength(5);
    expect(new Set(turned?.map(String))).toEqual(new Set(square.map(String)));
  });

  it('is the union of all shapes of all areas', () => {
    const both = [polygon([50, 0], [50, 1], [51, 1], [50, 0]), circle(53, 0, 3)];
    expect(areaToGeoJson(both).coordinates).toHaveLength(2);
  });

  it('draws a circle just round its radius, so that nobody at the edge is left out', () => {
    const [ring] = rings(circle(53.1, 0.2, 10));
    expect(ring).toHaveLength(65);
    for (const point of ring ?? []) {
      expect(km(point, [0.2, 53.1])).toBeGreaterThanOrEqual(10);
      expect(km(point, [0.2, 53.1])).toBeLessThan(10 * 1.0013);
    }
  });

  it('is cut where it goes over the antimeridian', () => {
    const parts = rings(polygon([-17, 179], [-17, -179], [-18, -179], [-18, 179], [-17, 179]));
    expect(
      parts.map((ring) => [Math.min(...ring.map(([x]) => x)), Math.max(...ring.map(([x]) => x))]),
    ).toEqual([
      [179, 180],
      [-180, -179],
    ]);
    expect(rings(circle(-17, 179.99, 20))).toHaveLength(2);
  });

  it('keeps a map of the whole world whole', () => {
    expect(rings(polygon([-90, -180], [-90, 180], [90, 180], [90, -180], [-90, -180]))).toHaveLength(1);
  });

  it('covers the pole with a circle round it', () => {
    const [ring] = rings(circle(89.9, 0, 100));
    expect(ring?.some(([, y]) => y === 90)).toBe(true);
  });

  it.each([
    ['broken', anArea({ broken: [{ shape: 'polygon', text: 'x', wrong: 'it is empty' }] })],
    ['no-geometry', anArea({ polygons: [] })],
    ['no-geometry', circle(55.3, -134.9, 0)],
    ['broken', polygon([0, 0], [0, 1], [0, 2], [0, 0])],
    ['broken', polygon([0, 0], [1, 1])],
    ['crosses-itself', polygon([0, 0], [1, 1], [1, 0], [0, 1], [0, 0])],
    ['out-of-range', polygon([100, 0], [101, 0], [101, 1], [100, 0])],
    ['out-of-range', circle(53, 0, 20_000)],
    ['round-a-pole', polygon([80, 0], [80, 120], [80, -120], [80, 0])],
  ])('refuses as %s, and never widens', (reason, area) =>
    expect(reasonOf(() => areaToGeoJson(area))).toBe(reason),
  );

  it('comes back as CAP polygons with five decimals', () => {
    const ring: LatLon[] = [
      [53.1234567, 0.2],
      [53.1, 0.3],
      [53.2, 0.3],
    ];
    const [back] = polygonsFromGeoJson(areaToGeoJson(polygon(...ring)));
    expect(back?.[0]).toEqual(back?.at(-1));
    expect(new Set(back?.map(String))).toEqual(new Set(['53.12346,0.2', '53.1,0.3', '53.2,0.3']));
  });

  it('refuses GeoJSON with a hole, which CAP cannot say, and what is no polygon', () => {
    const ring = [
      [0, 0],
      [9, 0],
      [9, 9],
      [0, 0],
    ];
    expect(reasonOf(() => polygonsFromGeoJson({ type: 'Polygon', coordinates: [ring, ring] }))).toBe('hole');
    expect(reasonOf(() => polygonsFromGeoJson({ type: 'Point', coordinates: [0, 0] }))).toBe('not-a-polygon');
    expect(reasonOf(() => polygonsFromGeoJson({ type: 'Polygon', coordinates: [[[0, 'x']]] }))).toBe(
      'out-of-range',
    );
  });
});

describe('shapes as the field writes them', () => {
  it.each([
    [
      '1,2 3,4 5,6',
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    [
      '\n\t1,2\r\n3,4 ',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      '1,2, 3,4,',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      '1, 2 3 ,4',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      '-1.5,+2. .5,-0.25',
      [
        [-1.5, 2],
        [0.5, -0.25],
      ],
    ],
    ['54.3778512581234567,-2.919733854', [[Number('54.3778512581234567'), -2.919733854]]],
  ])('reads the polygon %j', (text, points) => expect(parsePolygon(text)).toMatchObject({ points }));

  it.each([
    '',
    ' ',
    '1',
    '1,2 3',
    '1;2',
    'a,b',
    '1,2,3 4,5,6',
    '1,2x',
    '1e3,2',
    '1,,2',
    `${'9'.repeat(400)},1`,
  ])('does not guess at %.20j', (text) => expect(parsePolygon(text)).toHaveProperty('wrong'));

  it('reads a circle, and does not guess a missing radius', () => {
    expect(parseCircle(' 53.1,0.2 \n 3.5 ')).toEqual({ circle: { centre: [53.1, 0.2], radiusKm: 3.5 } });
    expect(parseCircle('53.1, 0.2 3')).toEqual({ circle: { centre: [53.1, 0.2], radiusKm: 3 } });
    for (const text of ['53.1,0.2', '53.1 0.2 3', '', 'a,b c'])
      expect(parseCircle(text)).toHaveProperty('wrong');
  });
});
