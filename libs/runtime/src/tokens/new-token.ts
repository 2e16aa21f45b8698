import { randomBytes } from 'node:crypto';
import type { Mode } from '#contracts';

/** How the token of each world begins, so that people and programs can tell them apart (DESIGN §5). */
export const TOKEN_PREFIX = { exercise: 'lrx_', live: 'lrl_' } as const satisfies Record<Mode, string>;

/** A new bearer token: the prefix of its world and 32 random bytes in base64url. Only its SHA-256 is ever stored. */
export function newToken(mode: Mode): string {
  return `${TOKEN_PREFIX[mode]}${randomBytes(32).toString('base64url')}`;
}
