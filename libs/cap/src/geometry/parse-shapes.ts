import type { Circle, LatLon } from '../model/alert.js';
import type { PolygonForm } from '../model/written.js';
import { NumberScan, type Piece, pieceOf, textOfPiece } from './number-scan.js';

/** The points of a polygon, or why they cannot be read. */
export type ParsedPolygon =
  { readonly points: readonly LatLon[]; readonly form: PolygonForm } | { readonly wrong: string };
/** A circle, or why it cannot be read. */
export type ParsedCircle = { readonly circle: Circle } | { readonly wrong: string };

const { isFinite, NaN: NONE } = Number;
const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

/** Reads `lat,lon lat,lon …` (CAP 1.2 §3.2.4). Any white space separates; a comma at the end of a pair is passed over. */
export function parsePolygon(text: string | Piece): ParsedPolygon {
  const piece = typeof text === 'string' ? pieceOf(text) : text;
  const points: LatLon[] = [];
  const scan = new NumberScan(piece);
  let comma = false;
  let lines = false;
  let more = scan.skipSpace();
  scan.brokeLine = false;
  while (more) {
    const from = scan.at;
    const latitude = scan.number();
    scan.skipSpace();
    const parted = scan.comma();
    if (scan.atGap()) {
      comma ||= parted;
      scan.skipSpace();
    }
    const longitude = parted ? scan.number() : NONE;
    const gap = scan.at;
    lines ||= scan.brokeLine;
    more = scan.skipSpace();
    if (scan.comma()) {
      if (scan.atGap()) {
        comma = true;
        lines ||= scan.brokeLine;
        more = scan.skipSpace();
      } else scan.at = gap;
    }
    // Numbers must stand apart, and an endless one is none.
    const apart = scan.at > gap || !more;
    if (!apart || !isFinite(latitude) || !isFinite(longitude)) {
      // A piece made from a text has lost its letters beyond U+00FF.
      const shown =
        typeof text === 'string' ? text.slice(from, from + 30) : textOfPiece({ ...piece, from }, 30);
      return { wrong: `"${shown.trim()}" is not a pair of latitude and longitude` };
    }
    points.push([latitude, longitude]);
  }
  if (points.length === 0) return { wrong: 'it is empty' };
  return { points, form: comma ? 'comma' : lines ? 'lines' : 'proper' };
}

/** Reads `lat,lon radius` with the radius in kilometres (CAP 1.2 §3.2.4). */
export function parseCircle(text: string): ParsedCircle {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length !== 3 || !parts.every((part) => number.test(part)) || !text.includes(',')) {
    return { wrong: `"${text.trim().slice(0, 40)}" is not latitude,longitude and a radius` };
  }
  const [latitude = 0, longitude = 0, radiusKm = 0] = parts.map(Number);
  if (![latitude, longitude, radiusKm].every(isFinite)) return { wrong: 'a number in it is endless' };
  return { circle: { centre: [latitude, longitude], radiusKm } };
}
