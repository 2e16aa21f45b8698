import type { Socket } from 'node:net';
import { ANSWER, BrokenPdu, COMMAND, GENERIC_NACK, PduReader, writePdu, type Pdu } from './pdu.js';

/** How long the other side may take to answer us, and how often it is asked whether it is there. */
export type LinkPace = { answerWithinMs: number; enquireEveryMs: number };
const USUAL_PACE: LinkPace = { answerWithinMs: 5_000, enquireEveryMs: 30_000 };
/** ESME_RINVCMDLEN */
const BAD_LENGTH = 0x02;

/** What the other side asks of us. */
export type Asked = (pdu: Pdu) => void;

/** One SMPP connection: frames what comes, matches answers to questions, and asks now and then whether anybody is there. */
export class Link {
  private readonly reader = new PduReader();
  private readonly waiting = new Map<number, (status: number | undefined) => void>();
  private readonly enquiry: NodeJS.Timeout;
  private sequence = 0;
  private misses = 0;
  /** What it was bound as; undefined before a bind. */
  bound: { systemId: string; receives: boolean; sends: boolean } | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly asked: Asked,
    private readonly pace: LinkPace = USUAL_PACE,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', () => undefined); // the close that follows says all
    socket.on('close', () => this.ended());
    this.enquiry = setInterval(() => void this.enquire(), pace.enquireEveryMs);
    this.enquiry.unref();
  }

  answer(pdu: Pdu, status: number, body: Buffer = Buffer.alloc(0)): void {
    this.write({ command: (pdu.command | ANSWER) >>> 0, status, sequence: pdu.sequence, body });
  }

  nack(sequence: number, status: number): void {
    this.write({ command: GENERIC_NACK, status, sequence, body: Buffer.alloc(0) });
  }

  /** The status of the answer, or undefined when none came or the link went. */
  ask(command: number, body: Buffer): Promise<number | undefined> {
    this.sequence = this.sequence >= 0x7fffffff ? 1 : this.sequence + 1;
    const { sequence } = this;
    return new Promise((resolve) => {
      if (this.socket.destroyed) return resolve(undefined);
      const timer = setTimeout(() => this.settle(sequence, undefined), this.pace.answerWithinMs);
      this.waiting.set(sequence, (status) => {
        clearTimeout(timer);
        resolve(status);
      });
      this.write({ command, status: 0, sequence, body });
    });
  }

  /** Drops the connection at once, as a network does. */
  drop(): void {
    this.socket.destroy();
  }

  /** Lets what was written leave, then closes. */
  end(): void {
    this.socket.end();
  }

  private take(chunk: Buffer): void {
    try {
      for (const pdu of this.reader.read(chunk)) {
        if ((pdu.command & ANSWER) === 0) this.asked(pdu);
        else this.settle(pdu.sequence, pdu.status);
      }
    } catch (error) {
      if (!(error instanceof BrokenPdu)) throw error;
      this.nack(0, BAD_LENGTH);
      this.end();
    }
  }

  private settle(sequence: number, status: number | undefined): void {
    this.waiting.get(sequence)?.(status);
    this.waiting.delete(sequence);
  }

  private async enquire(): Promise<void> {
    const status = await this.ask(COMMAND.enquire_link, Buffer.alloc(0));
    this.misses = status === undefined ? this.misses + 1 : 0;
    if (this.misses >= 2) this.drop();
  }

  // Many answers of one tick leave in one packet.
  private write(pdu: Pdu): void {
    if (this.socket.destroyed || !this.socket.writable) return;
    if (this.socket.writableCorked === 0) {
      this.socket.cork();
      setImmediate(() => this.socket.uncork());
    }
    this.socket.write(writePdu(pdu));
  }

  private ended(): void {
    clearInterval(this.enquiry);
    for (const sequence of this.waiting.keys()) this.settle(sequence, undefined);
  }
}
