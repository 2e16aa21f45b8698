/** Recipients that are armed together. Two such windows keep a mail relay's connections and an SMPP window of 50 busy. */
export const WINDOW_SIZE = 25;
/**
 * Windows that one process may have armed in one lane. Two, so that one is sent while the other is recorded and the next one
 * armed, and so that one recipient whose answer does not come holds up half of a lane and not all of it.
 */
const WORKERS_PER_LANE = 2;

/**
 * The workers of one lane of one process. Whoever wants to arm a window takes a turn first and gives it back when the window's
 * outcomes are on record: a kill leaves at most as many windows in doubt as there are workers (DESIGN §3, P2 and P3).
 * A plan's first window goes before all others, so that a new warning does not wait behind a long list.
 */
export class Lane {
  private free: number;
  private readonly first: (() => void)[] = [];
  private readonly rest: (() => void)[] = [];

  constructor(workers = WORKERS_PER_LANE) {
    this.free = workers;
  }

  /** Resolves when a worker is free, with what gives it back. Called twice it gives it back once. */
  async turn(isFirstWindow: boolean): Promise<() => void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => void (isFirstWindow ? this.first : this.rest).push(resolve));
    let isHeld = true;
    return () => {
      if (isHeld) this.pass();
      isHeld = false;
    };
  }

  private pass(): void {
    const next = this.first.shift() ?? this.rest.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
