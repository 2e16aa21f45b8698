/** Something that one waits for and others ring, also while nobody waits. */
export class Bell {
  private rang = false;
  private wake: () => void = () => {};

  /** Forgets earlier rings: call it before looking at what the bell is about, never after. */
  quiet(): void {
    this.rang = false;
  }

  /** It has rung since it was quiet. */
  get hasRung(): boolean {
    return this.rang;
  }

  ring(): void {
    this.rang = true;
    this.wake();
  }

  /** True as soon as it rings, or has rung since it was quiet; false after `ms`. */
  async ringsWithin(ms: number): Promise<boolean> {
    if (this.rang) return true;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(late);
        resolve();
      };
    });
    this.wake = () => {};
    return this.rang;
  }
}
