import type { Area, Circle, LatLon } from '../model/alert.js';
import { between, closed, continuous, counterClockwise, doubleArea, inRange } from './ring.js';
import { selfContact } from '../crossing/self-crossing.js';

/** A position the way GeoJSON writes it: longitude, latitude (RFC 7946 §3.1.1). */
export type Position = [longitude: number, latitude: number];
/** RFC 7946 §3.1.7; rings closed, outer rings counter-clockwise, cut at the antimeridian. */
export type MultiPolygon = { readonly type: 'MultiPolygon'; readonly coordinates: Position[][][] };

/** The area has no geometry that could be trusted: nobody is warned by it until a person draws one (a missing or broken area refuses, it never widens). */
export class AreaRefused extends Error {
  override readonly name = 'AreaRefused';

  constructor(
    readonly reason:
      | 'broken'
      | 'no-geometry'
      | 'out-of-range'
      | 'round-a-pole'
      | 'hole'
      | 'not-a-polygon'
      | 'crosses-itself',
    message: string,
  ) {
    super(message);
  }
}

/** Mean radius of the earth in kilometres (IUGG). */
const EARTH_KM = 6371.0088;
const CORNERS = 64;

/**
 * The union of all polygons and circles as one MultiPolygon: longitude first, closed, counter-clockwise, cut at the antimeridian.
 * Parts may overlap: the area is their union (CAP 1.2 §3.2.4), and geocodes are the caller's to add. Circles become 64-gons drawn
 * round the circle, at most 0.13 % wider, so that nobody at its edge is left out; a circle of radius 0 covers nothing.
 * Throws `AreaRefused` when any shape is broken, out of range or crosses itself, or when nothing is left.
 */
export function areaToGeoJson(areas: Area | readonly Area[]): MultiPolygon {
  const coordinates: Position[][][] = [];
  for (const area of Array.isArray(areas) ? (areas as readonly Area[]) : [areas as Area]) {
    const [broken] = area.broken;
    if (broken !== undefined) {
      throw new AreaRefused('broken', `A shape of "${area.areaDesc}" cannot be read: ${broken.wrong}.`);
    }
    for (const polygon of area.polygons) coordinates.push(...ringToPolygons(polygon, area.areaDesc));
    for (const circle of area.circles) {
      if (circle.radiusKm > 0)
        coordinates.push(...ringToPolygons(circleToRing(circle, area.areaDesc), area.areaDesc, true));
    }
  }
  if (coordinates.length === 0)
    throw new AreaRefused('no-geometry', 'The area has neither a polygon nor a circle that covers ground.');
  return { type: 'MultiPolygon', coordinates };
}

function ringToPolygons(ring: readonly LatLon[], name: string, trusted = false): Position[][][] {
  if (!trusted && !ring.every(inRange))
    throw new AreaRefused('out-of-range', `A point of "${name}" is not on the earth.`);
  const whole = trusted ? closed(ring) : continuous(ring);
  if (whole === undefined)
    throw new AreaRefused(
      'round-a-pole',
      `A polygon of "${name}" runs round a pole, so its inside is not known.`,
    );
  if (!trusted && selfContact(whole) === 'crosses') {
    throw new AreaRefused(
      'crosses-itself',
      `A polygon of "${name}" crosses itself, so its inside is not known.`,
    );
  }
  if (new Set(whole.map(String)).size < 3 || doubleArea(whole) === 0) {
    throw new AreaRefused('broken', `A polygon of "${name}" covers nothing.`);
  }
  const open = whole.slice(0, -1);
  const longitudes = open.map(([, longitude]) => longitude);
  const west = longitudes.reduce((a, b) => Math.min(a, b));
  const east = longitudes.reduce((a, b) => Math.max(a, b));
  if (west >= -180 && east <= 180) return [toPositions(open, 0)];
  const parts: Position[][][] = [];
  for (let turn = Math.floor((west + 180) / 360); turn * 360 - 180 < east; turn += 1) {
    const part = between(open, turn * 360 - 180, turn * 360 + 180);
    if (part.length >= 3 && doubleArea(part) !== 0) parts.push(toPositions(part, turn * 360));
  }
  return parts;
}

function toPositions(ring: readonly LatLon[], shift: number): Position[][] {
  return [
    closed(counterClockwise(ring)).map(([latitude, longitude]): Position => [longitude - shift, latitude]),
  ];
}

/** A ring just round the circle, its longitudes continuous. One that holds a pole is drawn along it. */
function circleToRing({ centre, radiusKm }: Circle, name: string): readonly LatLon[] {
  if (!inRange(centre) || radiusKm > (Math.PI / 2) * EARTH_KM) {
    throw new AreaRefused(
      'out-of-range',
      `A circle of "${name}" is not on the earth, or wider than half of it.`,
    );
  }
  const rad = Math.PI / 180;
  const angle = Math.atan(Math.tan(Math.min(radiusKm / EARTH_KM, 1.55)) / Math.cos(Math.PI / CORNERS));
  const latitude = centre[0] * rad;
  const ring = Array.from({ length: CORNERS }, (_, corner): LatLon => {
    const bearing = (2 * Math.PI * corner) / CORNERS;
    const there = Math.asin(
      Math.sin(latitude) * Math.cos(angle) + Math.cos(latitude) * Math.sin(angle) * Math.cos(bearing),
    );
    const turn = Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(latitude),
      Math.cos(angle) - Math.sin(latitude) * Math.sin(there),
    );
    return [there / rad, centre[1] + turn / rad];
  });
  const north = centre[0] + angle / rad >= 90;
  const south = centre[0] - angle / rad <= -90;
  if (!north && !south) return ring;
  const pole = north ? 90 : -90;
  const sorted = ring.toSorted((a, b) => a[1] - b[1]);
  const first = sorted[0] ?? centre;
  const last = sorted[sorted.length - 1] ?? centre;
  const edge = (first[0] + last[0]) / 2;
  const [west, east] = [centre[1] - 180, centre[1] + 180];
  return [[edge, west], ...sorted, [edge, east], [pole, east], [pole, west]];
}

/**
 * The polygons of a GeoJSON geometry in CAP's order: latitude first, closed, rounded to `decimals` (five: one metre).
 * Throws `AreaRefused` for holes, which CAP cannot say, and for anything but Polygon and MultiPolygon.
 */
export function polygonsFromGeoJson(
  geometry: { readonly type: string; readonly coordinates: unknown },
  decimals = 5,
): readonly (readonly LatLon[])[] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  if (
    (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') ||
    !Array.isArray(polygons) ||
    polygons.length === 0
  ) {
    throw new AreaRefused('not-a-polygon', `CAP takes Polygon and MultiPolygon, not ${geometry.type}.`);
  }
  return polygons.map((polygon: unknown) => {
    if (!Array.isArray(polygon) || polygon.length === 0)
      throw new AreaRefused('broken', 'A polygon without a ring.');
    if (polygon.length > 1)
      throw new AreaRefused('hole', 'CAP polygons have no holes: cut the area into parts without one.');
    const ring = (polygon[0] as unknown[]).map((position): LatLon => {
      const [longitude, latitude] = Array.isArray(position) ? (position as unknown[]) : [];
      if (typeof longitude !== 'number' || typeof latitude !== 'number' || !inRange([latitude, longitude])) {
        throw new AreaRefused('out-of-range', 'A position that is not a longitude and a latitude.');
      }
      return [round(latitude, decimals), round(longitude, decimals)];
    });
    if (ring.length < 3) throw new AreaRefused('broken', 'A ring of fewer than three points.');
    return closed(ring);
  });
}

/** Rounded to that many decimals; never −0, which JSON and CAP would write differently. */
export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor + 0;
}
