import { XmlRefused } from '../intake/refusal.js';
import type { Wide } from '../intake/source.js';
import {
  type NamespaceDeclaration,
  type XmlAttribute,
  XML_NAMESPACE,
  XMLNS_NAMESPACE,
  XmlElement,
} from './tree.js';

type QName = { readonly prefix: string; readonly local: string };

/** XML 1.0 (fifth edition) §2.3, name characters beyond ASCII. */
const BEYOND =
  '\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const properName = new RegExp(
  `^[:A-Z_a-z${BEYOND}][-.0-9:A-Z_a-z\\u00B7\\u0300-\\u036F\\u203F\\u2040${BEYOND}]*$`,
  'u',
);
const asciiName = /^[A-Za-z_][\w.-]*$/;

/** Names without a prefix recur from document to document; the first few hundred are remembered for good. */
const PLAIN_NAMES = new Map<string, QName>();
const MOST_NAMES = 250;
const plainName = /^[A-Za-z][A-Za-z0-9]{0,30}$/;

/** Namespaces in scope while a document is read. One stack per prefix: a look-up costs the same at any depth. */
export class Scopes {
  private bound = new Map<string, string[]>([
    ['', ['']],
    ['xml', [XML_NAMESPACE]],
  ]);
  /** How many prefixes in it stand for nothing now. */
  private unbound = 0;
  /** Names recur; each is taken apart once. All are forgotten when they are `MOST_NAMES`: an honest document has a hundred. */
  private names = new Map<string, QName>();

  constructor(
    private readonly wide: Wide,
    private readonly most: number,
  ) {}

  /** The element that a start tag makes, or a sentence saying what Namespaces in XML 1.0 forbids in it. */
  open(tag: string, pairs: readonly string[], start: number): XmlElement | string {
    const found = this.split(tag);
    if (found === undefined) return 'an element without a proper name';
    if (pairs.length === 0) return this.element(found, start);
    const declarations: NamespaceDeclaration[] = [];
    const plain: [QName, string][] = [];
    for (let i = 0; i < pairs.length; i += 2) {
      const key = this.split(pairs[i] ?? '');
      const value = pairs[i + 1] ?? '';
      if (key === undefined) return 'an attribute without a proper name';
      if (key.prefix === 'xmlns' || (key.prefix === '' && key.local === 'xmlns')) {
        const declared = { prefix: key.prefix === '' ? '' : key.local, uri: value };
        const wrong = wrongDeclaration(declared);
        if (wrong !== undefined) return wrong;
        declarations.push(declared);
      } else plain.push([key, value]);
    }
    const twice =
      declarations.length > 1 && new Set(declarations.map((each) => each.prefix)).size < declarations.length;
    if (twice) return 'a namespace prefix that is declared twice on one element';
    for (const { prefix, uri } of declarations) this.bind(prefix, uri);
    const element = this.element(found, start);
    if (typeof element === 'string') return element;
    element.declarations = declarations;
    return this.withAttributes(element, plain);
  }

  /** Forgets what the element declared. */
  close(element: XmlElement): void {
    for (const { prefix } of element.declarations) {
      const stack = this.bound.get(prefix);
      stack?.pop();
      if (stack?.length === 0) this.unbound += 1;
    }
    if (this.unbound > MOST_NAMES && 2 * this.unbound > this.bound.size) this.forgetUnbound();
  }

  /** Whether `text` is a name by XML 1.0 §2.3. */
  isName(text: string): boolean {
    return asciiName.test(text) || properName.test(text);
  }

  private element({ prefix, local }: QName, start: number): XmlElement | string {
    const namespace = this.resolve(prefix);
    if (namespace === undefined || prefix === 'xmlns') return `the prefix "${prefix}" is not declared`;
    return new XmlElement(prefix, local, namespace, start);
  }

  private withAttributes(element: XmlElement, plain: readonly [QName, string][]): XmlElement | string {
    const seen = new Set<string>();
    const attributes: XmlAttribute[] = [];
    for (const [{ prefix, local }, value] of plain) {
      const namespace = prefix === '' ? '' : this.resolve(prefix);
      if (namespace === undefined) return `the prefix "${prefix}" is not declared`;
      const key = `${namespace} ${local}`;
      if (seen.has(key)) return `the attribute ${local} stands twice on one element`;
      seen.add(key);
      attributes.push({ prefix, local, namespace, value });
    }
    element.attributes = attributes;
    return element;
  }

  private resolve(prefix: string): string | undefined {
    const stack = this.bound.get(prefix);
    return stack?.[stack.length - 1];
  }

  private bind(prefix: string, uri: string): void {
    const stack = this.bound.get(prefix);
    if (stack === undefined) this.bound.set(prefix, [uri]);
    else {
      if (stack.length === 0) this.unbound -= 1;
      stack.push(uri);
    }
    // Two stand for something from the start.
    if (this.bound.size - this.unbound - 2 > this.most) {
      throw new XmlRefused(
        'too-many-namespaces',
        `More than ${this.most} namespace prefixes stand at one place.`,
      );
    }
  }

  /** By a new map: one that loses and gains entries for long keeps its dropped tables alive until the next full collection. */
  private forgetUnbound(): void {
    this.bound = new Map([...this.bound].filter(([, stack]) => stack.length > 0));
    this.unbound = 0;
  }

  private split(raw: string): QName | undefined {
    const known = PLAIN_NAMES.get(raw) ?? this.names.get(raw);
    if (known !== undefined) return known;
    if (PLAIN_NAMES.size < 500 && plainName.test(raw)) {
      // A key of an object is kept once by the engine: comparing it with the names in this code is then comparing two addresses.
      const [local = raw] = Object.keys({ [raw]: 0 });
      const found = { prefix: '', local };
      PLAIN_NAMES.set(local, found);
      return found;
    }
    const text = this.wide(raw);
    const parts = text.split(':');
    const proper = parts.length <= 2 && parts.every((part) => this.isName(part));
    if (!proper) return undefined;
    const found =
      parts.length === 2 ? { prefix: parts[0] ?? '', local: parts[1] ?? '' } : { prefix: '', local: text };
    if (this.names.size >= MOST_NAMES) this.names = new Map();
    this.names.set(raw, found);
    return found;
  }
}

/** Namespaces in XML 1.0 §3 and §5. */
function wrongDeclaration({ prefix, uri }: NamespaceDeclaration): string | undefined {
  if (prefix === 'xml') return uri === XML_NAMESPACE ? undefined : 'the prefix "xml" is declared anew';
  if (prefix === 'xmlns') return 'the prefix "xmlns" is declared';
  if (prefix !== '' && uri === '') return `the prefix "${prefix}" is declared as nothing`;
  if (uri === XML_NAMESPACE || uri === XMLNS_NAMESPACE) return 'a reserved namespace under another prefix';
  return undefined;
}
