import { open, type FileHandle } from 'node:fs/promises';

/** Where bytes lie in a log: the first byte and how many there are. */
export type Span = { offset: number; bytes: number };

type Waiting = { bytes: Buffer; written: (span: Span) => void; failed: (error: Error) => void };

/**
 * A file that only grows. `append` answers once the operating system has the bytes, so a kill -9 of this process
 * cannot take them back (a power cut can: the practice world is not kept for ever).
 * Everything that arrives while one write is under way leaves in the next one, so thousands of arrivals a second
 * cost a few hundred writes.
 */
export class ByteLog {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  private broken: Error | undefined;
  private cutAt: number | undefined;

  private constructor(
    private readonly file: FileHandle,
    private end: number,
    private readonly path: string,
  ) {}

  /** Opens or creates the file and goes on after its last byte. */
  static async open(path: string): Promise<ByteLog> {
    const file = await open(path, 'a+', 0o600);
    return new ByteLog(file, (await file.stat()).size, path);
  }

  get size(): number {
    return this.end;
  }

  /** Adds the bytes after everything appended before. Throws for good once the disk has refused a write. */
  append(bytes: Buffer): Promise<Span> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    return new Promise((written, failed) => {
      this.waiting.push({ bytes, written, failed });
      this.writing ??= this.writeAll();
    });
  }

  /** Reads one span back. Throws when the file is shorter than the span says. */
  async read(span: Span): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(span.bytes);
    let got = 0;
    while (got < span.bytes) {
      const { bytesRead } = await this.file.read(bytes, got, span.bytes - got, span.offset + got);
      if (bytesRead === 0) throw new Error(`${this.path} ends before byte ${span.offset + span.bytes}`);
      got += bytesRead;
    }
    return bytes;
  }

  /**
   * Cuts off everything from `offset` on: what a killed process left half written. Done with the first append and not
   * before, so that a process that finds out that it is not alone (a taken port) has changed nothing.
   */
  truncate(offset: number): void {
    this.end = offset;
    this.cutAt = offset;
  }

  /** Writes what still waits, then closes the file. */
  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
  }

  private async writeAll(): Promise<void> {
    await new Promise<void>((resume) => setImmediate(resume)); // lets one tick's arrivals gather
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.write(Buffer.concat(batch.map((each) => each.bytes)));
      } catch (error) {
        this.broken = new Error(`the practice world cannot write ${this.path}`, { cause: error });
        for (const each of [...batch, ...this.waiting]) each.failed(this.broken);
        this.waiting = [];
        break;
      }
      for (const each of batch) {
        each.written({ offset: this.end, bytes: each.bytes.length });
        this.end += each.bytes.length;
      }
    }
    this.writing = undefined;
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.cutAt !== undefined) await this.file.truncate(this.cutAt);
    this.cutAt = undefined;
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done);
      done += bytesWritten;
    }
  }
}
