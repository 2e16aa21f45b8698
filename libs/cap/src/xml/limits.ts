import { XmlRefused } from '../intake/refusal.js';

/** The limits of one document (Suggested in the limits of this library's README; each is refused, never cut off). */
export type XmlLimits = {
  /** Nesting of elements. */
  readonly depth: number;
  /** Elements that are in memory at once. */
  readonly elements: number;
  /** Attributes, namespace declarations, pieces of text, comments and instructions that are in memory at once. */
  readonly nodes: number;
  /** Attributes and namespace declarations of one element. */
  readonly attributes: number;
  /** Prefixes that stand for a namespace at one place. */
  readonly namespaces: number;
  /** Bytes that are looked at together; only a test wants others than `Cursor` takes. */
  readonly window?: number;
};

/** What is taken in unless told otherwise; 20,000 elements of CAP have at most 40,000 pieces of text between them, and no feed that we know has a dozen prefixes. */
export const LIMITS: XmlLimits = {
  depth: 32,
  elements: 20_000,
  nodes: 100_000,
  attributes: 256,
  namespaces: 32,
};

/** How much of a document is in memory: what is dropped when it has been dealt with counts no longer. */
export class Held {
  private elements = 0;
  private others = 0;
  /** What was held where each open element began, by pairs. */
  private readonly atStart: number[] = [];

  constructor(private readonly most: { readonly elements: number; readonly nodes: number }) {}

  /** An element begins. Throws `XmlRefused` when it is one too many. */
  open(): void {
    this.atStart.push(this.elements, this.others);
    this.elements += 1;
    if (this.elements > this.most.elements) {
      throw new XmlRefused(
        'too-many-elements',
        `The document holds more than ${this.most.elements} elements.`,
      );
    }
  }

  /** Other nodes are kept: text, attributes, comments, instructions. Throws `XmlRefused` when they are too many. */
  nodes(count: number): void {
    this.others += count;
    if (this.others > this.most.nodes) {
      throw new XmlRefused(
        'too-many-nodes',
        `The document holds more than ${this.most.nodes} attributes, comments, instructions and pieces of text.`,
      );
    }
  }

  /** The element that began last is complete, and with everything in it kept or dropped. */
  close(dropped: boolean): void {
    const others = this.atStart.pop() ?? 0;
    const elements = this.atStart.pop() ?? 0;
    if (!dropped) return;
    this.elements = elements;
    this.others = others;
  }
}
