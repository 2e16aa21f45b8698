import { describe, expect, it } from '@jest/globals';
import { toInstant } from '#contracts';
import { smtpOutcome, type SmtpFailure } from './smtp-outcome.js';

const now = toInstant('2026-11-21T10:00:00Z');
const outcome = (failure: Partial<SmtpFailure>, attempt = 1) =>
  smtpOutcome({ message: failure.response ?? 'failed', ...failure }, attempt, now);

describe('what a relay’s reply means for a warning', () => {
  it.each([
    [550, '550 5.1.1 user unknown', 'gone'],
    [550, '550 5.7.1 blocked by policy', 'policy'],
    [551, '551 user not local', 'gone'],
    [552, '552 5.2.2 mailbox full', 'capped'],
    [553, '553 mailbox name not allowed', 'gone'],
    [554, '554 transaction failed', 'policy'],
    [552, '552 5.3.4 message too big', 'too-long'],
    [599, '599 something new', 'other'],
  ])('%i (%s) is final: %s', (responseCode, response, reason) =>
    expect(outcome({ responseCode, response, command: 'DATA' })).toMatchObject({
      outcome: 'refused',
      reason,
    }),
  );

  it('greylisting is tried again after a minute, then two, then four, and never more rarely than every half hour', () => {
    const at = (attempt: number) => {
      const found = outcome(
        { responseCode: 450, response: '450 4.7.1 greylisted', command: 'RCPT TO' },
        attempt,
      );
      return found.outcome === 'deferred' ? found.until : '';
    };
    expect([1, 2, 3, 20].map(at)).toEqual([
      '2026-11-21T10:01:00.000Z',
      '2026-11-21T10:02:00.000Z',
      '2026-11-21T10:04:00.000Z',
      '2026-11-21T10:30:00.000Z',
    ]);
  });

  it('421 defers the relay, not the person', () =>
    expect(outcome({ responseCode: 421, response: '421 shutting down' })).toMatchObject({
      outcome: 'deferred',
      scope: 'app',
    }));

  it('a relay that refuses our log-in touches no recipient', () =>
    expect(
      outcome({ code: 'EAUTH', responseCode: 535, response: '535 bad credentials', command: 'AUTH PLAIN' }),
    ).toMatchObject({
      outcome: 'deferred',
      scope: 'app',
    }));

  it.each([
    ['nobody answers', { code: 'ESOCKET', command: 'CONN', syscall: 'connect' }],
    ['no greeting comes', { code: 'ETIMEDOUT', command: 'CONN', message: 'Greeting never received' }],
    ['the name is not known', { code: 'EDNS', command: 'CONN' }],
    ['the link breaks before the body', { code: 'ECONNECTION', command: 'RCPT TO' }],
  ])('nothing left when %s: it is tried again', (_, failure) =>
    expect(outcome(failure).outcome).toBe('deferred'),
  );

  it.each([
    ['the link is lost after the body', { code: 'ECONNECTION', command: 'DATA' }],
    ['the reply never comes', { code: 'ETIMEDOUT', command: 'DATA' }],
    ['nobody can say where it broke', { code: 'ECONNECTION' }],
    [
      'the link just closed, which nodemailer reports like this at any stage',
      { code: 'ECONNECTION', command: 'CONN' },
    ],
  ])('%s: unknown, never a blind second mail', (_, failure) =>
    expect(outcome(failure).outcome).toBe('unknown'),
  );
});
