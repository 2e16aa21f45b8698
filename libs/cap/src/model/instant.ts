const dateTime = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * The moment that a date-time names, in milliseconds since 1970, or undefined when it names none. Reads more than CAP allows
 * (§3.3.2): `Z`, fractions, a space for the `T`, a zone without a colon or missing (then UTC), since the field writes all of these; the findings say so.
 */
export function instantOf(text: string): number | undefined {
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

/** A moment the way we always write it: UTC, whole seconds, `-00:00`, never `Z` (CAP 1.2 §3.3.2). */
export function capDateTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}-00:00`;
}
