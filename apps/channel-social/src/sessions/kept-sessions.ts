import type { AccountId } from '#contracts';
import { quoted, type Database } from '#postgres';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { SessionShelf } from '../bluesky/bluesky-session.js';

const CIPHER = 'aes-256-gcm';
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;

/**
 * Keeps the refresh tokens of logins over a restart, sealed under a key that is derived from the account's own secret: who
 * has the database alone has no login, and a new secret makes what is kept unreadable.
 */
export class KeptSessions {
  private readonly table: string;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.table = `${quoted(schema)}.kept_session`;
  }

  /** The place of one account. */
  shelf(accountId: AccountId, secret: string): SessionShelf {
    const key = Buffer.from(hkdfSync('sha256', secret, accountId, 'larum kept session', 32));
    return {
      load: async () => {
        const [row] = await this.db.query<{ sealed: Uint8Array }>(
          `select sealed from ${this.table} where account_id = $1`,
          [accountId],
        );
        return row === undefined ? null : unseal(key, Buffer.from(row.sealed));
      },
      save: async (token) => {
        await this.db.execute(
          `insert into ${this.table} (account_id, sealed) values ($1, $2)
           on conflict (account_id) do update set sealed = excluded.sealed, at = clock_timestamp()`,
          [accountId, seal(key, token)],
        );
      },
    };
  }
}

function seal(key: Buffer, text: string): Buffer {
  const nonce = randomBytes(NONCE_OCTETS);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Null for what another secret sealed: then the account logs in anew. */
function unseal(key: Buffer, octets: Buffer): string | null {
  try {
    const decipher = createDecipheriv(CIPHER, key, octets.subarray(0, NONCE_OCTETS));
    decipher.setAuthTag(octets.subarray(NONCE_OCTETS, NONCE_OCTETS + TAG_OCTETS));
    return (
      decipher.update(octets.subarray(NONCE_OCTETS + TAG_OCTETS), undefined, 'utf8') + decipher.final('utf8')
    );
  } catch {
    return null;
  }
}
