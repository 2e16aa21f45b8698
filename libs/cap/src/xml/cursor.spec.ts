import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalDocument } from '../canonical/canonical-xml.js';
import { XmlRefused } from '../intake/refusal.js';
import { openSource } from '../intake/source.js';
import { Cursor } from './cursor.js';
import { LIMITS, type XmlLimits } from './limits.js';
import { parseXml } from './parse-xml.js';
import { childElements, textOf } from './tree.js';

/** The size of the window, and what it keeps in hand behind a tag. A document is read in steps of about this size. */
const WINDOW = 65_536;
const MARGIN = 4_096;

const read = (xml: string) => parseXml(openSource(Buffer.from(xml)));
const canonical = (xml: string): string => canonicalDocument(read(xml), { exclusive: false, comments: true });
const cursorOver = (xml: string): Cursor => new Cursor(openSource(Buffer.from(xml)));

/** What may stand where one window ends and the next begins, and what canonical XML makes of it. */
const TOKENS: readonly (readonly [name: string, written: string, canonical: string])[] = [
  ['an element', '<b>text</b>', '<b>text</b>'],
  ['an empty element', '<b />', '<b></b>'],
  ['attributes', '<b  x = "1"\n y=\'2\'></b >', '<b x="1" y="2"></b>'],
  ['a prefix and its namespace', '<p:b xmlns:p="urn:p" p:x="1"/>', '<p:b xmlns:p="urn:p" p:x="1"></p:b>'],
  ['a reference', 'a&amp;b&#x20AC;', 'a&amp;b€'],
  ['a Windows line end', 'a\r\nb\rc', 'a\nb\nc'],
  ['letters of two and four bytes', 'é😀 é😀', 'é😀 é😀'],
  ['a name beyond ASCII', '<über>é</über>', '<über>é</über>'],
  ['CDATA', '<![CDATA[<&>\r\n]]]]>', '&lt;&amp;&gt;\n]]'],
  ['a comment', '<!-- a - b\r\n é -->', '<!-- a - b\n é -->'],
  ['an instruction', '<?style é\r\n sheet?>', '<?style é\n sheet?>'],
  ['several spaces', 'a  b', 'a  b'],
];

describe('a document longer than the window', () => {
  it.each(TOKENS)('has %s wherever one window ends', (_, written, expected) => {
    const width = Buffer.byteLength(written);
    for (const edge of [WINDOW - MARGIN, WINDOW]) {
      for (let before = edge - width - 4; before <= edge + 1; before += 1) {
        for (const pad of ['x'.repeat(before - 3), `${'word '.repeat(200)}${'x'.repeat(before - 1_003)}`]) {
          const found = canonical(`<a>${pad}${written}</a>`);
          if (found !== `<a>${pad}${expected}</a>`) throw new Error(`with ${before} bytes in front`);
        }
      }
    }
    expect(canonical(`<a>${written}</a>`)).toBe(`<a>${expected}</a>`);
  });

  it.each([
    ['an attribute', `<a x="${'y'.repeat(3 * WINDOW)}"></a>`],
    ['a comment', `<a><!--${'y'.repeat(3 * WINDOW)}--></a>`],
    ['an instruction', `<a><?y ${'y'.repeat(3 * WINDOW)}?></a>`],
    ['a text without a space', `<a>${'y'.repeat(3 * WINDOW)}</a>`],
    ['a text of words', `<a>${'many words '.repeat(30_000)}</a>`],
    ['a text of spaces', `<a>${' '.repeat(3 * WINDOW)}</a>`],
    ['a name', `<${'y'.repeat(2 * WINDOW)}></${'y'.repeat(2 * WINDOW)}>`],
  ])('may have %s that is longer than several windows', (_, xml) => expect(canonical(xml)).toBe(xml));

  it('may have white space of any length inside its tags', () => {
    const gap = ' '.repeat(2 * WINDOW);
    expect(canonical(`<a${gap}x${gap}=${gap}"1"${gap}>t</a${gap}>`)).toBe('<a x="1">t</a>');
  });

  it('may have white space of any length round its root', () => {
    const gap = '\n'.repeat(2 * WINDOW);
    expect(canonical(`${gap}<a></a>${gap}<!--end-->${gap}`)).toBe('<a></a>\n<!--end-->');
  });

  it('may have 256 attributes of 1 kB each', () => {
    const attributes = Array.from({ length: 256 }, (_, i) => `a${i + 100}="${'v'.repeat(1_000)}"`).join(' ');
    expect(read(`<a ${attributes}/>`).root.attributes).toHaveLength(256);
  });

  it('knows of each element where it stands in the bytes', () => {
    const xml = `<feed>${Array.from({ length: 9_000 }, (_, i) => `<e>é${i}</e>`).join('\n')}</feed>`;
    const bytes = Buffer.from(xml);
    const elements = childElements(read(xml).root);
    expect(elements).toHaveLength(9_000);
    for (const [index, each] of elements.entries()) {
      const own = bytes.subarray(each.start, each.end).toString();
      const inside = bytes.subarray(each.inside, each.end - '</e>'.length).toString();
      expect([own, inside, textOf(each)]).toEqual([`<e>é${index}</e>`, `é${index}`, `é${index}`]);
    }
  });

  it.each([
    ['an attribute', `<a x="${'y'.repeat(2 * WINDOW)}`, 'an attribute value that is not closed'],
    ['a comment', `<a><!--${'y'.repeat(2 * WINDOW)}`, 'a comment that is not closed'],
    ['CDATA', `<a><![CDATA[${'y'.repeat(2 * WINDOW)}`, 'a CDATA section that is not closed'],
    ['an instruction', `<a><?y ${'y'.repeat(2 * WINDOW)}`, 'a processing instruction that is not closed'],
    ['a text', `<a>${'y '.repeat(WINDOW)}`, 'the element a is not closed'],
    ['a start tag', `<a${' '.repeat(2 * WINDOW)}`, 'an attribute without a proper name'],
    ['an end tag', `<a>${'y '.repeat(WINDOW)}</a`, 'the element a is closed by another name'],
  ])('is refused when it ends within %s', (_, xml, why) => {
    expect(() => read(xml)).toThrow(XmlRefused);
    expect(() => read(xml)).toThrow(why);
  });

  it('is refused with the line of the whole document, not that of the window', () => {
    const lines = 'one line of forty characters, more or less\n'.repeat(5_000);
    expect(() => read(`<a>${lines}</b>`)).toThrow('line 5001:');
    expect(() => read(`<a>\n\n<b x=1/></a>`)).toThrow('line 3:');
  });
});

describe('a document cut into windows of 256 bytes', () => {
  const TINY: XmlLimits = { ...LIMITS, window: 256 };
  const inWindows = (xml: string, limits = TINY): string => {
    try {
      const document = parseXml(openSource(Buffer.from(xml)), {}, limits);
      return canonicalDocument(document, { exclusive: false, comments: true });
    } catch (error) {
      if (!(error instanceof XmlRefused)) throw error;
      return error.code;
    }
  };

  it.each(TOKENS)('has %s at every place of a window', (_, written, expected) => {
    for (let before = 0; before < 520; before += 1) {
      for (const pad of ['y'.repeat(before), '<c/>'.repeat(before / 4) + 'y'.repeat(before % 4)]) {
        const read = inWindows(`<a>${pad}${written}${'z'.repeat(300)}</a>`);
        const wanted = `<a>${pad.replaceAll('<c/>', '<c></c>')}${expected}${'z'.repeat(300)}</a>`;
        if (read !== wanted) throw new Error(`with ${before} bytes in front`);
      }
    }
    expect(inWindows(written)).toBe(inWindows(written, LIMITS));
  });

  it('gives the same tree or the same refusal as in one piece, of whatever it is made', () => {
    const bits = [
      ...TOKENS.map(([, written]) => written),
      '<b>',
      '</b>',
      '<?pi é',
      '?>',
      ']]>',
      '&',
      '<',
      '-->',
      'x'.repeat(90),
    ];
    const documents = fc.array(fc.constantFrom(...bits), { maxLength: 60 });
    fc.assert(
      fc.property(documents, fc.integer({ min: 0, max: 300 }), (all, before) => {
        const xml = `<a><!--${'.'.repeat(before)}-->${all.join('')}</a>`;
        expect(inWindows(xml)).toBe(inWindows(xml, LIMITS));
      }),
      { seed: 20261121, numRuns: 400 },
    );
  });
});

describe('a cursor', () => {
  it('begins behind a byte-order mark and counts bytes from the start of the document', () => {
    const cursor = cursorOver('\ufeff<a/>');
    expect([cursor.offset, cursor.code(), cursor.code(1)]).toEqual([3, 60, 97]);
  });

  it('has no character behind the end', () => {
    const cursor = cursorOver('<a/>');
    cursor.at = 4;
    expect([cursor.more(), cursor.code()]).toEqual([false, Number.NaN]);
  });

  it('takes names as XML has them, and nothing else for one', () => {
    const cursor = cursorOver('a-1.b:c=');
    expect([cursor.name('x'), cursor.offset]).toEqual(['a-1.b:c', 7]);
    for (const wrong of ['1a', '-a', '.a', ' a', '<a', ''])
      expect(() => cursorOver(`${wrong}\n`).name('an element')).toThrow('an element without a proper name');
  });

  it('says whether there was white space', () => {
    const cursor = cursorOver(' \t\r\na');
    expect([cursor.skipSpace(), cursor.offset, cursor.skipSpace()]).toEqual([true, 4, false]);
  });

  it('holds one window at a time', () => {
    const cursor = cursorOver(`<a>${'x'.repeat(10 * WINDOW)}</a>`);
    let longest = 0;
    for (; cursor.more(); cursor.at += 1_000) longest = Math.max(longest, cursor.text.length);
    expect(longest).toBe(WINDOW);
  });

  it('becomes small again behind a long tag', () => {
    const cursor = cursorOver(
      `<a>${'x'.repeat(WINDOW - 10)}<${'b'.repeat(WINDOW)}/>${'x'.repeat(10 * WINDOW)}</a>`,
    );
    cursor.at = WINDOW - 6;
    expect(cursor.name('an element')).toHaveLength(WINDOW);
    expect(cursor.text.length).toBeGreaterThan(WINDOW);
    expect([cursor.more(), cursor.text.length, cursor.code()]).toEqual([true, WINDOW, 47]);
  });

  it('refuses to grow for a tag, a comment or an instruction longer than two alerts', () => {
    const long = (open: string, close: string): string =>
      `<feed>${open}${'y'.repeat(2_200_000)}${close}</feed>`;
    for (const xml of [
      long('<!--', '-->'),
      long('<?y ', '?>'),
      long('<', '/>'),
      long('<a x="', '"/>'),
      long('<![CDATA[', ']]>'),
    ]) {
      expect(() => read(xml)).toThrow('larger than 2 MB');
      expect(() => read(xml.replace(/y{1300000}/, ''))).not.toThrow();
    }
    expect(textOf(read(long('', '')).root)).toHaveLength(2_200_000);
    expect(() => read(`${' '.repeat(2_200_000)}<a/>${'\n'.repeat(2_200_000)}`)).not.toThrow();
  });
});
