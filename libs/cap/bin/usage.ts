import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/** The command was used wrongly; `help` shows how it is meant, where the sentence alone does not. Exit code 2. */
export class Usage extends Error {
  override readonly name = 'Usage';

  constructor(
    message: string,
    readonly help = '',
  ) {
    super(message);
  }
}

/** Options (`--name value`, `--flag`) and files of a command line. */
export type Arguments = {
  readonly files: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
};

/** Takes a command line apart. Throws `Usage` for an option that the command does not have. */
export function readArguments(
  args: readonly string[],
  help: string,
  flags: readonly string[],
  values: readonly string[],
): Arguments {
  const files: string[] = [];
  const seen = new Set<string>();
  const given = new Map<string, string[]>();
  let onlyFiles = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (onlyFiles || !arg.startsWith('-') || arg === '-') files.push(arg);
    else if (arg === '--') onlyFiles = true;
    else if (flags.includes(arg)) seen.add(arg);
    else if (values.includes(arg)) {
      at += 1;
      const value = args[at];
      if (value === undefined) throw new Usage(`${arg} needs a value`, help);
      given.set(arg, [...(given.get(arg) ?? []), value]);
    } else throw new Usage(`"${arg}" is no option of this command`, help);
  }
  return { files, flags: seen, values: given };
}

/** Reads a file that the command cannot do without. Throws `Usage` when it cannot. */
export function readInput(path: string, help: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Usage(whyUnread(path, error), help);
  }
}

/** Why a file could not be read, in a sentence without Node's own words where it is one that people meet. */
export function whyUnread(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return `there is no file ${path}`;
  if (code === 'EISDIR') return `${path} is a folder: name a file in it`;
  if (code === 'EACCES') return `you may not read ${path}`;
  return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** At most `most` bytes of a file: one more than the limit is enough to refuse it. */
export function readAtMost(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    if (stat.isFile() && stat.size <= most) return readFileSync(file);
    const bytes = Buffer.alloc(most);
    let length = 0;
    for (let got = -1; got !== 0 && length < most; length += got)
      got = readSync(file, bytes, length, most - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** Writes all of it before going on, whatever the pipe holds: memory does not grow with the number of files. */
export function print(text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
