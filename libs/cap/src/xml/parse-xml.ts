import { placeToCut, readLines, type ReadPiece, readText, readValue } from '../intake/character-data.js';
import { XmlRefused } from '../intake/refusal.js';
import type { Source, Wide } from '../intake/source.js';
import { Cursor, isSpace } from './cursor.js';
import { Held, LIMITS, type XmlLimits } from './limits.js';
import { Scopes } from './scopes.js';
import type { XmlDocument, XmlElement, XmlNode } from './tree.js';

/** Told while the document is read, so that a long feed need not be in memory as a whole. */
export type XmlVisitor = {
  /** The first start tag: a place to refuse before anything is built. */
  root?(root: XmlElement): void;
  /** An element is complete. True: it has been dealt with and is dropped from the tree. */
  closed?(element: XmlElement): boolean;
};

/** XInclude 1.1 §3: an element in this namespace asks the reader to fetch something. We never do. */
const XINCLUDE = 'http://www.w3.org/2001/XInclude';
const declaration =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]*"|'1\.[0-9]*')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y;

/** Longer pieces are read in parts of about this many bytes. */
const PART = 32_768;
const NO_PAIRS: readonly string[] = [];

/** Reads one well-formed, namespace-correct XML 1.0 document without a document type. Throws `XmlRefused` and nothing else. */
export function parseXml(source: Source, visitor: XmlVisitor = {}, limits: XmlLimits = LIMITS): XmlDocument {
  return new Parse(source, visitor, limits).document();
}

class Parse {
  private readonly cursor: Cursor;
  private readonly wide: Wide;
  private readonly scopes: Scopes;
  private readonly held: Held;
  private readonly opened: string[] = [];

  constructor(
    source: Source,
    private readonly visitor: XmlVisitor,
    private readonly limits: XmlLimits,
  ) {
    this.cursor = new Cursor(source, limits.window);
    this.wide = source.wide;
    this.scopes = new Scopes(source.wide, limits.namespaces);
    this.held = new Held(limits);
  }

  document(): XmlDocument {
    const cursor: Cursor = this.cursor;
    this.prolog();
    let root: XmlElement | undefined;
    let open: XmlElement | undefined;
    const before: XmlNode[] = [];
    const after: XmlNode[] = [];
    while (cursor.more()) {
      if (cursor.code() !== 60) {
        if (open === undefined) this.outsideText();
        else this.characters(open);
        continue;
      }
      const next = cursor.code(1);
      if (next === 47) {
        if (open === undefined) cursor.fail('an end tag without a start tag');
        open = this.endTag(open);
      } else if (next === 33 || next === 63) {
        const into = open === undefined ? (root === undefined ? before : after) : open.children;
        this.aside(into, open, next);
      } else {
        if (open === undefined && root !== undefined) cursor.fail('a second element after the root');
        const started: XmlElement = this.startTag(open);
        if (root === undefined) {
          root = started;
          this.visitor.root?.(root);
        }
        open = cursor.code(-2) === 47 ? this.close(started) : started;
      }
    }
    if (open !== undefined) cursor.fail(`the element ${open.local} is not closed`);
    if (root === undefined) throw new XmlRefused('not-well-formed', 'The document holds no element.');
    return { root, before, after };
  }

  private prolog(): void {
    const cursor: Cursor = this.cursor;
    if (!cursor.text.startsWith('<?xml', cursor.at) || !isSpace(cursor.code(5))) return;
    declaration.lastIndex = cursor.at;
    if (!declaration.test(cursor.text)) cursor.fail('the XML declaration is malformed');
    cursor.at = declaration.lastIndex;
  }

  private outsideText(): void {
    const cursor: Cursor = this.cursor;
    while (cursor.more() && isSpace(cursor.code())) cursor.at += 1;
    if (cursor.more() && cursor.code() !== 60) cursor.fail('text outside the root element');
  }

  private characters(open: XmlElement): void {
    const cursor: Cursor = this.cursor;
    let text = '';
    do {
      const end = cursor.endOfText();
      if (end === -1) cursor.fail(`the element ${open.local} is not closed`);
      text += this.read(cursor.at, end, readText);
    } while (cursor.more() && cursor.code() !== 60);
    this.held.nodes(1);
    if (open.children.length === 0) open.children = [text];
    else open.children.push(text);
  }

  /** A comment, processing instruction or CDATA section; `mark` is what stands behind the "<". */
  private aside(into: XmlNode[], open: XmlElement | undefined, mark: number): void {
    const cursor: Cursor = this.cursor;
    this.held.nodes(1);
    if (mark === 63) return this.instruction(into);
    if (cursor.text.startsWith('<!--', cursor.at)) {
      const text = this.read(cursor.at + 4, cursor.find('--', cursor.at + 4, 'a comment'), readLines);
      into.push({ kind: 'comment', text });
      cursor.at += 2;
      cursor.holds(1);
      if (cursor.code() !== 62) cursor.fail('"--" inside a comment');
      cursor.at += 1;
      return;
    }
    if (cursor.text.startsWith('<![CDATA[', cursor.at)) {
      if (open === undefined) return cursor.fail('CDATA outside the root element');
      open.cdata = true;
      into.push(this.read(cursor.at + 9, cursor.find(']]>', cursor.at + 9, 'a CDATA section'), readLines));
      cursor.at += 3;
      return;
    }
    if (cursor.text.startsWith('<!DOCTYPE', cursor.at)) {
      throw new XmlRefused(
        'doctype',
        'The document declares a document type; these can hold entity bombs and are refused unread.',
      );
    }
    cursor.fail('an unknown "<!" construct');
  }
  private instruction(into: XmlNode[]): void {
    const cursor: Cursor = this.cursor;
    const end = cursor.find('?>', cursor.at + 2, 'a processing instruction');
    // XML's own white space, by name: the text is of octets here, and A0 may be half of a letter.
    const found = /^([^ \t\r\n?]+)(?:[ \t\r\n]+([^]*))?$/.exec(cursor.text.slice(cursor.at + 2, end));
    const target = this.wide(found?.[1] ?? '', cursor.offset + 2);
    if (!this.scopes.isName(target) || target.includes(':') || target.toLowerCase() === 'xml') {
      cursor.fail('a processing instruction without a proper name');
    }
    into.push({
      kind: 'instruction',
      target,
      data: this.read(end - (found?.[2] ?? '').length, end, readLines),
    });
    cursor.at += 2;
  }

  /** What stands between two places of the window, a long piece in parts: replacing a million line ends takes forty times their size. */
  private read(from: number, to: number, piece: ReadPiece): string {
    const cursor: Cursor = this.cursor;
    let text = '';
    for (let at = from; at < to;) {
      const cut = to - at <= PART ? to : placeToCut(cursor.text, at, at + PART);
      const end = cut > at ? cut : to;
      text += this.checked(piece(cursor.text.slice(at, end), cursor.base + at, this.wide));
      at = end;
    }
    cursor.at = to;
    return text;
  }

  private startTag(parent: XmlElement | undefined): XmlElement {
    const cursor: Cursor = this.cursor;
    const start = cursor.offset;
    if (this.opened.length >= this.limits.depth) {
      throw new XmlRefused('too-deep', `Elements are nested more than ${this.limits.depth} deep.`);
    }
    this.held.open();
    cursor.at += 1;
    const tag = cursor.name('an element');
    this.opened.push(tag);
    const pairs = this.attributes();
    if (pairs.length > 0) this.held.nodes(pairs.length / 2);
    const opened = this.scopes.open(tag, pairs, start);
    const element = typeof opened === 'string' ? cursor.fail(opened) : opened;
    element.inside = cursor.offset;
    if (element.namespace === XINCLUDE) {
      throw new XmlRefused(
        'xinclude',
        'The document asks to include another one (XInclude), which is never done.',
      );
    }
    if (parent !== undefined) {
      element.parent = parent;
      parent.children.push(element);
    }
    return element;
  }

  /** Names and values by turns. Leaves the cursor behind the closing ">" or "/>". */
  private attributes(): readonly string[] {
    const cursor: Cursor = this.cursor;
    if (cursor.code() === 62) {
      cursor.at += 1;
      return NO_PAIRS;
    }
    const pairs: string[] = [];
    for (;;) {
      const spaced = cursor.skipSpace();
      const code = cursor.code();
      if (code === 62) {
        cursor.at += 1;
        return pairs;
      }
      if (code === 47 && cursor.code(1) === 62) {
        cursor.at += 2;
        return pairs;
      }
      if (!spaced) cursor.fail('a start tag that is malformed');
      if (pairs.length >= 2 * this.limits.attributes) {
        throw new XmlRefused(
          'too-many-attributes',
          `An element has more than ${this.limits.attributes} attributes.`,
        );
      }
      pairs.push(cursor.name('an attribute'));
      cursor.skipSpace();
      if (cursor.code() !== 61) cursor.fail('an attribute without a value');
      cursor.at += 1;
      cursor.skipSpace();
      pairs.push(this.value());
    }
  }

  private value(): string {
    const cursor: Cursor = this.cursor;
    const quote = cursor.text[cursor.at];
    if (quote !== '"' && quote !== "'") cursor.fail('an attribute value without quotes');
    const end = cursor.find(quote, cursor.at + 1, 'an attribute value');
    const value = this.read(cursor.at + 1, end, readValue);
    cursor.at += 1;
    return value;
  }

  private endTag(open: XmlElement): XmlElement | undefined {
    const cursor: Cursor = this.cursor;
    const tag = this.opened[this.opened.length - 1] ?? '';
    cursor.holds(tag.length + 3);
    if (!cursor.text.startsWith(tag, cursor.at + 2))
      cursor.fail(`the element ${open.local} is closed by another name`);
    cursor.at += 2 + tag.length;
    if (cursor.code() !== 62) cursor.skipSpace();
    if (cursor.code() !== 62) cursor.fail(`the element ${open.local} is closed by another name`);
    cursor.at += 1;
    return this.close(open);
  }

  private close(element: XmlElement): XmlElement | undefined {
    const { parent } = element;
    element.end = this.cursor.offset;
    this.opened.pop();
    this.scopes.close(element);
    const dropped = this.visitor.closed?.(element) === true && parent !== undefined;
    if (dropped) parent.children.pop();
    this.held.close(dropped);
    return parent;
  }

  private checked(read: string | { readonly wrong: string }): string {
    return typeof read === 'string' ? read : this.cursor.fail(read.wrong);
  }
}
