/** Where a command writes; waits while the reader of a pipe is slow, so that memory stays bounded. */
export type Sink = (text: string) => Promise<void>;

/** A line of a stream, or why it is none that can be read. */
export type Line = { text: string } | { wrong: string };

/** Octets. Six times a megabyte, because JSON may write each character as `\u0000`, and some room. */
export const LONGEST_LINE = 8 * 1024 * 1024;

const NEW_LINE = 0x0a;
const NOT_UTF_8 = 'this is not UTF-8; save it as UTF-8, so that no character is counted as another';
const TOO_LONG = `this line is longer than ${LONGEST_LINE} bytes; no platform takes such a text`;
/** Drops a byte order mark at the start of what it reads, as some editors write it. */
const strict = new TextDecoder('utf-8', { fatal: true });

function read(octets: Uint8Array): Line {
  try {
    return { text: strict.decode(octets) };
  } catch {
    return { wrong: NOT_UTF_8 };
  }
}

/**
 * The lines of a stream, as many at a time as have arrived, ended by U+000A alone: U+2028 may stand inside a JSON text.
 * Holds no line that is longer than `LONGEST_LINE`. Each is decoded by itself, so that one that is not UTF-8 spoils no other.
 */
export async function* lines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let held: Uint8Array[] = [];
  let octets = 0;
  const keep = (piece: Uint8Array) => {
    octets += piece.length;
    if (octets <= LONGEST_LINE) held.push(piece);
    else held = [];
  };
  const take = (): Line => {
    const line = octets > LONGEST_LINE ? { wrong: TOO_LONG } : read(Buffer.concat(held));
    held = [];
    octets = 0;
    return line;
  };
  for await (const chunk of input) {
    const arrived: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, from)) {
      keep(chunk.subarray(from, end));
      arrived.push(take());
      from = end + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
    if (arrived.length > 0) yield arrived;
  }
  if (octets > 0) yield [take()];
}

/** Everything of a stream or file as one text; a byte order mark at its start is dropped. */
export function textOf(octets: Uint8Array): Line {
  return read(octets);
}

/** All octets of a stream. */
export async function allOf(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A stream as a sink: a write that the stream cannot take at once is awaited. */
export function sinkOf(stream: NodeJS.WriteStream): Sink {
  return (text) =>
    stream.write(text) ? Promise.resolve() : new Promise((resolve) => stream.once('drain', () => resolve()));
}

/** Controls, marks that turn the reading direction, and halves of characters: a terminal would obey them or show nothing. */
const UNSEEN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/** A foreign text as a terminal may print it: what is not seen is named, `<U+001B>`. Line ends stay. */
export function printable(text: string): string {
  return text.replace(UNSEEN, (character) => `<${codePoint(character)}>`);
}

/** `U+0041` for "A". */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
