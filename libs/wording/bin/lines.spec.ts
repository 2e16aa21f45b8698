import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '#wording/testing';
import { codePoint, lines, LONGEST_LINE, printable, textOf } from './lines.js';
import type { Line } from './lines.js';

async function* inChunks(octets: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

async function read(written: string | Uint8Array, size = 7): Promise<Line[]> {
  const found: Line[] = [];
  for await (const some of lines(inChunks(Buffer.from(written), size))) found.push(...some);
  return found;
}
const texts = async (written: string | Uint8Array, size = 7) =>
  (await read(written, size)).map((line) => ('text' in line ? line.text : line.wrong));

describe('the lines of a stream', () => {
  it.each([
    ['nothing', '', []],
    ['one without an end', 'a', ['a']],
    ['one with an end', 'a\n', ['a']],
    ['empty ones', '\n\na\n', ['', '', 'a']],
    ['line ends of another system stay for JSON to pass over', 'a\r\nb\r\n', ['a\r', 'b\r']],
    ['U+2028 and U+0085 end no line', 'a\u2028b\u0085c\n', ['a\u2028b\u0085c']],
    ['a byte order mark is dropped', '\ufeffa\n', ['a']],
  ])('%s', async (_, written, found) => {
    for (const size of [1, 2, 3, 64]) expect(await texts(written, size)).toEqual(found);
  });

  it('are the same wherever a chunk cuts them, also inside a character', async () => {
    const written = fc.array(
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ' ')),
    );
    await fc.assert(
      fc.asyncProperty(written, fc.integer({ min: 1, max: 9 }), async (all, size) => {
        const marked = all.map((text) => `.${text}`);
        expect(await texts(marked.map((text) => `${text}\n`).join(''), size)).toEqual(marked);
      }),
      { seed: 20_261_121, numRuns: 100 },
    );
  });

  it('come as soon as they have arrived, so that a program may ask one by one', async () => {
    const asked: string[] = [];
    async function* oneByOne(): AsyncGenerator<Uint8Array> {
      for (const word of ['a\n', 'b\n', 'c\n']) {
        asked.push(word.trim());
        yield Buffer.from(word);
      }
    }
    const before: string[] = [];
    for await (const [line] of lines(oneByOne()))
      before.push(`${line && 'text' in line ? line.text : ''}:${asked.length}`);
    expect(before).toEqual(['a:1', 'b:2', 'c:3']);
  });

  it.each([
    ['a lone octet', [0xff]],
    ['a character that is cut off', [0xc5]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['more octets than needed', [0xc0, 0x80]],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00]],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
  ])('say so when they are not UTF-8: %s', async (_, octets) => {
    const written = Buffer.concat([Buffer.from('a\n'), Uint8Array.from(octets), Buffer.from('\nb\n')]);
    expect(await texts(written)).toEqual(['a', expect.stringContaining('not UTF-8'), 'b']);
  });

  it('are not held when they are longer than any text', async () => {
    const written = Buffer.alloc(LONGEST_LINE + 10, 0x61);
    written[LONGEST_LINE + 5] = 0x0a;
    expect(await texts(written, 65_536)).toEqual([expect.stringContaining('longer than'), 'aaaa']);
    const longest = Buffer.alloc(LONGEST_LINE + 1, 0x61);
    longest[LONGEST_LINE] = 0x0a;
    expect((await texts(longest, 65_536)).map((text) => text.length)).toEqual([LONGEST_LINE]);
  });
});

describe('a whole text', () => {
  it('is read as UTF-8, without a byte order mark, line ends as they are', () => {
    expect(textOf(Buffer.from('\ufeffdŵr\r\n🌊'))).toEqual({ text: 'dŵr\r\n🌊' });
    expect(textOf(Buffer.from(''))).toEqual({ text: '' });
  });

  it('is none when it is not UTF-8', () =>
    expect(textOf(Uint8Array.of(0x66, 0xe9))).toEqual({
      wrong: expect.stringContaining('save it as UTF-8'),
    }));
});

describe('a foreign text on a terminal', () => {
  it.each([
    ['a colour', '\u001b[31mred', '<U+001B>[31mred'],
    ['a bell', 'a\u0007', 'a<U+0007>'],
    ['a turned direction', 'a\u202eb', 'a<U+202E>b'],
    ['half of a character', 'a\ud800', 'a<U+D800>'],
    ['a tab and a carriage return', 'a\tb\r', 'a<U+0009>b<U+000D>'],
    ['line ends stay', 'a\nb', 'a\nb'],
    ['letters, accents and pictures stay', 'dŵr e\u0301 👨‍👩‍👧‍👦', 'dŵr e\u0301 👨‍👩‍👧‍👦'],
  ])('%s', (_, text, shown) => expect(printable(text)).toBe(shown));

  it('never holds a control character, whatever is written', () =>
    holds(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(printable(text)),
      ),
    ));

  it.each([
    ['A', 'U+0041'],
    ['ŵ', 'U+0175'],
    ['🌊', 'U+1F30A'],
    ['\ud800', 'U+D800'],
  ])('%j is named %s', (character, name) => expect(codePoint(character)).toBe(name));
});
