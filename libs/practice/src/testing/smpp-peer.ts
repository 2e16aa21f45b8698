import { createRequire } from 'node:module';

/** A unit as npm `smpp` writes and reads it; only what the specs look at. */
export type PeerPdu = {
  command: string;
  command_status: number;
  message_id?: string;
  source_addr?: string;
  destination_addr?: string;
  esm_class?: number;
  short_message?: { message: string | Buffer };
  receipted_message_id?: string;
  message_state?: number;
  response(fields?: object): object;
};

type PeerSession = {
  on(event: string, listener: (pdu: PeerPdu) => void): void;
  send(pdu: object): boolean;
  destroy(): void;
} & Record<string, (fields: object, answered: (pdu: PeerPdu) => void) => void>;

// The package has no types, and is CommonJS.
const smpp = createRequire(import.meta.url)('smpp') as { connect(options: object): PeerSession };

/** An SMPP client that somebody else wrote, so that our SMSC is not judged by our own idea of the protocol. For specs. */
export class SmppPeer {
  /** What the SMSC delivered: receipts and texts, in order. */
  readonly delivered: PeerPdu[] = [];
  readonly closed: Promise<void>;
  private readonly session: PeerSession;

  /** `status` is what every deliver_sm is answered with. */
  constructor(port: number, status: () => number = () => 0) {
    this.session = smpp.connect({ url: `smpp://127.0.0.1:${port}`, auto_enquire_link_period: 0 });
    this.closed = new Promise((resolve) => {
      this.session.on('close', () => resolve());
      this.session.on('error', () => resolve());
    });
    this.session.on('deliver_sm', (pdu) => {
      this.delivered.push(pdu);
      this.session.send(pdu.response({ command_status: status() }));
    });
  }

  /** Asks and answers with the reply, or undefined when the link went first. */
  ask(command: string, fields: object = {}): Promise<PeerPdu | undefined> {
    const reply = new Promise<PeerPdu>((resolve) => this.session[command]?.(fields, resolve));
    return Promise.race([reply, this.closed.then(() => undefined)]);
  }

  bind(how = 'bind_transceiver', fields: object = {}): Promise<PeerPdu | undefined> {
    return this.ask(how, { system_id: 'larum', password: 'practice', ...fields });
  }

  /** Sends octets as they are, with the data_coding said beside them. */
  submit(to: string, octets: Buffer, fields: object = {}): Promise<PeerPdu | undefined> {
    const usual = { source_addr: '447700900999', registered_delivery: 1, data_coding: 0 };
    return this.ask('submit_sm', { ...usual, destination_addr: to, short_message: octets, ...fields });
  }

  end(): void {
    this.session.destroy();
  }
}
