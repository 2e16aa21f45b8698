import {
  type AlertReading,
  type ReadOptions,
  MOST_BYTES,
  readCap,
  readCertificates,
  type Trust,
  type TrustedSender,
} from '../src/index.js';
import { print, readArguments, readAtMost, readInput, Usage, whyUnread } from './usage.js';

const HELP = `cap check [--lenient] [--trust SENDER=CERT.pem]… FILE…

Prints one JSON line per file: well-formed or not, refused or not, and for each alert who sent it, whether the official schema
accepts it ("valid"), every problem found and a verdict on every signature. Exits 0 whatever the files say.

  --lenient               what can still be read safely is an error instead of a reject; "valid" stays the schema's
  --trust SENDER=FILE     certificates (PEM) that are trusted for the alerts of this sender; one that is an authority may issue others

Example:
  npm run --silent cap -- check flood.xml cancel.xml
`;

/** `cap check`. */
export function check(args: readonly string[]): number {
  const { files, flags, values } = readArguments(args, HELP, ['--help', '--lenient'], ['--trust']);
  if (flags.has('--help')) {
    print(HELP);
    return 0;
  }
  if (files.length === 0) throw new Usage('name at least one file', HELP);
  const trust = trustOf(values.get('--trust') ?? [], HELP);
  for (const file of files) {
    printLine(file, { lenient: flags.has('--lenient'), trust });
  }
  return 0;
}

/** `SENDER=FILE`, as trust. */
export function trustOf(given: readonly string[], help: string): Trust {
  const senders = new Map<string, TrustedSender>();
  for (const each of given) {
    const cut = each.lastIndexOf('=');
    if (cut < 1) throw new Usage(`"${each}" is not SENDER=CERT.pem`, help);
    const sender = each.slice(0, cut);
    const certificates = certificatesIn(each.slice(cut + 1), help);
    const before = senders.get(sender)?.certificates ?? [];
    const all = [...before, ...certificates];
    senders.set(sender, { certificates: all, authorities: all.filter((one) => one.ca) });
  }
  return { senders };
}

/** Throws `Usage` when the file holds no certificate. */
export function certificatesIn(file: string, help: string): ReturnType<typeof readCertificates> {
  const pem = readInput(file, help).toString('utf8');
  try {
    return readCertificates(pem);
  } catch (error) {
    throw new Usage(`${file}: ${error instanceof Error ? error.message : String(error)}`, help);
  }
}

/** One line of JSON about one file. */
function printLine(file: string, options: ReadOptions): void {
  let bytes: Buffer;
  try {
    bytes = readAtMost(file, MOST_BYTES.feed + 1);
  } catch (error) {
    const message = whyUnread(file, error);
    print(
      `${JSON.stringify({ file, wellFormed: false, refused: { code: 'unreadable', message }, alerts: [] })}\n`,
    );
    return;
  }
  // Written down at once: what is printed keeps nothing of the document alive, and a feed of 16 MB holds thousands.
  const alerts: string[] = [];
  const { wellFormed, refused, links } = readCap(bytes, {
    ...options,
    each: (reading) => void alerts.push(JSON.stringify(alertOf(reading))),
  });
  const head = JSON.stringify({
    file,
    wellFormed,
    ...(refused === undefined ? {} : { refused: { code: refused.code, message: refused.message } }),
    ...(links.length === 0 ? {} : { links: links.length }),
  });
  print(`${head.slice(0, -1)},"alerts":[`);
  // In parts: the line about a feed of 16 MB may itself have many.
  const told = wellFormed ? alerts : [];
  for (let at = 0; at < told.length; at += 500)
    print(`${at === 0 ? '' : ','}${told.slice(at, at + 500).join(',')}`);
  print(']}\n');
}

function alertOf({ alert, version, valid, findings, signatures }: AlertReading): object {
  return {
    sender: alert.sender,
    identifier: alert.identifier,
    sent: alert.sent,
    version: version ?? null,
    status: alert.status,
    msgType: alert.msgType,
    valid,
    references: alert.references,
    problems: findings.map(({ code, level, path, message }) => ({ code, level, path, message })),
    signatures: signatures.map(({ verdict, algorithm, canonicalization }) => ({
      verdict,
      algorithm,
      canonicalization,
    })),
  };
}
