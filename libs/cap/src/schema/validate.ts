import type { Findings } from '../checks/finding.js';
import { versionOf } from '../model/alert.js';
import { DSIG, isElement, Paths, textOf, type XmlElement } from '../xml/tree.js';
import { type Group, type Particle, SCHEMAS, TOP_LEVEL_TEXTS } from './schema-tables.js';
import { anyText } from '../datatypes/simple-types.js';
import { attributeFaults, typedFault } from './xsi.js';

/** Validates `alert` against the schema of its namespace; every violation becomes a finding. True when there is none. */
export function validate(alert: XmlElement, findings: Findings): boolean {
  const version = versionOf(alert.namespace);
  if (version === undefined) {
    const shown =
      alert.namespace === '' ? 'no namespace' : `the namespace "${alert.namespace.slice(0, 100)}"`;
    findings.add('namespace', '/alert', `The alert is in ${shown}; CAP has exactly three, one per version.`);
    return false;
  }
  const before = findings.count;
  new Validation(alert, findings).group(alert, SCHEMAS[version]);
  return findings.count === before;
}

class Validation {
  private readonly paths: Paths;

  constructor(
    private readonly top: XmlElement,
    private readonly findings: Findings,
  ) {
    this.paths = new Paths(top);
  }

  group(element: XmlElement, group: Group): void {
    this.attributes(element, undefined);
    if (element.cdata)
      this.add(
        'stray-text',
        element,
        () => `A CDATA section stands between the elements of ${element.local}.`,
      );
    // One bit for each particle; no sequence of CAP has 31.
    let seen = 0;
    let at = 0;
    let count = 0;
    for (const child of element.children) {
      if (typeof child === 'string') {
        if (!isBlank(child)) {
          this.add(
            'stray-text',
            element,
            () => `The text "${child.trim().slice(0, 40)}" stands between the elements of ${element.local}.`,
          );
        }
        continue;
      }
      if (!isElement(child)) continue;
      if (group.signatures && child.namespace === DSIG) {
        // libxml2 lets signatures and info blocks stand in any order behind the head; check 18 names one that is not last.
        at = group.particles.length - 1;
        this.lax(child);
        continue;
      }
      const index = child.namespace === this.top.namespace ? group.byName.get(child.local) : undefined;
      const particle = index === undefined ? undefined : group.particles[index];
      if (index === undefined || particle === undefined) {
        this.add(
          'unknown-element',
          child,
          () =>
            `${element.local} has no element ${child.local}${foreign(child, this.top)} in CAP ${this.version}.`,
        );
        continue;
      }
      if (index < at) {
        this.add(
          'order',
          child,
          () => `${child.local} must stand before ${group.particles[at]?.name ?? ''}.`,
        );
      } else {
        count = index > at ? 1 : count + 1;
        at = index;
        if (count > particle.most)
          this.add('repeated', child, () => `${child.local} may stand only once in ${element.local}.`);
      }
      seen |= 1 << index;
      this.content(child, particle);
    }
    if ((group.required & ~seen) === 0) return;
    group.particles.forEach(({ name, least }, index) => {
      if (least === 1 && (seen & (1 << index)) === 0)
        this.add(
          'missing',
          element,
          () => `${element.local} lacks ${name}, which CAP ${this.version} requires.`,
        );
    });
  }

  /** The wildcard is lax: inside a signature only what the CAP schema itself declares at the top is looked at. */
  private lax(element: XmlElement): void {
    const typed = element.attributes.length === 0 ? undefined : typedFault(element);
    if (typed !== undefined) this.add('unknown-attribute', element, () => typed);
    for (const child of element.children) {
      if (!isElement(child)) continue;
      if (child.namespace !== this.top.namespace) this.lax(child);
      else if (child.local === 'alert') this.group(child, SCHEMAS['1.2']);
      else if (TOP_LEVEL_TEXTS.has(child.local)) this.simple(child, 'string');
      else this.lax(child);
    }
  }

  private content(element: XmlElement, particle: Particle): void {
    if (typeof particle.type !== 'function') {
      this.group(element, particle.type);
      return;
    }
    if (!this.simple(element, particle.builtIn) || particle.type === anyText) return;
    const text = textOf(element);
    const defaulted = particle.defaulted && text === '' && !element.cdata;
    const wanted = defaulted ? undefined : particle.type(text);
    if (wanted === undefined) return;
    this.add(
      particle.wrong,
      element,
      () => `${element.local} is "${text.trim().slice(0, 60)}" and must be ${wanted}.`,
    );
  }

  /** An element of a simple type holds text alone. */
  private simple(element: XmlElement, builtIn: string | undefined): boolean {
    this.attributes(element, builtIn);
    const { children } = element;
    if (children.length === 1 && typeof children[0] === 'string') return true;
    const inner = children.find(isElement);
    if (inner === undefined) return true;
    this.add(
      'unknown-element',
      inner,
      () => `${element.local} holds text only and has ${inner.local} inside.`,
    );
    return false;
  }

  private attributes(element: XmlElement, builtIn: string | undefined): void {
    if (element.attributes.length === 0) return;
    for (const wrong of attributeFaults(element, builtIn))
      this.add('unknown-attribute', element, () => wrong);
  }

  private get version(): string {
    return versionOf(this.top.namespace) ?? '';
  }

  private add(code: Parameters<Findings['add']>[0], element: XmlElement, message: () => string): void {
    this.findings.add(code, () => this.paths.of(element), message);
  }
}

function foreign(child: XmlElement, top: XmlElement): string {
  return child.namespace === top.namespace ? '' : ` of the namespace "${child.namespace.slice(0, 100)}"`;
}

/** White space only (XML 1.0 §2.3). */
function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return false;
  }
  return true;
}
