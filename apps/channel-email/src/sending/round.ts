import type { Outcome, SendCtx, SendWindow } from '#channel';
import type { DeliveryId } from '#contracts';
import { sleep } from '#runtime';
import type { TurnedAway } from '../bounces/bounce-desk.js';
import { refusedWhom } from '../smtp/refused-whom.js';
import type { SmtpResult } from '../transport/mail-job.js';
import type { MailInHand } from '../transport/smtp-transport.js';

/** After the process was told to stop, replies in flight are waited for this long (DESIGN §5). */
const LAST_REPLIES_MS = 1_500;

/** One window on its way: whose mail has left, and what the transport still holds. */
export type Round = {
  window: SendWindow;
  ctx: SendCtx;
  left: Set<DeliveryId>;
  inHand: MailInHand[];
  turnedAway: TurnedAway[];
  /** How often, one behind the other, the relay refused us whoever the mail was for. */
  refusedUs: number;
  /** What was said then is true of everybody who still waits. */
  forAll?: Outcome;
  over?: () => void;
};

/**
 * Each refused mail is two or three errors to Postfix (MAIL, then RCPT and DATA that were on their way); it lets a second pass before
 * every answer from the eleventh on, and closes at the twenty-first: 40 mails to a used up rate took 28 s. Whoever would be refused
 * with the rest of us is not asked for, and everybody goes again in the same minute.
 */
const MOST_REFUSALS_OF_US = 3;

/** Takes the rest of a window back once it is clear that the relay refuses us, and not the people. */
export function countRefusal(round: Round, result: SmtpResult, outcome: Outcome): void {
  if (result.result === 'taken') round.refusedUs = 0;
  if (result.result !== 'refused' || refusedWhom(result.at, result.reply) !== 'sender') return;
  round.refusedUs += 1;
  if (round.refusedUs < MOST_REFUSALS_OF_US) return;
  round.forAll = outcome;
  for (const mail of round.inHand) mail.takeBack();
}

/** Resolves a moment after the process was told to stop, with every mail that still waits taken back. Never, otherwise. */
export function stopped(signal: AbortSignal, round: Round): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const mail of round.inHand) mail.takeBack();
      void sleep(LAST_REPLIES_MS).then(resolve);
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    round.over = () => signal.removeEventListener('abort', stop);
  });
}
