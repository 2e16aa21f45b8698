import type { StreamMessage } from './event-stream.js';

/**
 * A handler throws it for a message that can never work, however often it is tried: the stream parks that message and goes on.
 * Name the message where it is known; without it the stream finds it by trying the batch in smaller pieces.
 */
export class NeverWorks extends Error {
  override readonly name = 'NeverWorks';
  readonly culprit?: StreamMessage;

  constructor(why: string, culprit?: StreamMessage, options?: ErrorOptions) {
    super(why, options);
    if (culprit) this.culprit = culprit;
  }
}
