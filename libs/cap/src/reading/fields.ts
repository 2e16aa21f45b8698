import { childElements, pathOf, textOf, type XmlElement } from '../xml/tree.js';
import { canonicalXml } from '../signatures/canonical-xml.js';
import type { UnknownContent } from './alert.js';

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** The children of one CAP element by name. What nobody asks for is reported as unknown content; signatures are read elsewhere. */
export class Fields {
  private readonly byName = new Map<string, XmlElement[]>();
  private readonly asked = new Set<string>();

  constructor(
    private readonly element: XmlElement,
    private readonly alert: XmlElement,
  ) {
    for (const child of childElements(element)) {
      // Content under another namespace than the alert's own is never mistaken for CAP's.
      const key = child.namespace === alert.namespace ? child.local : `{${child.namespace}}${child.local}`;
      const same = this.byName.get(key);
      if (same === undefined) this.byName.set(key, [child]);
      else same.push(child);
    }
  }

  elements(local: string): readonly XmlElement[] {
    this.asked.add(local);
    return this.byName.get(local) ?? [];
  }

  /** Trimmed text of each. */
  texts(local: string): string[] {
    return this.elements(local).map((each) => textOf(each).trim());
  }

  /** Trimmed text of the first; undefined when there is none. */
  text(local: string): string | undefined {
    const first = this.elements(local)[0];
    return first === undefined ? undefined : textOf(first).trim();
  }

  /** `{ name: text }`, or nothing at all: for spreading. */
  optional<Name extends string>(local: Name): { [K in Name]?: string } {
    const text = this.text(local);
    return (text === undefined ? {} : { [local]: text }) as { [K in Name]?: string };
  }

  /** Call last: whatever was not asked for. */
  unknown(): UnknownContent[] {
    const found: UnknownContent[] = [];
    for (const [name, elements] of this.byName) {
      if (this.asked.has(name) || name.startsWith(`{${DSIG}}`)) continue;
      for (const each of elements) found.push({ path: pathOf(each, this.alert), xml: canonicalXml(each) });
    }
    return found;
  }
}
