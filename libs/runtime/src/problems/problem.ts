/** One row of the table of problems: what a caller can meet, and what it means to a person. */
export type ProblemEntry = {
  /** The HTTP status (RFC 9110 §15). */
  status: number;
  /** A few words, the same every time. */
  title: string;
  /** What happened, in a plain sentence. */
  meaning: string;
  /** What the caller should do now. */
  whatToDo: string;
};

/** Codes are kebab-case and never change their meaning: partners' software looks at them. */
export type ProblemTable = Readonly<Record<string, ProblemEntry>>;

/** An answer of the HTTP interface that is not what the caller hoped for; goes out as problem+json (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: string,
    readonly entry: ProblemEntry,
    /** About this one case, for the person who reads it; the table's `meaning` when there is nothing to add. */
    readonly detail: string = entry.meaning,
    /** Further members of the answer (RFC 9457 §3.2), such as `fields` or `retryAfterMs`. */
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${detail}`);
  }

  get status(): number {
    return this.entry.status;
  }

  get title(): string {
    return this.entry.title;
  }

  /** The body of the answer. Our own members cannot be overwritten by `extra`. */
  toJSON(): Record<string, unknown> {
    const { code, status, title, detail, extra } = this;
    return { ...extra, type: `/docs/problems#${code}`, title, status, detail, code };
  }
}

/** Makes problems of one table; a code that does not stand in it does not compile. */
export function problemsOf<Table extends ProblemTable>(table: Table) {
  return (code: keyof Table & string, detail?: string, extra?: Readonly<Record<string, unknown>>): Problem =>
    new Problem(code, table[code] as ProblemEntry, detail, extra);
}
