import type { AccountRef, ApprovedPart, Ctx } from '#channel';
import type { AccountId, DeliveryId, Instant, WarningId } from '#contracts';
import { silentLog, textHash } from '#runtime';

/** The moment of approval in these tests. */
export const APPROVED = '2026-11-21T10:00:00.000Z' as Instant;
const later = (ms: number) => new Date(Date.parse(APPROVED) + ms).toISOString() as Instant;

/** One account of a platform. */
export const anAccount = (platform: string): AccountRef => ({
  accountId: `acc_${'a'.repeat(32)}` as AccountId,
  channel: 'social',
  platform,
  name: 'County floods',
  languages: ['en-GB'],
  kind: 'corporate',
});

/** One approved post with everything ordinary. */
export function aPart(platform: string, changed: Partial<ApprovedPart> = {}): ApprovedPart {
  const text =
    changed.text ?? 'Severe flood warning for Wainfleet. Leave now. https://www.gov.uk/flood #flood';
  return {
    deliveryId: `dlv_${'d'.repeat(32)}` as DeliveryId,
    account: anAccount(platform),
    mode: 'exercise',
    warningId: `wrn_${'b'.repeat(32)}` as WarningId,
    version: 1,
    act: 'issue',
    language: 'en-GB',
    part: 1,
    text,
    sha256: textHash(text),
    issuedAt: APPROVED,
    media: [],
    replyTo: null,
    ...changed,
  };
}

/** What a call knows, `afterMs` after the approval. */
export const aCtx = (changed: Partial<Ctx> = {}, afterMs = 1_000): Ctx => ({
  deadline: later(3_600_000),
  signal: AbortSignal.timeout(30_000),
  clock: { now: () => later(afterMs) },
  log: silentLog,
  attempt: 1,
  mayStandAlready: false,
  ...changed,
});
