import { attributeOf, childElements, textOf, type XmlElement } from '../xml/tree.js';

/** A feed entry that points at an alert. `href` is as the feed gives it; whoever follows it guards against private addresses. */
export type CapLink = {
  readonly href: string;
  readonly title?: string;
  readonly id?: string;
  readonly updated?: string;
};

const ATOM = 'http://www.w3.org/2005/Atom';

/** Whether the element is an Atom entry or an RSS item. */
export const isEntry = (element: XmlElement): boolean =>
  element.local === 'item' || (element.local === 'entry' && element.namespace === ATOM);

/** Where an entry points; undefined when it points nowhere. */
export function linkOf(entry: XmlElement): CapLink | undefined {
  const atom = entry.namespace === ATOM;
  const href = atom ? atomHref(entry) : textIn(entry, 'link');
  if (href === undefined || href === '') return undefined;
  const title = textIn(entry, 'title');
  const id = textIn(entry, atom ? 'id' : 'guid');
  const updated = textIn(entry, atom ? 'updated' : 'pubDate');
  return {
    href,
    ...(title === undefined ? {} : { title }),
    ...(id === undefined ? {} : { id }),
    ...(updated === undefined ? {} : { updated }),
  };
}

/** RFC 4287 §4.2.7: the one of type CAP, else the first that is an alternate. */
function atomHref(entry: XmlElement): string | undefined {
  const links = childElements(entry).filter((each) => each.local === 'link' && each.namespace === ATOM);
  const cap = links.find((each) => attributeOf(each, 'type')?.includes('cap+xml') === true);
  const alternate = links.find((each) => (attributeOf(each, 'rel') ?? 'alternate') === 'alternate');
  const chosen = cap ?? alternate ?? links[0];
  return chosen === undefined ? undefined : attributeOf(chosen, 'href');
}

function textIn(element: XmlElement, local: string): string | undefined {
  const found = childElements(element).find((each) => each.local === local);
  return found === undefined ? undefined : textOf(found).trim();
}
