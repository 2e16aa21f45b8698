import { describe, expect, it } from '@jest/globals';
import type { LatLon } from '../model/alert.js';
import { seeded } from '../testing/damage/mutate.js';
import { contactBySweep } from '../sweep/edge-sweep.js';
import { turn } from './orientation.js';
import { selfContact } from './self-crossing.js';

const ring = (...points: readonly LatLon[]): LatLon[] => [...points, points[0] ?? [0, 0]];

describe('which side of a line a point lies on', () => {
  it('is exact to the last of nine decimals, where the fastest sum is not: neighbours in the Fibonacci sequence', () => {
    const differences: unknown[] = [];
    const sides = new Set<number>();
    for (let [one, two] = [1, 2]; one + two < 180e9; [one, two] = [two, one + two]) {
      // Whatever the multiple of b is, c lies one unit of area beside the line: to the left or right by turns.
      for (const [more, beside] of [
        [0, 1],
        [1, 1],
        [2, 0],
      ] as const) {
        const [bx, by] = [one, two];
        const [cx, cy] = [more * one + beside * two, more * two + beside * (one + two)];
        const exact = BigInt(bx) * BigInt(cy) - BigInt(by) * BigInt(cx);
        const from = -90e9;
        const points = {
          count: 3,
          x: Float64Array.of(from, from + bx, from + cx),
          y: Float64Array.of(from, from + by, from + cy),
        };
        const side = turn(points, 0, 1, 2);
        sides.add(side);
        if (side !== Number(exact)) differences.push({ one, two, more, beside, side });
      }
    }
    expect(differences).toEqual([]);
    expect([...sides].sort()).toEqual([-1, 0, 1]);
  });
});

describe('whether a polygon crosses itself', () => {
  it('says no to a square and to a shape with an inlet', () => {
    expect(selfContact(ring([0, 0], [0, 1], [1, 1], [1, 0]))).toBe('none');
    expect(selfContact(ring([0, 0], [0, 3], [3, 3], [1, 1.5], [3, 0]))).toBe('none');
  });

  it('says yes to a bow tie, whose inside nobody knows', () => {
    expect(selfContact(ring([0, 0], [1, 1], [1, 0], [0, 1]))).toBe('crosses');
  });

  it('tells touching from crossing: a point that two loops share, a spike out and back, a corner on an edge', () => {
    expect(selfContact(ring([0, 0], [0, 2], [1, 1], [2, 2], [2, 0], [1, 1]))).toBe('touches');
    expect(selfContact(ring([0, 0], [0, 1], [0, 2], [0, 1], [1, 1], [1, 0]))).toBe('touches');
    expect(selfContact(ring([0, 0], [0, 2], [2, 2], [1, 0], [2, -2], [0, -2]))).toBe('none');
    expect(selfContact(ring([0, 0], [0, 2], [2, 2], [0, 1], [2, -2], [0, -2]))).toBe('touches');
  });

  it('says that a ring squeezed to one line only touches itself, however its points stand on it', () => {
    const line = Array.from({ length: 12_000 }, (_, i): LatLon => {
      const along = (i * 7_919) % 12_000;
      return [1.1 + along * 0.00013, 2.2 + along * 0.00026];
    });
    const before = process.cpuUsage();
    expect(selfContact(ring(...line))).toBe('touches');
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(150);
  });

  it('takes no longer over a ring that goes round the same three points 7,000 times', () => {
    const corners: readonly LatLon[] = [
      [1, 1],
      [1, 2],
      [2, 2],
    ];
    const round = Array.from({ length: 7_000 }, () => corners).flat();
    const before = process.cpuUsage();
    expect(selfContact(ring(...round))).toBe('touches');
    expect(selfContact(ring(...round, [1.5, 3], [1.2, 1.1]))).toBe('crosses');
    const { user, system } = process.cpuUsage(before);
    // Some 25 ms each in bare node; without the look at how long the edges are, four times as much.
    expect((user + system) / 1000).toBeLessThan(800);
  });

  it('does not mind points that repeat', () => {
    expect(selfContact(ring([0, 0], [0, 0], [0, 1], [1, 1], [1, 1], [1, 0], [0, 0]))).toBe('none');
  });

  it('agrees with comparing every edge with every other, for 3,000 random rings (seed 3)', () => {
    const random = seeded(3);
    const seen = new Map<string, number>();
    for (let run = 0; run < 3_000; run += 1) {
      const count = 3 + random(9);
      // A coarse grid, so that touching and running along each other really occur.
      const points = Array.from({ length: count }, (): LatLon => [random(6), random(6)]);
      const found = selfContact(ring(...points));
      const crosses = found === 'crosses';
      expect({ points, crosses }).toEqual({ points, crosses: bruteForce(points) });
      expect({ points, crosses: sweep(points) === 'crosses' }).toEqual({ points, crosses });
      seen.set(found, (seen.get(found) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(['crosses', 'none', 'touches']);
  });

  it('finds the one crossing in a fan of 25,000 edges that all overlap, and none without it, in bounded time', () => {
    const fan = (...last: readonly LatLon[]): LatLon[] => {
      const points: LatLon[] = [];
      for (let i = 0; i < 12_500; i += 1)
        points.push([i * 0.001, i * 0.001], [i * 0.001 + 40, i * 0.001 + 40.0005]);
      return ring(...points, ...last);
    };
    const before = process.cpuUsage();
    expect(selfContact(fan([60, 60], [60, -10]))).toBe('none');
    expect(selfContact(fan([30, 60], [30, -60]))).toBe('crosses');
    const { user, system } = process.cpuUsage(before);
    console.info(
      `self-crossing of two fans of 25,000 edges: ${Math.round((user + system) / 1000)} ms of CPU`,
    );
    // Bare node needs a tenth of what it takes inside the test runner; comparing all pairs would take minutes.
    expect((user + system) / 1000).toBeLessThan(8_000);
  });
});

/** The sweep alone: small rings are otherwise settled before it is asked. */
function sweep(points: readonly LatLon[]): ReturnType<typeof contactBySweep> {
  const clean = points.filter(
    (point, index) => String(point) !== String(points[(index + 1) % points.length]),
  );
  const column = (axis: 0 | 1): Float64Array => Float64Array.from(clean, (point) => point[axis]);
  return contactBySweep({ count: clean.length, x: column(1), y: column(0) });
}

function bruteForce(points: readonly LatLon[]): boolean {
  const side = (a: LatLon, b: LatLon, c: LatLon): number =>
    Math.sign((b[1] - a[1]) * (c[0] - a[0]) - (b[0] - a[0]) * (c[1] - a[1]));
  const clean = points.filter(
    (point, index) => String(point) !== String(points[(index + 1) % points.length]),
  );
  const edge = (index: number): readonly [LatLon, LatLon] => [
    clean[index] ?? [0, 0],
    clean[(index + 1) % clean.length] ?? [0, 0],
  ];
  for (let i = 0; i < clean.length; i += 1) {
    for (let j = i + 1; j < clean.length; j += 1) {
      const [a, b] = edge(i);
      const [c, d] = edge(j);
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}
