import type { Socket } from 'node:net';
import { decodePdu, encodePdu, isAnswer, MalformedPdu, type ForeignPdu } from '../smpp/pdu-codec.js';
import { BadLength, PduFrames } from '../smpp/pdu-frames.js';
import { INTERFACE_VERSION, STATUS, type Pdu, type PduOf } from '../smpp/protocol.js';
import { BindRefused } from './bind-refused.js';
import { dial, type Endpoint } from './dial.js';
import { Pulse } from './pulse.js';
import { Window, type Reply } from './window.js';

type Login = {
  systemId: string;
  password: string;
  systemType: string;
  bindAs: 'transceiver' | 'transmitter' | 'receiver';
};

export type LinkSettings = Login &
  Endpoint & {
    /** Requests in flight at once. */
    window: number;
    /** No connection within this: the link failed. */
    connectTimeoutMs: number;
    /** No answer to a request within this: `lost`. */
    answerTimeoutMs: number;
    /** Silence after which we ask whether the gateway is there; two questions without an answer end the link. */
    enquireEveryMs: number;
  };

/** What a link tells its owner. */
export type LinkEvents = {
  /** A text or receipt came in. Resolves when it is stored; rejects when it could not be: then the gateway brings it again. */
  incoming(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): Promise<void>;
  /** The link is over, once, for whatever reason. All that was in flight has ended as `lost` before. */
  closed(why: string): void;
  /** The link is `ready` again, although no request of its own has ended. */
  free(): void;
};

const ABANDONED_LIMIT = 10_000;
/** A gateway that unbinds has so long for the answers that it still owes (DESIGN §5: as we at a stop). */
const LAST_ANSWERS_MS = 1_500;
const none: ReadonlyMap<number, Uint8Array> = new Map();

/** One bound SMPP session (SMPP 3.4 §2): a window of requests, answers to the gateway's own requests, enquire_link both ways. */
export class SmppLink {
  readonly #frames = new PduFrames();
  readonly #window: Window;
  /** Requests that were given up, so that a late answer can still tell its message id. */
  readonly #abandoned = new Map<number, (answer: Pdu) => void>();
  readonly #pulse: Pulse;
  #storing = 0; // what came in and is not answered yet
  #state: 'binding' | 'open' | 'draining' | 'closed' = 'binding';

  private constructor(
    private readonly socket: Socket,
    private readonly settings: LinkSettings,
    private readonly events: LinkEvents,
  ) {
    this.#window = new Window(settings.window, settings.answerTimeoutMs);
    this.#pulse = new Pulse(settings, {
      ask: () => this.#ask(),
      dead: (why) => this.#end(why),
      back: () => events.free(),
    });
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('drain', () => events.free());
    socket.on('error', (error) => this.#end(`the connection failed: ${error.message}`));
    socket.on('close', () => this.#end('the gateway closed the connection'));
  }

  /** Connects and binds. Throws `BindRefused`, or an `Error` when there is no connection or no answer in time. */
  static async open(settings: LinkSettings, events: LinkEvents): Promise<SmppLink> {
    const link = new SmppLink(await dial(settings, settings.connectTimeoutMs), settings, events);
    const reply = await link.#bind();
    const bound = reply.reply === 'answered' && reply.pdu.command === `bind_${settings.bindAs}_resp`;
    if (bound && reply.pdu.status === STATUS.ok) {
      // It may have bound us and let us go in one breath.
      if (link.#isClosed()) throw new Error('the SMS gateway closed the session that it had just bound');
      link.#state = 'open';
      link.#pulse.start();
      return link;
    }
    link.#end('the login failed');
    if (reply.reply === 'answered') throw new BindRefused(reply.pdu.status);
    throw new Error(`the SMS gateway did not answer the login: ${reply.why}`);
  }

  /** Whether one more request may be written now. */
  get ready(): boolean {
    const takes = !this.#window.full && !this.socket.writableNeedDrain && !this.#pulse.doubted;
    return this.#state === 'open' && takes;
  }

  get inFlight(): number {
    return this.#window.inFlight;
  }

  /**
   * Writes one request and waits for its end; `not-sent` when the link takes none now, `unfit` when no PDU can hold it. Never
   * rejects. `late` hears the answer that comes after the request was given up as `lost`.
   */
  async request(
    pdu: Pdu,
    late: (answer: Pdu) => void = () => {},
  ): Promise<Reply | { reply: 'not-sent' } | { reply: 'unfit'; why: string }> {
    if (!this.ready || !this.socket.writable) return { reply: 'not-sent' };
    const sequence = this.#window.nextSequence();
    const writtenAt = performance.now();
    let sent: Promise<Reply>;
    try {
      sent = this.#send({ ...pdu, sequence });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { reply: 'unfit', why: error.message };
    }
    const reply = await sent;
    if (reply.reply === 'lost') {
      this.#abandon(sequence, late);
      this.#pulse.unanswered(writtenAt);
    }
    return reply;
  }

  /** Lets replies in flight come in for at most `waitMs`, then unbinds. What is still out then ends as `lost`. */
  async drain(waitMs: number): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'draining';
    const until = performance.now() + waitMs;
    await this.#answers(until);
    if (!this.#isClosed()) {
      const left = Math.max(100, until - performance.now());
      const sequence = this.#window.nextSequence();
      await Promise.race([this.#send({ command: 'unbind', status: 0, sequence, tlvs: none }), pause(left)]);
    }
    this.#end('we closed the link');
  }

  /** Drops the link at once; everything in flight ends as `lost`. */
  destroy(why: string): void {
    this.#end(why);
  }

  #bind(): Promise<Reply> {
    const { systemId, password, systemType, bindAs } = this.settings;
    return this.#send({
      command: `bind_${bindAs}`,
      status: 0,
      sequence: this.#window.nextSequence(),
      systemId,
      password,
      systemType,
      interfaceVersion: INTERFACE_VERSION,
      addrTon: 0,
      addrNpi: 0,
      addressRange: '',
      tlvs: none,
    });
  }

  #send(pdu: Pdu): Promise<Reply> {
    const octets = encodePdu(pdu);
    const reply = this.#window.wait(pdu.sequence);
    this.#write(octets);
    return reply;
  }

  #abandon(sequence: number, late: (answer: Pdu) => void): void {
    this.#abandoned.set(sequence, late);
    if (this.#abandoned.size <= ABANDONED_LIMIT) return;
    const [oldest] = this.#abandoned.keys();
    if (oldest !== undefined) this.#abandoned.delete(oldest);
  }

  #write(octets: Buffer): void {
    if (this.#isClosed() || !this.socket.writable) return;
    // Everything of one turn leaves in one packet.
    if (this.socket.writableCorked === 0) {
      this.socket.cork();
      process.nextTick(() => this.socket.uncork());
    }
    this.socket.write(octets);
  }

  #read(bytes: Buffer): void {
    this.#pulse.heard();
    try {
      for (const frame of this.#frames.push(bytes)) {
        if (this.#isClosed()) return;
        this.#take(frame);
      }
    } catch (error) {
      if (!(error instanceof BadLength)) throw error;
      this.#answer('generic_nack', 0, STATUS.badCommandLength);
      this.#end(error.message);
    }
  }

  #take(frame: Buffer): void {
    try {
      this.#handle(decodePdu(frame));
    } catch (error) {
      if (!(error instanceof MalformedPdu)) throw error;
      // The frame was whole, so only this one PDU is refused.
      if (!isAnswer(error.commandId)) this.#answer('generic_nack', error.sequence, STATUS.badCommandLength);
    }
  }

  #handle(pdu: Pdu | ForeignPdu): void {
    switch (pdu.command) {
      case 'foreign':
        if (!isAnswer(pdu.commandId)) this.#answer('generic_nack', pdu.sequence, STATUS.badCommand);
        return;
      case 'enquire_link':
        this.#answer('enquire_link_resp', pdu.sequence, STATUS.ok);
        return;
      case 'deliver_sm':
      case 'data_sm':
        void this.#incoming(pdu);
        return;
      case 'unbind':
        this.#letGo(pdu.sequence);
        return;
      case 'alert_notification': // needs no answer (SMPP 3.4 §4.12)
      case 'outbind':
        return;
      default:
        this.#answered(pdu);
    }
  }

  /** What was taken may still be answered, either way, and only then the gateway is told that it may go. */
  #letGo(sequence: number): void {
    const go = (): void => {
      this.#answer('unbind_resp', sequence, STATUS.ok);
      this.#end('the gateway unbound');
    };
    if (this.#state === 'binding' || this.#window.inFlight + this.#storing === 0) return go();
    this.#state = 'draining';
    void this.#answers(performance.now() + LAST_ANSWERS_MS).then(go);
  }

  /** Waits until nothing is in flight any more, either way, at most until then. */
  async #answers(until: number): Promise<void> {
    while (this.#window.inFlight + this.#storing > 0 && performance.now() < until) await pause(10);
  }

  #answered(pdu: Pdu): void {
    if (pdu.command === 'enquire_link_resp') return; // any byte has already proved that the gateway lives
    if (isRequest(pdu)) return this.#answer('generic_nack', pdu.sequence, STATUS.badCommand);
    if (this.#window.settle(pdu)) return;
    const late = this.#abandoned.get(pdu.sequence);
    this.#abandoned.delete(pdu.sequence);
    late?.(pdu);
  }

  async #incoming(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): Promise<void> {
    this.#storing += 1;
    const status = await this.events.incoming(pdu).then(
      () => STATUS.ok,
      () => STATUS.temporaryReceiverError, // not stored: the gateway must bring it again
    );
    this.#storing -= 1;
    const answer = { status, sequence: pdu.sequence, messageId: '', tlvs: none };
    this.#write(encodePdu({ command: `${pdu.command}_resp`, ...answer }));
  }

  #answer(
    command: 'generic_nack' | 'enquire_link_resp' | 'unbind_resp',
    sequence: number,
    status: number,
  ): void {
    this.#write(encodePdu({ command, status, sequence, tlvs: none }));
  }

  #ask(): void {
    // Not in the window: its answer has no deadline of its own and must not take a text's place.
    const sequence = this.#window.nextSequence();
    this.#write(encodePdu({ command: 'enquire_link', status: 0, sequence, tlvs: none }));
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #end(why: string): void {
    if (this.#state === 'closed') return;
    const wasBound = this.#state !== 'binding';
    this.#state = 'closed';
    this.#pulse.stop();
    this.#window.lose(why);
    this.socket.end(() => this.socket.destroy());
    setTimeout(() => this.socket.destroy(), 500).unref();
    if (wasBound) this.events.closed(why);
  }
}

const isRequest = (pdu: Pdu): boolean => !pdu.command.endsWith('_resp') && pdu.command !== 'generic_nack';

// The socket keeps the process alive, not the waiting for it.
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
