/** The namespace of the `xml:` prefix (Namespaces in XML 1.0 §3). */
export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
/** The namespace that `xmlns` itself is bound to. */
export const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** The namespace of XML signatures (W3C XML Signature 1.1). */
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** One attribute that is not a namespace declaration; `value` is normalised (XML 1.0 §3.3.3). */
export type XmlAttribute = {
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly value: string;
};

/** `xmlns="…"` (prefix is empty) or `xmlns:prefix="…"`. */
export type NamespaceDeclaration = { readonly prefix: string; readonly uri: string };

/** A comment or a processing instruction: kept because a signature may cover it. */
export type XmlAside =
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'instruction'; readonly target: string; readonly data: string };

/** Character data is a plain string, CDATA included: to a reader and to canonical XML they are the same. */
export type XmlNode = XmlElement | string | XmlAside;

const NONE: readonly never[] = [];

/** One element of the small tree that serves reading, the schema's verdict and signatures alike. */
export class XmlElement {
  parent: XmlElement | undefined = undefined;
  attributes: readonly XmlAttribute[] = NONE;
  declarations: readonly NamespaceDeclaration[] = NONE;
  children: XmlNode[] = [];
  /** A CDATA section stands directly inside: schema processors let none, not even an empty one, stand between elements. */
  cdata = false;
  /** Byte offset just behind the start tag. */
  inside = 0;
  /** Byte offset just behind the end tag. */
  end = 0;

  constructor(
    readonly prefix: string,
    readonly local: string,
    readonly namespace: string,
    /** Byte offset of the start tag. */
    readonly start: number,
  ) {}
}

/** A whole document: its root, and the comments and instructions around it, which a signature over the document covers too. */
export type XmlDocument = {
  readonly root: XmlElement;
  readonly before: readonly XmlNode[];
  readonly after: readonly XmlNode[];
};

/** A node that is an element. */
export const isElement = (node: XmlNode): node is XmlElement => node instanceof XmlElement;

/** The element children, in document order. */
export function childElements(element: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (const child of element.children) if (isElement(child)) found.push(child);
  return found;
}

/** The first child element of that name and namespace. */
export function childOf(element: XmlElement, local: string, namespace: string): XmlElement | undefined {
  for (const child of element.children) {
    if (isElement(child) && child.local === local && child.namespace === namespace) return child;
  }
  return undefined;
}

/** The character data directly inside the element, as written: no trimming, and nothing from elements within it. */
export function textOf(element: XmlElement): string {
  const { children } = element;
  if (children.length === 1 && typeof children[0] === 'string') return children[0];
  let text = '';
  for (const child of children) if (typeof child === 'string') text += child;
  return text;
}

/** The value of an attribute without a namespace. */
export function attributeOf(element: XmlElement, local: string): string | undefined {
  return element.attributes.find((each) => each.local === local && each.namespace === '')?.value;
}

/** The namespace that a prefix stands for at this element; undefined when it stands for nothing. */
export function namespaceOf(element: XmlElement, prefix: string): string | undefined {
  if (prefix === 'xml') return XML_NAMESPACE;
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    for (const declared of at.declarations) if (declared.prefix === prefix) return declared.uri;
  }
  return prefix === '' ? '' : undefined;
}

/** Where elements stand below `top`, as XPaths by local names and positions: `/alert/info[2]/area[1]/polygon[3]`. */
export class Paths {
  /** Positions among namesakes, counted once for all children of a parent: an alert may be wrong in twenty thousand places. */
  private readonly positions = new Map<XmlElement, Map<XmlElement, string>>();

  constructor(private readonly top: XmlElement) {}

  of(element: XmlElement): string {
    const { parent } = element;
    if (element === this.top || parent === undefined) return `/${element.local}`;
    return `${this.of(parent)}/${element.local}${this.position(element, parent)}`;
  }

  private position(element: XmlElement, parent: XmlElement): string {
    if (parent.children.length <= FEW) return positionAmong(element, parent);
    let known = this.positions.get(parent);
    if (known === undefined) {
      known = positionsIn(parent);
      this.positions.set(parent, known);
    }
    return known.get(element) ?? '';
  }
}

/** Up to so many children are looked through each time: quicker than keeping their positions. */
const FEW = 40;

function positionAmong(element: XmlElement, parent: XmlElement): string {
  let position = 0;
  let total = 0;
  for (const child of parent.children) {
    if (!isElement(child) || child.local !== element.local) continue;
    total += 1;
    if (child === element) position = total;
  }
  return total > 1 ? `[${position}]` : '';
}

function positionsIn(parent: XmlElement): Map<XmlElement, string> {
  const children = childElements(parent);
  const totals = new Map<string, number>();
  for (const { local } of children) totals.set(local, (totals.get(local) ?? 0) + 1);
  const counted = new Map<string, number>();
  return new Map(
    children.map((child) => {
      const position = (counted.get(child.local) ?? 0) + 1;
      counted.set(child.local, position);
      return [child, (totals.get(child.local) ?? 1) > 1 ? `[${position}]` : ''];
    }),
  );
}
