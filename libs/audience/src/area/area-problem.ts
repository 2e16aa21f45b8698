import { MultiPolygon, type Position } from '#contracts';

/**
 * Why an area must be refused, in plain words for an officer, or undefined when recipients may be looked up by it.
 * A missing, empty or broken area refuses; it never widens (DESIGN §3 P5). The database's own `<@` would take a
 * self-crossing ring without a word and count how often it goes round a point, so validity is settled here.
 */
export function areaProblem(geometry: unknown): string | undefined {
  const read = MultiPolygon.safeParse(geometry);
  if (!read.success) return `the area cannot be read: ${read.error.issues[0]?.message ?? 'no geometry'}`;
  for (const [p, polygon] of read.data.coordinates.entries()) {
    for (const [r, ring] of polygon.entries()) {
      const problem = ringProblem(ring);
      if (problem !== undefined) return `ring ${r + 1} of polygon ${p + 1} ${problem}`;
    }
    const [outer = 0, ...holes] = polygon.map(enclosed);
    if (holes.some((hole) => outer - hole < NOTHING)) return `polygon ${p + 1} encloses nothing but its hole`;
  }
  return undefined;
}

/** Twice a tenth of a square metre at the equator, in square degrees. What is smaller is a line, whose corners were rounded. */
const NOTHING = 2e-11;

const CROSSES =
  'crosses itself, or runs over itself: draw each part as a polygon, and each hole as a ring, of its own';

function ringProblem(ring: readonly Position[]): string | undefined {
  const longitudes = ring.map(([longitude]) => longitude);
  if (Math.max(...longitudes) - Math.min(...longitudes) > 180)
    return 'crosses the 180° meridian: draw it as two polygons';
  if (enclosed(ring) < NOTHING) return 'encloses nothing';
  if (crossesItself(laid(ring))) return CROSSES;
  return undefined;
}

/** Twice the enclosed area, in square degrees; measured from the first corner, so that little is lost to rounding. */
function enclosed(ring: readonly Position[]): number {
  const [x, y] = ring[0]!;
  return Math.abs(
    sides(ring).reduce((sum, [[ax, ay], [bx, by]]) => sum + ((ax - x) * (by - y) - (bx - x) * (ay - y)), 0),
  );
}

type Side = readonly [Position, Position];

function sides(ring: readonly Position[]): Side[] {
  const found: Side[] = [];
  for (let i = 1; i < ring.length; i += 1) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (a !== undefined && b !== undefined && !(a[0] === b[0] && a[1] === b[1])) found.push([a, b]);
  }
  return found;
}

/** The ring or its mirror image, whichever has fewer sides beside one another from west to east: both cross themselves, or neither does. */
function laid(ring: readonly Position[]): readonly Position[] {
  return crowd(ring, 0) <= crowd(ring, 1) ? ring : ring.map(([x, y]): Position => [y, x]);
}

/** How many sides lie beside one another along this axis, on average. */
function crowd(ring: readonly Position[], axis: 0 | 1): number {
  const at = ring.map((position) => position[axis]);
  const extent =
    at.reduce((most, one) => Math.max(most, one)) - at.reduce((least, one) => Math.min(least, one));
  return sides(ring).reduce((sum, [a, b]) => sum + Math.abs(b[axis] - a[axis]), 0) / extent;
}

/** Sides are swept from west to east, so that only those that overlap are compared: 10,000 sides take some milliseconds. */
function crossesItself(ring: readonly Position[]): boolean {
  const all = sides(ring).map((side, at) => ({ side, at, ...extent(side) }));
  const swept = all.toSorted((a, b) => a.west - b.west);
  return swept.some((one, n) => {
    for (let m = n + 1; m < swept.length; m += 1) {
      const other = swept[m]!;
      if (other.west > one.east) return false;
      if (other.south > one.north || other.north < one.south) continue;
      const apart = Math.abs(other.at - one.at);
      // Neighbours share a corner. One that runs back over the other is a spike, which encloses nothing: real maps are full of them.
      const neighbours = apart === 1 || apart === all.length - 1;
      if (!neighbours && meet(one.side, other.side)) return true;
    }
    return false;
  });
}

const extent = ([a, b]: Side) => ({
  west: Math.min(a[0], b[0]),
  east: Math.max(a[0], b[0]),
  south: Math.min(a[1], b[1]),
  north: Math.max(a[1], b[1]),
});

/** On which side of the line through `a` and `b` the point lies: positive left, negative right, 0 on it. */
function turn(a: Position, b: Position, p: Position): number {
  return Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
}

function within([a, b]: Side, p: Position): boolean {
  return (
    Math.min(a[0], b[0]) <= p[0] &&
    p[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= p[1] &&
    p[1] <= Math.max(a[1], b[1])
  );
}

/** Whether two sides cross. Rings that only touch themselves in one point are drawn by real tools and are harmless. */
function meet([a, b]: Side, [c, d]: Side): boolean {
  const [t1, t2, t3, t4] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (t1 * t2 < 0 && t3 * t4 < 0) return true;
  return t1 === 0 && t2 === 0 && t3 === 0 && t4 === 0 && overlap([a, b], [c, d]);
}

function overlap([a, b]: Side, [c, d]: Side): boolean {
  const on = [within([a, b], c), within([a, b], d), within([c, d], a), within([c, d], b)];
  return on.filter(Boolean).length > 2;
}
