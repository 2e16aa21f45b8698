/** Why a command about a warning is not allowed. A closed list: the API has one HTTP answer and one sentence for each. */
export const refusalReasons = [
  // about the state that the warning is in
  'already-drafted',
  'no-such-warning',
  'not-a-draft',
  'not-submitted',
  'not-issued',
  'version-open',
  'not-expired-yet',
  // about the person
  'approver-is-author',
  'approver-is-editor',
  'approver-is-submitter',
  'returner-may-not-edit',
  // about what was read
  'changed-since-read',
  // about the content
  'not-a-first-message',
  'not-a-next-message',
  'not-whole',
  'expiry-missing',
  'area-missing',
  'broken-area',
  'already-expired',
  'expires-before-effective',
  'next-update-in-the-past',
  'next-update-after-expiry',
  'hold-in-the-past',
  'nothing-to-send',
  'channel-without-text',
  'cancel-text-missing',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/**
 * The command was understood and is not allowed in this state. A person must decide what to do; nothing retries it.
 * `details` names what is meant in plain words: the missing fields, the channel without a text.
 */
export class WarningRefused extends Error {
  override readonly name = 'WarningRefused';

  constructor(
    readonly reason: RefusalReason,
    readonly details: readonly string[] = [],
  ) {
    super(
      details.length === 0
        ? `warning refused: ${reason}`
        : `warning refused: ${reason} (${details.join('; ')})`,
    );
  }
}
