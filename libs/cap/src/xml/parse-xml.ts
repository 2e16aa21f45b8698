import { XmlRefused } from '../intake/refusal.js';
import type { Source, Wide } from '../intake/source.js';
import { readText, readValue } from './character-data.js';
import { Cursor, isSpace } from './cursor.js';
import { Scopes } from './scopes.js';
import type { XmlDocument, XmlElement, XmlNode } from './tree.js';

/** The limits of one document (Suggested in the security rules of this library's README; each is refused, never cut off). */
export type XmlLimits = {
  /** Nesting of elements. */
  readonly depth: number;
  /** Elements that are in memory at once. */
  readonly elements: number;
  /** Attributes and namespace declarations of one element. */
  readonly attributes: number;
};

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

const NO_PAIRS: readonly string[] = [];

/** Reads one well-formed, namespace-correct XML 1.0 document without a document type. Throws `XmlRefused` and nothing else. */
export function parseXml(source: Source, limits: XmlLimits, visitor: XmlVisitor = {}): XmlDocument {
  return new Parse(source, limits, visitor).document();
}

class Parse {
  private readonly cursor: Cursor;
  private readonly wide: Wide;
  private readonly scopes: Scopes;
  private held = 0;
  private readonly heldAtStart: number[] = [];
  private readonly opened: string[] = [];

  constructor(
    source: Source,
    private readonly limits: XmlLimits,
    private readonly visitor: XmlVisitor,
  ) {
    this.cursor = new Cursor(source);
    this.wide = source.wide;
    this.scopes = new Scopes(source.wide);
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
    cursor.skipSpace();
    if (cursor.more() && cursor.code() !== 60) cursor.fail('text outside the root element');
  }

  private characters(open: XmlElement): void {
    const cursor: Cursor = this.cursor;
    let text = '';
    do {
      const end = cursor.endOfText();
      if (end === -1) cursor.fail(`the element ${open.local} is not closed`);
      text += this.checked(readText(cursor.text.slice(cursor.at, end), cursor.offset, this.wide));
      cursor.at = end;
    } while (cursor.more() && cursor.code() !== 60);
    if (open.children.length === 0) open.children = [text];
    else open.children.push(text);
  }

  /** A comment, processing instruction or CDATA section; `mark` is what stands behind the "<". */
  private aside(into: XmlNode[], open: XmlElement | undefined, mark: number): void {
    const cursor: Cursor = this.cursor;
    if (mark === 63) return this.instruction(into);
    if (cursor.text.startsWith('<!--', cursor.at)) {
      const text = this.lines(cursor.at + 4, cursor.find('--', cursor.at + 4, 'a comment'));
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
      into.push(this.lines(cursor.at + 9, cursor.find(']]>', cursor.at + 9, 'a CDATA section')));
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
    into.push({ kind: 'instruction', target, data: this.lines(end - (found?.[2] ?? '').length, end) });
    cursor.at = end + 2;
  }

  /** What stands between two places of the window, with line ends as XML 1.0 §2.11 wants them; goes on behind it. */
  private lines(from: number, to: number): string {
    const cursor: Cursor = this.cursor;
    const text = this.wide(cursor.text.slice(from, to), cursor.base + from);
    cursor.at = to;
    return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  }

  private startTag(parent: XmlElement | undefined): XmlElement {
    const cursor: Cursor = this.cursor;
    const start = cursor.offset;
    if (this.opened.length >= this.limits.depth) {
      throw new XmlRefused('too-deep', `Elements are nested more than ${this.limits.depth} deep.`);
    }
    this.heldAtStart.push(this.held);
    this.held += 1;
    if (this.held > this.limits.elements) {
      throw new XmlRefused(
        'too-many-elements',
        `The document holds more than ${this.limits.elements} elements.`,
      );
    }
    cursor.at += 1;
    const tag = cursor.name('an element');
    this.opened.push(tag);
    const opened = this.scopes.open(tag, this.attributes(), start);
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
    const raw = cursor.text.slice(cursor.at + 1, end);
    if (raw.includes('<')) cursor.fail('"<" inside an attribute value');
    const value = this.checked(readValue(raw, cursor.offset + 1, this.wide));
    cursor.at = end + 1;
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
    const heldBefore = this.heldAtStart.pop() ?? 0;
    if (this.visitor.closed?.(element) === true && parent !== undefined) {
      parent.children.pop();
      this.held = heldBefore;
    }
    return parent;
  }

  private checked(read: string | { readonly wrong: string }): string {
    return typeof read === 'string' ? read : this.cursor.fail(read.wrong);
  }
}
