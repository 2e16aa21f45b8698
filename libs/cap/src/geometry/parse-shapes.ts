import type { Circle, LatLon } from '../model/alert.js';
import { NumberScan } from './number-scan.js';

/** The points of a polygon, or why they cannot be read. */
export type ParsedPolygon = { readonly points: readonly LatLon[] } | { readonly wrong: string };
/** A circle, or why it cannot be read. */
export type ParsedCircle = { readonly circle: Circle } | { readonly wrong: string };

const { isFinite, NaN: NONE } = Number;
const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

/** Reads `lat,lon lat,lon …` (CAP 1.2 §3.2.4). Any white space separates; a comma at the end of a pair is passed over. */
export function parsePolygon(text: string): ParsedPolygon {
  const points: LatLon[] = [];
  const scan = new NumberScan(text);
  while (scan.skipSpace()) {
    const from = scan.at;
    const latitude = scan.number();
    scan.skipSpace();
    const comma = scan.comma();
    scan.skipSpace();
    const longitude = comma ? scan.number() : NONE;
    const gap = scan.at;
    scan.skipSpace();
    if (scan.comma() && !scan.atGap()) scan.at = gap;
    // Numbers must stand apart, and an endless one is none.
    const apart = scan.at > gap || scan.atGap();
    if (!apart || !isFinite(latitude) || !isFinite(longitude)) {
      return { wrong: `"${text.slice(from, from + 30).trim()}" is not a pair of latitude and longitude` };
    }
    points.push([latitude, longitude]);
  }
  return points.length === 0 ? { wrong: 'it is empty' } : { points };
}

/** Reads `lat,lon radius` with the radius in kilometres (CAP 1.2 §3.2.4). */
export function parseCircle(text: string): ParsedCircle {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length !== 3 || !parts.every((part) => number.test(part)) || !text.includes(',')) {
    return { wrong: `"${text.trim().slice(0, 40)}" is not latitude,longitude and a radius` };
  }
  const [latitude = 0, longitude = 0, radiusKm = 0] = parts.map(Number);
  if (![latitude, longitude, radiusKm].every(Number.isFinite)) return { wrong: 'a number in it is endless' };
  return { circle: { centre: [latitude, longitude], radiusKm } };
}
