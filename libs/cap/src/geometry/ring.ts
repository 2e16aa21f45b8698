import type { LatLon } from '../model/alert.js';

// Taken out of Math once: these run millions of times.
const { abs } = Math;

/** First point equals last (CAP 1.2 §3.2.4). */
export function isClosed(ring: readonly LatLon[]): boolean {
  const [first] = ring;
  const last = ring[ring.length - 1];
  return first !== undefined && last !== undefined && first[0] === last[0] && first[1] === last[1];
}

/** The ring with its first point again at the end, once. */
export const closed = (ring: readonly LatLon[]): readonly LatLon[] => {
  const [first] = ring;
  return first === undefined || isClosed(ring) ? ring : [...ring, first];
};

/** Latitude −90 to 90 and longitude −180 to 180 (WGS 84; CAP 1.2 §3.3.3). */
export const inRange = (point: LatLon): boolean => abs(point[0]) <= 90 && abs(point[1]) <= 180;

/** Twice the signed area in square degrees, of longitudes made continuous: positive is counter-clockwise seen from above the north. */
export function doubleArea(ring: readonly LatLon[]): number {
  let sum = 0;
  let before = ring[ring.length - 1];
  for (const point of ring) {
    if (before !== undefined) sum += before[1] * point[0] - point[1] * before[0];
    before = point;
  }
  return sum;
}

/** The ring counter-clockwise, as RFC 7946 §3.1.6 wants outer rings. */
export const counterClockwise = (ring: readonly LatLon[]): readonly LatLon[] =>
  doubleArea(ring) < 0 ? ring.toReversed() : ring;

/**
 * Longitudes made continuous: a step of more than 180° goes the short way round, over the antimeridian. A step of exactly 360°
 * is the edge of a map of the whole world and stays. Undefined when the ring runs round a pole and so does not close.
 */
export function continuous(ring: readonly LatLon[]): readonly LatLon[] | undefined {
  if (!crossesAntimeridian(closed(ring))) return closed(ring);
  let shift = 0;
  let last: number | undefined;
  const points = closed(ring).map(([latitude, longitude]): LatLon => {
    if (last !== undefined) {
      const step = longitude - last;
      if (step > 180 && step < 360) shift -= 360;
      else if (step < -180 && step > -360) shift += 360;
    }
    last = longitude;
    return [latitude, longitude + shift];
  });
  return shift === 0 ? points : undefined;
}

/** Whether every point is on the earth. A loop: this runs over thousands. */
export function allInRange(ring: readonly LatLon[]): boolean {
  for (const point of ring) if (!inRange(point)) return false;
  return true;
}

/** Whether any step of the ring goes over the antimeridian. */
export function crossesAntimeridian(ring: readonly LatLon[]): boolean {
  let before = ring[0]?.[1] ?? 0;
  for (const point of ring) {
    const step = abs(point[1] - before);
    if (step > 180 && step < 360) return true;
    before = point[1];
  }
  return false;
}

/** The part of a ring between two meridians (Sutherland and Hodgman, 1974); empty when there is none. */
export function between(ring: readonly LatLon[], west: number, east: number): readonly LatLon[] {
  return cut(cut(ring, west, 1), east, -1);
}

function cut(ring: readonly LatLon[], meridian: number, side: 1 | -1): readonly LatLon[] {
  const kept: LatLon[] = [];
  const inside = (point: LatLon): boolean => (point[1] - meridian) * side >= 0;
  ring.forEach((point, index) => {
    const before = ring[(index + ring.length - 1) % ring.length] ?? point;
    if (inside(point) !== inside(before)) {
      const part = (meridian - before[1]) / (point[1] - before[1]);
      kept.push([before[0] + part * (point[0] - before[0]), meridian]);
    }
    if (inside(point)) kept.push(point);
  });
  return kept;
}
