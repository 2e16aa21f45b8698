import { textOf, type XmlElement } from '../xml/tree.js';
import { type ParsedPolygon, parsePolygon } from './parse-shapes.js';

/**
 * Reads the polygons of one alert out of the bytes that it was read from. The same text again gives the same points, not a copy:
 * an alert in three languages has each polygon three times.
 */
export class PolygonTexts {
  /** The last polygon of each length. */
  private readonly known = new Map<number, { readonly from: number; readonly parsed: ParsedPolygon }>();

  constructor(private readonly bytes: Buffer) {}

  read(element: XmlElement): ParsedPolygon {
    const { bytes } = this;
    const { inside: from, children } = element;
    const [text] = children;
    if (children.length !== 1 || typeof text !== 'string' || element.cdata)
      return parsePolygon(textOf(element));
    const to = from + text.length;
    // The end tag stands where it would if every character were one byte: then the bytes are the text.
    if (bytes[to] !== 60) return parsePolygon(text);
    const twin = this.known.get(text.length);
    if (twin !== undefined && bytes.compare(bytes, twin.from, twin.from + text.length, from, to) === 0) {
      return twin.parsed;
    }
    const parsed = parsePolygon({ bytes, from, to });
    this.known.set(text.length, { from, parsed });
    return parsed;
  }
}
