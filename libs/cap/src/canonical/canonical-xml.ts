import {
  attributeOf,
  childElements,
  isElement,
  namespaceOf,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
  XML_NAMESPACE,
} from '../xml/tree.js';

/** How a subtree or a document becomes the bytes that are hashed. */
export type Canonicalization = {
  /** Exclusive XML Canonicalization 1.0 (W3C), else Canonical XML 1.0 / 1.1, which write the same unless a subset inherits `xml:` attributes. */
  readonly exclusive: boolean;
  readonly comments: boolean;
  /** `InclusiveNamespaces PrefixList` of the exclusive form; the default namespace is an empty text. */
  readonly inclusivePrefixes?: readonly string[];
  /** Elements that are left out with all that they hold: the signature itself, for the enveloped transform. */
  readonly without?: ReadonlySet<XmlElement>;
  /** An element taken as the root of a document of its own: what encloses it lends only the namespaces that its own name needs. */
  readonly within?: XmlElement;
};

const plain: Canonicalization = { exclusive: false, comments: true };
/** Prefix → namespace, as the output has it at this point. */
type Rendered = ReadonlyMap<string, string>;

/** The canonical text of one element and all it holds, as a subtree of its document. Throws nothing. */
export function canonicalXml(element: XmlElement, how: Canonicalization = plain): string {
  const out: string[] = [];
  writeElement(element, how, new Map(), out, true);
  return out.join('');
}

/** The canonical text of a whole document: instructions (and comments, if wanted) around the root included. */
export function canonicalDocument(document: XmlDocument, how: Canonicalization): string {
  const out: string[] = [];
  for (const node of document.before) writeAside(node, how, out, 'before');
  writeElement(document.root, how, new Map(), out, true);
  for (const node of document.after) writeAside(node, how, out, 'after');
  return out.join('');
}

/** `PrefixList` of Exclusive XML Canonicalization §4; `#default` is the default namespace. */
export function inclusivePrefixes(method: XmlElement): string[] {
  const list = childElements(method).find((each) => each.local === 'InclusiveNamespaces');
  const text = list === undefined ? '' : (attributeOf(list, 'PrefixList') ?? '');
  return text
    .split(/\s+/)
    .filter((each) => each !== '')
    .map((each) => (each === '#default' ? '' : each));
}

function writeElement(
  element: XmlElement,
  how: Canonicalization,
  rendered: Rendered,
  out: string[],
  top: boolean,
): void {
  if (how.without?.has(element) === true) return;
  const name = element.prefix === '' ? element.local : `${element.prefix}:${element.local}`;
  out.push('<', name);
  const inside = how.exclusive
    ? exclusiveNamespaces(element, how, rendered, out)
    : inclusiveNamespaces(element, how, rendered, out, top);
  if (element.attributes.length > 0 || (top && !how.exclusive)) writeAttributes(element, how, out, top);
  out.push('>');
  for (const child of element.children) {
    if (typeof child === 'string') out.push(escapeText(child));
    else if (isElement(child)) writeElement(child, how, inside, out, false);
    else writeAside(child, how, out, 'inside');
  }
  out.push('</', name, '>');
}

/** Canonical XML: every declaration in scope that the output does not have yet. */
function inclusiveNamespaces(
  element: XmlElement,
  how: Canonicalization,
  rendered: Rendered,
  out: string[],
  top: boolean,
): Rendered {
  const declared = top
    ? inScope(element, how.within)
    : new Map(element.declarations.map((each) => [each.prefix, each.uri]));
  return writeNamespaces(declared, rendered, out);
}

/** Exclusive: only what the element and its attributes use, and the listed prefixes. */
function exclusiveNamespaces(
  element: XmlElement,
  how: Canonicalization,
  rendered: Rendered,
  out: string[],
): Rendered {
  const used = new Map<string, string>([[element.prefix, element.namespace]]);
  for (const each of element.attributes) if (each.prefix !== '') used.set(each.prefix, each.namespace);
  for (const prefix of how.inclusivePrefixes ?? []) {
    const uri = namespaceOf(element, prefix);
    if (uri !== undefined) used.set(prefix, uri);
  }
  return writeNamespaces(used, rendered, out);
}

function writeNamespaces(wanted: ReadonlyMap<string, string>, rendered: Rendered, out: string[]): Rendered {
  let next: Map<string, string> | undefined;
  let names: string[] | undefined;
  for (const [prefix, uri] of wanted) {
    if (prefix === 'xml' || (rendered.get(prefix) ?? (prefix === '' ? '' : undefined)) === uri) continue;
    next ??= new Map(rendered);
    next.set(prefix, uri);
    names ??= [];
    names.push(prefix);
  }
  if (next === undefined || names === undefined) return rendered;
  for (const prefix of names.sort(byCodePoint)) {
    out.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, escapeValue(next.get(prefix) ?? ''), '"');
  }
  return next;
}

function inScope(element: XmlElement, within: XmlElement | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    for (const { prefix, uri } of at.declarations) if (!found.has(prefix)) found.set(prefix, uri);
    if (at !== within) continue;
    if (!found.has(at.prefix)) found.set(at.prefix, at.namespace);
    break;
  }
  return found;
}

function writeAttributes(element: XmlElement, how: Canonicalization, out: string[], top: boolean): void {
  const all =
    top && !how.exclusive
      ? [...element.attributes, ...inherited(element, how.within)]
      : [...element.attributes];
  all.sort((a, b) => byCodePoint(a.namespace, b.namespace) || byCodePoint(a.local, b.local));
  for (const { prefix, local, value } of all) {
    out.push(' ', prefix === '' ? local : `${prefix}:${local}`, '="', escapeValue(value), '"');
  }
}

/**
 * `xml:lang` and `xml:space` of what encloses a subset (both versions inherit these alike). `xml:id` and `xml:base` differ
 * between 1.0 and 1.1; `inheritsXmlIdOrBase` lets the caller refuse them.
 */
function inherited(element: XmlElement, within: XmlElement | undefined): XmlElement['attributes'] {
  const own = new Set(
    element.attributes.filter((each) => each.namespace === XML_NAMESPACE).map((each) => each.local),
  );
  const found: XmlElement['attributes'][number][] = [];
  for (
    let at = element === within ? undefined : element.parent;
    at !== undefined;
    at = at === within ? undefined : at.parent
  ) {
    for (const each of at.attributes) {
      if (each.namespace !== XML_NAMESPACE || own.has(each.local)) continue;
      own.add(each.local);
      if (each.local === 'lang' || each.local === 'space') found.push(each);
    }
  }
  return found;
}

/** Whether an element that encloses this one carries `xml:id` or `xml:base`, where Canonical XML 1.0 and 1.1 part ways. */
export function inheritsXmlIdOrBase(element: XmlElement): boolean {
  for (let at = element.parent; at !== undefined; at = at.parent) {
    const differs = at.attributes.some(
      (each) => each.namespace === XML_NAMESPACE && (each.local === 'id' || each.local === 'base'),
    );
    if (differs) return true;
  }
  return false;
}

function writeAside(
  node: XmlNode,
  how: Canonicalization,
  out: string[],
  where: 'before' | 'inside' | 'after',
): void {
  if (typeof node === 'string' || isElement(node)) return;
  if (node.kind === 'comment' && !how.comments) return;
  if (where === 'after') out.push('\n');
  if (node.kind === 'comment') out.push('<!--', node.text.replaceAll('\r', '&#xD;'), '-->');
  else out.push('<?', node.target, node.data === '' ? '' : ` ${node.data.replaceAll('\r', '&#xD;')}`, '?>');
  if (where === 'before') out.push('\n');
}

/** Canonical XML orders by code point, not by UTF-16 unit. */
function byCodePoint(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };
const VALUE: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

const escapeText = (text: string): string =>
  /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (each) => TEXT[each] ?? each) : text;
const escapeValue = (text: string): string =>
  /[&<"\t\n\r]/.test(text) ? text.replace(/[&<"\t\n\r]/g, (each) => VALUE[each] ?? each) : text;
