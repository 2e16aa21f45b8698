const dateTime = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The moment that a date-time names, in milliseconds since 1970, or undefined when it names none. Reads more than CAP allows
 * (§3.3.2): `Z`, fractions, a space for the `T`, a zone without a colon or missing (then UTC), since the field writes all of these; the findings say so.
 */
export function instantOf(text: string): number | undefined {
  const plain = plainInstant(text);
  if (plain !== undefined) return plain;
  const found = dateTime.exec(text.trim());
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '0', zone = 'Z'] = found;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const inRange =
    Number(hour) <= 24 && Number(minute) <= 59 && Number(second) <= 60 && new Date(wall).getTime() === wall;
  const monthKept =
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCMonth() === Number(month) - 1;
  if (!inRange || !monthKept) return undefined;
  return wall + Math.floor(Number(`0.${fraction}`) * 1000) - zoneMs(zone);
}

function zoneMs(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const ms = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return zone.startsWith('-') ? -ms : ms;
}

/**
 * The moment of a date-time in the one form of CAP 1.2, `2026-11-21T09:30:00-00:00`, with a day that the calendar has and a zone of
 * 14 hours at most; undefined for every other text. Read digit by digit: a feed holds thousands, and nearly all are like this.
 */
export function plainInstant(text: string): number | undefined {
  const code = (at: number): number => text.charCodeAt(at);
  const marks = text.length === 25 && code(4) === 45 && code(7) === 45 && code(10) === 84;
  const colons = code(13) === 58 && code(16) === 58 && code(22) === 58;
  const sign = code(19) === 43 ? 1 : code(19) === 45 ? -1 : 0;
  if (!marks || !colons || sign === 0) return undefined;
  const year = 100 * two(text, 0) + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const zone = 60 * two(text, 20) + two(text, 23);
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  // Written so that NaN, which `two` gives for what is no digit, is outside of every range.
  const real = year >= 1000 && day >= 1 && day <= (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
  const inDay = hour <= 23 && minute <= 59 && second <= 59;
  if (!real || !inDay || !(two(text, 23) <= 59) || !(zone <= 840)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second) - sign * zone * 60_000;
}

/** Two digits as a number. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}

/** A moment the way we always write it: UTC, whole seconds, `-00:00`, never `Z` (CAP 1.2 §3.3.2). */
export function capDateTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}-00:00`;
}
