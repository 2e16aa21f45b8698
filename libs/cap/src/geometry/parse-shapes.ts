import type { Circle, LatLon } from '../reading/alert.js';

/** The points of a polygon, or why they cannot be read. */
export type ParsedPolygon = { readonly points: readonly LatLon[] } | { readonly wrong: string };
/** A circle, or why it cannot be read. */
export type ParsedCircle = { readonly circle: Circle } | { readonly wrong: string };

const pair =
  /\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*,\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(?:,(?=\s|$))?(?=\s|$)/y;
const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

/** Reads `lat,lon lat,lon …` (CAP 1.2 §3.2.4). Any white space separates; a comma at the end of a pair is passed over. */
export function parsePolygon(text: string): ParsedPolygon {
  const points: LatLon[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    pair.lastIndex = at;
    const found = pair.exec(text);
    if (found === null)
      return { wrong: `"${text.slice(at, at + 30).trim()}" is not a pair of latitude and longitude` };
    points.push([Number(found[1]), Number(found[2])]);
    at = pair.lastIndex;
  }
  if (!points.every((point) => point.every(Number.isFinite))) return { wrong: 'a number in it is endless' };
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
