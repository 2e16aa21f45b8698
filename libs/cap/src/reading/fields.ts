import { childElements, Paths, textOf, type XmlElement } from '../xml/tree.js';
import { canonicalXml } from '../canonical/canonical-xml.js';
import type { UnknownContent } from '../model/alert.js';

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** The children of one CAP element by name. Content under another namespace than the alert's own is never mistaken for CAP's. */
export class Fields {
  private readonly children: readonly XmlElement[];

  constructor(
    element: XmlElement,
    private readonly alert: XmlElement,
  ) {
    this.children = childElements(element);
  }

  elements(local: string): readonly XmlElement[] {
    return this.children.filter((each) => each.local === local && each.namespace === this.alert.namespace);
  }

  /** Trimmed text of each. */
  texts(local: string): string[] {
    return this.elements(local).map((each) => textOf(each).trim());
  }

  /** Trimmed text of the first; undefined when there is none. */
  text(local: string): string | undefined {
    for (const each of this.children) {
      if (each.local === local && each.namespace === this.alert.namespace) return textOf(each).trim();
    }
    return undefined;
  }

  /** The named texts that are there. */
  optional<Name extends string>(...names: readonly Name[]): { [K in Name]?: string } {
    const found: { [K in Name]?: string } = {};
    for (const name of names) {
      const text = this.text(name);
      if (text !== undefined) found[name] = text;
    }
    return found;
  }

  /** Whatever is not among the known names; signatures are read elsewhere. */
  unknown(known: ReadonlySet<string>): UnknownContent[] {
    const strange = this.children.filter(
      (each) =>
        each.namespace !== DSIG && !(each.namespace === this.alert.namespace && known.has(each.local)),
    );
    if (strange.length === 0) return [];
    const paths = new Paths(this.alert);
    return strange.map((each) => ({ path: paths.of(each), xml: canonicalXml(each) }));
  }
}

/** The names of CAP 1.2 at each place; `password` of CAP 1.0 is not among them. */
const names = (text: string): ReadonlySet<string> => new Set(text.split(' '));
export const KNOWN = {
  alert: names(
    'identifier sender sent status msgType source scope restriction addresses code note references incidents info',
  ),
  info: names(
    'language category event responseType urgency severity certainty audience eventCode effective onset expires senderName ' +
      'headline description instruction web contact parameter resource area',
  ),
  resource: names('resourceDesc mimeType size uri derefUri digest'),
  area: names('areaDesc polygon circle geocode altitude ceiling'),
} as const;
