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
    fc.assert(
      fc.property(distances, (lengths) => areaFault(area([star(lengths)])) === null),
      { seed: 20261121 },
    ));
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
      { seed: 20261121 },
    ));

  it('is told to cross itself exactly where a look at every pair of its lines says so', () => {
    const corner = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }));
    const ring = fc
      .array(corner, { minLength: 3, maxLength: 12 })
      .map((corners): Position[] => [...corners, ...corners.slice(0, 1)]);
    const turn = (a: Position, b: Position, c: Position) =>
      Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
    const crosses = (corners: readonly Position[]) => {
      const lines = corners.slice(1).map((end, i): [Position, Position] => [corners[i] ?? end, end]);
      return lines.some(([a, b]) =>
        lines.some(([c, d]) => turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0),
      );
    };
    fc.assert(
      fc.property(ring, (corners) => {
        expect(areaFault(area([corners]))?.includes('crosses itself') ?? false).toBe(crosses(corners));
      }),
      { numRuns: 500, seed: 20261121 },
    );
  });

  it('is judged the same wherever its ring begins and whichever way round it is drawn', () =>
    fc.assert(
      fc.property(distances, fc.nat(), (lengths, at) => {
        const open = star(lengths).slice(0, -1);
        const from = at % open.length;
        const turned = [...open.slice(from), ...open.slice(0, from)];
        for (const ring of [turned, turned.toReversed()]) {
          expect(areaFault(area([[...ring, ...ring.slice(0, 1)]]))).toBeNull();
        }
      }),
      { seed: 20261121 },
    ));
});

describe('an area that was drawn to keep the desk busy', () => {
  const closed = (corners: Position[]): Position[] => [...corners, ...corners.slice(0, 1)];
  /** Teeth that all reach from one side to the other: every line lies beside every other along their length. */
  const comb = (teeth: number, turned: boolean): Position[] => {
    const corners = Array.from({ length: teeth }, (_, i): Position => [i % 2 === 0 ? -5 : 5, 50 + i / teeth]);
    const ring: Position[] = [...corners, [6, 52], [-6, 52]];
    return closed(turned ? ring.map(([x, y]): Position => [y, x]) : ring);
  };
  /** The same, slanted: whichever way one looks, the lines lie beside each other. */
  const slanted = (teeth: number): Position[] => {
    const low = Array.from({ length: teeth }, (_, i): Position => {
      const shift = (i / teeth) * 1e-3;
      return i % 2 === 0 ? [shift, -shift] : [10 + shift, 10 - shift];
    });
    return closed([...low, [20, 20], [20, -20]]);
  };

  it('is looked at along the side on which its lines lie apart', () => {
    for (const turned of [false, true]) {
      const before = process.cpuUsage();
      expect(areaFault(area(...[1, 2, 3, 4, 5].map(() => [comb(9_990, turned)])))).toBeNull();
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000); // minutes, when each line was compared with each
    }
  });

  it('is refused after so many pairs, and not looked at for minutes', () =>
    expect(areaFault(area(...[1, 2, 3, 4, 5].map(() => [slanted(9_990)])))).toMatch(
      /^ring 1 of polygon \d is too intricate to be checked/,
    ));

  it('that is as long as a real shoreline is no such thing', () => {
    const shore = Array.from({ length: 9_900 }, (_, i): Position => {
      const angle = (2 * Math.PI * i) / 9_900;
      const far = 1 + 0.05 * Math.sin(angle * 97) + 0.01 * Math.sin(angle * 1_013);
      return [far * Math.cos(angle), far * Math.sin(angle)];
    });
    expect(areaFault(area([closed(shore)]))).toBeNull();
  });
});
