import { StringDecoder } from 'node:string_decoder';

/** Where a command writes; waits while the reader of a pipe is slow, so that memory stays bounded. */
export type Sink = (text: string) => Promise<void>;

/** The lines of a stream, ended by U+000A alone: U+2028 may stand inside a JSON text. Holds one line at a time. */
export async function* lines(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest: string[] = [];
  for await (const chunk of input) {
    const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      rest.push(text.slice(from, end));
      yield rest.join('');
      rest = [];
      from = end + 1;
    }
    rest.push(text.slice(from));
  }
  const last = rest.join('') + decoder.end();
  if (last !== '') yield last;
}

/** Everything of a stream as text. */
export async function allOf(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A stream as a sink: a write that the stream cannot take at once is awaited. */
export function sinkOf(stream: NodeJS.WriteStream): Sink {
  return (text) =>
    stream.write(text) ? Promise.resolve() : new Promise((resolve) => stream.once('drain', () => resolve()));
}
