import { meeting, type Points, runsBack } from './orientation.js';
import type { SelfContact } from './self-crossing.js';

// Taken out of Math once: these run millions of times.
const { abs, min, max, floor, ceil, log2 } = Math;

/** Edges in one smallest box. */
const RUN = 4;
/** Steps per edge before giving up: a pair of boxes or edges is one, a pair that must be computed is four more. Real shorelines need 20 to 60. */
const PATIENCE = 100;

/**
 * Compares only edges whose boxes overlap: a tree of boxes round runs of consecutive edges, each part against the others.
 * Undefined when the edges overlap too much for this to be cheap.
 */
export function contactByBoxes(points: Points): SelfContact | undefined {
  if (isDense(points)) return undefined;
  const search = new Search(points);
  const done = search.within(1);
  if (search.crosses) return 'crosses';
  return done ? (search.touches ? 'touches' : 'none') : undefined;
}

/**
 * Whether edges are so long for the size of the ring that, strewn evenly, each would overlap more others than there is patience
 * for. A shoreline of any length is far from it; a ring that goes round the same three points 7,000 times is not.
 */
function isDense({ count, x, y }: Points): boolean {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  let [across, along] = [0, 0];
  for (let at = 0, last = count - 1; at < count; last = at, at += 1) {
    const [px, py] = [x[at] ?? 0, y[at] ?? 0];
    west = min(west, px);
    east = max(east, px);
    south = min(south, py);
    north = max(north, py);
    across += abs(px - (x[last] ?? 0));
    along += abs(py - (y[last] ?? 0));
  }
  // Two edges overlap where their middles are nearer than their mean length, to either side: four times the share of the area.
  return (4 * across * along) / count > PATIENCE * (east - west) * (north - south);
}

/** Boxes in a complete binary tree: node 1 is the root, node n has 2n and 2n + 1; the leaves hold runs of edges in order. */
class Search {
  touches = false;
  crosses = false;
  private left: number;
  private readonly leaves: number;
  private readonly west: Float64Array;
  private readonly south: Float64Array;
  private readonly east: Float64Array;
  private readonly north: Float64Array;

  constructor(private readonly points: Points) {
    this.left = PATIENCE * points.count + 5_000;
    this.leaves = 2 ** ceil(log2(max(1, points.count / RUN)));
    const column = (value: number): Float64Array => new Float64Array(2 * this.leaves).fill(value);
    [this.west, this.south, this.east, this.north] = [
      column(Infinity),
      column(Infinity),
      column(-Infinity),
      column(-Infinity),
    ];
    for (let edge = 0; edge < points.count; edge += 1) {
      const leaf = this.leaves + floor(edge / RUN);
      this.grow(leaf, edge);
      this.grow(leaf, edge + 1 === points.count ? 0 : edge + 1);
    }
    for (let node = this.leaves - 1; node > 0; node -= 1) {
      this.west[node] = min(this.west[2 * node] ?? 0, this.west[2 * node + 1] ?? 0);
      this.south[node] = min(this.south[2 * node] ?? 0, this.south[2 * node + 1] ?? 0);
      this.east[node] = max(this.east[2 * node] ?? 0, this.east[2 * node + 1] ?? 0);
      this.north[node] = max(this.north[2 * node] ?? 0, this.north[2 * node + 1] ?? 0);
    }
  }

  /** All pairs below one node; false when patience ran out or a crossing was found. */
  within(node: number): boolean {
    if (node >= this.leaves) return this.leavesAgainst(node, node);
    return this.within(2 * node) && this.within(2 * node + 1) && this.between(2 * node, 2 * node + 1);
  }

  /** All pairs of one node with another of the same height. */
  private between(one: number, other: number): boolean {
    this.left -= 1;
    if (this.left < 0) return false;
    if (this.apart(one, other)) return true;
    if (one >= this.leaves) return this.leavesAgainst(one, other);
    return (
      this.between(2 * one, 2 * other) &&
      this.between(2 * one, 2 * other + 1) &&
      this.between(2 * one + 1, 2 * other) &&
      this.between(2 * one + 1, 2 * other + 1)
    );
  }

  private apart(a: number, b: number): boolean {
    const { west, south, east, north } = this;
    return (
      (east[a] ?? 0) < (west[b] ?? 0) ||
      (east[b] ?? 0) < (west[a] ?? 0) ||
      (north[a] ?? 0) < (south[b] ?? 0) ||
      (north[b] ?? 0) < (south[a] ?? 0)
    );
  }

  private leavesAgainst(one: number, other: number): boolean {
    const { count } = this.points;
    const [first, second] = [(one - this.leaves) * RUN, (other - this.leaves) * RUN];
    const [end, otherEnd] = [min(first + RUN, count), min(second + RUN, count)];
    for (let edge = first; edge < end; edge += 1) {
      const from = one === other ? edge + 1 : second;
      for (let against = from; against < otherEnd; against += 1) {
        if (this.boxesMeet(edge, against)) this.compare(edge, against);
      }
      this.left -= otherEnd - from;
      if (this.crosses || this.left < 0) return false;
    }
    return true;
  }

  private boxesMeet(edge: number, other: number): boolean {
    const { count, x, y } = this.points;
    const next = edge + 1 === count ? 0 : edge + 1;
    const otherNext = other + 1 === count ? 0 : other + 1;
    const [ax, bx, cx, dx] = [x[edge] ?? 0, x[next] ?? 0, x[other] ?? 0, x[otherNext] ?? 0];
    if ((ax < cx && ax < dx && bx < cx && bx < dx) || (ax > cx && ax > dx && bx > cx && bx > dx))
      return false;
    const [ay, by, cy, dy] = [y[edge] ?? 0, y[next] ?? 0, y[other] ?? 0, y[otherNext] ?? 0];
    return !((ay < cy && ay < dy && by < cy && by < dy) || (ay > cy && ay > dy && by > cy && by > dy));
  }

  private compare(edge: number, other: number): void {
    const { points } = this;
    const last = points.count - 1;
    const next = edge === last ? 0 : edge + 1;
    const otherNext = other === last ? 0 : other + 1;
    this.left -= 4;
    // Neighbours share a point; they only touch when one runs back over the other.
    if (other === next) this.touches ||= runsBack(points, edge, next, otherNext);
    else if (otherNext === edge) this.touches ||= runsBack(points, other, edge, next);
    else {
      const found = meeting(points, edge, next, other, otherNext);
      if (found === 'crosses') this.crosses = true;
      else if (found === 'touches') this.touches = true;
    }
  }

  private grow(node: number, point: number): void {
    const [x, y] = [this.points.x[point] ?? 0, this.points.y[point] ?? 0];
    this.west[node] = min(this.west[node] ?? x, x);
    this.south[node] = min(this.south[node] ?? y, y);
    this.east[node] = max(this.east[node] ?? x, x);
    this.north[node] = max(this.north[node] ?? y, y);
  }
}
