import { createHash, randomBytes } from 'node:crypto';
import { types } from 'node:util';

/** Fields that are never readable, whatever they hold. Compared in lower case without `-` and `_`. */
const SECRET_FIELDS = new Set([
  'authorization',
  'password',
  'passwd',
  'secret',
  'token',
  'accesstoken',
  'refreshtoken',
  'accessjwt',
  'refreshjwt',
  'apikey',
  'xapikey',
  'cookie',
  'setcookie',
  'privatekey',
]);

/** Fields that hold somebody's number; gateways write it without its plus, and nothing else tells it from a count. */
const NUMBER_FIELDS = new Set([
  'to',
  'from',
  'phone',
  'number',
  'msisdn',
  'recipient',
  'sender',
  'sourceaddr',
  'destinationaddr',
]);
const BARE_NUMBER = /^\d{7,15}$/;

// From the beginning of a word only: a long word without an @, tried from each of its letters, would take seconds.
const ADDRESS = /(?<![^\s@<>"',;:()[\]])[^\s@<>"',;:()[\]]+@[^\s@<>"',;:()[\]]+\.[^\s@<>"',;:()[\]]+/gu;
/** E.164 (ITU-T E.164 §6: at most 15 digits) with its plus, as Larum keeps every number. */
const NUMBER = /\+[1-9]\d{6,14}(?!\d)/g;
const LARUM_TOKEN = /\blr[xl]_[A-Za-z0-9_-]{16,}/g;
/** RFC 7519: three parts in base64url, of which the first begins with `{"`. Bluesky's sessions are such. */
const JWT = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g;
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi;
const IN_QUERY = /\b((?:access_?|refresh_?)?token|password|secret|api_?key)=[^&\s"']+/gi;
/** Whoever has the link of a mail can take its reader off the list. */
const UNSUBSCRIBE = /(\/unsubscribe\/)[\w.~-]+/g;
const URL_PASSWORD = /(\/\/[^/\s:@]*:)[^/\s@]+@/g;

/** Long lists and deep structures do not belong in a line; what is cut says so. */
const MOST_DEPTH = 6;
const MOST_ITEMS = 50;

/** The fields with addresses, numbers, tokens and passwords made unreadable. Errors become name, message, code and stack. */
export function conceal(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return concealEntries(Object.entries(fields), 0);
}

function concealEntries(entries: readonly [string, unknown][], depth: number): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    const name = key.toLowerCase().replaceAll(/[-_]/g, '');
    if (SECRET_FIELDS.has(name)) shown[key] = '[concealed]';
    else if (NUMBER_FIELDS.has(name) && BARE_NUMBER.test(String(value)))
      shown[key] = `[number ${mark(`+${String(value)}`)}]`;
    else shown[key] = concealValue(value, depth + 1);
  }
  return shown;
}

function concealValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return concealText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MOST_DEPTH) return '[deeper]';
  if (value instanceof Date) return Number.isNaN(value.valueOf()) ? 'Invalid Date' : value.toISOString();
  if (types.isNativeError(value)) return concealError(value, depth);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (value instanceof Map || value instanceof Set) return concealValue([...value], depth);
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_ITEMS).map((item: unknown) => concealValue(item, depth + 1));
    return value.length > MOST_ITEMS ? [...shown, `[${value.length - MOST_ITEMS} more]`] : shown;
  }
  return concealEntries(Object.entries(value), depth);
}

function concealError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: concealValue(error.cause, depth + 1) };
  return {
    name: error.name,
    message: concealText(error.message),
    ...code,
    stack: concealText(error.stack ?? ''),
    ...cause,
  };
}

/** The text with every address, number and token in it replaced by a mark that is the same for the same value within a process. */
export function concealText(text: string): string {
  if (!/[@+=]|lr[xl]_|eyJ|bearer|basic|unsubscribe/i.test(text)) return text;
  return text
    .replaceAll(LARUM_TOKEN, '[token]')
    .replaceAll(BEARER, '$1 [token]')
    .replaceAll(JWT, '[token]')
    .replaceAll(IN_QUERY, '$1=[concealed]')
    .replaceAll(UNSUBSCRIBE, '$1[token]')
    .replaceAll(URL_PASSWORD, '$1[concealed]@')
    .replaceAll(ADDRESS, (found) => `[address ${mark(found)}]`)
    .replaceAll(NUMBER, (found) => `[number ${mark(found)}]`);
}

// Salted per process: a short hash of a phone number alone would be found by trying them all (RELIABILITY §8).
const salt = randomBytes(16);

function mark(value: string): string {
  return createHash('sha256').update(salt).update(value).digest('hex').slice(0, 6);
}
