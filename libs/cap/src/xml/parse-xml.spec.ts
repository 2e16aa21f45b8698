import { describe, expect, it } from '@jest/globals';
import { ParseOption, XmlDocument } from 'libxml2-wasm';
import { canonicalDocument } from '../canonical/canonical-xml.js';
import { fullSample } from '../testing/samples.js';
import { seeded } from '../testing/damage/mutate.js';
import { parseXml } from './parse-xml.js';
import { XmlRefused } from '../intake/refusal.js';
import { openSource } from '../intake/source.js';
import { textOf } from './tree.js';

const read = (xml: string | Uint8Array) =>
  parseXml(openSource(typeof xml === 'string' ? Buffer.from(xml) : xml));
const codeOf = (xml: string | Uint8Array): string => {
  try {
    read(xml);
    return 'read';
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    return error.code;
  }
};

/** libxml2's reading in canonical form; `refused` when it finds the document not well-formed. */
function theirs(xml: Uint8Array): string {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(xml, { option: ParseOption.XML_PARSE_NONET });
  } catch (error) {
    // A namespace is a name: Namespaces in XML 1.0 §2.1 asks for a URI and lets readers not check.
    return /is not a valid URI|is not absolute/.test(String(error)) ? 'odd namespace' : 'refused';
  }
  try {
    return document.canonicalizeToString({ withComments: true });
  } catch {
    return 'odd namespace';
  } finally {
    document.dispose();
  }
}

describe('reading XML', () => {
  it('gives references, CDATA and line ends the characters that they stand for', () => {
    const { root } = read('<a>1 &lt; 2 &#38; &#x20AC;\r\n<![CDATA[<&>]]>\r</a>');
    expect(textOf(root)).toBe('1 < 2 & €\n<&>\n');
  });

  it('knows where each element stands in the bytes, whatever characters come before', () => {
    const xml = '<a>Überflutung<b>€</b></a>';
    const inner = read(xml).root.children[1];
    expect(inner).toMatchObject({ local: 'b' });
    if (typeof inner !== 'object' || !('start' in inner)) throw new Error('no element');
    expect(Buffer.from(xml).subarray(inner.start, inner.end).toString()).toBe('<b>€</b>');
  });

  it.each([
    ['UTF-8 with a byte-order mark', Buffer.from('\ufeff<a>é</a>')],
    ['ISO-8859-1', Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1')],
    ['UTF-16', Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><a>é</a>', 'utf16le')],
    ['windows-1252', Buffer.from("<?xml version='1.0' encoding='windows-1252'?><a>é</a>", 'latin1')],
  ])('reads %s', (_, bytes) => expect(textOf(read(bytes).root)).toBe('é'));

  it.each([
    ['doctype', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['doctype', '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>'],
    ['xinclude', '<a><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/></a>'],
    ['encoding', Buffer.from('<a>\xe9</a>', 'latin1')],
    ['encoding', '<?xml version="1.0" encoding="made-up"?><a/>'],
    ['empty', ''],
    ['too-deep', '<a>'.repeat(33)],
    ['too-many-elements', `<a>${'<b/>'.repeat(20_000)}</a>`],
    ['too-many-attributes', `<a ${Array.from({ length: 257 }, (_, i) => `a${i}=""`).join(' ')}/>`],
    ['not-well-formed', '<a>&nbsp;</a>'],
    ['not-well-formed', '<a>&#0;</a>'],
    ['not-well-formed', '<a>\u0001</a>'],
    ['not-well-formed', '<a>\uffff</a>'],
    ['not-well-formed', '<p:a/>'],
    ['not-well-formed', '<a x="1" x="2"/>'],
    ['not-well-formed', '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>'],
    ['not-well-formed', '<a></b>'],
    ['not-well-formed', '<a/><b/>'],
    ['not-well-formed', '<a'],
  ])('refuses as %s: %.60s', (code, xml) => expect(codeOf(xml)).toBe(code));

  it('takes "<!DOCTYPE" inside a comment or CDATA for what it is there: text', () => {
    expect(codeOf('<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE a>]]></a>')).toBe('read');
  });

  it('gives names such as __proto__ no power', () => {
    expect(read('<__proto__ constructor="1"><toString/></__proto__>').root.local).toBe('__proto__');
    expect(({} as Record<string, unknown>)['constructor']).toBe(Object);
  });

  it('reads and refuses what libxml2 does, in 6,000 damaged documents (seed 5)', () => {
    const random = seeded(5);
    const whole = [
      fullSample('1.2'),
      '<!-- c --><p:a xmlns:p="urn:u" b="1 &amp; 2"><?pi x?>é<![CDATA[<]]>&#xe9;</p:a>\n',
    ];
    const bits = [
      ...'<>/&;="\'!?-[]:# \n\rx',
      '<!--',
      '-->',
      ']]>',
      '<![CDATA[',
      '<?',
      '?>',
      '&lt;',
      '&#65;',
      ' xmlns="urn:u"',
      ' xmlns:q="urn:v"',
      'q:',
      'é',
      ' b="2"',
    ];
    let both = 0;
    for (let run = 0; run < 6_000; run += 1) {
      let text = whole[random(2)] ?? '';
      if (text.length > 1_000)
        text = text.slice(0, 400 + random(text.length - 400)) + (random(2) === 0 ? '' : '</alert>');
      for (let change = random(3); change >= 0; change -= 1) {
        const at = random(text.length);
        text =
          text.slice(0, at) +
          (random(2) === 0 ? (bits[random(bits.length)] ?? '') : '') +
          text.slice(at + random(4));
      }
      const bytes = Buffer.from(text);
      // A document type is ours to refuse; libxml2 would go on.
      const code = codeOf(bytes);
      const ours =
        code === 'read' ? canonicalDocument(read(bytes), { exclusive: false, comments: true }) : 'refused';
      const expected = theirs(bytes);
      if (expected !== 'odd namespace') expect({ text, ours }).toEqual({ text, ours: expected });
      if (code === 'read' && expected !== 'odd namespace') both += 1;
    }
    expect(both).toBeGreaterThan(300);
  });
});

describe('the octet A0, half of many letters and a space to some programs', () => {
  const latin = (xml: string) => Buffer.from(xml, 'latin1');

  it.each(['<a><?à x?></a>', '<a><?Š x?></a>', '<a><?voilà x?></a>', '<a><?nbsp \u00a0 x?></a>'])(
    'is no white space in an instruction: %s',
    (xml) => {
      const canonical = canonicalDocument(read(xml), { exclusive: false, comments: true });
      expect(canonical).toContain(xml.slice(3, -4));
      expect(theirs(Buffer.from(xml))).toContain(xml.slice(3, -4));
    },
  );

  it.each([
    ['the name of an instruction', Buffer.from('<a><?a\u00a0b?></a>')],
    ['one of ISO-8859-1', latin('<?xml version="1.0" encoding="ISO-8859-1"?><a><?foo\xa0bar?></a>')],
    ['a declaration', latin('<?xml version="1.0"\xa0encoding="ISO-8859-1"?><a/>')],
    ['the end of one', latin('<?xml version="1.0" encoding="ISO-8859-1"\xa0?><a/>')],
  ])('does not part %s', (_, xml) => {
    expect(codeOf(xml)).not.toBe('read');
    expect(theirs(xml)).toBe('refused');
  });

  it('leaves what a declaration says of the encoding as it is, however wide it is written', () => {
    const wide = (spaces: number) =>
      latin(`<?xml version="1.0"${' '.repeat(spaces)}encoding="ISO-8859-1"?><a>\xc3\xa9</a>`);
    for (const spaces of [1, 190, 250, 5_000]) {
      const { root } = read(wide(spaces));
      expect(root === undefined ? '' : textOf(root)).toBe('Ã©');
    }
  });
});
