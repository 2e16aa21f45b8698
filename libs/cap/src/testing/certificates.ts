import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';

/** A private key and its certificate, made for one test. */
export type Identity = {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
  readonly name: string;
};

/** What a certificate says. */
export type CertificateOptions = {
  readonly name: string;
  readonly kind?: 'rsa' | 'ec';
  /** Who issues it; itself when left out. */
  readonly issuer?: Identity;
  /** Whether it may issue others. */
  readonly authority?: boolean;
  /** In force from and to, as `YYMMDDhhmmssZ`. */
  readonly from?: string;
  readonly to?: string;
  readonly rsaBits?: number;
};

const OIDS = {
  rsaSha256: '2a864886f70d01010b',
  ecdsaSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
} as const;

/** Makes a key and an X.509 version 3 certificate over it (RFC 5280 §4.1): no file, no other program. */
export function makeIdentity(options: CertificateOptions): Identity {
  const {
    name,
    kind = 'rsa',
    from = '200101000000Z',
    to = '400101000000Z',
    authority = false,
    rsaBits = 2_048,
  } = options;
  const { privateKey, publicKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: rsaBits })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const issuer = options.issuer ?? { key: privateKey, name };
  const rsa = issuer.key.asymmetricKeyType === 'rsa';
  const algorithm = sequence(oid(rsa ? OIDS.rsaSha256 : OIDS.ecdsaSha256), ...(rsa ? [der(0x05)] : []));
  const constraints = der(0x30, ...(authority ? [der(0x01, Buffer.from([0xff]))] : []));
  const extension = sequence(
    oid(OIDS.basicConstraints),
    der(0x01, Buffer.from([0xff])),
    der(0x04, constraints),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    distinguished(issuer.name),
    sequence(der(0x17, Buffer.from(from)), der(0x17, Buffer.from(to))),
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  );
  const signature = sign('sha256', body, issuer.key);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return { key: privateKey, certificate: new X509Certificate(certificate), name };
}

const distinguished = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid(OIDS.commonName), der(0x0c, Buffer.from(name, 'utf8')))));
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);

/** Tag, length, value (ITU-T X.690 §8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  if (value.length < 0x80) return Buffer.concat([Buffer.from([tag, value.length]), value]);
  const length = Buffer.from([value.length >> 16, (value.length >> 8) & 0xff, value.length & 0xff]);
  const short = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 + short.length]), short, value]);
}
