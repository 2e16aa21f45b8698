import type { SMTPServerError } from 'smtp-server';

/** A reply that turns something away. */
export type Refusal = { code: number; text: string };

/** What the sender hears, by habit or fault (RFC 5321 §4.2, RFC 3463). Enhanced codes stand in the text. */
export const REFUSALS: Record<string, Refusal> = {
  'unknown-user': { code: 550, text: '5.1.1 User unknown' },
  refuse: { code: 550, text: '5.1.1 User unknown' },
  'mailbox-full': { code: 552, text: '5.2.2 Mailbox full' },
  full: { code: 552, text: '5.2.2 Mailbox full' },
  policy: { code: 554, text: '5.7.1 Message refused by policy' },
  greylists: { code: 451, text: '4.7.1 Greylisted, try again later' },
  defer: { code: 451, text: '4.7.1 Greylisted, try again later' },
  'too-many': { code: 452, text: '4.5.3 Too many recipients' },
  shuts: { code: 421, text: '4.3.2 Service shutting down' },
  '421': { code: 421, text: '4.3.2 Service shutting down' },
};
/** What a sender hears when the disk takes no more: nothing was kept. */
export const NO_ROOM: Refusal = { code: 452, text: '4.3.1 Insufficient system storage' };

/** The reply as `smtp-server` wants it. */
export function refusal({ code, text }: Refusal): SMTPServerError {
  return Object.assign(new Error(text), { responseCode: code });
}
