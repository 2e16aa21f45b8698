// Taken out of Math once: these run millions of times.
const { abs, floor, min, max } = Math;

/** Points in whole units, as two columns: below 2^53 every difference is exact. */
export type Points = { readonly count: number; readonly x: Float64Array; readonly y: Float64Array };

/** Whether point c lies left of (1), right of (−1) or on (0) the line from point a to point b. Exact. */
export function turn({ x, y }: Points, a: number, b: number, c: number): number {
  const [ax, ay] = [x[a] ?? 0, y[a] ?? 0];
  const one = ((x[b] ?? 0) - ax) * ((y[c] ?? 0) - ay);
  const two = ((y[b] ?? 0) - ay) * ((x[c] ?? 0) - ax);
  const det = one - two;
  // The products and their difference are rounded three times; beyond this bound the sign is sure (Shewchuk, 1997).
  if (abs(det) > 4e-16 * (abs(one) + abs(two))) return det > 0 ? 1 : -1;
  if (one === 0 && two === 0) return 0;
  return signOfDifference((x[b] ?? 0) - ax, (y[c] ?? 0) - ay, (y[b] ?? 0) - ay, (x[c] ?? 0) - ax);
}

const HALF = 2 ** 20;

/**
 * The sign of a·b − c·d for whole numbers below 2^40, as differences of degrees in units of 1e-9 are. Each is cut in two halves
 * of 20 bits, so that every product is exact: a line of many points asks this for each of them, and BigInt takes ten times as long.
 */
function signOfDifference(a: number, b: number, c: number, d: number): number {
  const [ah, bh, ch, dh] = [floor(a / HALF), floor(b / HALF), floor(c / HALF), floor(d / HALF)];
  const [al, bl, cl, dl] = [a - ah * HALF, b - bh * HALF, c - ch * HALF, d - dh * HALF];
  const low = al * bl - cl * dl;
  const middle = ah * bl + al * bh - ch * dl - cl * dh + floor(low / HALF);
  const high = ah * bh - ch * dh + floor(middle / HALF);
  if (high !== 0) return high > 0 ? 1 : -1;
  // What is left of the two lower parts is never negative.
  return middle - floor(middle / HALF) * HALF > 0 || low - floor(low / HALF) * HALF > 0 ? 1 : 0;
}

/** How the edges a–b and c–d meet: `crosses` when their insides cut through each other, `touches` when they share a point only. */
export function meeting(
  points: Points,
  a: number,
  b: number,
  c: number,
  d: number,
): 'none' | 'touches' | 'crosses' {
  const abc = turn(points, a, b, c);
  const abd = turn(points, a, b, d);
  if (abc * abd > 0) return 'none';
  const cda = turn(points, c, d, a);
  const cdb = turn(points, c, d, b);
  if (cda * cdb > 0) return 'none';
  if (abc * abd < 0 && cda * cdb < 0) return 'crosses';
  const touches =
    (abc === 0 && inBox(points, a, b, c)) ||
    (abd === 0 && inBox(points, a, b, d)) ||
    (cda === 0 && inBox(points, c, d, a)) ||
    (cdb === 0 && inBox(points, c, d, b));
  return touches ? 'touches' : 'none';
}

/** Whether going from a to b and then to c runs back over the same line. */
export function runsBack(points: Points, a: number, b: number, c: number): boolean {
  const { x, y } = points;
  const along = ((x[a] ?? 0) - (x[b] ?? 0)) * ((x[c] ?? 0) - (x[b] ?? 0));
  const across = ((y[a] ?? 0) - (y[b] ?? 0)) * ((y[c] ?? 0) - (y[b] ?? 0));
  return along + across > 0 && turn(points, a, b, c) === 0;
}

function inBox({ x, y }: Points, a: number, b: number, p: number): boolean {
  const [ax, ay, bx, by, px, py] = [x[a] ?? 0, y[a] ?? 0, x[b] ?? 0, y[b] ?? 0, x[p] ?? 0, y[p] ?? 0];
  return min(ax, bx) <= px && px <= max(ax, bx) && min(ay, by) <= py && py <= max(ay, by);
}
