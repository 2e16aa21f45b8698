import { plainInstant } from '../model/instant.js';
import { isAnyUri } from './any-uri.js';

/** A simple type of the CAP schemas: undefined when the text is of it, else what it should have been. */
export type SimpleType = (text: string) => string | undefined;

/** XML Schema Part 2 §4.3.6: white space at the ends goes, runs inside become one space. */
export const collapse = (text: string): string =>
  /[\t\n\r ]/.test(text) ? text.replace(/[\t\n\r ]+/g, ' ').replace(/^ | $/g, '') : text;

const dateTimeForm = /^-?(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(?:Z|[+-](\d\d):(\d\d))?$/;
/** The pattern of the CAP 1.2 schema, comma and all; a comma then fails as an xs:dateTime. */
const capPattern = /^\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-,+]\d\d:\d\d$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** XML Schema Part 2 §3.2.7: a real day, 24:00:00 at most, a zone of 14 hours at most. */
function isDateTime(text: string): boolean {
  const found = dateTimeForm.exec(text);
  if (found === null) return false;
  const [, year = '', month, day, hour, minute, second, fraction, zoneHour = '0', zoneMinute = '0'] = found;
  if (Number(year) === 0 || (year.length > 4 && year.startsWith('0')) || year.length > 18) return false;
  const most = DAYS[Number(month) - 1];
  if (most === undefined || Number(day) < 1 || Number(day) > most) return false;
  const bce = text.startsWith('-') ? -Number(year) : Number(year);
  const leap = bce % 4 === 0 && (bce % 100 !== 0 || bce % 400 === 0);
  if (Number(month) === 2 && Number(day) === 29 && !leap) return false;
  const midnight = Number(hour) === 24 && Number(minute) === 0 && Number(`${second}${fraction ?? ''}`) === 0;
  if (!midnight && (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)) return false;
  return Number(zoneMinute) <= 59 && Number(zoneHour) * 60 + Number(zoneMinute) <= 14 * 60;
}

/**
 * xs:dateTime, as CAP 1.0 and 1.1 have it: `Z`, fractions and no zone at all pass. White space in front is refused, and
 * behind a zone it is not, as libxml2 does it, although XML Schema Part 2 §4.3.6 would let both go.
 */
export const dateTime: SimpleType = (text) =>
  plainInstant(text) !== undefined || isDateTime(text.replace(/(?<=Z|[+-]\d\d:\d\d)[\t\n\r ]+$/, ''))
    ? undefined
    : 'a date and time such as 2026-11-21T09:30:00-00:00';

/** xs:dateTime with the pattern of CAP 1.2 (§3.3.2). */
export const capDateTimeType: SimpleType = (text) => {
  if (plainInstant(text) !== undefined) return undefined;
  const value = collapse(text);
  const proper = capPattern.test(value) && isDateTime(value);
  return proper
    ? undefined
    : 'a date and time such as 2026-11-21T09:30:00-00:00, without Z and without fractions';
};

/** xs:language. */
export const language: SimpleType = (text) =>
  /^[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*$/.test(collapse(text)) ? undefined : 'a language tag such as en-GB';

/** xs:integer. */
export const integer: SimpleType = (text) =>
  /^[+-]?\d+$/.test(collapse(text)) ? undefined : 'a whole number';

/** xs:decimal. */
export const decimal: SimpleType = (text) =>
  /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(collapse(text)) ? undefined : 'a decimal number';

/** xs:anyURI. */
export const anyUri: SimpleType = (text) => (isAnyUri(collapse(text)) ? undefined : 'a web address');

/** An enumeration over xs:string: white space counts. */
export function oneOf(...words: readonly string[]): SimpleType {
  const known = new Set(words);
  const wanted = words.join(', ');
  return (text) => (known.has(text) ? undefined : `one of ${wanted}`);
}

/** The lists of xs:string in CAP 1.0: any text. */
export const listOfText: SimpleType = () => undefined;

/** xs:string: any text. */
export const anyText: SimpleType = () => undefined;
