import { canonicalJson, sha256Hex } from '#runtime';

/** What a channel keeps of a version that it has found to be what was approved. */
export type Kept = { composed: unknown; head: unknown; issuedAt: string; sendUntil: string; area: unknown };

/** SHA-256 of the RFC 8785 JSON of each part of it. */
export type KeptHashes = { texts: string; frame: string; place: string };

const hashOf = (value: unknown): string => sha256Hex(canonicalJson(JSON.parse(JSON.stringify(value))));

/** The hashes under which a version is kept. */
export function keptHashes(kept: Kept): KeptHashes {
  return { texts: textsHash(kept), frame: frameHash(kept), place: placeHash(kept) };
}

/** All texts of this channel, each with the hash that was approved with it, its subject, language, variant and account. */
export const textsHash = ({ composed }: Pick<Kept, 'composed'>): string => hashOf(composed);

/** What decides how it is sent: severity, message, media, and from when until when. */
export const frameHash = ({
  head,
  issuedAt,
  sendUntil,
}: Pick<Kept, 'head' | 'issuedAt' | 'sendUntil'>): string => hashOf({ head, issuedAt, sendUntil });

/** Whom it goes to. */
export const placeHash = ({ area }: Pick<Kept, 'area'>): string => hashOf(area);
