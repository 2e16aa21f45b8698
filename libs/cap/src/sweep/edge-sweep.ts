import { meeting, type Points, turn } from '../crossing/orientation.js';
import type { SelfContact } from '../crossing/self-crossing.js';
import { SweepOrder } from './sweep-order.js';

/** Sweeps once over the sorted vertices and compares only edges that become neighbours (Shamos and Hoey, 1976): n log n for any ring. */
export function contactBySweep(points: Points): SelfContact {
  return new Sweep(points).run();
}

/** Edge i goes from point i to the next one; `left` and `right` are its ends in the order of the sweep. */
class Sweep {
  private touches = false;
  private readonly left: Int32Array;
  private readonly right: Int32Array;
  private readonly order: SweepOrder;

  constructor(private readonly points: Points) {
    const { count } = points;
    this.left = new Int32Array(count);
    this.right = new Int32Array(count);
    for (let edge = 0; edge < count; edge += 1) {
      const next = edge + 1 === count ? 0 : edge + 1;
      const forward = this.compare(edge, next) < 0;
      this.left[edge] = forward ? edge : next;
      this.right[edge] = forward ? next : edge;
    }
    this.order = new SweepOrder(count, (edge, other) => this.isBelow(edge, other));
  }

  run(): SelfContact {
    const { count } = this.points;
    const events = Int32Array.from({ length: count }, (_, index) => index).sort((a, b) => this.compare(a, b));
    for (let from = 0; from < count;) {
      let until = from + 1;
      while (until < count && this.compare(events[from] ?? 0, events[until] ?? 0) === 0) until += 1;
      if (until - from > 1) this.touches = true;
      // Whatever ends here goes before whatever begins here.
      for (let at = from; at < until; at += 1) if (this.endsAt(events[at] ?? 0)) return 'crosses';
      for (let at = from; at < until; at += 1) if (this.beginsAt(events[at] ?? 0)) return 'crosses';
      from = until;
    }
    return this.touches ? 'touches' : 'none';
  }

  private compare(a: number, b: number): number {
    const { x, y } = this.points;
    return (x[a] ?? 0) - (x[b] ?? 0) || (y[a] ?? 0) - (y[b] ?? 0);
  }

  private endsAt(vertex: number): boolean {
    const before = vertex === 0 ? this.points.count - 1 : vertex - 1;
    return (
      (this.right[vertex] === vertex && this.end(vertex)) ||
      (this.right[before] === vertex && this.end(before))
    );
  }

  private beginsAt(vertex: number): boolean {
    const before = vertex === 0 ? this.points.count - 1 : vertex - 1;
    return (
      (this.left[vertex] === vertex && this.begin(vertex)) ||
      (this.left[before] === vertex && this.begin(before))
    );
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
    const [from, to] = [this.left[other] ?? 0, this.right[other] ?? 0];
    const start = this.left[edge] ?? 0;
    const side = turn(this.points, from, to, start);
    if (side !== 0) return side < 0;
    if (this.compare(start, from) !== 0) this.touches = true;
    const later = turn(this.points, from, to, this.right[edge] ?? 0);
    if (later !== 0) return later < 0;
    this.touches = true;
    return edge < other;
  }

  private cross(edge: number, other: number): boolean {
    if (edge < 0 || other < 0) return false;
    const [a, b, c, d] = [
      this.left[edge] ?? 0,
      this.right[edge] ?? 0,
      this.left[other] ?? 0,
      this.right[other] ?? 0,
    ];
    return meeting(this.points, a, b, c, d) === 'crosses';
  }
}
