import { ByteLog, type Span } from './byte-log.js';

/** Read in pieces of this size when the file is opened: a journal of a large exercise does not fit in one string. */
const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/**
 * Facts as JSON lines in a file that only grows. What `append` has answered is there after a kill -9;
 * a last line without its end, which a killed process leaves behind, was never answered and is cut off at opening.
 */
export class Journal<Fact> {
  private constructor(
    private readonly path: string,
    private readonly log: ByteLog,
  ) {}

  static async open<Fact>(path: string): Promise<Journal<Fact>> {
    return new Journal<Fact>(path, await ByteLog.open(path));
  }

  /**
   * Hands every fact of earlier runs to `onFact`, oldest first. Once, before the first append, because it also
   * cuts off a half-written end. A damaged line names its place and stops the start.
   */
  recall(onFact: (fact: Fact, span: Span) => void): Promise<void> {
    return replay(this.log, this.path, onFact);
  }

  /** Answers when the fact is in the file, with its place there. */
  append(fact: Fact): Promise<Span> {
    return this.log.append(Buffer.from(`${JSON.stringify(fact)}\n`));
  }

  async read(span: Span): Promise<Fact> {
    return JSON.parse((await this.log.read(span)).toString('utf8')) as Fact;
  }

  /** Reads several facts that lie behind one another, in one piece with whatever lies between them. */
  async readTogether(spans: readonly Span[]): Promise<Fact[]> {
    const [first, last] = [spans[0], spans.at(-1)];
    if (first === undefined || last === undefined) return [];
    const bytes = last.offset + last.bytes - first.offset;
    const piece = await this.log.read({ offset: first.offset, bytes });
    return spans.map(({ offset, bytes }) => {
      const start = offset - first.offset;
      return JSON.parse(piece.toString('utf8', start, start + bytes)) as Fact;
    });
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

async function replay<Fact>(
  log: ByteLog,
  path: string,
  onFact: (fact: Fact, span: Span) => void,
): Promise<void> {
  let rest = Buffer.alloc(0);
  let offset = 0; // of the first byte of `rest`
  while (offset + rest.length < log.size) {
    const at = offset + rest.length;
    const chunk = await log.read({ offset: at, bytes: Math.min(CHUNK_BYTES, log.size - at) });
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE, from)) {
      const span = { offset: offset + from, bytes: end - from + 1 };
      onFact(parse<Fact>(rest.subarray(from, end), path, span), span);
      from = end + 1;
    }
    offset += from;
    rest = rest.subarray(from);
  }
  if (rest.length > 0) log.truncate(offset);
}

// Only this class writes these lines, so their shape is not checked again: a damaged line fails as JSON.
function parse<Fact>(line: Buffer, path: string, span: Span): Fact {
  try {
    return JSON.parse(line.toString('utf8')) as Fact;
  } catch (error) {
    throw new Error(
      `${path} is damaged at byte ${span.offset}: move the file away to start with an empty world`,
      {
        cause: error,
      },
    );
  }
}
