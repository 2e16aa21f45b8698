import { createHash } from 'node:crypto';

const ALPHABET = '234567abcdefghijklmnopqrstuvwxyz';

const hash = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0);

/**
 * A TID of atproto's record-key specification: 53 bits of microseconds and 10 bits of clock id in 13 characters that sort by
 * time. Throws a `RangeError` outside those bits.
 */
export function tid(microseconds: number, clockId: number): string {
  if (!Number.isSafeInteger(microseconds) || microseconds < 0 || clockId < 0 || clockId > 1_023) {
    throw new RangeError('a TID holds 53 bits of microseconds and 10 bits of clock id');
  }
  let bits = (BigInt(microseconds) << 10n) | BigInt(clockId);
  let text = '';
  for (let n = 0; n < 13; n += 1) {
    text = ALPHABET[Number(bits & 31n)]! + text;
    bits >>= 5n;
  }
  return text;
}

/** What a post's key and time are made of: the same at every attempt, or a repeat would be a second post. */
export type PostIdentity = { issuedAt: string; warningId: string; deliveryId: string; part: number };

/**
 * The record key of one post (CHANNELS §B.2): approval time, moved by the warning so that two warnings of one millisecond do
 * not meet, and by the part so that a thread sorts in its order; the delivery tells a cancel from what it cancels.
 */
export function recordKey({ issuedAt, warningId, deliveryId, part }: PostIdentity): string {
  const microseconds = Date.parse(issuedAt) * 1_000 + (hash(warningId) % 900) + part;
  return tid(microseconds, hash(deliveryId) % 1_024);
}

/** `createdAt` of one post: approval time and one millisecond per part. */
export function createdAt({ issuedAt, part }: PostIdentity): string {
  return new Date(Date.parse(issuedAt) + part).toISOString();
}
