import type { AccountId, IncidentId, Instant, OfficerId, WarningId } from '#contracts';

const hex = (digit: string) => digit.repeat(32);

/** ann writes, bob approves, cat edits, dan submits; the partner's system sends CAP. */
export const ann = `off_${hex('a')}` as OfficerId;
export const bob = `off_${hex('b')}` as OfficerId;
export const cat = `off_${hex('c')}` as OfficerId;
export const dan = `off_${hex('d')}` as OfficerId;
export const partner = `off_${hex('e')}` as OfficerId;

/** The incident, the warning and the accounts of every example. */
export const incidentId = `inc_${hex('1')}` as IncidentId;
export const warningId = `wrn_${hex('2')}` as WarningId;
export const mastodon = `acc_${hex('3')}` as AccountId;
export const sender = `acc_${hex('4')}` as AccountId;

/**
 * Minutes after 10:00 UTC on 21 November 2126, the morning of every example: so far ahead that no database's own clock
 * takes an example for expired.
 */
export const minute = (minutes: number): Instant =>
  new Date(Date.UTC(2126, 10, 21, 10, minutes)).toISOString() as Instant;
