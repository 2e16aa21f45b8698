import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { areaOf, belongs, DEGREE, type Grid, type Shape } from '../testing/on-the-grid.js';
import { areaProblem } from './area-problem.js';
import { insideArea } from './inside.js';

const folder = path.join(process.env['REAL_INPUT_DIR'] ?? '', 'geo');
const there = process.env['REAL_INPUT_DIR'] !== undefined && existsSync(folder);
if (!there)
  console.warn('SKIPPED: no real districts are looked up. Set REAL_INPUT_DIR to the folder with geo.');

/** The parts of TopoJSON that the districts use: arcs of steps from point to point, shared by neighbours. */
type Topology = {
  transform: { scale: Grid; translate: Grid };
  arcs: Grid[][];
  objects: Record<string, { geometries: District[] }>;
};
type District = { properties: { LAD13NM: string } } & (
  { type: 'Polygon'; arcs: number[][] } | { type: 'MultiPolygon'; arcs: number[][][] }
);

function districts(): Map<string, Shape> {
  const topology = JSON.parse(
    readFileSync(path.join(folder, 'england-districts-2013.topo.json'), 'utf8'),
  ) as Topology;
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((steps) => {
    let [x, y] = [0, 0];
    return steps.map(([east, north]): Grid => {
      [x, y] = [x + east, y + north];
      const place = [x * scale[0] + translate[0], y * scale[1] + translate[1]] as const;
      return [Math.round(place[0] * DEGREE), Math.round(place[1] * DEGREE)];
    });
  });
  // A negative number is an arc backwards; each begins where the one before it ended, and the last ends at the start.
  const ring = (of: number[]) => of.flatMap((n) => (n < 0 ? arcs[~n]!.toReversed() : arcs[n]!).slice(0, -1));
  const shape = (one: District): Shape =>
    (one.type === 'Polygon' ? [one.arcs] : one.arcs).map((rings) => rings.map(ring));
  return new Map(topology.objects['lad']!.geometries.map((one) => [one.properties.LAD13NM, shape(one)]));
}

(there ? describe : describe.skip)('the districts of England', () => {
  let all: Map<string, Shape>;
  let test: TestDatabase;
  let people: Grid[];

  beforeAll(async () => {
    all = districts();
    const [, ...lines] = readFileSync(path.join(folder, 'postcode-districts.csv'), 'utf8').trim().split('\n');
    people = lines.map((line) => {
      const [, , , latitude, longitude] = line.split(',');
      return [Math.round(Number(longitude) * DEGREE), Math.round(Number(latitude) * DEGREE)];
    });
    test = await testDatabase();
    await test.db.execute('create table somebody (n integer primary key, place point)');
  });
  afterAll(() => test.close());

  it('are areas that can be used, but for those whose coast was drawn across itself when it was made simpler', () => {
    const problems = [...all.values()].map((shape) => areaProblem(areaOf(shape)));
    const usable = problems.filter((problem) => problem === undefined);
    expect(all.size).toBe(326);
    expect(
      new Set(problems.map((problem) => /crosses itself|encloses nothing/.exec(problem ?? '')?.[0])),
    ).toEqual(new Set([undefined, 'crosses itself', 'encloses nothing']));
    expect(usable.length).toBeGreaterThan(180);
  });

  it('hold exactly the same people for the database as in whole numbers', async () => {
    const usable = [...all.values()].filter((shape) => areaProblem(areaOf(shape)) === undefined);
    const largest = usable.toSorted((a, b) => b.flat(2).length - a.flat(2).length).slice(0, 12);
    for (const shape of largest) {
      // Corners themselves, and places a few metres from them, which is where people live at a river.
      const corners = shape.flat(2).filter((_, n) => n % 3 === 0);
      const steps = [-60, 0, 45, 60].flatMap((east) =>
        [-60, 0, 45, 60].map((north) => [east, north] as const),
      );
      const near = corners.flatMap(([x, y], n): Grid[] => [
        [x, y],
        [x + steps[n % 16]![0], y + steps[n % 16]![1]],
      ]);
      const asked = [...people, ...near];
      await test.db.execute('truncate somebody');
      await test.db.execute('insert into somebody select * from unnest($1::int[], $2::point[])', [
        asked.map((_, n) => n),
        asked.map(([x, y]) => `(${x / DEGREE},${y / DEGREE})`),
      ]);
      const { sql, params } = insideArea(areaOf(shape), 0);
      const found = await test.db.query<{ n: number }>(
        `select n from somebody where ${sql} order by n`,
        params,
      );
      const expected = asked.flatMap((person, n) => (belongs(person, shape) ? [n] : []));
      expect(found.map(({ n }) => n)).toEqual(expected);
      expect(expected.length).toBeGreaterThan(100);
    }
  });
});
