import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { columnTypes } from './column-types.js';

// Object identifiers of built-in types: PostgreSQL, src/include/catalog/pg_type.dat.
const OID = {
  bool: 16,
  int8: 20,
  int4: 23,
  text: 25,
  json: 114,
  float8: 701,
  int8s: 1016,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
};

const read = (type: keyof typeof OID, text: string): unknown =>
  (columnTypes.getTypeParser(OID[type], 'text') as (text: string) => unknown)(text);

describe('what a column is read as', () => {
  it.each<[type: keyof typeof OID, text: string, as: unknown]>([
    ['int8', '0', 0n],
    ['int8', '-1', -1n],
    ['int8', '9007199254740993', 9_007_199_254_740_993n], // 2^53 + 1: a number would round it
    ['int8', '9223372036854775807', 9_223_372_036_854_775_807n],
    ['int8', '-9223372036854775808', -9_223_372_036_854_775_808n],
    ['int8s', '{}', []],
    ['int8s', '{7}', [7n]],
    ['int8s', '{1,-2,9007199254740993}', [1n, -2n, 9_007_199_254_740_993n]],
    ['int8s', '{1,NULL,3}', [1n, null, 3n]],
    ['timestamptz', '2026-11-21 10:00:00+00', '2026-11-21T10:00:00.000Z'],
    ['timestamptz', '2026-11-21 10:00:00.1+00', '2026-11-21T10:00:00.100Z'],
    ['timestamptz', '2026-11-21 10:00:00.123456+00', '2026-11-21T10:00:00.123Z'],
    ['timestamptz', '2026-06-21 10:00:00+01', '2026-06-21T09:00:00.000Z'],
    ['timestamptz', '2026-03-29 00:30:00-05:30', '2026-03-29T06:00:00.000Z'],
    ['timestamptz', '2028-02-29 23:59:59.999+00', '2028-02-29T23:59:59.999Z'],
    ['timestamptz', 'infinity', 'infinity'],
    ['timestamptz', '-infinity', '-infinity'],
    ['int4', '42', 42],
    ['bool', 't', true],
    ['text', '42', '42'],
    ['numeric', '0.10', '0.10'],
    ['float8', '51.5', 51.5],
    ['json', '{"a": [1]}', { a: [1] }],
    ['jsonb', '{"b": null}', { b: null }],
  ])('%s %s', (type, text, as) => expect(read(type, text)).toEqual(as));

  it('is the same for everybody else who uses the driver, whose entities expect text and dates', () => {
    expect(pg.types.getTypeParser(OID.int8)('7')).toBe('7');
    expect(pg.types.getTypeParser(OID.timestamptz)('2026-11-21 10:00:00+00')).toBeInstanceOf(Date);
  });
});
