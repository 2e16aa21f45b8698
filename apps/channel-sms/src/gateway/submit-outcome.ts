import type { Reply } from '../link/window.js';
import { STATUS } from '../smpp/protocol.js';

/** Why a gateway's refusal is final, in the words that all channels share (CHANNELS §B.0). */
type Refusal = 'invalid' | 'gone' | 'auth' | 'policy' | 'other';

/** What one submit_sm came to. */
export type Submitted =
  | { result: 'accepted'; messageId: string }
  | { result: 'refused'; reason: Refusal; detail: string }
  /** Nothing left: the gateway is full, slow or not bound, or we may no longer write (`not-now`). */
  | { result: 'deferred'; why: 'throttled' | 'not-bound' | 'trouble' | 'not-now'; detail: string }
  | { result: 'unknown'; detail: string };

type Row = { name: string } & (
  { result: 'refused'; reason: Refusal } | { result: 'deferred'; why: 'throttled' | 'not-bound' | 'trouble' }
);

const invalid = (name: string): Row => ({ name, result: 'refused', reason: 'invalid' });
const auth = (name: string): Row => ({ name, result: 'refused', reason: 'auth' });
const policy = (name: string): Row => ({ name, result: 'refused', reason: 'policy' });
const trouble = (name: string): Row => ({ name, result: 'deferred', why: 'trouble' });
const throttled = (name: string): Row => ({ name, result: 'deferred', why: 'throttled' });

/** CHANNELS §G.2 over SMPP 3.4 §5.1.3. Any status that is not here is refused(other). */
const ROWS: ReadonlyMap<number, Row> = new Map<number, Row>([
  [STATUS.queueFull, throttled('the message queue is full')],
  [STATUS.throttled, throttled('more than the allowed rate')],
  [STATUS.notBound, { name: 'not bound for this command', result: 'deferred', why: 'not-bound' }],
  [STATUS.systemError, trouble('system error')],
  [STATUS.temporaryReceiverError, trouble('temporary error at the receiver')],
  [0xfe, trouble('delivery failure')],
  [0xff, trouble('unknown error')],
  [0x0b, { name: 'no such number', result: 'refused', reason: 'gone' }],
  [0x0a, invalid('the sender is not allowed')],
  [0x48, invalid('the type of the sender is not allowed')],
  [0x49, invalid('the numbering plan of the sender is not allowed')],
  [0x50, invalid('the type of the number is not allowed')],
  [0x51, invalid('the numbering plan of the number is not allowed')],
  [STATUS.bindFailed, auth('the login failed')],
  [STATUS.badPassword, auth('wrong password')],
  [STATUS.badSystemId, auth('wrong system id')],
  [STATUS.badMessageLength, invalid('wrong length of the message')],
  [STATUS.badCommandLength, invalid('wrong length of the command')],
  [0x43, invalid('wrong esm_class')],
  [0x61, invalid('wrong time of sending')],
  [0x62, invalid('wrong time of expiry')],
  [0xc0, invalid('error in the optional part')],
  [0xc1, invalid('optional parameter not allowed')],
  [0xc2, invalid('wrong length of a parameter')],
  [0xc3, invalid('an expected parameter is missing')],
  [0xc4, invalid('wrong value of a parameter')],
  [0x104, invalid('wrong data coding')],
  [0x45, policy('the gateway did not take it')],
  [0x65, policy('permanent error at the receiver')],
  [0x66, policy('rejected by the receiver')],
  [0x101, policy('rejected by the gateway')],
]);

const hex = (status: number): string => `0x${status.toString(16).padStart(2, '0')}`;

/** Maps the end of one submit_sm to what it means. A lost answer is `unknown`, never a guess. */
export function submitted(reply: Reply): Submitted {
  if (reply.reply === 'lost') return { result: 'unknown', detail: reply.why };
  const { pdu } = reply;
  if (pdu.status === STATUS.ok && pdu.command === 'submit_sm_resp') {
    return { result: 'accepted', messageId: pdu.messageId };
  }
  // An answer that says neither yes nor no, such as an answer to another command, proves nothing.
  if (pdu.status === STATUS.ok) return { result: 'unknown', detail: `answered by ${pdu.command}` };
  const row = ROWS.get(pdu.status);
  if (row === undefined) return { result: 'refused', reason: 'other', detail: `status ${hex(pdu.status)}` };
  const detail = `${row.name} (${hex(pdu.status)})`;
  return row.result === 'refused'
    ? { result: 'refused', reason: row.reason, detail }
    : { result: 'deferred', why: row.why, detail };
}
