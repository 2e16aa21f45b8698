import type { Instant, WarningContent } from '#contracts';
import { WarningRefused } from './refused.js';

/** Refuses a version that is over before it can begin, or that promises its next update for a time gone by or after its own end. */
export function checkTimes({ effectiveAt, expiresAt, nextUpdateAt }: WarningContent, now: Instant): void {
  if (expiresAt <= now) throw new WarningRefused('already-expired');
  if (effectiveAt !== undefined && expiresAt <= effectiveAt)
    throw new WarningRefused('expires-before-effective');
  if (nextUpdateAt === undefined) return;
  if (nextUpdateAt <= now) throw new WarningRefused('next-update-in-the-past');
  if (nextUpdateAt > expiresAt) throw new WarningRefused('next-update-after-expiry');
}
