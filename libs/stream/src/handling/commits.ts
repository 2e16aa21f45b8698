import type { Log } from '#runtime';

/**
 * How long a commit waits for further messages to be done. After a kill so much is handled once more, and known again; committed
 * message by message, the groups' places were a third of all statements while a warning was on its way (measured).
 */
const COMMIT_AFTER_MS = 100;
/** A commit that failed is tried again after this. */
const TRY_AGAIN_MS = 500;

/** Commits how far a partition is handled, one commit at a time and never backwards, beside the work and without holding it up. */
export class Commits {
  private committing: Promise<void> | undefined;
  private due: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly commit: (next: bigint) => Promise<void>,
    private readonly watermark: () => bigint,
    private committed: bigint,
    private readonly log: Log,
  ) {}

  /** Commits in a moment, with whatever is done by then. */
  soon(): void {
    this.within(COMMIT_AFTER_MS);
  }

  /** Nothing more is committed: the partition is somebody else's. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.due);
  }

  /** Commits as far as it goes now, and nothing more. Throws when that fails: it is handled again. */
  async last(): Promise<void> {
    const next = this.watermark();
    const ours = !this.stopped;
    this.stop();
    await this.committing;
    if (ours && next > this.committed) await this.commit(next);
  }

  private within(ms: number): void {
    if (this.due !== undefined || this.committing !== undefined || this.stopped) return;
    this.due = setTimeout(() => {
      this.due = undefined;
      this.now();
    }, ms);
    this.due.unref();
  }

  private now(): void {
    const next = this.watermark();
    if (this.committing || this.stopped || next <= this.committed) return;
    this.committing = this.commit(next).then(
      () => {
        this.committed = next;
        this.committing = undefined;
        if (this.watermark() > next) this.soon();
      },
      (error: unknown) => {
        this.committing = undefined;
        if (this.stopped) return;
        this.log.warn({ next, error }, 'handled messages could not be committed yet');
        this.within(TRY_AGAIN_MS);
      },
    );
  }
}
