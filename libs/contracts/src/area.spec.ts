import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Area, MultiPolygon, Position, Ring } from './index.js';
import { wainfleet } from './testing/index.js';

type Corner = [number, number];
const square: Corner[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [0, 0],
];
const polygons = (...coordinates: unknown[]) => ({ type: 'MultiPolygon', coordinates });
const why = (
  schema: {
    safeParse(value: unknown): {
      error?: { issues: readonly { path: PropertyKey[]; message: string }[] } | undefined;
    };
  },
  value: unknown,
) =>
  schema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()) ??
  [];

describe('a position', () => {
  it.each<[Corner]>([[[0, 0]], [[-180, -90]], [[180, 90]], [[-1.98, 53.33]]])('%j lies on the map', (at) =>
    expect(why(Position, at)).toEqual([]),
  );
  it.each([
    ['too far east', [180.000001, 0]],
    ['too far south', [0, -90.000001]],
    ['latitude first, far in the north', [0, 91]],
    ['one number', [1]],
    ['a height as well', [1, 2, 30]],
    ['no number', ['1', '2']],
    ['not a number at all', [Number.NaN, 0]],
    ['endless', [Infinity, 0]],
    ['an object', { lat: 1, lon: 2 }],
  ])('is none %s', (_, at) => expect(why(Position, at).length).toBeGreaterThan(0));
});

describe('a ring', () => {
  it('of four positions is the smallest', () => {
    const triangle: Corner[] = [[0, 0], [1, 0], [1, 1], [0, 0]]; // prettier-ignore
    expect(why(Ring, triangle)).toEqual([]);
    expect(why(Ring, [[0, 0], [1, 0], [0, 0]])).toEqual(['a ring needs at least four positions']); // prettier-ignore
  });
  it('ends where it began, to the last digit', () => {
    expect(why(Ring, [...square.slice(0, 4), [0, 1e-12]])).toEqual(['a ring must end where it began']);
    expect(why(Ring, square.slice(0, 4))).toEqual(['a ring must end where it began']);
  });
  it('has at most 10,000 positions', () => {
    const ring = (n: number) => [...Array.from({ length: n - 1 }, (_, i): Corner => [i / 1e4, 0]), [0, 0]];
    expect(why(Ring, ring(10_000))).toEqual([]);
    expect(why(Ring, ring(10_001))).toEqual(['a ring may have at most 10,000 positions']);
  });
});

describe('the geometry of an area', () => {
  it('is a union of polygons, each with its holes', () =>
    expect(why(MultiPolygon, polygons([square, square], [square]))).toEqual([]));
  it.each([
    ['is never empty', polygons(), 'coordinates an area must not be empty'],
    [
      'has no polygon without a ring',
      polygons([]),
      'coordinates.0 Too small: expected array to have >=1 items',
    ],
  ])('%s', (_, geometry, said) => expect(why(MultiPolygon, geometry)).toEqual([said]));
  it.each([
    ['a polygon by itself', { type: 'Polygon', coordinates: [square] }],
    ['a collection', { type: 'GeometryCollection', geometries: [] }],
    ['a feature', { type: 'Feature', geometry: polygons([square]) }],
    ['one with a field more', { ...polygons([square]), bbox: [0, 0, 1, 1] }],
    ['null', null],
    ['a text', 'everywhere'],
    ['missing', undefined],
  ])('is not %s', (_, geometry) => expect(why(MultiPolygon, geometry).length).toBeGreaterThan(0));
  it('has at most 1,000 polygons', () => {
    const many = (n: number) => polygons(...Array.from({ length: n }, () => [square]));
    expect(why(MultiPolygon, many(1_000))).toEqual([]);
    expect(why(MultiPolygon, many(1_001))).toHaveLength(1);
  });
  it('is read as it was written, digit by digit: it is hashed', () => {
    const degree = fc.double({ min: -80, max: 80, noNaN: true });
    const ring = fc
      .array(fc.tuple(degree, degree), { minLength: 3, maxLength: 8 })
      .map((all) => [...all, all[0]]);
    fc.assert(
      fc.property(fc.array(fc.array(ring, { minLength: 1 }), { minLength: 1 }), (coordinates) => {
        const written = JSON.stringify(polygons(...coordinates));
        expect(JSON.stringify(MultiPolygon.parse(JSON.parse(written)))).toBe(written);
      }),
      { numRuns: 100, seed: 20261121 },
    );
  });
});

describe('an area', () => {
  it('has a geometry, a name in each language and perhaps codes beside it', () =>
    expect(why(Area, wainfleet)).toEqual([]));
  it('has codes beside its geometry, and never instead of it', () => {
    const { geometry: _, ...codesOnly } = wainfleet;
    expect(why(Area, codesOnly)).toHaveLength(1);
  });
  it.each([
    ['a field that nobody knows', { radiusKm: 5 }],
    ['a name in a language that is none', { description: { English: 'Wainfleet' } }],
    ['an empty name', { description: { 'en-GB': ' ' } }],
    ['a name that is too long', { description: { 'en-GB': 'x'.repeat(501) } }],
    ['a code without a value', { geocodes: [{ name: 'TargetAreaCode' }] }],
    [
      'more codes than anybody reads',
      { geocodes: Array.from({ length: 501 }, () => ({ name: 'a', value: 'b' })) },
    ],
  ])('is refused with %s', (_, change) => expect(why(Area, { ...wainfleet, ...change })).toHaveLength(1));
});
