import type { Points } from './orientation.js';

const { abs } = Math;

/** Edges in one run at most: longer runs have wider boxes. Tried on real shorelines: 12 was quickest, 6 to 32 within a fifth of it. */
const MOST_EDGES = 12;
/** How far two directions must be apart, relative to the products that tell it, to count as apart; the rounding is below 1e-15. */
const PARALLEL = 1e-12;
/** How far the outermost two must stay from being opposite: far more than all that PARALLEL lets pass. */
const OPPOSITE = 1e-9;

/**
 * Cuts a ring into runs of consecutive edges whose directions all lie within less than half a turn. Such a run goes ever forward
 * in some direction, so its edges cannot meet each other but where one follows the other: only different runs need comparing.
 * Fills `starts` with the first edge of each run, and the number of edges behind the last; returns how many runs there are.
 */
export function halfPlaneRuns({ count, x, y }: Points, starts: Int32Array): number {
  let runs = 0;
  let from = 0;
  // The outermost directions so far, clockwise and counter-clockwise.
  let rightX = 0;
  let rightY = 0;
  let leftX = 0;
  let leftY = 0;
  for (let edge = 0; edge < count; edge += 1) {
    const next = edge + 1 === count ? 0 : edge + 1;
    const dx = (x[next] ?? 0) - (x[edge] ?? 0);
    const dy = (y[next] ?? 0) - (y[edge] ?? 0);
    let fits = edge > from && edge - from < MOST_EDGES;
    if (fits) {
      const right = rightX * dy - rightY * dx;
      const left = leftX * dy - leftY * dx;
      const rightSum = abs(rightX * dy) + abs(rightY * dx);
      const leftSum = abs(leftX * dy) + abs(leftY * dx);
      if (right > PARALLEL * rightSum) {
        if (left > PARALLEL * leftSum) {
          fits = right > OPPOSITE * rightSum;
          leftX = dx;
          leftY = dy;
        } else if (left >= -PARALLEL * leftSum) fits = leftX * dx + leftY * dy > 0;
      } else if (right < -PARALLEL * rightSum) {
        fits = left < -OPPOSITE * leftSum;
        rightX = dx;
        rightY = dy;
      } else fits = rightX * dx + rightY * dy > 0;
    }
    if (fits) continue;
    starts[runs] = edge;
    runs += 1;
    from = edge;
    rightX = leftX = dx;
    rightY = leftY = dy;
  }
  starts[runs] = count;
  return runs;
}
