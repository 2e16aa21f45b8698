import { type KeyObject, X509Certificate } from 'node:crypto';
import type { BroughtKeys } from './keys.js';

/** Whom a sender's signatures may come from. */
export type TrustedSender = {
  /** The exact certificates, pinned. */
  readonly certificates: readonly X509Certificate[];
  /** Authorities that may have issued them, for this sender. */
  readonly authorities: readonly X509Certificate[];
};

/** Trust is configured, per `sender` of the alert. A certificate inside a message never makes itself trusted. */
export type Trust = {
  readonly senders: ReadonlyMap<string, TrustedSender>;
  /** The moment at which certificates must be in force, in milliseconds; without it, the moment that the alert was sent. */
  readonly at?: number;
};

/** Nobody is trusted: every signature that is right is `untrusted`. */
export const TRUST_NOBODY: Trust = { senders: new Map() };

/** Reads certificates from PEM text, one or many. Throws when there is none in it. */
export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new Error('no certificate found: a PEM file with BEGIN CERTIFICATE is needed');
  return blocks.map((block) => new X509Certificate(block));
}

/** Whether the key that verified a signature belongs to a certificate that is trusted for the sender and in force at `at`. */
export function isTrusted(
  key: KeyObject,
  brought: BroughtKeys,
  trusted: TrustedSender | undefined,
  at: number,
): boolean {
  if (trusted === undefined) return false;
  const holds = (certificate: X509Certificate): boolean => certificate.publicKey.equals(key);
  if (trusted.certificates.some((each) => holds(each) && inForce(each, at))) return true;
  const leaf = brought.certificates.find(holds);
  return leaf !== undefined && chains(leaf, brought.certificates, trusted.authorities, at, 4);
}

function chains(
  certificate: X509Certificate,
  brought: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  at: number,
  steps: number,
): boolean {
  if (!inForce(certificate, at)) return false;
  if (authorities.some((each) => issued(each, certificate) && inForce(each, at))) return true;
  if (steps === 0) return false;
  return brought.some(
    (each) =>
      each !== certificate && issued(each, certificate) && chains(each, brought, authorities, at, steps - 1),
  );
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

const inForce = (certificate: X509Certificate, at: number): boolean =>
  Date.parse(certificate.validFrom) <= at && at <= Date.parse(certificate.validTo);
