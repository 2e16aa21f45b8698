import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toInstant } from '#contracts';
import { floodContent } from '../exercise/flood-content.js';
import type { HeldToken } from '../tokens/first-tokens.js';

/** A standalone that is looked at stays up for days, and the file is written at its start only. */
const GOOD_FOR_MS = 7 * 24 * 3_600_000;

/** Writes the content of a warning that can be sent as it stands, for whoever wants to try the interface; answers the file. */
export function writeNextWarning(dataDir: string, now: number): string {
  const file = join(dataDir, 'next-warning.json');
  const expiresAt = toInstant(now + GOOD_FOR_MS);
  // The next word is promised for then too: an hour from now would soon be long ago, and no promise is a mistake of wording.
  const content = { ...floodContent('first', now), expiresAt, nextUpdateAt: expiresAt };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}

/**
 * The lines for a POSIX shell that send one more warning from beginning to end: Ann opens an incident, writes and submits; Bob reads
 * and approves exactly the hashes that he was shown. Every line can be copied as it stands.
 */
export function nextWarning(url: string, held: readonly HeldToken[], contentFile: string): string[] {
  const tokenOf = (role: 'author' | 'approver') =>
    held.find(({ roles }) => roles.includes(role))?.token ?? '';
  const incident = JSON.stringify({ type: 'flood', name: 'Second flood', leadAgency: 'North Wales Police' });
  return [
    `L=${url}/v1; ANN=${tokenOf('author')}; BOB=${tokenOf('approver')}`,
    `once() { od -An -N8 -tx1 /dev/urandom | tr -d ' '; }`,
    `ask() { curl -sS -H "Authorization: Bearer $1" -H "Idempotency-Key: $(once)" -H 'Content-Type: application/json' "$L$2" \${3:+-d "$3"}; echo; }`,
    `of() { IT=$(cat); case $IT in *"\\"$1\\":"*) printf '%s\\n' "$IT" | sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p";; *) printf '%s\\n' "$IT" | ${WHY} >&2;; esac; }`,
    `INCIDENT=$(ask $ANN /incidents '${incident}' | of id)`,
    `WARNING=$(ask $ANN /warnings "{\\"incidentId\\":\\"$INCIDENT\\",\\"content\\":$(cat ${quoted(contentFile)})}" | of id)`,
    `ask $ANN /warnings/$WARNING/submit '{"revision":1}'`,
    ...APPROVE,
    `sleep 2; ask $ANN /warnings/$WARNING/report`,
  ];
}

/** Bob reads, and approves the hashes of what he was shown: the newest version stands last. */
const APPROVE = [
  `SHOWN=$(ask $BOB /warnings/$WARNING)`,
  `ask $BOB /warnings/$WARNING/approve "{\\"contentHash\\":\\"$(printf %s "$SHOWN" | of contentHash)\\",\\"areaHash\\":\\"$(printf %s "$SHOWN" | of areaHash)\\"}"`,
];

/** A refusal's title and detail in plain words (RFC 9457); an answer that is none stays as it is. */
const WHY = String.raw`sed 's/.*"title":"\([^"]*\)".*"detail":"\([^"\\]*\(\\.[^"\\]*\)*\)".*/refused: \1: \2/'`;

/** In the shell of `nextWarning`: how an update of the warning that was sent goes out, and how it is cancelled. */
export function afterwards(contentFile: string): string[] {
  const update = `sed 's/"message": "first"/"message": "update"/' ${quoted(contentFile)}`;
  return [
    'In the same shell, to send an update of it:',
    `  DRAFT=$(ask $ANN /warnings/$WARNING/versions "{\\"content\\":$(${update})}"); printf '%s\\n' "$DRAFT"`,
    String.raw`  ask $ANN /warnings/$WARNING/submit "{\"revision\":$(printf %s "$DRAFT" | sed -n 's/.*"revision":\([0-9]*\).*/\1/p')}"`,
    ...APPROVE.map((line) => `  ${line}`),
    'To cancel it (one officer, at once):',
    `  ask $ANN /warnings/$WARNING/cancel '{"reason":"sent in error"}'`,
  ];
}

/** As one word of a POSIX shell, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
