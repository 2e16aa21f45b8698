import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mode, OfficerId } from '#contracts';
import { sha256Hex } from '../ids/hash.js';
import { silentLog } from '../log/log.js';
import { newToken } from '../tokens/new-token.js';
import { TokenBook, type Role } from '../tokens/token-book.js';

/** Tokens for a test: one per named person, in a tokens file of its own. `close` removes the file. */
export type TestTokens<Name extends string> = {
  file: string;
  book: TokenBook;
  /** The header that each person sends. */
  as: Record<Name, { authorization: string }>;
  close(): void;
};

/** Gives each of `people` a token of one world. */
export function testTokens<Name extends string>(
  people: Record<Name, { id: OfficerId; roles: Role[] }>,
  mode: Mode = 'exercise',
): TestTokens<Name> {
  const folder = mkdtempSync(join(tmpdir(), 'larum-tokens-'));
  const file = join(folder, 'tokens.json');
  const held = Object.entries<{ id: OfficerId; roles: Role[] }>(people).map(([name, person]) => ({
    name,
    ...person,
    token: newToken(mode),
  }));
  const rows = held.map(({ token, ...person }) => ({
    ...person,
    agency: null,
    languages: ['en-GB'],
    tokenSha256: sha256Hex(token),
    mode,
  }));
  writeFileSync(file, JSON.stringify(rows), { mode: 0o600 });
  return {
    file,
    book: TokenBook.open(file, mode, silentLog),
    as: Object.fromEntries(
      held.map(({ name, token }) => [name, { authorization: `Bearer ${token}` }]),
    ) as TestTokens<Name>['as'],
    close: () => rmSync(folder, { recursive: true }),
  };
}
