import { describe, expect, it } from '@jest/globals';
import { openSource } from '../intake/source.js';
import { Held, LIMITS } from './limits.js';
import { parseXml } from './parse-xml.js';
import type { XmlElement } from './tree.js';

const few = { ...LIMITS, depth: 3, elements: 4, nodes: 6, attributes: 2 };
const read = (inside: string, dropped: (element: XmlElement) => boolean = () => false) => {
  try {
    parseXml(openSource(Buffer.from(`<r>${inside}</r>`)), { closed: dropped }, few);
    return 'read';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe('what one document may hold at once', () => {
  it('is what a large feed of honest alerts stays far below', () =>
    expect(LIMITS).toEqual({ depth: 32, elements: 20_000, nodes: 100_000, attributes: 256, namespaces: 32 }));

  it.each([
    ['too-deep', '<a><b/></a>', '<a><b><c/></b></a>'],
    ['too-many-elements', '<a/><a/><a/>', '<a/><a/><a/><a/>'],
    ['too-many-attributes', '<a x="" y=""/>', '<a x="" y="" z=""/>'],
    ['too-many-nodes', '<!----><!----><!----><!----><!----><!---->', '<!---->'.repeat(7)],
    ['too-many-nodes', '<?a?><?a?><?a?><?a?><?a?><?a?>', '<?a?>'.repeat(7)],
    ['too-many-nodes', 't<!---->t<!---->t<!---->', 't<!---->t<!---->t<!---->t'],
    ['too-many-nodes', '<![CDATA[]]>'.repeat(6), '<![CDATA[]]>'.repeat(7)],
    [
      'too-many-nodes',
      '<a x="" y=""/><a x="" y=""/><a x="" y=""/>',
      '<a x="" y=""/><a x="" y=""/><a x="" y=""/>t',
    ],
    [
      'too-many-nodes',
      '<a xmlns:x="u"/>ttt<!----><!----><!----><!---->',
      '<a xmlns:x="u"/>t<!----><!----><!----><!----><!---->',
    ],
  ])('keeps the limit %s, and is refused with one more', (code, most, more) => {
    expect([read(most), read(more)]).toEqual(['read', code]);
  });

  it('keeps the limit of prefixes at one place, however they nest, and counts those of ended elements no longer', () => {
    const prefixes = (count: number, name: string): string =>
      Array.from({ length: count }, (_, i) => `xmlns:${name}${i}="u"`).join(' ');
    const document = (outer: number, inner: number) => () =>
      parseXml(
        openSource(
          Buffer.from(`<a ${prefixes(outer, 'p')}>${`<b ${prefixes(inner, 'q')}/>`.repeat(30)}</a>`),
        ),
      );
    expect(document(2, 30)).not.toThrow();
    expect(document(2, 31)).toThrow('More than 32 namespace prefixes');
    expect(document(33, 0)).toThrow('More than 32 namespace prefixes');
    const anew = Array.from({ length: 900 }, (_, i) => `<b ${prefixes(30, `r${i}x`)}><r${i}x7:c/></b>`).join(
      '',
    );
    expect(() => parseXml(openSource(Buffer.from(`<a>${anew}</a>`)))).not.toThrow();
    expect(() => parseXml(openSource(Buffer.from(`<a>${anew}<r1x7:c/></a>`)))).toThrow('is not declared');
  });

  it('counts what is dropped no longer: elements, attributes and text within', () => {
    const entry = '<a x="1">text<b/><!--c--></a>';
    expect(read(entry.repeat(2))).not.toBe('read');
    expect(read(entry.repeat(500), ({ local }) => local === 'a')).toBe('read');
  });

  it('goes on counting what stands between dropped elements', () => {
    expect(read('<a/>t'.repeat(6), ({ local }) => local === 'a')).toBe('read');
    expect(read('<a/>t'.repeat(7), ({ local }) => local === 'a')).toBe('too-many-nodes');
  });

  it('counts comments in front of the root and behind it', () => {
    const comments = (count: number): Buffer =>
      Buffer.from(`${'<!---->'.repeat(count)}<r/>${'<?a?>'.repeat(count)}`);
    expect(parseXml(openSource(comments(3)), {}, few).after).toHaveLength(3);
    expect(() => parseXml(openSource(comments(4)), {}, few)).toThrow('more than 6 attributes, comments');
  });

  it('forgets with an element all that began within it', () => {
    const held = new Held({ elements: 3, nodes: 2 });
    held.open();
    held.open();
    held.nodes(2);
    held.open();
    expect(() => held.open()).toThrow('more than 3 elements');
    held.close(false);
    held.close(false);
    held.close(true);
    expect(() => held.nodes(2)).not.toThrow();
    expect(() => held.nodes(1)).toThrow('more than 2 attributes');
  });
});
