import { createHash, type KeyObject, sign, type X509Certificate } from 'node:crypto';
import { parseXml } from '../xml/parse-xml.js';
import { openSource } from '../intake/source.js';
import { childElements, childOf, DSIG, type XmlDocument } from '../xml/tree.js';
import { CANONICALIZATIONS, fits, isShort, MADE, SIGNATURES } from './algorithms.js';
import { canonicalDocument, canonicalXml } from '../canonical/canonical-xml.js';

/** How an alert is signed. */
export type SignOptions = {
  /** The private key: RSA of at least 2,048 bits, or EC. */
  readonly key: KeyObject;
  /** Put into the message so that others can check it. */
  readonly certificate?: X509Certificate;
  readonly canonicalization?: keyof typeof MADE.canonicalization;
};

/** The alert cannot be signed with this key or in this form: use another key, or write the alert anew. */
export class NotSigned extends Error {
  override readonly name = 'NotSigned';
}

/**
 * Adds an enveloped XML signature (RSA-SHA256 or ECDSA-SHA256) as the last child of the alert, and changes no other byte. Sign
 * last, and store and serve exactly these bytes: re-indenting afterwards is the commonest cause of a bad digest. Throws `NotSigned`.
 */
export function signCap(
  bytes: Uint8Array,
  { key, certificate, canonicalization = 'exclusive' }: SignOptions,
): Buffer {
  const name = key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256';
  const method = SIGNATURES.get(MADE.signature[name]);
  if (method === undefined || key.type !== 'private' || !fits(key, method) || isShort(key)) {
    throw new NotSigned('the key must be a private RSA key of at least 2,048 bits, or a private EC key');
  }
  const algorithm = MADE.canonicalization[canonicalization];
  const how = CANONICALIZATIONS.get(algorithm) ?? { exclusive: true, comments: false };
  const { document, source } = open(bytes);
  if (document.root.local !== 'alert') throw new NotSigned('only an alert that stands alone can be signed');
  const digest = createHash('sha256')
    .update(canonicalDocument(document, { ...how, comments: false }))
    .digest('base64');
  const at = source.bytes.lastIndexOf('</', document.root.end);
  const before = Buffer.from(bytes.subarray(0, at));
  const after = Buffer.from(bytes.subarray(at));
  const whole = (value: string): Buffer =>
    Buffer.concat([
      before,
      Buffer.from(element(MADE.signature[name], algorithm, digest, value, certificate)),
      after,
    ]);
  // The signature stands in the document before it is signed: SignedInfo inherits what encloses it.
  const unsigned = open(whole('')).document.root;
  const signature = childElements(unsigned).findLast(
    (each) => each.local === 'Signature' && each.namespace === DSIG,
  );
  const signedInfo = signature && childOf(signature, 'SignedInfo', DSIG);
  if (signedInfo === undefined) throw new NotSigned('the signature could not be placed');
  const data = Buffer.from(canonicalXml(signedInfo, { ...how, comments: false }), 'utf8');
  return whole(sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }).toString('base64'));
}

function open(bytes: Uint8Array): { document: XmlDocument; source: ReturnType<typeof openSource> } {
  const source = openSource(bytes);
  const same = source.bytes.buffer === bytes.buffer && source.bytes.byteOffset === bytes.byteOffset;
  if (!same) throw new NotSigned('only UTF-8 can be signed: write the alert anew');
  return { document: parseXml(source), source };
}

function element(
  algorithm: string,
  form: string,
  digest: string,
  value: string,
  certificate: X509Certificate | undefined,
): string {
  const transforms = [MADE.enveloped, form]
    .map((each) => `<ds:Transform Algorithm="${each}"></ds:Transform>`)
    .join('');
  const keyInfo =
    certificate === undefined
      ? ''
      : `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
  return (
    `<ds:Signature xmlns:ds="${DSIG}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${form}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${algorithm}"></ds:SignatureMethod><ds:Reference URI=""><ds:Transforms>${transforms}</ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${MADE.digest}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>` +
    `<ds:SignatureValue>${value}</ds:SignatureValue>${keyInfo}</ds:Signature>`
  );
}
