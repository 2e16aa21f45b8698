import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asText, NotSmtp, ReplyReader, type Reply } from './replies.js';

const code = fc.integer({ min: 200, max: 599 });
const words = fc.string({ unit: fc.constantFrom('a', '5', '.', '-', ' ', 'é', '…', '2.1.5'), maxLength: 20 });
const reply = fc.record({ code, lines: fc.array(words, { minLength: 1, maxLength: 4 }) });
const written = ({ code, lines }: { code: number; lines: string[] }): string =>
  lines.map((line, n) => `${code}${n < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('');

/** The bytes in packets of these sizes, again and again. */
function inPackets(bytes: Buffer, sizes: readonly number[]): Reply[] {
  const reader = new ReplyReader();
  const found: Reply[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    found.push(...reader.read(bytes.subarray(at, at + size)));
    at += size;
  }
  expect(reader.isEmpty).toBe(true);
  return found;
}

describe('what a mail server answers', () => {
  it('is the same however the network cuts it', () =>
    fc.assert(
      fc.property(
        fc.array(reply, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
        (said, sizes) => {
          const found = inPackets(Buffer.from(said.map(written).join('')), sizes);
          expect(found.map(({ code, lines }) => ({ code, lines }))).toEqual(said);
        },
      ),
      { seed: 20261121 },
    ));

  it.each([
    ['550 5.1.1 no such user', '5.1.1'],
    ['250 2.0.0', '2.0.0'],
    ['452 4.12.345 something', '4.12.345'],
    ['550 no such user 5.1.1', undefined],
    ['250 10.0.0.1 at your service', undefined],
    ['250 2.0.0.1 is an address', undefined],
    ['250', undefined],
  ])('has its enhanced code where the standard puts it: %s', (line, status) =>
    expect(new ReplyReader().read(Buffer.from(`${line}\r\n`))[0]?.status).toBe(status),
  );

  it('is read from servers that end lines with LF alone', () =>
    expect(new ReplyReader().read(Buffer.from('250-a\n250 b\n'))).toMatchObject([{ lines: ['a', 'b'] }]));

  it('reads on one line for a report', () =>
    expect(asText({ code: 550, status: '5.1.1', lines: ['5.1.1 no', 'such user'] })).toBe(
      '550 5.1.1 no such user',
    ));

  it.each([
    ['no code', 'hello\r\n'],
    ['a code that SMTP does not have', '150 hm\r\n'],
    ['a word behind the code', '250ok\r\n'],
    ['nothing', '\r\n'],
    ['two codes in one answer', '250-a\r\n251 b\r\n'],
    ['a line that does not end', `250 ${'x'.repeat(5_000)}`],
    ['a line that ends too late', `250 ${'x'.repeat(5_000)}\r\n`],
    ['an answer that does not end', '250-x\r\n'.repeat(300)],
  ])('with %s is not believed', (_, text) =>
    expect(() => new ReplyReader().read(Buffer.from(text))).toThrow(NotSmtp),
  );
});
