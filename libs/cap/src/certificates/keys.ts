import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { attributeOf, childElements, childOf, DSIG, textOf, type XmlElement } from '../xml/tree.js';

/** What a message brings to check itself with. It proves integrity, never who sent it. */
export type BroughtKeys = {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
  /** How many certificates and keys were looked at, readable or not. */
  readonly tried: number;
  /** Whether there were more. */
  readonly cut: boolean;
};

const DSIG11 = 'http://www.w3.org/2009/xmldsig11#';
/** RFC 3279 and RFC 5480 names of the curves, as JSON Web Keys call them. */
const CURVES: ReadonlyMap<string, readonly [name: string, bytes: number]> = new Map([
  ['urn:oid:1.2.840.10045.3.1.7', ['P-256', 32]],
  ['urn:oid:1.3.132.0.34', ['P-384', 48]],
  ['urn:oid:1.3.132.0.35', ['P-521', 66]],
]);

/** Base64 without its white space; undefined when it is not base64. */
export function base64(text: string): Buffer | undefined {
  const packed = text.replace(/[\t\n\r ]+/g, '');
  const proper = packed.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(packed);
  return proper ? Buffer.from(packed, 'base64') : undefined;
}

/** Certificates and bare keys of a `KeyInfo` (XML Signature 1.1 §4.5); what cannot be read is passed over. At most eight certificates, and `most` in all: one takes up to 1 ms (P-521). */
export function broughtKeys(signature: XmlElement, most: number): BroughtKeys {
  const info = childOf(signature, 'KeyInfo', DSIG);
  if (info === undefined) return { certificates: [], keys: [], tried: 0, cut: false };
  const allWritten = childElements(info)
    .filter((each) => each.local === 'X509Data' && each.namespace === DSIG)
    .flatMap((data) => childElements(data).filter((each) => each.local === 'X509Certificate'));
  const allValues = childElements(info).filter(
    (each) => each.local === 'KeyValue' && each.namespace === DSIG,
  );
  const written = allWritten.slice(0, Math.min(8, most));
  const values = allValues.slice(0, Math.min(4, most - written.length));
  const certificates = written.flatMap((each) =>
    attempt(() => new X509Certificate(base64(textOf(each)) ?? Buffer.alloc(0))),
  );
  const bare = values.flatMap((each) => attempt(() => keyValue(each)));
  const keys = [...certificates.flatMap((each) => attempt(() => each.publicKey)), ...bare];
  const tried = written.length + values.length;
  return { certificates, keys, tried, cut: tried < allWritten.length + allValues.length };
}

function keyValue(element: XmlElement): KeyObject {
  const rsa = childOf(element, 'RSAKeyValue', DSIG);
  if (rsa !== undefined) {
    const number = (name: string): string => {
      const found = childOf(rsa, name, DSIG);
      const octets = found === undefined ? undefined : base64(textOf(found));
      // Node makes a key of two empty numbers, which fits nothing.
      if (octets === undefined) throw new Error('no key');
      return octets.toString('base64url');
    };
    return createPublicKey({
      format: 'jwk',
      key: { kty: 'RSA', n: number('Modulus'), e: number('Exponent') },
    });
  }
  const ec = childOf(element, 'ECKeyValue', DSIG11);
  const named = ec === undefined ? undefined : childOf(ec, 'NamedCurve', DSIG11);
  const point = ec === undefined ? undefined : childOf(ec, 'PublicKey', DSIG11);
  const [crv, bytes] = CURVES.get((named && attributeOf(named, 'URI')) ?? '') ?? [];
  const raw = point === undefined ? undefined : base64(textOf(point));
  // 0x04: both coordinates follow in full (SEC 1 §2.3.3).
  if (crv === undefined || bytes === undefined || raw?.length !== 2 * bytes + 1 || raw[0] !== 4)
    throw new Error('no key');
  const part = (from: number): string => raw.subarray(from, from + bytes).toString('base64url');
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv, x: part(1), y: part(1 + bytes) } });
}

/** What a message holds may be anything; whatever does not parse is no key. */
function attempt<Made>(make: () => Made): Made[] {
  try {
    return [make()];
  } catch {
    return [];
  }
}
