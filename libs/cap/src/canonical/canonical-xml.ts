import {
  attributeOf,
  childElements,
  isElement,
  type NamespaceDeclaration,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
  XML_NAMESPACE,
} from '../xml/tree.js';
import { LIMITS } from '../xml/limits.js';

/** How a subtree or a document becomes the bytes that are hashed. */
export type Canonicalization = {
  /** Exclusive XML Canonicalization 1.0 (W3C), else Canonical XML 1.0 / 1.1, which write the same unless a subset inherits `xml:` attributes. */
  readonly exclusive: boolean;
  readonly comments: boolean;
  /** `InclusiveNamespaces PrefixList` of the exclusive form; the default namespace is an empty text. */
  readonly inclusivePrefixes?: ReadonlySet<string>;
  /** Elements that are left out with all that they hold: the signature itself, for the enveloped transform. */
  readonly without?: ReadonlySet<XmlElement>;
  /** An element taken as the root of a document of its own: what encloses it lends only the namespaces that its own name needs. */
  readonly within?: XmlElement;
};

/** Prefix → namespace, as the output has it at this point. Changed on the way in and back on the way out: never copied. */
type Rendered = Map<string, string>;
/** What a prefix stood for before. */
type Before = readonly [prefix: string, uri: string | undefined];
const NOTHING: readonly never[] = [];

/** The canonical text of one element and all it holds, as a subtree of its document. Throws nothing. */
export function canonicalXml(element: XmlElement, how: Canonicalization): string {
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

/** A longer `PrefixList` is not followed: so many prefixes no document here may have in scope. */
const MOST_PREFIXES = LIMITS.namespaces;

/** `PrefixList` of Exclusive XML Canonicalization §4; `#default` is the default namespace. Undefined when it is too long. */
export function inclusivePrefixes(method: XmlElement): ReadonlySet<string> | undefined {
  const list = childElements(method).find((each) => each.local === 'InclusiveNamespaces');
  const written = (list === undefined ? '' : (attributeOf(list, 'PrefixList') ?? '')).split(/\s+/);
  const prefixes = new Set(written.filter((each) => each !== ''));
  if (prefixes.delete('#default')) prefixes.add('');
  return prefixes.size > MOST_PREFIXES ? undefined : prefixes;
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
  const wanted = how.exclusive
    ? exclusiveNamespaces(element, how, top)
    : top
      ? inScope(element, how.within)
      : element.declarations;
  const before = wanted.length === 0 ? NOTHING : changed(wanted, rendered);
  let tag = `<${name}`;
  for (const [prefix] of before) {
    tag += `${prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`}${escapeValue(rendered.get(prefix) ?? '')}"`;
  }
  if (element.attributes.length > 0 || (top && !how.exclusive)) tag += attributesOf(element, how, top);
  if (element.children.length === 0) out.push(`${tag}></${name}>`);
  else {
    out.push(`${tag}>`);
    for (const child of element.children) {
      if (typeof child === 'string') out.push(escapeText(child));
      else if (isElement(child)) writeElement(child, how, rendered, out, false);
      else writeAside(child, how, out, 'inside');
    }
    out.push(`</${name}>`);
  }
  for (const [prefix, uri] of before) {
    if (uri === undefined) rendered.delete(prefix);
    else rendered.set(prefix, uri);
  }
}

/** Exclusive: only what the element and its attributes use; and the listed prefixes, where they come into scope. */
function exclusiveNamespaces(
  element: XmlElement,
  how: Canonicalization,
  top: boolean,
): readonly NamespaceDeclaration[] {
  const listed = how.inclusivePrefixes;
  const own = { prefix: element.prefix, uri: element.namespace };
  const alone = element.attributes.length === 0 && (listed === undefined || listed.size === 0);
  if (alone) return [own];
  const used = new Map<string, string>([[own.prefix, own.uri]]);
  for (const each of element.attributes) if (each.prefix !== '') used.set(each.prefix, each.namespace);
  if (listed === undefined) return asList(used);
  if (top) {
    for (const { prefix, uri } of inScope(element, undefined)) if (listed.has(prefix)) used.set(prefix, uri);
  } else {
    for (const { prefix, uri } of element.declarations) if (listed.has(prefix)) used.set(prefix, uri);
  }
  return asList(used);
}

/** Brings into `rendered` what the output does not have yet; what stood in its place, in the order of canonical XML. */
function changed(wanted: readonly NamespaceDeclaration[], rendered: Rendered): readonly Before[] {
  let before: Before[] | undefined;
  for (const { prefix, uri } of wanted) {
    const had = rendered.get(prefix);
    if (prefix === 'xml' || (had ?? (prefix === '' ? '' : undefined)) === uri) continue;
    (before ??= []).push([prefix, had]);
    rendered.set(prefix, uri);
  }
  if (before === undefined) return NOTHING;
  return before.length === 1 ? before : before.sort(([a], [b]) => byCodePoint(a, b));
}

const asList = (named: ReadonlyMap<string, string>): NamespaceDeclaration[] =>
  Array.from(named, ([prefix, uri]) => ({ prefix, uri }));

function inScope(element: XmlElement, within: XmlElement | undefined): readonly NamespaceDeclaration[] {
  const found = new Map<string, string>();
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    for (const { prefix, uri } of at.declarations) if (!found.has(prefix)) found.set(prefix, uri);
    if (at !== within) continue;
    if (!found.has(at.prefix)) found.set(at.prefix, at.namespace);
    break;
  }
  return asList(found);
}

function attributesOf(element: XmlElement, how: Canonicalization, top: boolean): string {
  const all =
    top && !how.exclusive
      ? [...element.attributes, ...inherited(element, how.within)]
      : [...element.attributes];
  if (all.length > 1)
    all.sort((a, b) => byCodePoint(a.namespace, b.namespace) || byCodePoint(a.local, b.local));
  let text = '';
  for (const { prefix, local, value } of all)
    text += ` ${prefix === '' ? local : `${prefix}:${local}`}="${escapeValue(value)}"`;
  return text;
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

/** Canonical XML orders by code point: as JavaScript orders texts, except that a pair of surrogates stands behind U+E000 to U+FFFF. */
function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const one = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (one !== other) return moved(one) - moved(other);
  }
  return a.length - b.length;
}

const moved = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x2000 : unit);

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
