import { describe, expect, it } from '@jest/globals';
import { submitted } from './submit-outcome.js';

const answered = (status: number, messageId = '') =>
  submitted({
    reply: 'answered',
    pdu: { command: 'submit_sm_resp', status, sequence: 1, messageId, tlvs: new Map() },
  });

describe('the answer to a text', () => {
  it('without an error means that the gateway has it', () => {
    expect(answered(0, '7f3a')).toEqual({ result: 'accepted', messageId: '7f3a' });
  });

  it.each([
    [0x14, 'throttled'],
    [0x58, 'throttled'],
    [0x04, 'not-bound'],
    [0x08, 'trouble'],
    [0x64, 'trouble'],
    [0xfe, 'trouble'],
    [0xff, 'trouble'],
  ])('0x%s means that nothing left and another try may help', (status, why) => {
    expect(answered(status)).toMatchObject({ result: 'deferred', why });
  });

  it.each([
    [0x0b, 'gone'],
    ...[0x0a, 0x48, 0x49, 0x50, 0x51].map((status) => [status, 'invalid'] as const),
    ...[0x0d, 0x0e, 0x0f].map((status) => [status, 'auth'] as const),
    ...[0x01, 0x02, 0x43, 0x61, 0x62, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0x104].map(
      (status) => [status, 'invalid'] as const,
    ),
    ...[0x45, 0x65, 0x66, 0x101].map((status) => [status, 'policy'] as const),
    [0x03, 'other'],
    [0x400, 'other'],
  ])('0x%s is final', (status, reason) => {
    expect(answered(status)).toMatchObject({ result: 'refused', reason });
  });

  it('that was lost is unknown, never a guess', () => {
    expect(submitted({ reply: 'lost', why: 'reset' })).toEqual({ result: 'unknown', detail: 'reset' });
  });

  it('by a nack without a status is unknown as well: it says neither yes nor no', () => {
    const pdu = { command: 'generic_nack', status: 0, sequence: 1, tlvs: new Map() } as const;
    expect(submitted({ reply: 'answered', pdu })).toMatchObject({ result: 'unknown' });
  });

  it('tells the status to whoever has to mend it', () => {
    expect(answered(0x0a)).toMatchObject({ detail: 'the sender is not allowed (0x0a)' });
    expect(answered(0x400)).toMatchObject({ detail: 'status 0x400' });
  });
});
