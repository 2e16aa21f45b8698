import { halfPlaneRuns } from './half-plane-runs.js';
import { meeting, type Points, runsBack } from './orientation.js';
import type { SelfContact } from './self-crossing.js';

// Taken out of Math once: these run millions of times.
const { abs, min, max } = Math;

/** Steps per edge before giving up: a pair of boxes or edges is one, a pair that must be computed is four more. Real shorelines need 5 to 20. */
const PATIENCE = 100;
/** Runs of which the columns are kept for the next ring: making them costs more than searching a small one. */
const MOST_KEPT = 65_536;

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
  let west = Infinity;
  let east = -Infinity;
  let south = Infinity;
  let north = -Infinity;
  let across = 0;
  let along = 0;
  let lastX = x[count - 1] ?? 0;
  let lastY = y[count - 1] ?? 0;
  for (let at = 0; at < count; at += 1) {
    const px = x[at] ?? 0;
    const py = y[at] ?? 0;
    if (px < west) west = px;
    if (px > east) east = px;
    if (py < south) south = py;
    if (py > north) north = py;
    across += abs(px - lastX);
    along += abs(py - lastY);
    lastX = px;
    lastY = py;
  }
  // Two edges overlap where their middles are nearer than their mean length, to either side: four times the share of the area.
  return (4 * across * along) / count > PATIENCE * (east - west) * (north - south);
}

type Columns = { readonly starts: Int32Array; readonly boxes: Float64Array };
const columnsFor = (runs: number): Columns => ({
  starts: new Int32Array(runs + 1),
  boxes: new Float64Array(16 * runs),
});
let kept = columnsFor(256);

function columns(most: number): Columns {
  if (most < kept.starts.length) return kept;
  const made = columnsFor(2 * most);
  if (most <= MOST_KEPT) kept = made;
  return made;
}

/** Boxes (west, east, south, north) in a complete binary tree: node 1 is the root, node n has 2n and 2n + 1; the leaves hold runs in order. */
class Search {
  touches = false;
  crosses = false;
  private left: number;
  private leaves = 1;
  private readonly starts: Int32Array;
  private readonly boxes: Float64Array;

  constructor(private readonly points: Points) {
    this.left = PATIENCE * points.count + 5_000;
    const { starts, boxes } = columns(points.count);
    this.starts = starts;
    this.boxes = boxes;
    const runs = halfPlaneRuns(points, starts);
    while (this.leaves < runs) this.leaves *= 2;
    for (let run = 0; run < runs; run += 1) this.boxRun(run);
    boxes.fill(Number.NaN, 4 * (this.leaves + runs), 8 * this.leaves);
    for (let node = this.leaves - 1; node > 0; node -= 1) this.boxPair(node);
  }

  private boxRun(run: number): void {
    const { count, x, y } = this.points;
    const first = this.starts[run] ?? 0;
    const last = this.starts[run + 1] ?? 0;
    let west = x[first] ?? 0;
    let east = x[first] ?? 0;
    let south = y[first] ?? 0;
    let north = y[first] ?? 0;
    for (let edge = first + 1; edge <= last; edge += 1) {
      const at = edge === count ? 0 : edge;
      const px = x[at] ?? 0;
      const py = y[at] ?? 0;
      if (px < west) west = px;
      else if (px > east) east = px;
      if (py < south) south = py;
      else if (py > north) north = py;
    }
    this.setBox(4 * (this.leaves + run), west, east, south, north);
  }

  /** An empty box is NaN: it overlaps nothing, and the other of the pair stands alone. */
  private boxPair(node: number): void {
    const { boxes } = this;
    const one = 8 * node;
    const other = one + 4;
    const alone = Number.isNaN(boxes[other]);
    this.setBox(
      4 * node,
      alone ? (boxes[one] ?? 0) : min(boxes[one] ?? 0, boxes[other] ?? 0),
      alone ? (boxes[one + 1] ?? 0) : max(boxes[one + 1] ?? 0, boxes[other + 1] ?? 0),
      alone ? (boxes[one + 2] ?? 0) : min(boxes[one + 2] ?? 0, boxes[other + 2] ?? 0),
      alone ? (boxes[one + 3] ?? 0) : max(boxes[one + 3] ?? 0, boxes[other + 3] ?? 0),
    );
  }

  // oxlint-disable-next-line max-params -- four sides have no other order
  private setBox(at: number, west: number, east: number, south: number, north: number): void {
    this.boxes[at] = west;
    this.boxes[at + 1] = east;
    this.boxes[at + 2] = south;
    this.boxes[at + 3] = north;
  }

  /** All pairs below one node; false when patience ran out or a crossing was found. A run cannot meet itself. */
  within(node: number): boolean {
    if (node >= this.leaves) return true;
    return this.within(2 * node) && this.within(2 * node + 1) && this.between(2 * node, 2 * node + 1);
  }

  /** All pairs of one node with another of the same height. */
  private between(one: number, other: number): boolean {
    this.left -= 1;
    if (this.left < 0) return false;
    if (!this.overlap(4 * one, 4 * other)) return true;
    if (one >= this.leaves) return this.runsAgainst(one - this.leaves, other - this.leaves);
    return (
      this.between(2 * one, 2 * other) &&
      this.between(2 * one, 2 * other + 1) &&
      this.between(2 * one + 1, 2 * other) &&
      this.between(2 * one + 1, 2 * other + 1)
    );
  }

  /** Written so that a box of NaN overlaps nothing. */
  private overlap(a: number, b: number): boolean {
    const { boxes } = this;
    return (
      (boxes[a] ?? 0) <= (boxes[b + 1] ?? 0) &&
      (boxes[b] ?? 0) <= (boxes[a + 1] ?? 0) &&
      (boxes[a + 2] ?? 0) <= (boxes[b + 3] ?? 0) &&
      (boxes[b + 2] ?? 0) <= (boxes[a + 3] ?? 0)
    );
  }

  /** Edges of one run that reach into the box of the other, with each of its edges. */
  private runsAgainst(one: number, other: number): boolean {
    const { boxes, starts } = this;
    const { count, x, y } = this.points;
    const box = 4 * (this.leaves + other);
    const west = boxes[box] ?? 0;
    const east = boxes[box + 1] ?? 0;
    const south = boxes[box + 2] ?? 0;
    const north = boxes[box + 3] ?? 0;
    const until = starts[one + 1] ?? 0;
    const from = starts[other] ?? 0;
    const end = starts[other + 1] ?? 0;
    for (let edge = starts[one] ?? 0; edge < until; edge += 1) {
      const next = edge + 1 === count ? 0 : edge + 1;
      this.left -= 1;
      const ax = x[edge] ?? 0;
      const bx = x[next] ?? 0;
      const ay = y[edge] ?? 0;
      const by = y[next] ?? 0;
      if ((ax < west && bx < west) || (ax > east && bx > east)) continue;
      if ((ay < south && by < south) || (ay > north && by > north)) continue;
      for (let against = from; against < end; against += 1) this.edgesAgainst(edge, next, against);
      this.left -= end - from;
      if (this.crosses || this.left < 0) return false;
    }
    return true;
  }

  private edgesAgainst(edge: number, next: number, other: number): void {
    const { count, x, y } = this.points;
    const otherNext = other + 1 === count ? 0 : other + 1;
    const ax = x[edge] ?? 0;
    const bx = x[next] ?? 0;
    const cx = x[other] ?? 0;
    const dx = x[otherNext] ?? 0;
    if ((ax < cx && ax < dx && bx < cx && bx < dx) || (ax > cx && ax > dx && bx > cx && bx > dx)) return;
    const ay = y[edge] ?? 0;
    const by = y[next] ?? 0;
    const cy = y[other] ?? 0;
    const dy = y[otherNext] ?? 0;
    if ((ay < cy && ay < dy && by < cy && by < dy) || (ay > cy && ay > dy && by > cy && by > dy)) return;
    const { points } = this;
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
}
