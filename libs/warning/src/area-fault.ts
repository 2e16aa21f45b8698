import type { MultiPolygon, Position } from '#contracts';

/** Positions that one area may have in all; real flood outlines have thousands (WARNINGS §4, security limits). */
export const MOST_POSITIONS = 50_000;

/**
 * Why nobody could say who is inside this area, in plain words; null when there is no such reason. Refused are a ring
 * that crosses itself and a ring without extent. Polygons may overlap, and a ring may touch itself: both are common
 * in real outlines and neither leaves a doubt about who is inside.
 */
export function areaFault({ coordinates }: MultiPolygon): string | null {
  const positions = coordinates.flat().reduce((sum, ring) => sum + ring.length, 0);
  if (positions > MOST_POSITIONS)
    return `the area has ${positions} positions; at most ${MOST_POSITIONS} can be used`;
  for (const [p, polygon] of coordinates.entries()) {
    for (const [r, ring] of polygon.entries()) {
      const name = `ring ${r + 1} of polygon ${p + 1}`;
      const crossing = crossingOf(ring);
      if (crossing) return `${name} crosses itself near ${crossing[0].toFixed(4)}, ${crossing[1].toFixed(4)}`;
      if (extent(ring) === 0) return `${name} has no extent`;
    }
  }
  return null;
}

/** Twice the area that the ring encloses, in square degrees, counted from its first corner so that small rings keep their digits. */
function extent(ring: readonly Position[]): number {
  const [x0, y0] = ring[0] ?? [0, 0];
  let sum = 0;
  for (let i = 1; i < ring.length; i += 1) {
    const [ax, ay] = ring[i - 1] ?? [0, 0];
    const [bx, by] = ring[i] ?? [0, 0];
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return Math.abs(sum);
}

type Edge = { a: Position; b: Position; low: number; high: number };

/**
 * Where two edges of the ring cross, or null. Edges are sorted along the longer side of the ring and each is compared
 * only with those that begin before it ends, so a real outline costs little more than its sorting.
 */
function crossingOf(ring: readonly Position[]): Position | null {
  const along = longerSide(ring);
  const edges: Edge[] = [];
  for (let i = 1; i < ring.length; i += 1) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (!a || !b || (a[0] === b[0] && a[1] === b[1])) continue;
    edges.push({ a, b, low: Math.min(a[along], b[along]), high: Math.max(a[along], b[along]) });
  }
  edges.sort((one, other) => one.low - other.low);
  for (const [i, edge] of edges.entries()) {
    for (let j = i + 1; j < edges.length; j += 1) {
      const other = edges[j];
      if (!other || other.low > edge.high) break;
      if (cross(edge, other)) return edge.a;
    }
  }
  return null;
}

function longerSide(ring: readonly Position[]): 0 | 1 {
  const span = (axis: 0 | 1) => {
    let [low, high] = [Infinity, -Infinity];
    for (const position of ring) {
      low = Math.min(low, position[axis]);
      high = Math.max(high, position[axis]);
    }
    return high - low;
  };
  return span(0) >= span(1) ? 0 : 1;
}

/** Whether each edge has its ends on both sides of the other: touching is not crossing. */
function cross(one: Edge, other: Edge): boolean {
  return side(one, other.a) * side(one, other.b) < 0 && side(other, one.a) * side(other, one.b) < 0;
}

function side({ a, b }: Edge, p: Position): number {
  return Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
}
