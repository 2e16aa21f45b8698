import type { Instant } from '#contracts';

/** Why a platform, relay or gateway will never take this send. A closed list, so that reports of years can be added up. */
export type SendRefusal =
  | 'too-long'
  | 'invalid'
  | 'duplicate'
  | 'policy'
  | 'auth'
  | 'scope'
  | 'media'
  | 'link'
  | 'reply-not-allowed'
  | 'target-gone'
  | 'out-of-credit'
  | 'gone'
  | 'opted-out'
  | 'capped'
  | 'key-conflict'
  | 'other';

/** What the other side calls the message: a post's id, a relay's queue id, a gateway's message id. `extra` is for the adapter itself. */
export type PostRef = { id: string; url?: string; extra?: Readonly<Record<string, string>> };

/**
 * What became of one send. Expected failures are values; only bugs are thrown.
 *
 * `accepted`: the other side has it. `refused`: final, trying again changes nothing. `deferred`: nothing left, try again at
 * `until` if the warning still stands; with scope `app` nothing was asked about this very message, and it counts as no attempt.
 * `unknown`: the reply was lost, it may have left: never answer `deferred` for that, or a person is warned twice without anybody knowing.
 */
export type Outcome =
  | { outcome: 'accepted'; ref: PostRef; at: Instant }
  | { outcome: 'refused'; reason: SendRefusal; detail: string }
  | { outcome: 'deferred'; until: Instant; scope: 'account' | 'app' | 'recipient'; detail?: string }
  | { outcome: 'unknown'; detail: string };
