import type {
  Act,
  ComposedText,
  DeliveryId,
  IncidentId,
  Instant,
  ListChannel,
  Mode,
  WarningContent,
  WarningId,
} from '#contracts';
import type { Clock, Log } from '#runtime';
import type { Outcome } from './outcome.js';

/** What is the same for everybody in a window. */
export type Sending = {
  mode: Mode;
  incidentId: IncidentId;
  warningId: WarningId;
  version: number;
  act: Act;
  /** When the version was approved, or the cancel recorded. */
  issuedAt: Instant;
  /** The end of sending: nothing may leave after it. */
  sendUntil: Instant;
  message: WarningContent['message'];
  severity: WarningContent['severity'];
  urgency: WarningContent['urgency'];
};

/** What is known of a version before it is approved. */
export type Expected = Pick<Sending, 'mode' | 'incidentId' | 'warningId' | 'severity'>;

/** One person in a window. `text` is the approved one in their language; the loop has checked its hashes. */
export type ListRecipient = {
  deliveryId: DeliveryId;
  subscriberId: string;
  /** E-mail address, or number in E.164. */
  address: string;
  text: ComposedText;
  /** 1 for the first attempt. The delivery id, and every key made of it, is the same at each. */
  attempt: number;
  /** The delivery of the first message of this warning that reached this person, for answers in the same thread. */
  answers: DeliveryId | null;
};

/** Recipients that were armed together: at most one such window per worker is in doubt after a crash. */
export type SendWindow = { sending: Sending; recipients: readonly ListRecipient[] };

/** What one window may know and use. */
export type SendCtx = {
  /** The process stops: write to no further recipient, wait a short while for replies in flight, then answer. */
  signal: AbortSignal;
  /**
   * Ask before the first byte of every message. False when the worker's lease has run out, the process stops or the
   * sending has expired: answer `deferred` with `until` = now for everybody who is left.
   */
  mayWrite(): boolean;
  clock: Clock;
  log: Log;
};

/** One way of sending to a list of people: SMTP, SMPP. */
export type ListSender = {
  readonly channel: ListChannel;
  /**
   * These texts are before an officer and may be approved in a moment: what must be formed from them can be formed while it is read,
   * so that the first message need not wait for it. Only a hint: it may not come, and what is sent is what was approved. Never throws.
   */
  expect?(texts: readonly ComposedText[], about: Expected): void;
  /**
   * Told of a window while it is being armed: what is the same for everybody in it can be made meanwhile. Nothing may leave yet, and
   * perhaps never will. Does not throw.
   */
  prepare?(window: SendWindow): void;
  /**
   * Sends to everybody in the window and says what became of each. A recipient without an answer counts as `unknown`,
   * and so does everybody without an answer when it throws. Never throws for what a server said.
   */
  send(window: SendWindow, ctx: SendCtx): Promise<ReadonlyMap<DeliveryId, Outcome>>;
};
