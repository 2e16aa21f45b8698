import type { DraftContent, OfficerId } from '#contracts';
import { allClear, composed, flood, hashes, update } from './contents.js';
import { act, type Step } from './given.js';
import { ann, bob, incidentId } from './people.js';

/** Version 1 is begun. */
export const drafted = (by: OfficerId = ann, content: DraftContent = flood): Step =>
  act({ type: 'DraftWarning', incidentId, content }, by);

/** Version 1 waits for an approver. */
export const submitted = (by: OfficerId = ann, content: DraftContent = flood): Step[] => [
  drafted(by, content),
  act({ type: 'SubmitWarning', composed, ...hashes('1') }, by, 1),
];

/** Version 1 is out. */
export const issued = (by: OfficerId = ann, approver: OfficerId = bob): Step[] => [
  ...submitted(by),
  act({ type: 'ApproveWarning', ...hashes('1') }, approver, 2),
];

/** Version 1 is out and version 2, an update, is begun. */
export const updating = (by: OfficerId = ann): Step[] => [
  ...issued(),
  act({ type: 'OpenNextVersion', content: update }, by, 3),
];

/** Version 1 is out and version 2 waits for an approver. */
export const updateSubmitted = (by: OfficerId = ann): Step[] => [
  ...updating(by),
  act({ type: 'SubmitWarning', composed, ...hashes('2') }, by, 4),
];

/** Version 2 has replaced version 1. */
export const updated = (): Step[] => [
  ...updateSubmitted(),
  act({ type: 'ApproveWarning', ...hashes('2') }, bob, 5),
];

/** The all-clear is out as version 2. */
export const cleared = (): Step[] => [
  ...issued(),
  act({ type: 'OpenNextVersion', content: allClear }, ann, 3),
  act({ type: 'SubmitWarning', composed, ...hashes('2') }, ann, 4),
  act({ type: 'ApproveWarning', ...hashes('2') }, bob, 5),
];

/** Version 1 was withdrawn. */
export const cancelled = (): Step[] => [
  ...issued(),
  act({ type: 'CancelWarning', reason: 'sent in error' }, ann, 3),
];
