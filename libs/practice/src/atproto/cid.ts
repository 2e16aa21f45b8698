import { createHash } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
/** CIDv1, DAG-CBOR, SHA-256, 32 bytes (atproto repository specification, "CID formats"). */
const PREFIX = Buffer.from([0x01, 0x71, 0x12, 0x20]);
const CID_TAG = 42;

/** The content id of a record: what a client can compute beforehand, and what changes when one letter does. */
export function cidOf(record: unknown): string {
  const hash = createHash('sha256').update(dagCbor(record)).digest();
  return `b${base32(Buffer.concat([PREFIX, hash]))}`;
}

/** DAG-CBOR of a JSON value in the atproto form. Throws TypeError for what that form does not know, such as fractions. */
export function dagCbor(value: unknown): Buffer {
  if (value === null) return Buffer.from([0xf6]);
  if (value === true) return Buffer.from([0xf5]);
  if (value === false) return Buffer.from([0xf4]);
  if (typeof value === 'number') return integer(value);
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(dagCbor)]);
  if (typeof value !== 'object') throw new TypeError(`a record cannot hold a ${typeof value}`);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const only = fields.length === 1 ? fields[0] : undefined;
  if (only?.[0] === '$link' && typeof only[1] === 'string') return link(only[1]);
  if (only?.[0] === '$bytes' && typeof only[1] === 'string') return bytes(Buffer.from(only[1], 'base64'));
  const sorted = fields
    .map(([name, field]) => ({ name: Buffer.from(name), field }))
    .sort((a, b) => {
      return a.name.length - b.name.length || Buffer.compare(a.name, b.name); // shorter keys first
    });
  const pairs = sorted.flatMap(({ name, field }) => [head(3, name.length), name, dagCbor(field)]);
  return Buffer.concat([head(5, sorted.length), ...pairs]);
}

function integer(value: number): Buffer {
  if (!Number.isSafeInteger(value))
    throw new TypeError('a record cannot hold a fraction or a very large number');
  return value >= 0 ? head(0, value) : head(1, -1 - value);
}

function text(value: string): Buffer {
  const utf8 = Buffer.from(value, 'utf8');
  return Buffer.concat([head(3, utf8.length), utf8]);
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([head(2, value.length), value]);
}

function link(cid: string): Buffer {
  const binary = Buffer.concat([Buffer.from([0]), unBase32(cid.slice(1))]);
  return Buffer.concat([head(6, CID_TAG), bytes(binary)]);
}

function head(major: number, length: number): Buffer {
  const type = major << 5;
  if (length < 24) return Buffer.from([type | length]);
  if (length < 0x100) return Buffer.from([type | 24, length]);
  if (length < 0x10000) return Buffer.from([type | 25, length >> 8, length & 0xff]);
  const long = Buffer.alloc(length < 2 ** 32 ? 5 : 9);
  long[0] = type | (length < 2 ** 32 ? 26 : 27);
  if (length < 2 ** 32) long.writeUInt32BE(length, 1);
  else long.writeBigUInt64BE(BigInt(length), 1);
  return long;
}

function base32(binary: Buffer): string {
  let out = '';
  let held = 0;
  let bits = 0;
  for (const byte of binary) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) out += BASE32[(held >> (bits - 5)) & 31];
    held &= 0xff;
  }
  return bits > 0 ? out + BASE32[(held << (5 - bits)) & 31] : out;
}

function unBase32(written: string): Buffer {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of written) {
    const value = BASE32.indexOf(letter);
    if (value === -1) throw new TypeError(`"${letter}" is no letter of a CID`);
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 0xff);
    }
  }
  return Buffer.from(out);
}
