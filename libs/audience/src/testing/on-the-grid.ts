import type { MultiPolygon } from '#contracts';

/** A place on the grid: millionths of a degree, east and north. */
export type Grid = readonly [x: number, y: number];
/** Polygons of rings, the first of each its boundary; rings are not closed. */
export type Shape = readonly (readonly (readonly Grid[])[])[];

/** Points and corners stand on a grid of a millionth of a degree (a decimetre), where arithmetic can be exact. */
export const DEGREE = 1_000_000;

const closed = (ring: readonly Grid[]): [number, number][] =>
  [...ring, ring[0]!].map(([x, y]) => [x / DEGREE, y / DEGREE]);
/** The same as an area of a warning. */
export const areaOf = (shape: Shape): MultiPolygon => ({
  type: 'MultiPolygon',
  coordinates: shape.map((rings) => rings.map(closed)),
});

/**
 * The answer in whole numbers, without rounding: -1 outside, 0 on the boundary, 1 inside. Exact while a ring is less than 90
 * degrees wide and high: then no product reaches 2^53.
 */
function where([px, py]: Grid, ring: readonly Grid[]): -1 | 0 | 1 {
  let within = false;
  for (const [n, [ax, ay]] of ring.entries()) {
    const [bx, by] = ring[n + 1] ?? ring[0]!;
    if ((ay > py && by > py) || (ay < py && by < py) || (ax < px && bx < px)) continue; // not even a ray to the east meets it
    const side = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
    const between = (a: number, p: number, b: number) => (a <= p && p <= b) || (b <= p && p <= a);
    if (side === 0 && between(ax, px, bx) && between(ay, py, by)) return 0;
    if (ay > py !== by > py && side > 0 === by > ay) within = !within;
  }
  return within ? 1 : -1;
}

/** Whether somebody is to be warned: on or inside a boundary, and neither on nor inside one of its holes. */
export const belongs = (person: Grid, shape: Shape): boolean =>
  shape.some(
    ([outer, ...holes]) => where(person, outer!) >= 0 && holes.every((hole) => where(person, hole) < 0),
  );
