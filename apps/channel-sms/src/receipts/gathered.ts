type Waiting<T> = { item: T; done: () => void; failed: (error: unknown) => void };

/** Writes what comes in while a write is under way together in the next one: many receipts, one statement. */
export class Gathered<T> {
  private waiting: Waiting<T>[] = [];
  private writing = false;

  constructor(
    private readonly write: (items: readonly T[]) => Promise<void>,
    private readonly most = 500,
  ) {}

  /** Resolves when the item is written, rejects when it could not be. */
  add(item: T): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ item, done, failed });
      if (!this.writing) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const some = this.waiting.splice(0, this.most);
      try {
        await this.write(some.map(({ item }) => item));
        for (const { done } of some) done();
      } catch (error) {
        for (const { failed } of some) failed(error);
      }
    }
    this.writing = false;
  }
}
