import { describe, expect, it } from '@jest/globals';
import { refusedWhom, type Stage, type Whom } from './refused-whom.js';
import { ReplyReader, type Reply } from './replies.js';

const reply = (text: string): Reply => new ReplyReader().read(Buffer.from(`${text}\r\n`))[0] as Reply;
const BACK = '<b+0192@bounces.agency.example>';

/** What Postfix 3.7.11 answered, word for word but for the addresses, and the stage at which it did. */
const POSTFIX: readonly (readonly [Stage, string, Whom])[] = [
  ['recipient', `550 5.1.8 ${BACK}: Sender address rejected: Domain not found`, 'sender'],
  ['recipient', `450 4.1.8 ${BACK}: Sender address rejected: Domain not found`, 'sender'],
  [
    'recipient',
    `550 5.1.0 ${BACK}: Sender address rejected: User unknown in relay recipient table`,
    'sender',
  ],
  ['recipient', `553 5.7.1 ${BACK}: Sender address rejected: not owned by user larum`, 'sender'],
  ['recipient', '554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied', 'sender'],
  ['recipient', '450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.7]', 'sender'],
  ['recipient', '504 5.5.2 <larum>: Helo command rejected: need fully-qualified hostname', 'sender'],
  ['mail', '554 5.5.0 <END-OF-MESSAGE>: End-of-data command rejected: Access denied', 'sender'],
  ['sender', '450 4.7.1 Error: too much mail from 192.0.2.7', 'sender'],
  ['recipient', '450 4.7.1 Error: too many recipients from 192.0.2.7', 'sender'],
  ['sender', '452 4.3.1 Insufficient system storage', 'sender'],
  ['sender', '530 5.7.0 Must issue a STARTTLS command first', 'sender'],
  ['link', '421 4.7.0 relay.example Error: too many connections from 192.0.2.7', 'sender'],
  ['link', '554 5.7.1 you are listed', 'relay'],
  ['link', '454 4.7.0 TLS not available due to local problem', 'relay'],
  ['link', '535 5.7.8 Error: authentication failed: authentication failure', 'relay'],
  ['recipient', '421 4.7.0 relay.example Error: too many errors', 'relay'],
  ['recipient', '451 4.3.0 <ann@mail.example>: Temporary lookup failure', 'relay'],
  ['recipient', '451 4.3.5 Server configuration error', 'relay'],
  ['recipient', '450 4.3.2 Service currently unavailable', 'relay'],
  ['mail', '451 4.3.0 Error: queue file write error', 'relay'],
  ['recipient', '454 4.7.1 <ann@mail.example>: Relay access denied', 'relay'],
  ['recipient', '554 5.7.1 <ann@mail.example>: Relay access denied', 'relay'],
  [
    'recipient',
    '550 5.1.1 <ann@mail.example>: Recipient address rejected: User unknown in relay recipient table',
    'recipient',
  ],
  [
    'recipient',
    '450 4.1.1 <ann@mail.example>: Recipient address rejected: User unknown in relay recipient table',
    'recipient',
  ],
  ['recipient', '552 5.2.2 <ann@mail.example>: Recipient address rejected: Mailbox full', 'recipient'],
  ['recipient', '554 5.7.1 <ann@mail.example>: Recipient address rejected: Access denied', 'recipient'],
  ['recipient', '450 4.2.0 <ann@mail.example>: Recipient address rejected: Greylisted', 'recipient'],
  ['data', '554 5.5.1 Error: no valid recipients', 'recipient'],
  ['mail', '552 5.3.4 Error: message file too big', 'recipient'],
  ['mail', '550 5.7.1 message content rejected', 'recipient'],
];

/** The same from Exim, Sendmail and Exchange, as their manuals and real mails have it. */
const OTHERS: readonly (readonly [Stage, string, Whom])[] = [
  ['recipient', '550-Verification failed for <b+0@b.example>\r\n550 Sender verify failed', 'sender'],
  ['recipient', '553 5.1.8 b+0@b.example... Domain of sender address does not exist', 'sender'],
  ['recipient', '550 relay not permitted', 'relay'],
  ['recipient', '550 5.7.1 ann@mail.example... Relaying denied', 'relay'],
  ['recipient', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'relay'],
  ['recipient', '550 Unrouteable address', 'recipient'],
  ['recipient', '552 too many recipients', 'recipient'],
  ['recipient', '550 5.7.1 too many messages from this list are called spam', 'recipient'],
];

describe('a refusal by Postfix', () => {
  it.each(POSTFIX)('at the %s: %s is about the %s', (at, text, whom) =>
    expect(refusedWhom(at, reply(text))).toBe(whom),
  );

  it('is told by its last lines as well as by its first', () => {
    const footer = '550-5.7.1 Access denied. Ring 01522 000000\r\n550 5.7.1 (Client host rejected)';
    expect(refusedWhom('recipient', reply(footer))).toBe('sender');
  });
});

describe('a refusal by another server', () => {
  it.each(OTHERS)('at the %s: %j is about the %s', (at, text, whom) =>
    expect(refusedWhom(at, reply(text))).toBe(whom),
  );
});
