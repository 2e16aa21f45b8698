import type { OfficerId } from '#contracts';
import { WarningRefused } from './refused.js';
import type { Hands } from './warning.js';

/** Two people for every version: refuses whoever began, edited or submitted this one. */
export function mayApprove(hands: Hands, officer: OfficerId): void {
  if (hands.creator === officer) throw new WarningRefused('approver-is-author');
  if (hands.editors.includes(officer)) throw new WarningRefused('approver-is-editor');
  if (hands.submitters.includes(officer)) throw new WarningRefused('approver-is-submitter');
}

/** Who sent a version back may not mend it as well: then the judge would be the author (WARNINGS §3). */
export function mayEdit(hands: Hands, officer: OfficerId): void {
  if (hands.returners.includes(officer)) throw new WarningRefused('returner-may-not-edit');
}
