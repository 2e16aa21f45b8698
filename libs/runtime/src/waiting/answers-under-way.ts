import type { NextFunction, Request, Response } from 'express';
import { houseProblem } from '../problems/house-problems.js';
import { sleep } from './back-off.js';

/** An approval takes some 20 ms. Whoever hands in a request byte by byte does not hold a stop up for longer. */
const LONGEST_MS = 500;
const LOOK_EVERY_MS = 10;

/** The requests that a process has not answered yet, so that a stop cuts nobody off in the middle of an answer. */
export class AnswersUnderWay {
  private readonly responses = new Set<Response>();
  private isStopping = false;

  /** Notes each request until it is answered; refuses those that come while the process stops. */
  readonly note = (_: Request, response: Response, next: NextFunction): void => {
    if (this.isStopping) {
      response.setHeader('Connection', 'close');
      return next(houseProblem('stopping', undefined, { retryAfterMs: 1_000 }));
    }
    this.responses.add(response);
    response.once('close', () => this.responses.delete(response));
    next();
  };

  /** From now on nothing new is taken. Resolves when all is answered, after half a second at the latest; a stream of events never is. */
  async end(): Promise<void> {
    this.isStopping = true;
    const until = performance.now() + LONGEST_MS;
    while ([...this.responses].some(hasAnEnd) && performance.now() < until) await sleep(LOOK_EVERY_MS);
  }
}

const hasAnEnd = (response: Response): boolean =>
  !String(response.getHeader('content-type')).startsWith('text/event-stream');
