import type { Fact, PartFact } from '../record/facts.js';

/** Joins the parts of long texts, in whatever order they come. What is half there outlives a restart. */
export class Assembly {
  private readonly open = new Map<string, Map<number, PartFact>>();

  /** Takes in one fact of an earlier run. */
  replay(fact: Fact): void {
    if (fact.fact === 'part') this.add(fact);
  }

  /** Adds a part. When it was the last one missing: all parts, in order. A part that comes twice counts once. */
  add(part: PartFact): PartFact[] | undefined {
    const { reference, number, of } = part.joined;
    const key = `${part.from} ${part.to} ${reference} ${of}`;
    const parts = this.open.get(key) ?? new Map<number, PartFact>();
    this.open.set(key, parts.set(number, part));
    if (parts.size < of) return undefined;
    this.open.delete(key);
    return [...parts.values()].sort((a, b) => a.joined.number - b.joined.number);
  }

  /** Texts of which something is missing, as a telephone would never show them. */
  get incomplete(): number {
    return this.open.size;
  }
}
