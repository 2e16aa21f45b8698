import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AgencyId, Mode, OfficerId } from '#contracts';
import { newId, newToken, sha256Hex, writeWhole, type Role, type TokenEntry } from '#runtime';

/** A holder with the token itself: kept in the data folder in exercises only, readable by its owner alone. */
export type HeldToken = { id: string; name: string; roles: Role[]; token: string };

const people: readonly { name: string; roles: Role[]; agency: 'police' | 'partner' }[] = [
  { name: 'Ann (control room)', roles: ['author'], agency: 'police' },
  { name: 'Bob (duty inspector)', roles: ['approver'], agency: 'police' },
  { name: 'Cat (communications)', roles: ['communications', 'author'], agency: 'police' },
  { name: 'Environment Agency', roles: ['partner'], agency: 'partner' },
  { name: 'Eve (reviewer)', roles: ['reviewer'], agency: 'police' },
];

/** The tokens of a data folder. */
export type Tokens = {
  /** What every app reads (`TOKENS_FILE`): digests only. */
  holdersFile: string;
  held: HeldToken[];
  /** This start comes to nothing: what it made and nobody has seen must not lock everybody out of the next one. */
  forget(): void;
};

/**
 * The tokens of this data folder: made at the first start, read at every later one. In the live world only the digests are kept: the
 * tokens are returned once, at the first start.
 */
export function firstTokens(dataDir: string, mode: Mode): Tokens {
  const holdersFile = join(dataDir, 'token-holders.json');
  const tokensFile = join(dataDir, 'tokens.json');
  if (existsSync(holdersFile)) {
    const held = existsSync(tokensFile) ? (JSON.parse(readFileSync(tokensFile, 'utf8')) as HeldToken[]) : [];
    return { holdersFile, held, forget: () => {} };
  }
  const agencies = { police: newId('agy') as AgencyId, partner: newId('agy') as AgencyId };
  const made = people.map(({ agency, ...person }) => ({
    ...person,
    id: newId('off') as OfficerId,
    agency: agencies[agency],
    token: newToken(mode),
  }));
  const held = made.map(({ id, name, roles, token }) => ({ id, name, roles, token }));
  const holders = made.map(({ token, ...person }): TokenEntry => ({
    ...person,
    languages: ['en-GB', 'cy-GB'],
    tokenSha256: sha256Hex(token),
    mode,
  }));
  const write = (file: string, content: unknown) =>
    writeWhole(file, `${JSON.stringify(content, null, 2)}\n`, 0o600);
  // The tokens first: holders without tokens would lock everybody out after a crash between the two.
  if (mode === 'exercise') write(tokensFile, held);
  write(holdersFile, holders);
  return {
    holdersFile,
    held,
    forget: mode === 'live' ? () => rmSync(holdersFile, { force: true }) : () => {},
  };
}
