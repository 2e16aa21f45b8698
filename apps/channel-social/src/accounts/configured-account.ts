import { Account, AccountId, Language, Mode } from '#contracts';
import { ConfigurationWrong, readConfig } from '#runtime';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** Where an account's secret lies; never in the file itself. */
const Credential = z.union([
  z.strictObject({
    env: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected the name of a variable, such as FLOODS_TOKEN'),
  }),
  z.strictObject({ file: z.string().min(1) }),
]);

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

const ServerUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (text) => new URL(text).protocol === 'https:' || isLoopback(new URL(text).hostname),
    'must be https',
  )
  .transform((text) => new URL(text).origin);

/** One account as the accounts file describes it. */
const AccountEntry = z.strictObject({
  accountId: AccountId,
  platform: z.enum(['mastodon', 'bluesky']),
  name: z.string().trim().min(1).max(100),
  languages: z.array(Language).min(1),
  kind: Account.shape.kind.exclude(['sender']),
  /** The account's own server: its Mastodon instance, or its Bluesky PDS. */
  url: ServerUrl,
  /** Bluesky: the handle or e-mail address that logs in. */
  identifier: z.string().min(1).optional(),
  /** The world that the secret is for. The service does not start in the other one (DESIGN §3 P6). */
  mode: Mode,
  /** Mastodon: the access token. Bluesky: an app password. */
  credential: Credential,
  /** Mastodon: whether somebody has tried that the server honours `Idempotency-Key`; without it the version decides. */
  honoursKey: z.boolean().optional(),
});
type AccountEntry = z.infer<typeof AccountEntry>;

/** An account with its secret in hand. A standalone makes these itself. */
export type ConfiguredAccount = Omit<AccountEntry, 'credential'> & { secret: string };

/**
 * Reads the accounts of `path` with their secrets. Throws `ConfigurationWrong` naming every mistake at once and no secret:
 * a file that is none, an account twice, a secret that is not there or belongs to the other world.
 */
export function readAccounts(path: string, mode: Mode): ConfiguredAccount[] {
  const entries = parse(path);
  const twice = entries.filter(
    ({ accountId }, n) => entries.findIndex((one) => one.accountId === accountId) < n,
  );
  const foreign = entries.filter((entry) => entry.mode !== mode);
  const nameless = entries.filter(
    ({ platform, identifier }) => platform === 'bluesky' && identifier === undefined,
  );
  const inClear = entries.filter(({ mode: of, url }) => of === 'live' && url.startsWith('http:'));
  const wrong = [
    ...twice.map(({ accountId }) => `${accountId} is there twice`),
    ...foreign.map(
      ({ accountId, mode: of }) => `${accountId} has a secret for ${of}, this process works in ${mode}`,
    ),
    ...inClear.map(({ accountId }) => `the url of ${accountId} must be https: it is no exercise`),
    ...nameless.map(({ accountId }) => `${accountId} needs the identifier that logs in to Bluesky`),
  ];
  if (wrong.length > 0) throw mistaken(wrong);
  const secrets = entries.map(({ credential }) => secretOf(credential));
  const missing = entries.flatMap(({ accountId, credential }, n) =>
    secrets[n] === undefined
      ? [`${accountId} has no secret in ${'env' in credential ? credential.env : credential.file}`]
      : [],
  );
  if (missing.length > 0) throw mistaken(missing);
  return entries.map((entry, n) => {
    const { credential: _, ...account } = entry;
    return { ...account, secret: secrets[n]! };
  });
}

function parse(path: string): AccountEntry[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const detail = (error as { code?: string }).code ?? 'it is not JSON';
    throw mistaken([`${path} could not be read: ${detail}`]);
  }
  const read = z.array(AccountEntry).min(1, 'names no account').safeParse(json, { reportInput: false });
  if (read.success) return read.data;
  throw mistaken(
    read.error.issues.map(({ path: where, message }) => `${message} at ${where.join('.') || 'the list'}`),
  );
}

function secretOf(credential: AccountEntry['credential']): string | undefined {
  if ('file' in credential) {
    try {
      return readFileSync(credential.file, 'utf8').trim() || undefined;
    } catch {
      return undefined;
    }
  }
  return readConfig(z.object({ [credential.env]: z.string().optional() }))[credential.env];
}

const mistaken = (messages: readonly string[]): ConfigurationWrong =>
  new ConfigurationWrong(messages.map((message) => ({ key: 'ACCOUNTS_FILE', message })));
