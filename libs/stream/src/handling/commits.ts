import type { Log } from '#runtime';

/** In a long handler call, done messages are committed at least this often; and so often is one tried again that failed. */
const COMMIT_EVERY_MS = 500;

/** Commits how far a partition is handled, one commit at a time and never backwards, beside the work and without holding it up. */
export class Commits {
  private committing: Promise<void> | undefined;
  private committedAt = 0;
  private stopped = false;

  constructor(
    private readonly commit: (next: bigint) => Promise<void>,
    private readonly watermark: () => bigint,
    private committed: bigint,
    private readonly log: Log,
  ) {}

  /** Commits if the last one is some time ago. */
  soon(): void {
    if (performance.now() - this.committedAt > COMMIT_EVERY_MS) this.now();
  }

  /** Commits as far as it goes now, or when the commit under way has ended. */
  now(): void {
    const next = this.watermark();
    if (this.committing || this.stopped || next <= this.committed) return;
    this.committedAt = performance.now();
    this.committing = this.commit(next).then(
      () => {
        this.committed = next;
        this.committing = undefined;
        this.now();
      },
      (error: unknown) => {
        this.committing = undefined;
        if (this.stopped) return;
        this.log.warn({ next, error }, 'handled messages could not be committed yet');
        setTimeout(() => this.now(), COMMIT_EVERY_MS).unref();
      },
    );
  }

  /** Nothing more is committed: the partition is somebody else's. */
  stop(): void {
    this.stopped = true;
  }

  /** Commits as far as it goes now, and nothing more. Throws when that fails: it is handled again. */
  async last(): Promise<void> {
    const next = this.watermark();
    const ours = !this.stopped;
    this.stopped = true;
    await this.committing;
    if (ours && next > this.committed) await this.commit(next);
  }
}
