import type { Reply } from './replies.js';

/** Where in the dialogue a refusal came. `mail` means the final dot, `link` that no mail was begun. */
export type Stage = 'link' | 'sender' | 'recipient' | 'data' | 'mail';

/**
 * Whom a refusal is about. `sender`: us, the same whoever the mail is for. `relay`: its own trouble, or its leave to relay, which may
 * differ from one domain to the next. `recipient`: the person, or the mail to that person.
 */
export type Whom = 'sender' | 'relay' | 'recipient';

/**
 * Words that refuse whoever sends. Postfix says them in answer to RCPT (`smtpd_delay_reject`), Exim as well, so that the stage alone
 * does not tell: "550 5.1.8 <b+…>: Sender address rejected: Domain not found" says nothing of the person.
 */
export const REFUSES_THE_SENDER =
  /\b(sender address|client host|helo command|data command) rejected|\bsender verif(y|ication) fail|\bdomain of sender\b/i;

/** Rates of one client: Postfix's anvil, and those who say it alike. */
const TOO_OFTEN = /\btoo (many|much) (recipients|mails?|messages|connections) from\b/i;
const NO_LEAVE_TO_RELAY =
  /\brelay(ing)? (access )?(is )?(denied|not (permitted|allowed))|\b(unable|not permitted) to relay\b/i;

/** RFC 3463 §3.2: the address or the system of the sender. */
const SENDERS_STATUS = /^[45]\.1\.[78]$/;
/** RFC 3463 §3.4, where it is for now: no room, a table that cannot be read, a service that comes back. */
const RELAYS_STATUS = /^4\.3\./;
/** RFC 5321 §3.8: the relay closes; RFC 4954 §6: it wants another log-in, or one at all. */
const RELAYS_CODE = new Set([421, 530, 535]);

/** Whom this refusal is about. */
export function refusedWhom(at: Stage, { code, status = '', lines }: Reply): Whom {
  const words = lines.join(' ');
  if (at === 'sender' || SENDERS_STATUS.test(status) || REFUSES_THE_SENDER.test(words)) return 'sender';
  if (code < 500 && TOO_OFTEN.test(words)) return 'sender';
  if (at === 'link' || RELAYS_CODE.has(code) || RELAYS_STATUS.test(status)) return 'relay';
  return NO_LEAVE_TO_RELAY.test(words) ? 'relay' : 'recipient';
}
