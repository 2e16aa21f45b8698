import type { LatLon } from '../model/alert.js';
import { contactByBoxes } from './edge-boxes.js';
import { contactBySweep } from '../sweep/edge-sweep.js';
import { type Points, turn } from './orientation.js';

// Taken out of Math once: these run millions of times.
const { round } = Math;

/** How a ring meets itself: `crosses` has edges that cut through each other, `touches` only meets itself in points or along a line. */
export type SelfContact = 'none' | 'touches' | 'crosses';

/** Nine decimals of a degree, 0.1 mm, as whole numbers: orientation tests can then be exact. */
const SCALE = 1e9;
/** Points of which the columns are kept for the next ring: making them costs more than looking through a small one. */
const MOST_KEPT = 65_536;
let kept = { x: new Float64Array(1_024), y: new Float64Array(1_024) };

/**
 * Whether a ring (closed or not) crosses or touches itself, exact to nine decimals of a degree. Real shorelines are settled by
 * boxes round runs of edges; where these overlap too much, a sweep over the sorted vertices (Shamos and Hoey, 1976) decides in
 * n log n, whatever the points.
 */
export function selfContact(ring: readonly LatLon[]): SelfContact {
  const points = distinct(ring);
  if (points.count < 3) return 'none';
  if (isLine(points)) return 'touches';
  return contactByBoxes(points) ?? contactBySweep(points);
}

/** All points on one line: the edges can only run over each other. For the search below these are the worst of all. */
function isLine(points: Points): boolean {
  for (let at = 2; at < points.count; at += 1) if (turn(points, 0, 1, at) !== 0) return false;
  return true;
}

/** Without points that repeat the one before, the closing one included. */
function distinct(ring: readonly LatLon[]): Points {
  const { x, y } = columnsFor(ring.length);
  let count = 0;
  let lastX = NaN;
  let lastY = NaN;
  for (let at = 0; at < ring.length; at += 1) {
    const point = ring[at];
    const px = round((point?.[1] ?? 0) * SCALE);
    const py = round((point?.[0] ?? 0) * SCALE);
    if (px === lastX && py === lastY) continue;
    x[count] = lastX = px;
    y[count] = lastY = py;
    count += 1;
  }
  while (count > 1 && x[count - 1] === x[0] && y[count - 1] === y[0]) count -= 1;
  return { count, x, y };
}

function columnsFor(count: number): typeof kept {
  if (count <= kept.x.length) return kept;
  const made = { x: new Float64Array(2 * count), y: new Float64Array(2 * count) };
  if (count <= MOST_KEPT) kept = made;
  return made;
}
