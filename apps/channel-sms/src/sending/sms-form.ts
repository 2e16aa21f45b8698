import { decodeSms, encodeSms, isGsm, splitSms, type SmsPart } from '#wording';
import { TLV, type Tlvs } from '../smpp/protocol.js';

/** How one gateway wants its texts; these differ from gateway to gateway and no error tells when they are wrong. */
export type TextStyle = {
  /** What data_coding 0 means there: the GSM alphabet one septet per octet, or ISO 8859-1. */
  alphabet: 'gsm' | 'latin1';
  /** How long texts are joined: by a header with an 8- or 16-bit reference, by SAR parameters, or in one message_payload. */
  joining: 'udh8' | 'udh16' | 'sar' | 'payload';
};

/** One submit_sm's worth of a text. */
export type SmsSegment = { esmClass: number; dataCoding: number; message: Uint8Array; tlvs: Tlvs };

/** esm_class with a user data header in the message (SMPP 3.4 §5.2.12). */
const WITH_HEADER = 0x40;
/** data_coding (SMPP 3.4 §5.2.19): the gateway's default alphabet, and UCS-2. */
const DEFAULT_CODING = 0;
const UCS2 = 8;
/** UTF-16 units of a joined part with a 16-bit reference, and alone (3GPP TS 23.040 §9.2.3.24). */
const UNITS_JOINED = 66;
const UNITS_ALONE = 70;

/**
 * A text in one gateway's form, made once for everybody who gets it. `forReference` fills in the number that joins the
 * parts of one message on the phone. Throws a `RangeError` when what the phone will show is not the text: that is our defect.
 */
export class SmsForm {
  readonly count: number;
  readonly #dataCoding: number;
  readonly #parts: readonly SmsPart[];

  constructor(
    readonly text: string,
    private readonly style: TextStyle,
  ) {
    const { encoding, parts } = this.#split();
    this.#parts = parts;
    this.#dataCoding = encoding === 'UCS-2' ? UCS2 : DEFAULT_CODING;
    this.count = style.joining === 'payload' ? Math.min(1, parts.length) : parts.length;
    if (parts.length > 0 && this.#shown() !== text)
      throw new RangeError('a text would not be shown as it is written');
  }

  /** Whether its parts need a number that joins them. */
  get joined(): boolean {
    return this.count > 1;
  }

  /** The parts, joined by `reference` (0–65,535; 8-bit styles use its low octet). */
  forReference(reference: number): SmsSegment[] {
    const dataCoding = this.#dataCoding;
    const user = Uint8Array.of((reference >> 8) & 0xff, reference & 0xff);
    const base = new Map([[TLV.userMessageReference, user]]) as Map<number, Uint8Array>;
    if (this.style.joining === 'payload' && this.#parts.length > 1) {
      const whole = Buffer.concat(this.#parts.map(({ payload }) => payload));
      return [
        {
          esmClass: 0,
          dataCoding,
          message: new Uint8Array(),
          tlvs: new Map([...base, [TLV.messagePayload, whole]]),
        },
      ];
    }
    return this.#parts.map(({ udh, payload }, n) => {
      if (udh === undefined) return { esmClass: 0, dataCoding, message: payload, tlvs: base };
      if (this.style.joining === 'sar') {
        const place: Tlvs = new Map([
          ...base,
          [TLV.sarReference, user],
          [TLV.sarTotal, Uint8Array.of(this.#parts.length)],
          [TLV.sarNumber, Uint8Array.of(n + 1)],
        ]);
        return { esmClass: 0, dataCoding, message: payload, tlvs: place };
      }
      const message = Buffer.concat([numbered(udh, user), payload]);
      return { esmClass: WITH_HEADER, dataCoding, message, tlvs: base };
    });
  }

  #split(): { encoding: 'GSM-7' | 'UCS-2'; parts: SmsPart[] } {
    const { text, style } = this;
    if (style.alphabet === 'latin1' && isGsm(text)) return isLatin1(text) ? this.#latin1() : ucs2(text);
    return splitSms(text, { referenceBits: style.joining === 'udh8' ? 8 : 16 });
  }

  /** Counted in septets, because the gateway turns it into them, but written one character per octet. */
  #latin1(): { encoding: 'GSM-7'; parts: SmsPart[] } {
    const { parts } = splitSms(this.text, { referenceBits: this.style.joining === 'udh8' ? 8 : 16 });
    return {
      encoding: 'GSM-7',
      parts: parts.map((part) => ({ ...part, payload: Buffer.from(part.text, 'latin1') })),
    };
  }

  #shown(): string {
    const whole = Buffer.concat(this.#parts.map(({ payload }) => payload));
    if (this.#dataCoding === UCS2) return decodeSms(whole, 'UCS-2');
    return this.style.alphabet === 'latin1' ? whole.toString('latin1') : decodeSms(whole, 'GSM-7');
  }
}

const isLatin1 = (text: string): boolean => Buffer.from(text, 'latin1').toString('latin1') === text;

/** A text of GSM letters that ISO 8859-1 lacks, such as €: none of them is half of a pair, so it may be cut anywhere. */
function ucs2(text: string): { encoding: 'UCS-2'; parts: SmsPart[] } {
  if (text.length <= UNITS_ALONE)
    return { encoding: 'UCS-2', parts: [{ payload: encodeSms(text, 'UCS-2'), text }] };
  const pieces = Array.from({ length: Math.ceil(text.length / UNITS_JOINED) }, (_, n) =>
    text.slice(n * UNITS_JOINED, (n + 1) * UNITS_JOINED),
  );
  return {
    encoding: 'UCS-2',
    parts: pieces.map((piece, n) => ({
      udh: Uint8Array.of(6, 0x08, 4, 0, 0, pieces.length, n + 1),
      payload: encodeSms(piece, 'UCS-2'),
      text: piece,
    })),
  };
}

/** The joining header with the reference in its place: octet 3, or octets 3 and 4 (3GPP TS 23.040 §9.2.3.24.1, .8). */
function numbered(udh: Uint8Array, user: Uint8Array): Uint8Array {
  const header = Uint8Array.from(udh);
  if (header[1] === 0x00) header[3] = user[1]!;
  else header.set(user, 3);
  return header;
}
