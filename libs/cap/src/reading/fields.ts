import { childElements, DSIG, Paths, textOf, type XmlElement } from '../xml/tree.js';
import { canonicalXml } from '../canonical/canonical-xml.js';
import type { UnknownContent } from '../model/alert.js';

const NONE: readonly never[] = [];
/** Content that CAP does not know is kept with the namespaces that it uses itself: a wrapper may lend it hundreds. */
const EXCLUSIVE = { exclusive: true, comments: true } as const;
/** Elements of one alert that no version of CAP names: more are in its bytes alone. */
const MOST_UNKNOWN = 1_000;

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
    let found: XmlElement[] | undefined;
    for (const each of this.children) if (this.is(each, local)) (found ??= []).push(each);
    return found ?? NONE;
  }

  /** Trimmed text of each. */
  texts(local: string): readonly string[] {
    let found: string[] | undefined;
    for (const each of this.children) if (this.is(each, local)) (found ??= []).push(textOf(each).trim());
    return found ?? NONE;
  }

  /** Trimmed text of the first; undefined when there is none. */
  text(local: string): string | undefined {
    return this.written(local)?.trim();
  }

  /** The same as it is written. */
  written(local: string): string | undefined {
    for (const each of this.children) if (this.is(each, local)) return textOf(each);
    return undefined;
  }

  /** Puts the named texts that are there into `into`; one that is missing stays missing. */
  optional<Name extends string>(into: { [K in Name]?: string }, ...names: readonly Name[]): void {
    for (const name of names) {
      const text = this.text(name);
      if (text !== undefined) into[name] = text;
    }
  }

  /** Whether a signature stands before other content. */
  signatureEarly(): boolean {
    let signed = false;
    for (const each of this.children) {
      if (each.namespace === DSIG) signed = true;
      else if (signed) return true;
    }
    return false;
  }

  /** Adds whatever is not among the known names to `into`; signatures are read elsewhere. */
  unknown(known: ReadonlySet<string>, into: UnknownContent[]): void {
    let paths: Paths | undefined;
    for (const each of this.children) {
      const ours = each.namespace === this.alert.namespace && known.has(each.local);
      if (ours || each.namespace === DSIG || into.length >= MOST_UNKNOWN) continue;
      paths ??= new Paths(this.alert);
      into.push({ path: paths.of(each), xml: canonicalXml(each, EXCLUSIVE) });
    }
  }

  private is(element: XmlElement, local: string): boolean {
    return element.local === local && element.namespace === this.alert.namespace;
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
