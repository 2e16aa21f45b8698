import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { AgencyId, Language, Mode, OfficerId } from '#contracts';
import { plainWords } from '../config/plain-words.js';
import type { Log } from '../log/log.js';
import { TOKEN_PREFIX } from './new-token.js';

/** What a holder of a token may be (DESIGN §6). */
export const Role = z.enum(['author', 'approver', 'communications', 'partner', 'reviewer', 'administrator']);
export type Role = z.infer<typeof Role>;

/** One row of `TOKENS_FILE`: a person or a partner's system, never the token itself. */
export const TokenEntry = z.strictObject({
  id: OfficerId,
  name: z.string().min(1),
  roles: z.array(Role).min(1),
  agency: AgencyId.nullable(),
  languages: z.array(Language),
  /** SHA-256 of the whole token in lower-case hex. */
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/),
  mode: Mode,
});
export type TokenEntry = z.infer<typeof TokenEntry>;

/** Who sent a request, as the guard found out. */
export type TokenHolder = Omit<TokenEntry, 'tokenSha256' | 'mode'>;

/** `TOKENS_FILE` cannot be read or is wrong: the operator must correct it. Nothing of its content is repeated. */
export class TokensFileWrong extends Error {
  override readonly name = 'TokensFileWrong';
  readonly forOperator = true;
}

/** The file is looked at again at most this often: a withdrawn token is refused within a second. */
const LOOK_EVERY_MS = 1_000;

/** Everyone who holds a token of this world. Reads `TOKENS_FILE` at start and again when it changes. */
export class TokenBook {
  private lookedAt = performance.now();

  private constructor(
    private readonly file: string,
    private readonly mode: Mode,
    private readonly log: Log,
    private read: { version: string; entries: readonly TokenEntry[] },
  ) {}

  /** Throws `TokensFileWrong` when the file cannot be read or is wrong. */
  static open(file: string, mode: Mode, log: Log): TokenBook {
    return new TokenBook(file, mode, log, readEntries(file));
  }

  /** Who holds this token. Every row is compared, in a time that tells nothing about the token. */
  find(token: string): TokenHolder | 'unknown' | 'of-the-other-world' {
    this.lookAgain();
    const digest = createHash('sha256').update(token).digest();
    let found: TokenEntry | undefined;
    for (const entry of this.read.entries) {
      if (timingSafeEqual(digest, Buffer.from(entry.tokenSha256, 'hex'))) found = entry;
    }
    const other = TOKEN_PREFIX[this.mode === 'live' ? 'exercise' : 'live'];
    if (token.startsWith(other) || (found !== undefined && found.mode !== this.mode))
      return 'of-the-other-world';
    if (found === undefined || !token.startsWith(TOKEN_PREFIX[this.mode])) return 'unknown';
    const { id, name, roles, agency, languages } = found;
    return { id, name, roles, agency, languages };
  }

  private lookAgain(): void {
    if (performance.now() - this.lookedAt < LOOK_EVERY_MS) return;
    this.lookedAt = performance.now();
    try {
      if (versionOf(this.file) === this.read.version) return;
      this.read = readEntries(this.file);
      this.log.info({ holders: this.read.entries.length }, 'the tokens were read again');
    } catch (error) {
      this.log.error({ error }, 'the tokens file cannot be read, and the tokens read before stay in force');
    }
  }
}

function versionOf(file: string): string {
  const { mtimeMs, size, ino } = statSync(file);
  return `${mtimeMs} ${size} ${ino}`;
}

function readEntries(file: string): { version: string; entries: TokenEntry[] } {
  const version = versionOrThrow(file);
  const read = z.array(TokenEntry).safeParse(parsed(file), { reportInput: false, error: plainWords });
  if (!read.success) {
    const mistakes = read.error.issues
      .map(({ path, message }) => `✖ ${message} → at ${path.join('.')}`)
      .join(' ');
    throw new TokensFileWrong(`the tokens file ${file} is wrong: ${mistakes}`);
  }
  const ids = new Set(read.data.map(({ tokenSha256 }) => tokenSha256));
  if (ids.size < read.data.length)
    throw new TokensFileWrong(`the tokens file ${file} is wrong: two holders share a token`);
  return { version, entries: read.data };
}

function versionOrThrow(file: string): string {
  try {
    return versionOf(file);
  } catch (error) {
    throw new TokensFileWrong(`the tokens file ${file} cannot be read: name the right one in TOKENS_FILE`, {
      cause: error,
    });
  }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new TokensFileWrong(`the tokens file ${file} is not well-formed JSON`); // the parser's message would repeat a part of it
  }
}
