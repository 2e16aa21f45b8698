import { describe, expect, it } from '@jest/globals';
import { LAST_SEQUENCE, type Pdu } from '../smpp/protocol.js';
import { Window } from './window.js';

const answer = (sequence: number): Pdu => ({
  command: 'submit_sm_resp',
  status: 0,
  sequence,
  messageId: 'a',
  tlvs: new Map(),
});

describe('the window of one link', () => {
  it('gives every answer to the request that it belongs to, in whatever order they come', async () => {
    const window = new Window(3, 1_000);
    const [first, second] = [window.nextSequence(), window.nextSequence()];
    const replies = [window.wait(first), window.wait(second)];
    expect(window.settle(answer(second))).toBe(true);
    expect(window.settle(answer(first))).toBe(true);
    expect(await Promise.all(replies)).toEqual([
      { reply: 'answered', pdu: answer(first) },
      { reply: 'answered', pdu: answer(second) },
    ]);
  });

  it('is full at its size and has room again after an answer', () => {
    const window = new Window(2, 1_000);
    void window.wait(1);
    expect(window.full).toBe(false);
    void window.wait(2);
    expect(window.full).toBe(true);
    window.settle(answer(1));
    expect(window.full).toBe(false);
    window.lose('the test is over');
  });

  it('ends a request without an answer as lost at its deadline, and a later answer finds nobody', async () => {
    const window = new Window(10, 30);
    const reply = await window.wait(7);
    expect(reply).toEqual({ reply: 'lost', why: 'no answer within 30 ms' });
    expect(window.settle(answer(7))).toBe(false);
  });

  it('gives a request that came later its own whole time', async () => {
    const window = new Window(10, 500);
    const early = window.wait(1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const late = window.wait(2);
    await early;
    expect(window.inFlight).toBe(1);
    expect(window.settle(answer(2))).toBe(true);
    expect(await late).toMatchObject({ reply: 'answered' });
  });

  it('ends everything in flight when the link is lost, once each', async () => {
    const window = new Window(100, 1_000);
    const ends: string[] = [];
    const replies = Array.from({ length: 100 }, (_, n) =>
      window.wait(n + 1).then((reply) => ends.push(reply.reply)),
    );
    window.lose('reset');
    window.lose('reset again');
    await Promise.all(replies);
    expect(ends).toHaveLength(100);
    expect(new Set(ends)).toEqual(new Set(['lost']));
    expect(window.inFlight).toBe(0);
  });

  it('counts round at the end of the sequence numbers and steps over those in flight', () => {
    const window = new Window(10, 1_000, () => 0, LAST_SEQUENCE - 1);
    void window.wait(2);
    expect([1, 2, 3].map(() => window.nextSequence())).toEqual([LAST_SEQUENCE, 1, 3]);
    window.lose('the test is over');
  });
});
