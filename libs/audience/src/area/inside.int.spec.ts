import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MultiPolygon } from '#contracts';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { insideArea } from './inside.js';
import { areaOf, belongs, DEGREE, type Grid, type Shape } from '../testing/on-the-grid.js';
import { areaProblem } from './area-problem.js';

let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase();
  await test.db.execute('create table somebody (n integer primary key, place point)');
  await test.db.execute('create index on somebody using gist (place)');
});
afterAll(() => test.close());

/** Which of `people` the database says are inside. */
async function inside(area: MultiPolygon, people: readonly Grid[]): Promise<number[]> {
  await test.db.execute('truncate somebody');
  await test.db.execute('insert into somebody select * from unnest($1::int[], $2::point[])', [
    people.map((_, n) => n),
    people.map(([x, y]) => `(${x / DEGREE},${y / DEGREE})`),
  ]);
  const { sql, params } = insideArea(area, 0);
  const rows = await test.db.query<{ n: number }>(`select n from somebody where ${sql} order by n`, params);
  return rows.map(({ n }) => n);
}

const around = ([x, y]: Grid, radius: number, corners: number): Grid[] =>
  Array.from({ length: corners }, (_, n) => {
    const angle = (2 * Math.PI * n) / corners;
    return [Math.round(x + Math.cos(angle) * radius), Math.round(y + Math.sin(angle) * radius)];
  });

describe('who is inside', () => {
  it('is nobody some metres outside a boundary of many short sides, as real flood areas have them', async () => {
    const middle: Grid = [236_000, 53_100_000];
    const shape: Shape = [[around(middle, 50_000, 400)]]; // sides of some 80 metres
    const just = (radius: number) => around(middle, radius, 37).map(([x, y]): Grid => [x, y]);
    const outside = just(50_040); // four metres and more
    expect(outside.every((person) => !belongs(person, shape))).toBe(true);
    expect(await inside(areaOf(shape), outside)).toEqual([]);
    expect(await inside(areaOf(shape), just(49_900))).toHaveLength(37);
  });

  it('is everybody some metres outside a hole of many short sides', async () => {
    const middle: Grid = [236_000, 53_100_000];
    const shape: Shape = [[around(middle, 90_000, 8), around(middle, 20_000, 300)]];
    expect(await inside(areaOf(shape), around(middle, 20_030, 29))).toHaveLength(29);
    expect(await inside(areaOf(shape), around(middle, 19_950, 29))).toEqual([]);
  });

  it('holds for a field of a few metres', async () => {
    const shape: Shape = [
      [
        [
          [0, 0],
          [40, 0],
          [40, 40],
          [20, 40],
          [20, 20],
          [0, 20],
        ],
      ],
    ];
    const people: Grid[] = [
      [10, 10],
      [10, 30],
      [30, 30],
      [41, 20],
      [20, 30],
      [19, 30],
    ];
    expect(await inside(areaOf(shape), people)).toEqual([0, 2, 4]);
  });

  it.each<[string, Grid]>([
    ['the equator and the meridian of Greenwich', [0, 0]],
    ['the 180° meridian', [179_999_900, 10_000_000]],
    ['its other side', [-179_999_900, -10_000_000]],
    ['the north pole', [20_000_000, 89_999_900]],
    ['the south pole', [-20_000_000, -89_999_900]],
  ])('holds at %s', async (_, [x, y]) => {
    const shape: Shape = [
      [
        [
          [x - 100, y - 100],
          [x + 100, y - 100],
          [x + 100, y + 100],
          [x - 100, y + 100],
        ],
      ],
    ];
    const people: Grid[] = [
      [x, y],
      [x - 100, y - 100],
      [x - 101, y],
      [x, y - 101],
      [x + 99, y + 99],
    ];
    expect(areaProblem(areaOf(shape))).toBeUndefined();
    expect(await inside(areaOf(shape), people)).toEqual([0, 1, 4]);
  });

  it('agrees with arithmetic in whole numbers, for any polygons, any holes and any points', async () => {
    const at = (most: number) =>
      fc.tuple(fc.integer({ min: -most, max: most }), fc.integer({ min: -most, max: most }));
    const usable = (corners: readonly Grid[]) => areaProblem(areaOf([[corners]])) === undefined;
    const ring = (most: number) =>
      fc
        .array(at(most), { minLength: 3, maxLength: 9 })
        .map((corners) => corners.toSorted(([ax, ay], [bx, by]) => Math.atan2(ay, ax) - Math.atan2(by, bx)))
        .filter(usable);
    const polygon = (most: number) =>
      fc.tuple(ring(most), fc.array(ring(most), { maxLength: 2 })).map(([outer, holes]) => [outer, ...holes]);
    const cases = fc
      .constantFrom(3, 30, 2_000, 300_000)
      .chain((most) =>
        fc.tuple(
          fc.array(polygon(most), { minLength: 1, maxLength: 3 }),
          fc.array(at(most), { minLength: 30, maxLength: 60 }),
          at(45_000_000),
        ),
      );
    await fc.assert(
      fc.asyncProperty(cases, async ([shape, people, [east, north]]) => {
        const moved = ([x, y]: Grid): Grid => [x + east, y + north];
        const there: Shape = shape.map((rings) => rings.map((corners) => corners.map(moved)));
        const asked = people.map(moved);
        const expected = asked.flatMap((person, n) => (belongs(person, there) ? [n] : []));
        expect(await inside(areaOf(there), asked)).toEqual(expected);
      }),
      { numRuns: 150, seed: 20261121 },
    );
  });
});
