import { beforeAll, describe, expect, it } from '@jest/globals';
import { verify, X509Certificate } from 'node:crypto';
import xmlCrypto from 'xml-crypto';
import { readCap } from '../reading/read-cap.js';
import { makeIdentity, type Identity } from '../testing/certificates.js';
import { fullSample } from '../testing/samples.js';
import { MADE } from './algorithms.js';
import { NotSigned, signCap } from './sign.js';
import type { Trust } from '../certificates/trust.js';

const alert = fullSample('1.2').replace('</alert>', '\n  </alert>\n');
const SENDER = 'ea@example.org';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
let ann: Identity;
let curve: Identity;
let other: Identity;
let authority: Identity;
let issued: Identity;

beforeAll(() => {
  ann = makeIdentity({ name: 'Environment Agency' });
  curve = makeIdentity({ name: 'Weather Service', kind: 'ec' });
  other = makeIdentity({ name: 'Environment Agency', kind: 'ec' });
  authority = makeIdentity({ name: 'Warning Authority', kind: 'ec', authority: true });
  issued = makeIdentity({ name: 'Officer', kind: 'ec', issuer: authority });
});

const trusting = (...certificates: readonly Identity[]): Trust => ({
  senders: new Map([
    [SENDER, { certificates: certificates.map((each) => each.certificate), authorities: [] }],
  ]),
});
const verdictsOf = (bytes: Uint8Array | string, trust?: Trust): string[] =>
  (readCap(Buffer.from(bytes), trust === undefined ? {} : { trust }).alerts[0]?.signatures ?? []).map(
    (each) => each.verdict,
  );
const signed = (
  by: Identity,
  canonicalization: keyof typeof MADE.canonicalization = 'exclusive',
  text = alert,
): string =>
  signCap(Buffer.from(text), { key: by.key, certificate: by.certificate, canonicalization }).toString('utf8');

describe('signing an alert', () => {
  it.each(['exclusive', 'c14n-1.0', 'c14n-1.1'] as const)(
    'makes RSA and ECDSA signatures over %s that hold',
    (form) => {
      for (const by of [ann, curve]) {
        const text = signed(by, form);
        expect(verdictsOf(text, trusting(by))).toEqual(['valid']);
        expect(verdictsOf(text)).toEqual(['untrusted']);
        expect(readCap(Buffer.from(text)).alerts[0]?.valid).toBe(true);
      }
    },
  );

  it('changes no other byte, so that what was approved is what is signed', () => {
    expect(signed(ann).replace(/<ds:Signature .*<\/ds:Signature>/s, '')).toBe(alert);
  });

  it.each(['exclusive', 'c14n-1.0'] as const)(
    'makes a signature over %s that another library accepts',
    (form) => {
      for (const by of [ann, curve]) {
        const text = signed(by, form);
        const check = new xmlCrypto.SignedXml({ publicCert: by.certificate.toString() });
        // ECDSA is not among its own algorithms.
        if (by === curve)
          Object.assign(check.SignatureAlgorithms, { [MADE.signature['ecdsa-sha256']]: EcdsaSha256 });
        check.loadSignature(/<ds:Signature .*<\/ds:Signature>/s.exec(text)?.[0] ?? '');
        expect(check.checkSignature(text)).toBe(true);
      }
    },
  );

  it('refuses a short key and a public one', () => {
    const short = makeIdentity({ name: 'Old', rsaBits: 1_024 });
    expect(() => signed(short)).toThrow(NotSigned);
    expect(() => signCap(Buffer.from(alert), { key: ann.certificate.publicKey })).toThrow('private');
  });
});

class EcdsaSha256 {
  getSignature = (): string => '';
  verifySignature(material: string, key: string, value: string): boolean {
    return verifyRaw(material, key, value);
  }
  getAlgorithmName = (): string => MADE.signature['ecdsa-sha256'];
}

function verifyRaw(material: string, key: string, value: string): boolean {
  const certificate = new X509Certificate(key);
  return verify(
    'sha256',
    Buffer.from(material),
    { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(value, 'base64'),
  );
}

function foreign(by: Identity, signature: string, form: string, digest: string, text = alert): string {
  const sign = new xmlCrypto.SignedXml({
    privateKey: by.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicCert: by.certificate.toString(),
    signatureAlgorithm: signature as 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    canonicalizationAlgorithm: form as 'http://www.w3.org/2001/10/xml-exc-c14n#',
  });
  sign.addReference({
    xpath: '/*',
    transforms: [MADE.enveloped, form],
    digestAlgorithm: digest as 'http://www.w3.org/2000/09/xmldsig#sha1',
    uri: '',
    isEmptyUri: true,
  });
  sign.computeSignature(text);
  return sign.getSignedXml();
}

describe('a signature that another library made', () => {
  const RSA256 = MADE.signature['rsa-sha256'];
  it.each([
    ['IPAWS: RSA-SHA256, exclusive', RSA256, MADE.canonicalization.exclusive, MADE.digest, 'untrusted'],
    ['RSA-SHA256, c14n 1.0', RSA256, MADE.canonicalization['c14n-1.0'], MADE.digest, 'untrusted'],
    [
      'an old Canadian one, RSA-SHA1',
      `${DSIG}rsa-sha1`,
      MADE.canonicalization['c14n-1.0'],
      `${DSIG}sha1`,
      'weak',
    ],
    ['a SHA-1 digest under RSA-SHA256', RSA256, MADE.canonicalization.exclusive, `${DSIG}sha1`, 'weak'],
  ])('%s, gets its verdict', (_, signature, form, digest, verdict) => {
    const text = foreign(ann, signature, form, digest);
    expect(verdictsOf(text)).toEqual([verdict]);
    expect(verdictsOf(text.replace('The Steeping', 'The Steaping'))).toEqual(['invalid']);
  });
});

describe('a signature is not taken for more than it is', () => {
  it('is invalid once one letter of the alert changed', () => {
    expect(verdictsOf(signed(ann).replace('Go upstairs', 'Go outside'), trusting(ann))).toEqual(['invalid']);
  });

  it('is invalid when its value or its SignedInfo changed', () => {
    const text = signed(ann);
    const value = /<ds:SignatureValue>(.)/.exec(text)?.[1] ?? '';
    expect(
      verdictsOf(
        text.replace(`<ds:SignatureValue>${value}`, `<ds:SignatureValue>${value === 'A' ? 'B' : 'A'}`),
      ),
    ).toEqual(['invalid']);
    expect(verdictsOf(text.replace('<ds:Reference URI="">', '<ds:Reference URI="" Type="x">'))).toEqual([
      'invalid',
    ]);
  });

  it('is untrusted when made by a namesake of the sender with a certificate of its own', () => {
    expect(verdictsOf(signed(other), trusting(ann))).toEqual(['untrusted']);
  });

  it('is trusted through a configured authority, and not through one that the message brings', () => {
    const text = signed(issued);
    const by = (authorities: readonly Identity[]): Trust => ({
      senders: new Map([
        [SENDER, { certificates: [], authorities: authorities.map((each) => each.certificate) }],
      ]),
    });
    expect(verdictsOf(text, by([authority]))).toEqual(['valid']);
    expect(verdictsOf(text, by([ann]))).toEqual(['untrusted']);
    expect(
      verdictsOf(text, {
        senders: new Map([['someone@else', { certificates: [issued.certificate], authorities: [] }]]),
      }),
    ).toEqual(['untrusted']);
  });

  it('is untrusted when the certificate was not in force at the moment that the alert was sent', () => {
    const past = makeIdentity({ name: 'Past', kind: 'ec', from: '200101000000Z', to: '210101000000Z' });
    expect(verdictsOf(signed(past), trusting(past))).toEqual(['untrusted']);
    const whys = (trust: Trust) =>
      readCap(Buffer.from(signed(past)), { trust }).alerts.flatMap(({ signatures }) =>
        signatures.map(({ why }) => why),
      );
    expect(whys(trusting(past))).toEqual([
      expect.stringContaining('was not in force when the alert was sent'),
    ]);
    expect(whys(trusting(ann))).toEqual([expect.stringContaining('nobody configured vouches')]);
    expect(verdictsOf(signed(past), { ...trusting(past), at: Date.UTC(2020, 5, 1) })).toEqual(['valid']);
  });

  it('is checked with the configured certificate when the message brings none', () => {
    const text = signCap(Buffer.from(alert), { key: ann.key }).toString();
    expect(verdictsOf(text)).toEqual(['unsupported']);
    expect(verdictsOf(text, trusting(ann))).toEqual(['valid']);
  });

  it('is unsupported by an unknown method, and the alert is taken all the same', () => {
    const text = signed(ann).replace(MADE.signature['rsa-sha256'], 'urn:of-the-future');
    const [reading] = readCap(Buffer.from(text)).alerts;
    expect(reading?.signatures).toMatchObject([{ verdict: 'unsupported', algorithm: 'urn:of-the-future' }]);
    expect(reading?.valid).toBe(true);
    expect(reading?.findings.filter((each) => each.code === 'signature-unverified')).toMatchObject([
      { level: 'warn' },
    ]);
  });

  it('counts only for the alert that is read: the signed one hidden inside a forged one is a wrapping attack', () => {
    const withId = alert.replace('<alert ', '<alert Id="real" ');
    const inner = signed(ann, 'exclusive', withId);
    const signature = (/<ds:Signature .*<\/ds:Signature>/s.exec(inner)?.[0] ?? '').replace(
      'URI=""',
      'URI="#real"',
    );
    const original = inner.replace(/<ds:Signature .*<\/ds:Signature>/s, '');
    const forged = alert.replace('Go upstairs', 'Stay outside');
    const hidden = signature.replace('</ds:Signature>', `<ds:Object>${original}</ds:Object></ds:Signature>`);
    expect(verdictsOf(forged.replace('</alert>', `${hidden}</alert>`), trusting(ann))).toEqual(['invalid']);
    const twice = forged.replace('<alert ', '<alert Id="real" ').replace('</alert>', `${hidden}</alert>`);
    const [reading] = readCap(Buffer.from(twice), { trust: trusting(ann) }).alerts;
    expect(reading?.signatures.map((each) => each.verdict)).toEqual(['invalid']);
    expect(reading?.alert.infos[0]?.instruction).toBe('Stay outside.');
  });

  it('does not let a comment cut a signed text short: both are read from one tree', () => {
    const text = signed(
      ann,
      'exclusive',
      alert.replace('ea@example.org</sender>', 'ea@example.org<!-- -->.evil</sender>'),
    );
    expect(readCap(Buffer.from(text)).alerts[0]?.alert.sender).toBe('ea@example.org.evil');
  });
});

describe('several signatures in one alert', () => {
  it('are each checked: the sender’s, and that of the system that passed the alert on', () => {
    const twice = signed(curve, 'c14n-1.0', signed(ann, 'c14n-1.0'));
    expect(verdictsOf(twice, trusting(ann, curve))).toEqual(['valid', 'valid']);
    expect(verdictsOf(twice, trusting(curve))).toEqual(['untrusted', 'valid']);
    expect(verdictsOf(twice.replace('Go upstairs', 'Go outside'), trusting(ann, curve))).toEqual([
      'invalid',
      'invalid',
    ]);
  });
});

describe('a signed alert inside a feed', () => {
  it.each(['exclusive', 'c14n-1.0', 'c14n-1.1'] as const)('keeps its signature over %s', (form) => {
    const feed = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="urn:x"><entry><content>${signed(ann, form)}</content></entry></feed>`;
    expect(verdictsOf(feed, trusting(ann))).toEqual(['valid']);
  });
});

describe('keys of the message', () => {
  it('are read from an RSAKeyValue as well', () => {
    const jwk = ann.certificate.publicKey.export({ format: 'jwk' });
    const number = (text: string | undefined): string =>
      Buffer.from(text ?? '', 'base64url').toString('base64');
    const bare = `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${number(jwk.n)}</ds:Modulus><ds:Exponent>${number(jwk.e)}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`;
    const text = signed(ann).replace(/<ds:X509Data>.*<\/ds:X509Data>/s, bare);
    expect(verdictsOf(text)).toEqual(['untrusted']);
    expect(verdictsOf(text.replace(number(jwk.n), number(jwk.n).slice(4)))).toEqual(['invalid']);
  });

  it.each([
    ['a modulus', 'Modulus'],
    ['an exponent', 'Exponent'],
  ])('do not choose how long checking takes: %s of 45,000 octets is not used', (_, name) => {
    const long = Buffer.alloc(45_000, 0xcf).toString('base64');
    const number = (element: string): string =>
      `<ds:${element}>${element === name ? long : Buffer.alloc(256, 0xcf).toString('base64')}</ds:${element}>`;
    const bare = `<ds:KeyValue><ds:RSAKeyValue>${number('Modulus')}${number('Exponent')}</ds:RSAKeyValue></ds:KeyValue>`;
    const text = signed(ann).replace(/<ds:X509Data>.*<\/ds:X509Data>/s, bare.repeat(4));
    const before = process.cpuUsage();
    expect(verdictsOf(text)).toEqual(['unsupported']);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(200);
  });

  it('are tried sixteen times for one alert, so that many keys in many signatures take no longer', () => {
    const one = signed(curve);
    const strangers = [other, issued, authority].map((each) => each.certificate.raw.toString('base64'));
    const crowd = strangers
      .flatMap((each) => [each, each])
      .map((each) => `<ds:X509Certificate>${each}</ds:X509Certificate>`)
      .join('');
    const crowded = one.replace('<ds:X509Certificate>', `${crowd}<ds:X509Certificate>`);
    expect(verdictsOf(crowded)).toEqual(['untrusted']);
    const signature = /<ds:Signature .*<\/ds:Signature>/s.exec(crowded)?.[0] ?? '';
    const filter =
      '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>';
    const any = signature.replace(/<ds:Transform Algorithm="[^"]*enveloped[^"]*"><\/ds:Transform>/, filter);
    const verdicts = verdictsOf(alert.replace('</alert>', `${any.repeat(3)}</alert>`));
    expect(verdicts).toEqual(['invalid', 'invalid', 'unsupported']);
  });
});
