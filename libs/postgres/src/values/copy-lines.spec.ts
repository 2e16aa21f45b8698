import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copyLines, type CopyRow } from './copy-lines.js';

async function copied(rows: AsyncIterable<CopyRow> | Iterable<CopyRow>): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of copyLines(rows)) chunks.push(chunk.toString('utf8'));
  return chunks;
}

/** What PostgreSQL makes of one value in COPY's text format: null for `\N`, else the text without its escapes. */
function asRead(field: string): string | null {
  if (field === '\\N') return null;
  const meant: Record<string, string> = { t: '\t', n: '\n', r: '\r' };
  return field.replaceAll(/\\(.)/gs, (_, escaped: string) => meant[escaped] ?? escaped);
}

describe('rows on their way into a table', () => {
  it.each<[what: string, value: unknown, written: string]>([
    ['a text', 'Severe flood', 'Severe flood'],
    ['an empty text, which is not nothing', '', ''],
    ['nothing', null, '\\N'],
    ['a value that is missing', undefined, '\\N'],
    ['a text that looks like nothing', '\\N', '\\\\N'],
    ['a text that looks like the end of the data', '\\.', '\\\\.'],
    ['a tab, a line and a return', 'a\tb\nc\rd', 'a\\tb\\nc\\rd'],
    ['a whole number', 42, '42'],
    ['zero below nought', -0, '0'],
    ['a fraction', 51.5, '51.5'],
    ['no number at all', Number.NaN, 'NaN'],
    ['a number beyond 2^53', 9_007_199_254_740_993n, '9007199254740993'],
    ['yes', true, 'true'],
    ['no', false, 'false'],
    ['a moment', new Date('2026-11-21T10:00:00.123Z'), '2026-11-21T10:00:00.123Z'],
    ['bytes', new Uint8Array([0, 92, 255]), '\\\\x005cff'],
    ['no bytes', new Uint8Array(), '\\\\x'],
    ['a part of a larger buffer', Buffer.from('abcd').subarray(1, 3), '\\\\x6263'],
    ['an object', { town: 'Åbo\n' }, '{"town":"Åbo\\\\n"}'],
    ['a list, as JSON', ['a', 1], '["a",1]'],
  ])('%s is written as PostgreSQL reads it', async (_, value, written) =>
    expect(await copied([[value]])).toEqual([`${written}\n`]),
  );

  it('keep the order of their columns, and each row its line', async () =>
    expect(
      await copied([
        [1, 'ann', null],
        [2, '', true],
      ]),
    ).toEqual(['1\tann\t\\N\n2\t\ttrue\n']));

  it('of which there are none write nothing', async () => expect(await copied([])).toEqual([]));

  it('of no columns are lines all the same: PostgreSQL counts them', async () =>
    expect(await copied([[], []])).toEqual(['\n\n']));

  it('go out in chunks of some 64 kB, so that a million rows are few writes and never one', async () => {
    const rows = Array.from({ length: 1_000 }, (_, n) => [n, 'x'.repeat(1_000)]);
    const chunks = await copied(rows);
    expect(chunks.length).toBeGreaterThan(10);
    expect(chunks.length).toBeLessThan(17);
    expect(chunks.every((chunk) => chunk.endsWith('\n') && chunk.length < 70_000)).toBe(true);
    expect(chunks.join('').split('\n')).toHaveLength(1_001);
  });

  it('are taken one after another while they come, not gathered first', async () => {
    let asked = 0;
    async function* endless() {
      for (;;) yield [(asked += 1), 'x'.repeat(70_000)];
    }
    for await (const chunk of copyLines(endless())) {
      expect(chunk.length).toBeGreaterThan(70_000);
      break;
    }
    expect(asked).toBe(1);
  });

  it('that fail on the way fail the whole', async () => {
    async function* broken(): AsyncGenerator<CopyRow> {
      yield ['ann'];
      throw new Error('the file ends in the middle of a line');
    }
    await expect(copied(broken())).rejects.toThrow('the file ends in the middle of a line');
  });

  it('a moment that is none is refused, not written as something else', async () =>
    expect(copied([[new Date('no day')]])).rejects.toThrow(RangeError));

  it('come back as they were, whatever is written in them', async () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\\', '\t', '\n', '\r', 'N', '.', 'x'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
    });
    const rows = fc.array(fc.array(fc.option(text), { minLength: 1, maxLength: 4 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        const lines = (await copied(written)).join('').split('\n').slice(0, -1);
        expect(lines.map((line) => line.split('\t').map(asRead))).toEqual(written);
      }),
      { numRuns: 200, seed: 20_261_121 },
    );
  });
});
