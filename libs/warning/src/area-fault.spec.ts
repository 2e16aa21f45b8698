import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MultiPolygon, Position } from '#contracts';
import { areaFault, MOST_POSITIONS } from './area-fault.js';

const area = (...polygons: Position[][][]): MultiPolygon => ({ type: 'MultiPolygon', coordinates: polygons });
const square: Position[] = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const shift = (ring: Position[], by: number): Position[] => ring.map(([x, y]) => [x + by, y + by]);

/** A ring of `corners` round a middle, in order of angle: whatever the distances, it never crosses itself. */
const star = (distances: readonly number[]): Position[] => {
  const corners = distances.map((distance, i): Position => {
    const angle = (2 * Math.PI * i) / distances.length;
    return [Math.cos(angle) * distance, Math.sin(angle) * distance];
  });
  return [...corners, ...corners.slice(0, 1)];
};

describe('an area', () => {
  it('of one square is fine', () => expect(areaFault(area([square]))).toBeNull());
  it('may have a hole', () =>
    expect(areaFault(area([square, shift(square, 1).map(([x, y]): Position => [x / 2, y / 2])]))).toBeNull());
  it('may be made of polygons that overlap: it is their union', () =>
    expect(areaFault(area([square], [shift(square, 2)]))).toBeNull());
  it('may touch itself in a point', () =>
    expect(
      areaFault(
        area([
          [
            [0, 0],
            [2, 2],
            [4, 0],
            [4, 4],
            [2, 2],
            [0, 4],
            [0, 0],
          ],
        ]),
      ),
    ).toBeNull());
  it('is told where it crosses itself', () =>
    expect(
      areaFault(
        area(
          [square],
          [
            [
              [10, 0],
              [13, 2],
              [13, 0],
              [10, 1],
              [10, 0],
            ],
          ],
        ),
      ),
    ).toMatch(/^ring 1 of polygon 2 crosses itself near 1\d\.\d{4}, /));
  it('that is a line has no extent', () =>
    expect(
      areaFault(
        area([
          [
            [0, 0],
            [1, 1],
            [2, 2],
            [0, 0],
          ],
        ]),
      ),
    ).toBe('ring 1 of polygon 1 has no extent'));
  it('that is a point has no extent', () =>
    expect(areaFault(area([[0, 1, 2, 3].map((): Position => [1, 1])]))).toBe(
      'ring 1 of polygon 1 has no extent',
    ));
  it('of more positions than anybody draws is refused before it is looked at', () => {
    const ring = star(Array.from({ length: 9_999 }, () => 1));
    expect(areaFault(area(...Array.from({ length: 6 }, () => [ring])))).toMatch(`at most ${MOST_POSITIONS}`);
  });
  it('as small as a house keeps its extent', () =>
    expect(
      areaFault(area([square.map(([x, y]): Position => [-1.98 + x * 1e-5, 53.33 + y * 1e-5])])),
    ).toBeNull());
});

describe('any area', () => {
  const distances = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 5, maxLength: 60 });
  it('drawn round a middle is fine', () =>
    fc.assert(fc.property(distances, (lengths) => areaFault(area([star(lengths)])) === null)));
  it('with two neighbouring corners swapped crosses itself, wherever it begins', () =>
    fc.assert(
      fc.property(distances, fc.nat(), (lengths, at) => {
        const even = star(lengths.map(() => 10)).slice(0, -1);
        const i = at % (even.length - 1);
        const [one, other] = [even[i], even[i + 1]];
        if (!one || !other) return;
        even[i] = other;
        even[i + 1] = one;
        const ring = [...even, ...even.slice(0, 1)];
        expect(areaFault(area([ring]))).toContain('crosses itself');
      }),
    ));
});
