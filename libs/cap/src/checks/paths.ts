import { childElements, type XmlElement } from '../xml/tree.js';

/** A name with its position, when there are several. */
export const nth = (path: string, index: number, of: number): string =>
  of > 1 ? `${path}[${index + 1}]` : path;

/** Children of that name, in the alert's own namespace. */
export const named = (element: XmlElement, local: string): XmlElement[] =>
  childElements(element).filter((each) => each.local === local && each.namespace === element.namespace);
