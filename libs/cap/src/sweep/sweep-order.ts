const NONE = -1;

/**
 * The edges that a sweep line meets, from below to above: a treap with its priorities drawn from a fixed sequence, and a list
 * through its nodes for the neighbours. Edges are numbers below `count`; inserting and removing take log n on average.
 */
export class SweepOrder {
  private root = NONE;
  private readonly parent: Int32Array;
  private readonly low: Int32Array;
  private readonly high: Int32Array;
  private readonly previous: Int32Array;
  private readonly next: Int32Array;
  private readonly priority: Uint32Array;

  constructor(
    count: number,
    private readonly isBelow: (edge: number, other: number) => boolean,
  ) {
    const links = (): Int32Array => new Int32Array(count).fill(NONE);
    [this.parent, this.low, this.high, this.previous, this.next] = [
      links(),
      links(),
      links(),
      links(),
      links(),
    ];
    this.priority = new Uint32Array(count);
    // A linear congruential sequence (Numerical Recipes): spread well, and the same in every run.
    for (let i = 0, seed = 1; i < count; i += 1)
      this.priority[i] = seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  }

  /** The edge right below, or −1. */
  below(edge: number): number {
    return this.previous[edge] ?? NONE;
  }

  /** The edge right above, or −1. */
  above(edge: number): number {
    return this.next[edge] ?? NONE;
  }

  insert(edge: number): void {
    let at = this.root;
    let under = NONE;
    let over = NONE;
    let parent = NONE;
    let goesLow = false;
    while (at !== NONE) {
      parent = at;
      goesLow = this.isBelow(edge, at);
      if (goesLow) over = at;
      else under = at;
      at = (goesLow ? this.low : this.high)[at] ?? NONE;
    }
    this.parent[edge] = parent;
    this.low[edge] = NONE;
    this.high[edge] = NONE;
    if (parent === NONE) this.root = edge;
    else (goesLow ? this.low : this.high)[parent] = edge;
    this.join(under, edge);
    this.join(edge, over);
    while (this.parent[edge] !== NONE && this.first(edge, this.parent[edge] ?? NONE)) this.lift(edge);
  }

  remove(edge: number): void {
    for (;;) {
      const low = this.low[edge] ?? NONE;
      const high = this.high[edge] ?? NONE;
      if (low === NONE && high === NONE) break;
      this.lift(high === NONE || (low !== NONE && this.first(low, high)) ? low : high);
    }
    const parent = this.parent[edge] ?? NONE;
    if (parent === NONE) this.root = NONE;
    else if (this.low[parent] === edge) this.low[parent] = NONE;
    else this.high[parent] = NONE;
    this.join(this.below(edge), this.above(edge));
    this.previous[edge] = NONE;
    this.next[edge] = NONE;
  }

  private first(edge: number, other: number): boolean {
    return (this.priority[edge] ?? 0) < (this.priority[other] ?? 0);
  }

  private join(under: number, over: number): void {
    if (under !== NONE) this.next[under] = over;
    if (over !== NONE) this.previous[over] = under;
  }

  /** Rotates an edge one level up. */
  private lift(edge: number): void {
    const parent = this.parent[edge] ?? NONE;
    const grand = this.parent[parent] ?? NONE;
    const [own, other] = this.low[parent] === edge ? [this.low, this.high] : [this.high, this.low];
    const moved = other[edge] ?? NONE;
    own[parent] = moved;
    if (moved !== NONE) this.parent[moved] = parent;
    other[edge] = parent;
    this.parent[parent] = edge;
    this.parent[edge] = grand;
    if (grand === NONE) this.root = edge;
    else if (this.low[grand] === parent) this.low[grand] = edge;
    else this.high[grand] = edge;
  }
}
