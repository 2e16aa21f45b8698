import type { XmlElement } from '../xml/tree.js';

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
/** Hints where a schema lies: allowed on every element (XML Schema Part 1 §2.6), never followed. */
const HINTS: ReadonlySet<string> = new Set(['schemaLocation', 'noNamespaceSchemaLocation']);

/** What is wrong with the attributes of an element: CAP has none, and only the schema's own may stand anywhere. */
export function xsiFindings(element: XmlElement, _simple: boolean): string[] {
  const wrong: string[] = [];
  for (const { prefix, local, namespace } of element.attributes) {
    if (namespace === XSI && HINTS.has(local)) continue;
    const name = prefix === '' ? local : `${prefix}:${local}`;
    wrong.push(`${element.local} has the attribute ${name}, and CAP has no attributes.`);
  }
  return wrong;
}
