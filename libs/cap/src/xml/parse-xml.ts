import { XmlRefused } from './refusal.js';
import type { Source } from './source.js';
import { readText, readValue } from './character-data.js';
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
const name = /[A-Za-z_:\x80-\xff][A-Za-z0-9_:.\-\x80-\xff]*/y;
const declaration =
  /<\?xml\s+version\s*=\s*(?:"1\.[0-9]*"|'1\.[0-9]*')(?:\s+encoding\s*=\s*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>/y;

const NO_PAIRS: readonly string[] = [];
const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** Reads one well-formed, namespace-correct XML 1.0 document without a document type. Throws `XmlRefused` and nothing else. */
export function parseXml(source: Source, limits: XmlLimits, visitor: XmlVisitor = {}): XmlDocument {
  return new Parse(source, limits, visitor).document();
}

class Parse {
  private at: number;
  private readonly text: string;
  private readonly scopes: Scopes;
  private held = 0;
  private readonly heldAtStart: number[] = [];
  private readonly opened: string[] = [];

  constructor(
    private readonly source: Source,
    private readonly limits: XmlLimits,
    private readonly visitor: XmlVisitor,
  ) {
    this.text = source.text;
    this.at = source.start;
    this.scopes = new Scopes(source.wide);
  }

  document(): XmlDocument {
    this.prolog();
    let root: XmlElement | undefined;
    let open: XmlElement | undefined;
    const before: XmlNode[] = [];
    const after: XmlNode[] = [];
    while (this.at < this.text.length) {
      const next = this.text.charCodeAt(this.at);
      if (next !== 60) {
        if (open === undefined) this.outsideText();
        else this.characters(open);
      } else if (this.text.charCodeAt(this.at + 1) === 47) {
        if (open === undefined) this.fail('an end tag without a start tag');
        open = this.endTag(open);
      } else if (!this.aside(open?.children ?? (root === undefined ? before : after), open)) {
        if (open === undefined && root !== undefined) this.fail('a second element after the root');
        const started: XmlElement = this.startTag(open);
        if (root === undefined) {
          root = started;
          this.visitor.root?.(root);
        }
        open = this.text.charCodeAt(this.at - 2) === 47 ? this.close(started) : started;
      }
    }
    if (open !== undefined) this.fail(`the element ${open.local} is not closed`);
    if (root === undefined) throw new XmlRefused('not-well-formed', 'The document holds no element.');
    return { root, before, after };
  }

  private prolog(): void {
    if (!this.text.startsWith('<?xml', this.at) || !isSpace(this.text.charCodeAt(this.at + 5))) return;
    declaration.lastIndex = this.at;
    if (!declaration.test(this.text)) this.fail('the XML declaration is malformed');
    this.at = declaration.lastIndex;
  }

  private outsideText(): void {
    const until = this.text.indexOf('<', this.at);
    const end = until === -1 ? this.text.length : until;
    for (let i = this.at; i < end; i += 1) {
      if (!isSpace(this.text.charCodeAt(i))) this.fail('text outside the root element');
    }
    this.at = end;
  }

  private characters(open: XmlElement): void {
    const until = this.text.indexOf('<', this.at);
    if (until === -1) this.fail(`the element ${open.local} is not closed`);
    open.children.push(this.checked(readText(this.text.slice(this.at, until), this.source.wide)));
    this.at = until;
  }

  /** Comments, processing instructions and CDATA; true when there was one. */
  private aside(into: XmlNode[], open: XmlElement | undefined): boolean {
    const { text } = this;
    const second = text.charCodeAt(this.at + 1);
    if (second === 63) {
      const end = this.find('?>', this.at + 2, 'a processing instruction');
      const found = /^([^\s?]+)(?:\s+([^]*))?$/.exec(text.slice(this.at + 2, end));
      const target = this.source.wide(found?.[1] ?? '');
      if (!this.scopes.isName(target) || target.includes(':') || target.toLowerCase() === 'xml') {
        this.fail('a processing instruction without a proper name');
      }
      const data = this.source.wide(found?.[2] ?? '').replace(/\r\n?/g, '\n');
      into.push({ kind: 'instruction', target, data });
      this.at = end + 2;
      return true;
    }
    if (second !== 33) return false;
    if (text.startsWith('<!--', this.at)) {
      const end = this.find('--', this.at + 4, 'a comment');
      if (text.charCodeAt(end + 2) !== 62) this.fail('"--" inside a comment');
      into.push({
        kind: 'comment',
        text: this.source.wide(text.slice(this.at + 4, end)).replace(/\r\n?/g, '\n'),
      });
      this.at = end + 3;
      return true;
    }
    if (text.startsWith('<![CDATA[', this.at)) {
      if (open === undefined) return this.fail('CDATA outside the root element');
      open.cdata = true;
      const end = this.find(']]>', this.at + 9, 'a CDATA section');
      into.push(this.source.wide(text.slice(this.at + 9, end)).replace(/\r\n?/g, '\n'));
      this.at = end + 3;
      return true;
    }
    if (text.startsWith('<!DOCTYPE', this.at)) {
      throw new XmlRefused(
        'doctype',
        'The document declares a document type; these can hold entity bombs and are refused unread.',
      );
    }
    return this.fail('an unknown "<!" construct');
  }

  private startTag(parent: XmlElement | undefined): XmlElement {
    const start = this.at;
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
    this.at += 1;
    const tag = this.name('an element');
    this.opened.push(tag);
    const pairs = this.attributes();
    const opened = this.scopes.open(tag, pairs, start);
    const element = typeof opened === 'string' ? this.fail(opened) : opened;
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

  /** Names and values by turns. Leaves `at` behind the closing ">" or "/>". */
  private attributes(): readonly string[] {
    if (this.text.charCodeAt(this.at) === 62) {
      this.at += 1;
      return NO_PAIRS;
    }
    const pairs: string[] = [];
    for (;;) {
      const spaced = this.skipSpace();
      const code = this.text.charCodeAt(this.at);
      if (code === 62) {
        this.at += 1;
        return pairs;
      }
      if (code === 47 && this.text.charCodeAt(this.at + 1) === 62) {
        this.at += 2;
        return pairs;
      }
      if (!spaced) this.fail('a start tag that is malformed');
      if (pairs.length >= 2 * this.limits.attributes) {
        throw new XmlRefused(
          'too-many-attributes',
          `An element has more than ${this.limits.attributes} attributes.`,
        );
      }
      pairs.push(this.name('an attribute'));
      this.skipSpace();
      if (this.text.charCodeAt(this.at) !== 61) this.fail('an attribute without a value');
      this.at += 1;
      this.skipSpace();
      pairs.push(this.value());
    }
  }

  private value(): string {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") this.fail('an attribute value without quotes');
    const end = this.find(quote, this.at + 1, 'an attribute value');
    const raw = this.text.slice(this.at + 1, end);
    if (raw.includes('<')) this.fail('"<" inside an attribute value');
    this.at = end + 1;
    return this.checked(readValue(raw, this.source.wide));
  }

  private endTag(open: XmlElement): XmlElement | undefined {
    const tag = this.opened[this.opened.length - 1] ?? '';
    const behind = this.at + 2 + tag.length;
    if (!this.text.startsWith(tag, this.at + 2))
      this.fail(`the element ${open.local} is closed by another name`);
    this.at = behind;
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== 62)
      this.fail(`the element ${open.local} is closed by another name`);
    this.at += 1;
    return this.close(open);
  }

  private close(element: XmlElement): XmlElement | undefined {
    const { parent } = element;
    element.end = this.at;
    this.opened.pop();
    this.scopes.close(element);
    const heldBefore = this.heldAtStart.pop() ?? 0;
    if (this.visitor.closed?.(element) === true && parent !== undefined) {
      parent.children.pop();
      this.held = heldBefore;
    }
    return parent;
  }

  private name(what: string): string {
    name.lastIndex = this.at;
    const found = name.exec(this.text);
    if (found === null) return this.fail(`${what} without a proper name`);
    this.at = name.lastIndex;
    return found[0];
  }

  private skipSpace(): boolean {
    const from = this.at;
    while (isSpace(this.text.charCodeAt(this.at))) this.at += 1;
    return this.at > from;
  }

  private find(end: string, from: number, what: string): number {
    const found = this.text.indexOf(end, from);
    return found === -1 ? this.fail(`${what} that is not closed`) : found;
  }

  private checked(read: string | { readonly wrong: string }): string {
    return typeof read === 'string' ? read : this.fail(read.wrong);
  }

  private fail(what: string): never {
    const line = this.text.slice(0, this.at).split('\n').length;
    throw new XmlRefused('not-well-formed', `Not well-formed XML at line ${line}: ${what}.`);
  }
}
