import type { ListRecipient, ListSender, Outcome, SendCtx, SendWindow } from '#channel';
import { isMailAddress } from '#audience';
import type { DeliveryId } from '#contracts';
import { sleep } from '#runtime';
import type { MailTokens } from '../return-path/mail-tokens.js';
import { composeMail, type MailIdentity } from './compose-mail.js';
import type { SmtpRelay } from './smtp-relay.js';
import { smtpOutcome, type SmtpFailure } from './smtp-outcome.js';

/** After the process was told to stop, replies in flight are waited for this long (DESIGN §5). */
const LAST_REPLIES_MS = 1_500;

/**
 * The first mail of a window has the processor to itself for so long, or until it is answered: composing as many as there are
 * connections side by side made the public wait for all of them.
 */
const HEAD_START_MS = 10;

/** Sends to a list by SMTP: as many mails in flight as there are connections, each with an answer of its own. */
export class EmailSender implements ListSender {
  readonly channel = 'email';

  constructor(
    private readonly relay: SmtpRelay,
    private readonly identity: MailIdentity,
    private readonly tokens: MailTokens,
  ) {}

  async send(window: SendWindow, ctx: SendCtx): Promise<ReadonlyMap<DeliveryId, Outcome>> {
    const outcomes = new Map<DeliveryId, Outcome>();
    const waiting = [...window.recipients];
    const sendNext = async (): Promise<boolean> => {
      const next = waiting.shift();
      if (next !== undefined) outcomes.set(next.deliveryId, await this.sendOne(next, window, ctx));
      return next !== undefined;
    };
    const worker = async () => {
      while (await sendNext());
    };
    const first = sendNext();
    const started = Promise.race([first, sleep(HEAD_START_MS)]);
    const others = Array.from({ length: this.relay.connections - 1 }, () => started.then(worker));
    const all = Promise.all([first.then(worker), ...others]);
    await Promise.race([all, stopped(ctx.signal)]);
    return outcomes; // who has no answer yet counts as unknown
  }

  private async sendOne(recipient: ListRecipient, { sending }: SendWindow, ctx: SendCtx): Promise<Outcome> {
    if (!isMailAddress(recipient.address)) {
      return { outcome: 'refused', reason: 'invalid', detail: 'not one plain e-mail address' };
    }
    if (!ctx.mayWrite()) return { outcome: 'deferred', until: ctx.clock.now(), scope: 'app' };
    try {
      const queued = await this.relay.send(composeMail(recipient, sending, this.identity, this.tokens));
      return { outcome: 'accepted', ref: { id: queued }, at: ctx.clock.now() };
    } catch (error) {
      return smtpOutcome(error as SmtpFailure, recipient.attempt, ctx.clock.now());
    }
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wait = () => void setTimeout(resolve, LAST_REPLIES_MS).unref();
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true });
  });
}
