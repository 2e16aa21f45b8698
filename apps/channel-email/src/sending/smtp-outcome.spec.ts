import { describe, expect, it } from '@jest/globals';
import { toInstant } from '#contracts';
import { ReplyReader, type Reply } from '../smtp/replies.js';
import type { SmtpResult } from '../transport/mail-job.js';
import { smtpOutcome } from './smtp-outcome.js';

type Stage = Extract<SmtpResult, { result: 'refused' }>['at'];
const now = toInstant('2026-11-21T10:00:00Z');
const reply = (text: string): Reply => new ReplyReader().read(Buffer.from(`${text}\r\n`))[0] as Reply;
const refused = (text: string, at: Stage = 'recipient', attempt = 1) =>
  smtpOutcome({ result: 'refused', at, reply: reply(text) }, attempt, now);

describe('what a relay’s reply means for a warning', () => {
  it.each([
    ['550 5.1.1 user unknown', 'gone'],
    ['550 no such user', 'gone'],
    ['550 5.7.1 blocked by policy', 'policy'],
    ['550 5.2.1 mailbox disabled', 'gone'],
    ['550 5.4.4 no route to host', 'gone'],
    ['551 user not local', 'gone'],
    ['552 5.2.2 mailbox full', 'capped'],
    ['553 mailbox name not allowed', 'gone'],
    ['554 transaction failed', 'policy'],
    ['554 5.7.1 message rejected', 'policy'],
    ['552 5.3.4 message too big', 'too-long'],
    ['501 5.5.4 bad parameter', 'invalid'],
    ['500 what?', 'invalid'],
    ['599 something new', 'other'],
    ['550 5.9.9 something new', 'gone'],
  ])('%s is final: %s', (text, reason) =>
    expect(refused(text)).toEqual({ outcome: 'refused', reason, detail: text }),
  );

  it.each(['recipient', 'data', 'mail'] as const)(
    'greylisting at the %s is tried again after a minute, then two, then four, and never more rarely than every half hour',
    (at) => {
      const until = (attempt: number) => {
        const found = refused('450 4.7.1 greylisted', at, attempt);
        return found.outcome === 'deferred' ? found.until : '';
      };
      expect([1, 2, 3, 20].map(until)).toEqual([
        '2026-11-21T10:01:00.000Z',
        '2026-11-21T10:02:00.000Z',
        '2026-11-21T10:04:00.000Z',
        '2026-11-21T10:30:00.000Z',
      ]);
    },
  );

  it.each(['452 4.5.3 too many recipients', '552 too many recipients', '552 5.5.3 too many recipients'])(
    'a recipient too many for now is one for later: %s',
    (text) => expect(refused(text)).toMatchObject({ outcome: 'deferred', scope: 'recipient' }),
  );

  it('a mail that is too big after it was sent stays too big', () =>
    expect(refused('552 message exceeds fixed limit', 'mail').outcome).toBe('refused'));

  it.each([
    ['421 shutting down', 'recipient'],
    ['421 4.3.2 shutting down', 'mail'],
    ['535 5.7.8 bad credentials', 'link'],
    ['530 5.7.0 must issue STARTTLS first', 'sender'],
    ['554 5.7.1 you are not welcome here', 'link'],
    ['452 4.3.1 Insufficient system storage', 'sender'],
    ['553 5.7.1 <b+0@b.example>: Sender address rejected: not owned by user larum', 'recipient'],
    ['554 5.7.1 <ann@mail.example>: Relay access denied', 'recipient'],
    ['554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied', 'recipient'],
    ['450 4.7.1 Error: too many recipients from 192.0.2.7', 'recipient'],
    ['451 4.3.0 Error: queue file write error', 'mail'],
  ] as const)(
    '%s at the %s is between the relay and us: it defers all, and touches no recipient',
    (text, at) =>
      expect(refused(text, at)).toEqual({
        outcome: 'deferred',
        until: '2026-11-21T10:01:00.000Z',
        scope: 'app',
        detail: `the relay takes no mail: ${text}`,
      }),
  );

  it('what is between the relay and us is tried every minute, however often: a rate of so many a minute is used up by that', () =>
    expect(refused('450 4.7.1 Error: too much mail from 192.0.2.7', 'sender', 9)).toMatchObject({
      until: '2026-11-21T10:01:00.000Z',
    }));

  it('a relay that cannot be reached is tried again in seconds: nothing left', () =>
    expect(smtpOutcome({ result: 'nothing-left', why: 'connect ECONNREFUSED' }, 7, now)).toEqual({
      outcome: 'deferred',
      until: '2026-11-21T10:00:05.000Z',
      scope: 'app',
      detail: 'connect ECONNREFUSED',
    }));

  it('a mail whose answer was lost is unknown, never a blind second mail', () =>
    expect(smtpOutcome({ result: 'unknown', why: 'the link was lost' }, 1, now)).toEqual({
      outcome: 'unknown',
      detail: 'the link was lost',
    }));

  it.each([
    ['250 2.0.0 Ok: queued as 4Fk2Dq1', '4Fk2Dq1'],
    ['250 OK id=1tDxyz-0001', '250 OK id=1tDxyz-0001'],
    [`250 ${'x'.repeat(300)}`, `250 ${'x'.repeat(96)}`],
  ])('%s is accepted, under the relay’s own name for it', (text, id) =>
    expect(smtpOutcome({ result: 'taken', reply: reply(text) }, 1, now)).toEqual({
      outcome: 'accepted',
      ref: { id },
      at: now,
    }),
  );

  it('an endless answer is cut for the record', () => {
    const outcome = refused(`550 5.1.1 ${'no '.repeat(500)}`);
    expect(outcome.outcome === 'refused' && outcome.detail.length).toBe(300);
  });
});
