import { describe, expect, it } from '@jest/globals';
import { XmlRefused } from './refusal.js';
import { MOST_BYTES, openSource } from './source.js';

const body = '<alert>caf\u00e9</alert>';
const declared = (encoding: string, text = body): string =>
  `<?xml version="1.0" encoding="${encoding}"?>${text}`;
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const utf32 = (text: string): Buffer =>
  Buffer.from(Uint32Array.from([...text], (each) => each.codePointAt(0) ?? 0).buffer);

/** What all of the document stands for. */
const textOf = (bytes: Uint8Array): string => {
  const source = openSource(bytes);
  const inside = source.bytes.toString('latin1', source.start);
  return source.wide(inside, source.start);
};
const refusalOf = (bytes: Uint8Array): XmlRefused => {
  try {
    openSource(bytes);
  } catch (error) {
    if (error instanceof XmlRefused) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('the encoding of a document', () => {
  it.each([
    ['UTF-8 without saying so', Buffer.from(body)],
    ['UTF-8 that says so', Buffer.from(declared('UTF-8'))],
    ['UTF-8 in small letters', Buffer.from(declared('utf8'))],
    ['UTF-8 behind a byte-order mark', Buffer.from(`\ufeff${body}`)],
    [
      'a byte-order mark that contradicts the declaration: the mark counts',
      Buffer.from(`\ufeff${declared('ISO-8859-1')}`),
    ],
    ['ISO-8859-1', latin(declared('ISO-8859-1'))],
    ['ISO-8859-1 in single quotes', latin(declared('x').replace('"x"', "'iso-8859-1'"))],
    ['ISO-8859-15', latin(declared('ISO-8859-15'))],
    ['windows-1252', latin(declared('windows-1252'))],
    ['windows-1252 by its short name', latin(declared('CP1252'))],
    ['UTF-16, little end first, with a mark', Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le')],
    ['UTF-16, big end first, with a mark', utf16be(`\ufeff${declared('UTF-16')}`)],
    ['UTF-16, little end first, told by its declaration', Buffer.from(declared('UTF-16'), 'utf16le')],
    ['UTF-16, big end first, told by its declaration', utf16be(declared('UTF-16'))],
  ])('is found: %s', (_, bytes) => expect(textOf(bytes)).toContain('>caf\u00e9</alert>'));

  it('tells quotation marks of windows-1252 from the control characters of ISO-8859-1', () => {
    const quoted = '<a>\x93flood\x94 \x80 \x85</a>';
    expect(textOf(latin(declared('windows-1252', quoted)))).toContain('“flood” € …');
    expect(textOf(latin(declared('ISO-8859-1', quoted)))).toContain('\x93flood\x94');
  });

  it('keeps the five bytes that windows-1252 leaves open', () => {
    const gaps = '\x81\x8d\x8f\x90\x9d';
    expect(textOf(latin(declared('windows-1252', `<a>${gaps}</a>`)))).toContain(gaps);
  });

  it.each([
    ['empty', 'nothing at all', Buffer.alloc(0)],
    ['encoding', 'bytes that are no UTF-8', latin(body)],
    ['encoding', 'UTF-8 cut off within a character', Buffer.from(body).subarray(0, 11)],
    ['encoding', 'a character that UTF-8 must not write so long', Buffer.from([0x3c, 0xc0, 0xaf, 0x3e])],
    ['encoding', 'half a pair of UTF-16 in UTF-8', Buffer.from([0x3c, 0xed, 0xa0, 0x80, 0x3e])],
    ['encoding', 'US-ASCII with other bytes', latin(declared('US-ASCII'))],
    ['encoding', 'an encoding that nobody knows', Buffer.from(declared('made-up'))],
    ['encoding', 'UTF-16 that is none', Buffer.from(declared('UTF-16'))],
    ['encoding', 'UTF-16 without a mark and without a declaration', Buffer.from(body, 'utf16le')],
    ['encoding', 'the same, big end first', utf16be(body)],
    ['encoding', 'UTF-16 with half a pair', Buffer.from('\ufeff<a>\ud800</a>', 'utf16le')],
    ['encoding', 'UTF-32', utf32(declared('UTF-32'))],
    ['not-well-formed', 'a null', Buffer.from('<a>\0</a>')],
    ['not-well-formed', 'a bell', Buffer.from('<a>\x07</a>')],
    ['not-well-formed', 'U+FFFE', Buffer.from('<a>\ufffe</a>')],
    ['not-well-formed', 'U+FFFF', Buffer.from('<a>\uffff</a>')],
    ['not-well-formed', 'a control character in ISO-8859-1', latin(declared('ISO-8859-1', '<a>\x1b</a>'))],
  ])('is refused as %s: %s', (code, _, bytes) => {
    const refusal = refusalOf(bytes);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(/^The .*\.$/);
  });

  it('says what to ask the sender for', () => {
    expect(refusalOf(latin(body)).message).toContain('Ask the sender to declare the encoding');
    expect(refusalOf(Buffer.from(body, 'utf16le')).message).toContain('Ask the sender for UTF-8');
    expect(refusalOf(Buffer.from(declared('UTF-16'))).message).toContain('Ask the sender to declare UTF-8');
  });

  it('counts bytes from the start of what came, whatever lies around it in memory', () => {
    const around = Buffer.concat([Buffer.from('xxx'), Buffer.from(body), Buffer.from('\0yyy')]);
    const source = openSource(around.subarray(3, around.length - 4));
    expect(source.bytes.toString()).toBe(body);
  });
});

describe('labels on which programs differ', () => {
  it('“latin-1” is ISO-8859-1, as it is to libxml2', () =>
    expect(textOf(latin(declared('latin-1', '<a>\u00e9</a>')))).toContain('<a>\u00e9</a>'));

  it('ISO-8859-9 is windows-1254, as it is on the web: 93 is a quotation mark', () => {
    const [head, tail] = ['<?xml version="1.0" encoding="ISO-8859-9"?><a>', '</a>'].map(latin);
    const written = Buffer.concat([head ?? latin(''), Buffer.from([0x93, 0xfd]), tail ?? latin('')]);
    expect(textOf(written)).toContain('<a>\u201c\u0131</a>');
  });
});

describe('a long document in a rare encoding', () => {
  const cyrillic = (length: number): Buffer =>
    Buffer.concat([
      latin('<?xml version="1.0" encoding="ISO-8859-5"?><a>'),
      Buffer.alloc(length, 0xd0),
      latin('</a>'),
    ]);

  it('is decoded in pieces, and no letter is lost where one ends', () => {
    const text = '語'.repeat(100_001);
    for (const before of ['', 'x', 'xy', 'xyz']) {
      const { bytes } = openSource(Buffer.from(`\ufeff<a>${before}${text}</a>`, 'utf16le'));
      expect(bytes.toString()).toBe(`<a>${before}${text}</a>`);
    }
    const shift = Buffer.concat([
      latin('<?xml version="1.0" encoding="Shift_JIS"?><a>x'),
      Buffer.alloc(200_000, Buffer.from([0x93, 0xfa])),
      latin('</a>'),
    ]);
    expect(openSource(shift).bytes.toString()).toContain(`<a>x${'日'.repeat(100_000)}</a>`);
  });

  it('has no more than 16 MB in UTF-8 as well', () => {
    expect(openSource(cyrillic(8_388_000)).bytes.length).toBeGreaterThan(16_776_000);
    expect(refusalOf(cyrillic(8_389_000))).toMatchObject({
      code: 'too-large',
      message: 'The feed is larger than 16 MB.',
    });
    expect(refusalOf(Buffer.alloc(MOST_BYTES.feed + 1, 'x')).code).toBe('too-large');
  });

  it('is refused when it ends within a letter', () => {
    const cut = Buffer.concat([latin('<?xml version="1.0" encoding="Shift_JIS"?><a>'), Buffer.from([0x93])]);
    expect(refusalOf(cut).code).toBe('encoding');
  });
});

describe('a piece of a document', () => {
  it('is decoded where it stands, short or long, with or without letters beyond ASCII', () => {
    for (const inside of ['é', 'plain', `${'a'.repeat(600)}é`, 'b'.repeat(600)]) {
      const source = openSource(Buffer.from(`<a>é${inside}</a>`));
      const from = Buffer.byteLength('<a>é');
      const to = source.bytes.indexOf('</a>');
      expect(source.wide(source.bytes.toString('latin1', from, to), from)).toBe(inside);
    }
  });

  it('is decoded from its own bytes when its place is not known', () => {
    const source = openSource(Buffer.from('<é/>'));
    expect(source.wide(Buffer.from('é').toString('latin1'))).toBe('é');
  });
});
