import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readCap } from '../reading/read-cap.js';
import { openSource } from '../intake/source.js';
import { signCap } from '../signatures/sign.js';
import { capText } from '../testing/builders.js';
import { makeIdentity } from '../testing/certificates.js';
import { parseXml } from '../xml/parse-xml.js';
import { base64, broughtKeys } from './keys.js';
import { isTrusted, readCertificates } from './trust.js';

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** What a signature with this KeyInfo brings. */
const brings = (inside: string, most = 16) =>
  broughtKeys(
    parseXml(
      openSource(
        Buffer.from(
          `<ds:Signature xmlns:ds="${DSIG}" xmlns:e="http://www.w3.org/2009/xmldsig11#"><ds:KeyInfo>${inside}</ds:KeyInfo></ds:Signature>`,
        ),
      ),
    ).root,
    most,
  );

const CURVES = [
  ['prime256v1', 'urn:oid:1.2.840.10045.3.1.7', 32],
  ['secp384r1', 'urn:oid:1.3.132.0.34', 48],
  ['secp521r1', 'urn:oid:1.3.132.0.35', 66],
] as const;
const pointOf = (key: KeyObject): Buffer => {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
};
const ecValue = (curve: string, point: Buffer): string =>
  `<ds:KeyValue><e:ECKeyValue><e:NamedCurve URI="${curve}"/><e:PublicKey>${point.toString('base64')}</e:PublicKey></e:ECKeyValue></ds:KeyValue>`;
const rsaValue = (key: KeyObject): string => {
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const [modulus, exponent] = [n, e].map((each) => Buffer.from(each, 'base64url').toString('base64'));
  return `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${modulus}</ds:Modulus><ds:Exponent>${exponent}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`;
};

describe('keys that a message brings', () => {
  it.each(CURVES)('are read on the curve %s', (namedCurve, uri, bytes) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });
    const point = pointOf(publicKey);
    expect(point).toHaveLength(2 * bytes + 1);
    const { keys, tried, cut } = brings(ecValue(uri, point));
    expect([keys.length, tried, cut]).toEqual([1, 1, false]);
    expect(keys[0]?.equals(publicKey)).toBe(true);
  });

  it('are read as the two numbers of RSA, in lines or not', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect(brings(rsaValue(publicKey)).keys[0]?.equals(publicKey)).toBe(true);
    const tidy = rsaValue(publicKey).replace(
      /<ds:Modulus>(.*)<\/ds:Modulus>/,
      (_, text: string) => `<ds:Modulus>${text.replaceAll(/(.{64})/g, '$1&#13;\n  ')}</ds:Modulus>`,
    );
    expect(brings(tidy).keys[0]?.equals(publicKey)).toBe(true);
  });

  it('are none when the point does not lie on the curve, is cut, packed or of another curve', () => {
    const [[namedCurve, uri], [, otherUri]] = CURVES;
    const point = pointOf(generateKeyPairSync('ec', { namedCurve }).publicKey);
    const beside = Buffer.from(point);
    beside[40] = (beside[40] ?? 0) ^ 1;
    const packed = Buffer.concat([Buffer.from([2]), point.subarray(1, 33)]);
    for (const value of [
      ecValue(uri, beside),
      ecValue(uri, point.subarray(0, 64)),
      ecValue(uri, packed),
      ecValue(otherUri, point),
      ecValue('urn:oid:1.2.3', point),
      ecValue('', point),
      '<ds:KeyValue/>',
      '<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>',
      '<ds:KeyValue><e:ECKeyValue/></ds:KeyValue>',
    ])
      expect(brings(value)).toEqual({ certificates: [], keys: [], tried: 1, cut: false });
  });

  it('are those of certificates too, however the data are split up; what is no certificate is passed over', () => {
    const [ann, bob] = [makeIdentity({ name: 'Ann', kind: 'ec' }), makeIdentity({ name: 'Bob', kind: 'ec' })];
    const written = (...texts: readonly string[]): string =>
      `<ds:X509Data>${texts.map((text) => `<ds:X509Certificate>${text}</ds:X509Certificate>`).join('')}</ds:X509Data>`;
    const raw = (who: typeof ann): string => who.certificate.raw.toString('base64');
    const { certificates, keys, tried } = brings(written(raw(ann), 'AAAA', '') + written(raw(bob)));
    expect(certificates.map((each) => each.subject)).toEqual(['CN=Ann', 'CN=Bob']);
    expect([keys.length, tried]).toEqual([2, 4]);
  });

  it('are at most eight certificates and four bare keys, and as many as are left for the alert', () => {
    const [[namedCurve, uri]] = CURVES;
    const value = ecValue(uri, pointOf(generateKeyPairSync('ec', { namedCurve }).publicKey));
    const certificate = makeIdentity({ name: 'Ann', kind: 'ec' }).certificate.raw.toString('base64');
    const data = `<ds:X509Data>${`<ds:X509Certificate>${certificate}</ds:X509Certificate>`.repeat(10)}</ds:X509Data>`;
    expect(brings(data + value.repeat(6))).toMatchObject({ tried: 12, cut: true });
    expect(brings(data + value.repeat(6), 3)).toMatchObject({ tried: 3, cut: true });
    expect(brings(value.repeat(4))).toMatchObject({ tried: 4, cut: false });
    expect(brings(value, 0)).toMatchObject({ tried: 0, cut: true, keys: [] });
  });

  it('are none in an alert that brings none', () =>
    expect(brings('')).toMatchObject({ keys: [], tried: 0, cut: false }));

  it.each(CURVES)('check a signature on %s, and prove no sender', (namedCurve, uri, _bytes) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const signed = signCap(Buffer.from(capText()), { key: privateKey }).toString();
    const value = ecValue(uri, pointOf(publicKey)).replaceAll('e:', 'ds11:').replaceAll('Namds11:', 'Name');
    const brought = signed.replace(
      '</ds:Signature>',
      `<ds:KeyInfo xmlns:ds11="http://www.w3.org/2009/xmldsig11#">${value}</ds:KeyInfo></ds:Signature>`,
    );
    const verdicts = (text: string) =>
      readCap(Buffer.from(text)).alerts[0]?.signatures.map((each) => each.verdict);
    expect(verdicts(signed)).toEqual(['unsupported']);
    expect(verdicts(brought)).toEqual(['untrusted']);
    expect(verdicts(brought.replace('rising', 'falling'))).toEqual(['invalid']);
  });
});

describe('base64', () => {
  it.each([
    ['AAAA', 3],
    ['AA==', 1],
    [' A\nA\t=\r= ', 1],
  ])('in %j is read', (text, bytes) => expect(base64(text)).toHaveLength(bytes));

  it.each(['', 'A', 'AA', 'AAA', 'AA=A', 'A===', 'AA-_', 'AA\u00a0==', '====', 'é==='])(
    'is not guessed from %j',
    (text) => expect(base64(text)).toBeUndefined(),
  );
});

describe('trust', () => {
  const SENT = Date.UTC(2026, 10, 21);
  const authority = makeIdentity({ name: 'Authority', kind: 'ec', authority: true });
  const between = makeIdentity({ name: 'Between', kind: 'ec', issuer: authority, authority: true });
  const officer = makeIdentity({ name: 'Officer', kind: 'ec', issuer: between });
  const key = officer.certificate.publicKey;
  const brought = (...list: readonly (typeof officer)[]) => ({
    certificates: list.map((each) => each.certificate),
    keys: [],
    tried: list.length,
    cut: false,
  });
  const by = (...authorities: readonly (typeof officer)[]) => ({
    certificates: [],
    authorities: authorities.map((each) => each.certificate),
  });

  it('reaches a signer through a certificate between, if the message brings it', () => {
    expect(isTrusted(key, brought(officer, between), by(authority), SENT)).toBe(true);
    expect(isTrusted(key, brought(officer), by(authority), SENT)).toBe(false);
    expect(isTrusted(key, brought(officer), by(between), SENT)).toBe(true);
  });

  it('does not come from an authority that the message brings itself, or of the same name', () => {
    const namesake = makeIdentity({ name: 'Authority', kind: 'ec', authority: true });
    expect(isTrusted(key, brought(officer, between, authority), by(), SENT)).toBe(false);
    expect(isTrusted(key, brought(officer, between), by(namesake), SENT)).toBe(false);
    expect(isTrusted(key, brought(officer, between), undefined, SENT)).toBe(false);
  });

  it('does not come from a certificate that may not issue others', () => {
    const clerk = makeIdentity({ name: 'Clerk', kind: 'ec', issuer: authority });
    const forged = makeIdentity({ name: 'Forged', kind: 'ec', issuer: clerk });
    expect(isTrusted(forged.certificate.publicKey, brought(forged, clerk), by(authority), SENT)).toBe(false);
  });

  it('ends with any certificate on the way, and is not there at a moment that nobody knows', () => {
    const short = makeIdentity({
      name: 'Short',
      kind: 'ec',
      issuer: authority,
      authority: true,
      to: '250101000000Z',
    });
    const late = makeIdentity({ name: 'Late', kind: 'ec', issuer: short });
    expect(isTrusted(late.certificate.publicKey, brought(late, short), by(authority), SENT)).toBe(false);
    expect(isTrusted(key, brought(officer, between), by(authority), Number.NaN)).toBe(false);
  });

  it('holds for a pinned certificate itself, without any authority', () => {
    const pinned = { certificates: [officer.certificate], authorities: [] };
    expect(isTrusted(key, brought(), pinned, SENT)).toBe(true);
    expect(isTrusted(between.certificate.publicKey, brought(), pinned, SENT)).toBe(false);
  });

  it('is configured from PEM, one certificate or many, whatever stands between them', () => {
    const pem = `# ours\n${officer.certificate.toString()}\nand\n${between.certificate.toString()}`;
    expect(readCertificates(pem).map((each) => each.subject)).toEqual(['CN=Officer', 'CN=Between']);
    for (const wrong of ['', 'hello', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'])
      expect(() => readCertificates(wrong)).toThrow('no certificate found');
    expect(() => readCertificates('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toThrow();
  });
});
