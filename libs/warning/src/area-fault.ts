import type { MultiPolygon, Position } from '#contracts';

/** Positions that one area may have in all; real flood outlines have thousands (WARNINGS §4, security limits). */
export const MOST_POSITIONS = 50_000;

/**
 * Pairs of edges that one area is looked at for, beside which its sorting is nothing: about a second of work. Real outlines need
 * some hundred a position at the most; one that was drawn to keep the desk busy is refused, and could be sent to nobody anyway.
 */
export const MOST_PAIRS = 4_000_000;

/**
 * Why nobody could say who is inside this area, in plain words; null when there is no such reason. Refused are a ring
 * that crosses itself, a ring without extent, and a ring too intricate to tell in bounded time. Polygons may overlap, and a ring may touch itself: both are common
 * in real outlines and neither leaves a doubt about who is inside.
 */
export function areaFault({ coordinates }: MultiPolygon): string | null {
  const positions = coordinates.flat().reduce((sum, ring) => sum + ring.length, 0);
  if (positions > MOST_POSITIONS)
    return `the area has ${positions} positions; at most ${MOST_POSITIONS} can be used`;
  const patience = { pairs: MOST_PAIRS };
  for (const [p, polygon] of coordinates.entries()) {
    for (const [r, ring] of polygon.entries()) {
      const name = `ring ${r + 1} of polygon ${p + 1}`;
      const crossing = crossingOf(edgesOf(ring), patience);
      if (crossing === 'too-intricate')
        return `${name} is too intricate to be checked: draw it with fewer lines`;
      if (crossing !== null) return `${name} crosses itself near ${crossing}`;
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

/** An edge with the span of its box along the axis that is swept (`low` to `high`) and across it. */
type Edge = { a: Position; b: Position; low: number; high: number; under: number; over: number };

/** The edges of a ring, sorted along the axis on which they overlap one another least. */
function edgesOf(ring: readonly Position[]): Edge[] {
  const along = overlapOn(ring, 0) <= overlapOn(ring, 1) ? 0 : 1;
  const across = along === 0 ? 1 : 0;
  const edges: Edge[] = [];
  for (let i = 1; i < ring.length; i += 1) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (!a || !b || (a[0] === b[0] && a[1] === b[1])) continue;
    edges.push({
      a,
      b,
      low: Math.min(a[along], b[along]),
      high: Math.max(a[along], b[along]),
      under: Math.min(a[across], b[across]),
      over: Math.max(a[across], b[across]),
    });
  }
  return edges.sort((one, other) => one.low - other.low);
}

/** How many edges lie over each other on this axis, on average. */
function overlapOn(ring: readonly Position[], axis: 0 | 1): number {
  let [low, high, spans] = [Infinity, -Infinity, 0];
  for (const [i, position] of ring.entries()) {
    low = Math.min(low, position[axis]);
    high = Math.max(high, position[axis]);
    const before = ring[i - 1];
    if (before !== undefined) spans += Math.abs(position[axis] - before[axis]);
  }
  return high === low ? Infinity : spans / (high - low);
}

/**
 * Where two edges of the ring cross, in degrees, or null. Each is compared only with those that begin before it ends, so a real
 * outline costs little more than its sorting.
 */
function crossingOf(edges: readonly Edge[], patience: { pairs: number }): string | null {
  for (const [i, edge] of edges.entries()) {
    for (let j = i + 1; j < edges.length; j += 1) {
      const other = edges[j];
      if (!other || other.low > edge.high) break;
      if ((patience.pairs -= 1) < 0) return 'too-intricate';
      if (other.under > edge.over || other.over < edge.under) continue;
      if (cross(edge, other)) return `${edge.a[0].toFixed(4)}, ${edge.a[1].toFixed(4)}`;
    }
  }
  return null;
}

/** Whether each edge has its ends on both sides of the other: touching is not crossing. */
function cross(one: Edge, other: Edge): boolean {
  return side(one, other.a) * side(one, other.b) < 0 && side(other, one.a) * side(other, one.b) < 0;
}

function side({ a, b }: Edge, p: Position): number {
  return Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
}
