import { collapse, dateTime } from './simple-types.js';

const shaped = (form: RegExp) => (text: string) => form.test(collapse(text));
/** A piece of a date or time, judged inside a whole one: `whole` puts what stands before the zone in its place. */
const pieceOf = (form: RegExp, whole: (piece: string) => string) => (text: string) => {
  const [, piece, zone = ''] = form.exec(text) ?? [];
  return piece !== undefined && dateTime(`${whole(piece)}${zone}`) === undefined;
};
const zone = '(Z|[+-]\\d\\d:\\d\\d)?$';
const float = (text: string): boolean => !/INF[\t\n\r ]/.test(text) && shapedFloat(text);
const shapedFloat = shaped(/^(?:NaN|-?INF|[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d*)?)$/);

const qName = /^(?:([\p{L}_][\p{L}\p{N}\p{M}._\u00b7-]*):)?[\p{L}_][\p{L}\p{N}\p{M}._\u00b7-]*$/u;

/** What libxml2 does: letters that are not of base64 are passed over, and the rest must come in fours. */
function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/.test(
    text.replace(/[^A-Za-z0-9+/=]/g, ''),
  );
}

type WildType = (text: string, bound: (prefix: string) => boolean) => boolean;

/**
 * The types of XML Schema Part 2 §3 that no element of CAP has: only what stands inside a signature may name them (`xsi:type`),
 * where the wildcard is lax. Each says whether a text is of it, as libxml2 judges; `bound` knows the prefixes that stand for a namespace.
 */
export const WILD_TYPES: ReadonlyMap<string, WildType> = new Map<string, WildType>([
  ['anySimpleType', () => true],
  ['boolean', shaped(/^(?:true|false|1|0)$/)],
  ['float', float],
  ['double', float],
  ['base64Binary', isBase64],
  ['hexBinary', shaped(/^(?:[0-9A-Fa-f]{2})*$/)],
  [
    'QName',
    (text, bound) => {
      const found = qName.exec(collapse(text));
      return found !== null && (found[1] === undefined || bound(found[1]));
    },
  ],
  ['ENTITIES', (text) => collapse(text) === ''],
  ['NMTOKENS', shaped(/^(?:[\p{L}\p{N}\p{M}._:\u00b7-]+(?: |$))*$/u)],
  ['IDREFS', shaped(/^(?:[\p{L}_][\p{L}\p{N}\p{M}._\u00b7-]*(?: |$))*$/u)],
  [
    'duration',
    (text) =>
      /^[\t\n\r ]*-?P(?=\d|T\d|T\.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=[\d.])(?:\d+H)?(?:\d+M)?(?:(?:\d+(?:\.\d+)?|\.\d+)S)?)?$/.test(
        text,
      ),
  ],
  ['date', pieceOf(new RegExp(`^(-?\\d{4,}-\\d\\d-\\d\\d)${zone}`), (date) => `${date}T00:00:00`)],
  ['time', pieceOf(new RegExp(`^[\\t\\n\\r ]*(\\d\\d:.*?)${zone}`), (time) => `2000-01-01T${time}`)],
  ['gYear', pieceOf(new RegExp(`^(-?\\d{4,})${zone}`), (year) => `${year}-01-01T00:00:00`)],
  ['gYearMonth', pieceOf(new RegExp(`^(-?\\d{4,}-\\d\\d)${zone}`), (month) => `${month}-01T00:00:00`)],
  ['gMonth', pieceOf(new RegExp(`^[\\t\\n\\r ]*--(\\d\\d)${zone}`), (month) => `2000-${month}-01T00:00:00`)],
  [
    'gMonthDay',
    pieceOf(new RegExp(`^[\\t\\n\\r ]*--(\\d\\d-\\d\\d)${zone}`), (day) => `2000-${day}T00:00:00`),
  ],
  ['gDay', pieceOf(new RegExp(`^[\\t\\n\\r ]*---(\\d\\d)${zone}`), (day) => `2000-01-${day}T00:00:00`)],
]);
