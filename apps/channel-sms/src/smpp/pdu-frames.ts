import { HEADER_OCTETS, MOST_OCTETS } from './protocol.js';

/** The peer announced a length that no PDU can have. Where the next one begins cannot be known: the link must be dropped. */
export class BadLength extends Error {
  override readonly name = 'BadLength';

  constructor(readonly length: number) {
    super(`a PDU of ${length} octets was announced; allowed are ${HEADER_OCTETS} to ${MOST_OCTETS}`);
  }
}

/** Cuts the byte stream of a link into whole PDUs, wherever the network cut it. */
export class PduFrames {
  #pieces: Buffer[] = [];
  #held = 0;

  /** Takes the next bytes and gives the frames that are whole now. Throws `BadLength`; after that it must not be used again. */
  *push(bytes: Buffer): Generator<Buffer, void, void> {
    this.#pieces.push(bytes);
    this.#held += bytes.length;
    for (;;) {
      const length = this.#announced();
      if (length === undefined || this.#held < length) return;
      const all = this.#together();
      this.#pieces = length < all.length ? [all.subarray(length)] : [];
      this.#held -= length;
      yield all.subarray(0, length);
    }
  }

  #announced(): number | undefined {
    if (this.#held < 4) return undefined;
    const first = this.#pieces[0]!;
    const length = (first.length >= 4 ? first : this.#together()).readUInt32BE(0);
    if (length < HEADER_OCTETS || length > MOST_OCTETS) throw new BadLength(length);
    return length;
  }

  #together(): Buffer {
    const all = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }
}
