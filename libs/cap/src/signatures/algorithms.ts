import { createHash, type KeyObject, verify } from 'node:crypto';
import type { Canonicalization } from '../canonical/canonical-xml.js';
import { DSIG } from '../xml/tree.js';

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';

/** How a digest or signature method is computed. `weak`: SHA-1 can be forged; such a signature is checked and never made. */
export type Method = {
  readonly hash: string;
  readonly weak: boolean;
  readonly key: 'rsa' | 'ec' | 'dsa' | 'none';
};

/** XML Signature 1.1 §6.2. */
export const DIGESTS: ReadonlyMap<string, Method> = new Map([
  [`${DSIG}sha1`, { hash: 'sha1', weak: true, key: 'none' }],
  ['http://www.w3.org/2001/04/xmlenc#sha256', { hash: 'sha256', weak: false, key: 'none' }],
  [`${MORE}sha384`, { hash: 'sha384', weak: false, key: 'none' }],
  ['http://www.w3.org/2001/04/xmlenc#sha512', { hash: 'sha512', weak: false, key: 'none' }],
]);

/** XML Signature 1.1 §6.4; RFC 6931. */
export const SIGNATURES: ReadonlyMap<string, Method> = new Map([
  [`${DSIG}rsa-sha1`, { hash: 'sha1', weak: true, key: 'rsa' }],
  [`${DSIG}dsa-sha1`, { hash: 'sha1', weak: true, key: 'dsa' }],
  ['http://www.w3.org/2009/xmldsig11#dsa-sha256', { hash: 'sha256', weak: false, key: 'dsa' }],
  [`${MORE}rsa-sha256`, { hash: 'sha256', weak: false, key: 'rsa' }],
  [`${MORE}rsa-sha384`, { hash: 'sha384', weak: false, key: 'rsa' }],
  [`${MORE}rsa-sha512`, { hash: 'sha512', weak: false, key: 'rsa' }],
  [`${MORE}ecdsa-sha1`, { hash: 'sha1', weak: true, key: 'ec' }],
  [`${MORE}ecdsa-sha256`, { hash: 'sha256', weak: false, key: 'ec' }],
  [`${MORE}ecdsa-sha384`, { hash: 'sha384', weak: false, key: 'ec' }],
  [`${MORE}ecdsa-sha512`, { hash: 'sha512', weak: false, key: 'ec' }],
]);

const form = (exclusive: boolean, comments: boolean): Canonicalization => ({ exclusive, comments });
const C14N_10 = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const C14N_11 = 'http://www.w3.org/2006/12/xml-c14n11';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** The three canonical forms, each with and without comments. */
export const CANONICALIZATIONS: ReadonlyMap<string, Canonicalization> = new Map([
  [C14N_10, form(false, false)],
  [`${C14N_10}#WithComments`, form(false, true)],
  [C14N_11, form(false, false)],
  [`${C14N_11}#WithComments`, form(false, true)],
  [EXCLUSIVE, form(true, false)],
  [`${EXCLUSIVE}WithComments`, form(true, true)],
]);

/** The names by which the commands and `signCap` call what they make. */
export const MADE = {
  signature: { 'rsa-sha256': `${MORE}rsa-sha256`, 'ecdsa-sha256': `${MORE}ecdsa-sha256` },
  canonicalization: { exclusive: EXCLUSIVE, 'c14n-1.0': C14N_10, 'c14n-1.1': C14N_11 },
  digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
  enveloped: `${DSIG}enveloped-signature`,
} as const;

/** Largest RSA or DSA key that is used: a message must not choose how long checking takes. */
const MOST_BITS = 8_192;
/**
 * The same as octets of a SubjectPublicKeyInfo: one number for RSA, four for DSA. It is looked at first, because Node needs a time
 * that grows with the square of an exponent's length only to say how long it is: 0.3 s for 45 kB.
 */
const MOST_OCTETS = { rsa: 1_100, ec: 1_100, dsa: 4_200 } as const;
/** RSA keys below this are weak (NIST SP 800-131A). */
const LEAST_BITS = 2_048;

/** Whether a key may be used with a method at all. */
export function fits(key: KeyObject, method: Method): boolean {
  if (key.asymmetricKeyType !== method.key) return false;
  if (key.type === 'public' && octetsOf(key) > MOST_OCTETS[method.key]) return false;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const exponent = key.asymmetricKeyDetails?.publicExponent ?? 3n;
  return bits <= MOST_BITS && exponent <= 0xffff_ffffn;
}

const octetsOf = (key: KeyObject): number => key.export({ type: 'spki', format: 'der' }).length;

/** How much of an alert's time reading or trying the key takes: 2.6 ms for P-521, at most 1.2 ms for every other. */
export const costOf = (key: KeyObject): number =>
  // The type first: the details of an RSA key with an endless exponent would take seconds.
  key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'secp521r1' ? 2 : 1;

/** An RSA or DSA key that is too short to trust. */
export const isShort = (key: KeyObject): boolean =>
  (key.asymmetricKeyDetails?.modulusLength ?? LEAST_BITS) < LEAST_BITS;

/** Whether `value` signs `data`. ECDSA and DSA values are the two numbers side by side (XML Signature 1.1 §6.4.3). */
export function verifies(method: Method, data: string, key: KeyObject, value: Uint8Array): boolean {
  try {
    return verify(method.hash, Buffer.from(data, 'utf8'), { key, dsaEncoding: 'ieee-p1363' }, value);
  } catch {
    return false;
  }
}

/** The digest of canonical text, in base64. */
export const digestOf = (method: Method, text: string): string =>
  createHash(method.hash).update(text, 'utf8').digest('base64');
