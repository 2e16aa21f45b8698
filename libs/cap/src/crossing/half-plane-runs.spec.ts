import { describe, expect, it } from '@jest/globals';
import { seeded } from '../testing/damage/mutate.js';
import { halfPlaneRuns } from './half-plane-runs.js';
import { meeting, type Points, runsBack } from './orientation.js';

const pointsOf = (list: readonly (readonly [number, number])[]): Points => ({
  count: list.length,
  x: Float64Array.from(list, ([x]) => x),
  y: Float64Array.from(list, ([, y]) => y),
});
/** The first edge of each run. */
function startsOf(points: Points): number[] {
  const starts = new Int32Array(points.count + 1);
  const runs = halfPlaneRuns(points, starts);
  expect(starts[runs]).toBe(points.count);
  return [...starts.subarray(0, runs)];
}

describe('runs of edges that cannot meet each other', () => {
  it('go on while a line goes forward, in stairs or in a bow', () => {
    const stairs = Array.from({ length: 8 }, (_, i): [number, number] => [
      Math.floor(i / 2),
      Math.ceil(i / 2),
    ]);
    expect(startsOf(pointsOf(stairs))).toEqual([0, 7]);
    const bow = Array.from({ length: 7 }, (_, i): [number, number] => [i * 10, (3 - Math.abs(3 - i)) * 10]);
    expect(startsOf(pointsOf(bow))).toEqual([0, 6]);
  });

  it('end where a line turns back', () => {
    const hairpin: [number, number][] = [
      [0, 0],
      [10, 0],
      [20, 0],
      [19, 1],
      [10, 1],
      [0, 1],
    ];
    expect(startsOf(pointsOf(hairpin))).toEqual([0, 3]);
  });

  it('end where a line runs back over itself', () => {
    expect(
      startsOf(
        pointsOf([
          [0, 0],
          [10, 0],
          [5, 0],
          [5, 5],
        ]),
      ),
    ).toEqual([0, 1]);
  });

  it('are never longer than twelve edges', () => {
    const line = Array.from({ length: 100 }, (_, i): [number, number] => [i, i % 2]);
    const starts = [...startsOf(pointsOf(line)), 100];
    expect(Math.max(...starts.slice(1).map((each, index) => each - (starts[index] ?? 0)))).toBe(12);
  });

  it('hold no two edges that touch or cross, in 4,000 random rings on a coarse grid (seed 13)', () => {
    const random = seeded(13);
    let longRuns = 0;
    for (let run = 0; run < 4_000; run += 1) {
      const size = 2 + random(6);
      const list: [number, number][] = [];
      while (list.length < 3 + random(14)) {
        const next: [number, number] = [random(size), random(size)];
        if (String(list.at(-1)) !== String(next)) list.push(next);
      }
      const points = pointsOf(list);
      const starts = [...startsOf(points), points.count];
      for (let index = 0; index + 1 < starts.length; index += 1) {
        const [from, to] = [starts[index] ?? 0, starts[index + 1] ?? 0];
        if (to - from > 2) longRuns += 1;
        expect({ list, from, to, met: meets(points, from, to) }).toEqual({ list, from, to, met: false });
      }
    }
    expect(longRuns).toBeGreaterThan(500);
  });
});

/** Whether any two edges of a run do more than follow one another. */
function meets(points: Points, from: number, to: number): boolean {
  const next = (edge: number): number => (edge + 1) % points.count;
  for (let one = from; one < to; one += 1) {
    for (let other = one + 1; other < to; other += 1) {
      // The last edge of a ring ends where the first begins.
      if (next(other) === one) continue;
      if (other === one + 1) {
        if (runsBack(points, one, other, next(other))) return true;
      } else if (meeting(points, one, next(one), other, next(other)) !== 'none') return true;
    }
  }
  return false;
}
