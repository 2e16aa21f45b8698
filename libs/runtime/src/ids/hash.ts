import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 in 64 lower-case hex digits; a string is hashed as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON in the one form of RFC 8785. Throws a `TypeError` for what JSON cannot carry: undefined, NaN, a lone surrogate. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('undefined has no JSON form');
  return text;
}

/** What an approver approves, as it stands in `WarningSubmitted` and `WarningIssued`; further fields are not looked at. */
export type Approvable = {
  mode: string;
  warningId: string;
  version: number;
  /** The issued version that this one replaces, else null. */
  supersedes: number | null;
  content: Readonly<Record<string, unknown>>;
  composed: readonly unknown[];
};

/**
 * The hash that an approver saw (DESIGN §6): over the content without its area, which has a hash of its own, every
 * composed part with the cancel texts, and the SHA-256 of each media file. Computed from JSON as received, before any schema.
 */
export function contentHash(version: Approvable): string {
  const { mode, warningId, supersedes, composed } = version;
  const { area: _, ...content } = version.content;
  return sha256Hex(
    canonicalJson({
      mode,
      warningId,
      version: version.version,
      supersedes,
      content,
      composed,
      media: mediaHashes(version.content['media']),
    }),
  );
}

function mediaHashes(media: unknown): string[] {
  if (!Array.isArray(media)) return [];
  return media.map((file: { sha256?: unknown }) => String(file.sha256));
}

/** SHA-256 of the RFC 8785 JSON of a version's area. */
export function areaHash(area: unknown): string {
  return sha256Hex(canonicalJson(area));
}

/** SHA-256 of a text that will be shown, in UTF-8. */
export function textHash(text: string): string {
  return sha256Hex(text);
}
