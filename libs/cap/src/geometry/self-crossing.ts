import type { LatLon } from '../reading/alert.js';
import { SweepOrder } from './sweep-order.js';

/** How a ring meets itself: `crosses` has edges that cut through each other, `touches` only meets itself in points or along a line. */
export type SelfContact = 'none' | 'touches' | 'crosses';

/** Nine decimals of a degree, 0.1 mm, as whole numbers: orientation tests can then be exact. */
const SCALE = 1e9;

/**
 * Whether a ring (closed or not) crosses or touches itself. Sweeps once over the sorted vertices (Shamos and Hoey, 1976):
 * n log n in the number of points, whatever their order, and exact to nine decimals of a degree.
 */
export function selfContact(ring: readonly LatLon[]): SelfContact {
  const points = distinct(ring);
  if (points.length < 3) return 'none';
  const sweep = new Sweep(points);
  return sweep.run();
}

type Point = readonly [x: number, y: number];

function distinct(ring: readonly LatLon[]): Point[] {
  const points: Point[] = [];
  for (const [latitude, longitude] of ring) {
    const x = Math.round(longitude * SCALE);
    const y = Math.round(latitude * SCALE);
    const last = points[points.length - 1];
    if (last === undefined || last[0] !== x || last[1] !== y) points.push([x, y]);
  }
  const [first] = points;
  const last = points[points.length - 1];
  if (points.length > 1 && first !== undefined && last?.[0] === first[0] && last[1] === first[1])
    points.pop();
  return points;
}

/** Left of, right of or on the line from a to b; exact. */
function orientation(a: Point, b: Point, c: Point): number {
  const one = (b[0] - a[0]) * (c[1] - a[1]);
  const two = (b[1] - a[1]) * (c[0] - a[0]);
  const det = one - two;
  // Whole numbers below 2^53: differences are exact, the products and their difference have three roundings.
  if (Math.abs(det) > 4e-16 * (Math.abs(one) + Math.abs(two))) return Math.sign(det);
  const big = (n: number): bigint => BigInt(n);
  const exact = big(b[0] - a[0]) * big(c[1] - a[1]) - big(b[1] - a[1]) * big(c[0] - a[0]);
  return exact > 0n ? 1 : exact < 0n ? -1 : 0;
}

const before = (a: Point, b: Point): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
const same = (a: Point, b: Point): boolean => a[0] === b[0] && a[1] === b[1];

class Sweep {
  private touches = false;
  private readonly left: Point[] = [];
  private readonly right: Point[] = [];
  private readonly order: SweepOrder;

  constructor(private readonly points: readonly Point[]) {
    points.forEach((from, index) => {
      const to = points[(index + 1) % points.length] ?? from;
      this.left.push(before(from, to) ? from : to);
      this.right.push(before(from, to) ? to : from);
    });
    this.order = new SweepOrder(points.length, (one, other) => this.isBelow(one, other));
  }

  run(): SelfContact {
    const count = this.points.length;
    // One event per vertex; its two edges end or begin there.
    const events = Array.from({ length: count }, (_, index) => index);
    events.sort((a, b) => {
      const [one, other] = [this.points[a] ?? [0, 0], this.points[b] ?? [0, 0]];
      return one[0] - other[0] || one[1] - other[1];
    });
    for (let from = 0; from < count;) {
      const at = this.points[events[from] ?? 0] ?? [0, 0];
      let until = from;
      while (until < count && same(this.points[events[until] ?? 0] ?? [0, 0], at)) until += 1;
      if (until - from > 1) this.touches = true;
      const edges = events.slice(from, until).flatMap((vertex) => [vertex, (vertex + count - 1) % count]);
      for (const edge of edges) if (same(this.right[edge] ?? at, at) && this.end(edge)) return 'crosses';
      for (const edge of edges) if (same(this.left[edge] ?? at, at) && this.begin(edge)) return 'crosses';
      from = until;
    }
    return this.touches ? 'touches' : 'none';
  }

  private begin(edge: number): boolean {
    this.order.insert(edge);
    return this.cross(edge, this.order.below(edge)) || this.cross(edge, this.order.above(edge));
  }

  private end(edge: number): boolean {
    const below = this.order.below(edge);
    const above = this.order.above(edge);
    this.order.remove(edge);
    return this.cross(below, above);
  }

  /** Where a new edge goes: its left end is the sweep's position, which `other` spans. */
  private isBelow(edge: number, other: number): boolean {
    const [start, end] = [this.left[edge], this.right[edge]];
    const [from, to] = [this.left[other], this.right[other]];
    if (start === undefined || end === undefined || from === undefined || to === undefined)
      return edge < other;
    const side = orientation(from, to, start);
    if (side !== 0) return side < 0;
    if (!same(start, from)) this.touches = true;
    const later = orientation(from, to, end);
    if (later !== 0) return later < 0;
    this.touches = true;
    return edge < other;
  }

  /** Whether the insides of two edges cut through each other. */
  private cross(edge: number, other: number): boolean {
    const [a, b, c, d] = [this.left[edge], this.right[edge], this.left[other], this.right[other]];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return false;
    const abc = orientation(a, b, c);
    const abd = orientation(a, b, d);
    const cda = orientation(c, d, a);
    const cdb = orientation(c, d, b);
    return abc * abd < 0 && cda * cdb < 0;
  }
}
