import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { AnswersUnderWay } from './answers-under-way.js';

class Answer extends EventEmitter {
  readonly headers = new Map<string, string>();
  getHeader = (name: string) => this.headers.get(name.toLowerCase());
  setHeader = (name: string, value: string) => void this.headers.set(name.toLowerCase(), value);
}
/** Hands a request in; answers what came of it: passed on, or the problem that it is refused with. */
function asked(underWay: AnswersUnderWay, answer = new Answer()): { answer: Answer; refused: unknown } {
  let refused: unknown = 'nothing was said';
  underWay.note({} as Request, answer as unknown as Response, (why?: unknown) => (refused = why));
  return { answer, refused };
}
const isOver = async (end: Promise<void>) => Promise.race([end.then(() => true), Promise.resolve(false)]);

describe('a stop', () => {
  it('waits for every answer that is under way', async () => {
    const underWay = new AnswersUnderWay();
    const [one, other] = [asked(underWay).answer, asked(underWay).answer];
    const end = underWay.end();
    one.emit('close');
    expect(await isOver(end)).toBe(false);
    other.emit('close');
    await end;
  });

  it('waits for nothing where nothing is asked, and for no reader of events', async () => {
    const underWay = new AnswersUnderWay();
    asked(underWay).answer.emit('close');
    const reader = asked(underWay).answer;
    reader.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    await underWay.end();
    expect(reader.listenerCount('close')).toBe(1);
  });

  it('is not held up by whoever never ends', async () => {
    const underWay = new AnswersUnderWay();
    asked(underWay);
    const began = performance.now();
    await underWay.end();
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('refuses what comes on a line that is still open, says so, and ends that line', async () => {
    const underWay = new AnswersUnderWay();
    expect(asked(underWay).refused).toBeUndefined();
    void underWay.end();
    const { answer, refused } = asked(underWay);
    expect(refused).toMatchObject({ code: 'stopping', status: 503, extra: { retryAfterMs: 1_000 } });
    expect(answer.headers.get('connection')).toBe('close');
  });
});
