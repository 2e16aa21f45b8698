import { instantOf } from '../model/instant.js';
import type { Reference } from '../model/alert.js';

/** What a `references` text names: the messages, each once, and the pieces that name none. */
export type ParsedReferences = {
  readonly references: readonly Reference[];
  readonly broken: readonly string[];
  /** Those of the references whose time cannot be read: sender and identifier alone say what is meant. */
  readonly untimed: readonly Reference[];
  /** Oddities that were resolved. */
  readonly packed: boolean;
  readonly doubled: boolean;
};

const NOTHING: ParsedReferences = { references: [], broken: [], untimed: [], packed: false, doubled: false };
const instant =
  /(?<=[\s,])\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?(?![^\s,])/g;
/** Five times as many as an alert may have: it is refused then, whatever the others are. */
const MOST_KEPT = 1_000;
/** `sender,identifier,sent` without white space inside, and with white space or nothing round it. */
const triple = /(?<!\S)([^\s,]+),([^\s,]+),([^\s,]+)(?!\S)/g;
/** Marks that some put between triples where white space belongs: a time with a zone stands in front, the next sender behind. */
const oddSeparator = /(?<=,\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))[;|\u200b\ufeff]/g;
/** A date whose time may follow behind a space. */
const dateAlone = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads `references` (CAP 1.2 §3.2.1): `sender,identifier,sent` triples with white space between them. Also read, since the
 * field writes them: white space inside a triple and inside its time, one triple packed with several identifiers (each gets the same sender and
 * time), the same triple twice, a semicolon or a bar between triples, a time that is none. CAP 1.0 wrote `identifier/sender`; these have no time, and `sent` is then empty.
 */
export function parseReferences(text: string): ParsedReferences {
  const trimmed = text.replace(oddSeparator, ' ').trim();
  if (trimmed === '') return NOTHING;
  const named = new Named();
  let looseFrom = 0;
  for (const found of trimmed.matchAll(triple)) {
    const [whole, sender = '', identifier = '', sent = ''] = found;
    if (dateAlone.test(sent)) continue;
    named.loosely(trimmed.slice(looseFrom, found.index));
    looseFrom = found.index + whole.length;
    named.add({ sender, identifier, sent });
  }
  named.loosely(trimmed.slice(looseFrom));
  return named;
}

class Named implements ParsedReferences {
  readonly references: Reference[] = [];
  readonly broken: string[] = [];
  readonly untimed: Reference[] = [];
  packed = false;
  doubled = false;
  readonly #seen = new Set<string>();

  add(reference: Reference): void {
    if (this.references.length >= MOST_KEPT) return;
    const key = `${reference.sender},${reference.identifier},${reference.sent}`;
    if (this.#seen.has(key)) {
      this.doubled = true;
      return;
    }
    this.#seen.add(key);
    this.references.push(reference);
    if (reference.sent !== '' && instantOf(reference.sent) === undefined) this.untimed.push(reference);
  }

  /** Triples with white space inside, packed ones, those of CAP 1.0, and what is none of these. */
  loosely(text: string): void {
    if (text.trim() === '') return;
    let from = 0;
    for (const found of text.matchAll(instant)) {
      const group = splitGroup(text.slice(from, found.index));
      from = found.index + found[0].length;
      if (group === undefined) this.broken.push(found[0]);
      else {
        for (const each of group.stray) this.broken.push(each);
        const identifiers = new Set(group.identifiers);
        this.packed ||= group.identifiers.length > 1;
        this.doubled ||= identifiers.size < group.identifiers.length;
        for (const identifier of identifiers) {
          this.add({ sender: group.sender, identifier, sent: found[0] });
        }
      }
    }
    for (const piece of text.slice(from).split(/\s+/)) {
      if (piece === '' || piece === ',') continue;
      const old = /^([^\s,/]+)\/([^\s,/]+)$/.exec(piece);
      if (old?.[1] !== undefined && old[2] !== undefined)
        this.add({ sender: old[2], identifier: old[1], sent: '' });
      else this.broken.push(piece);
    }
  }
}

/** `sender , identifier[s] ,` in front of a time; white space anywhere. */
function splitGroup(text: string): { sender: string; identifiers: string[]; stray: string[] } | undefined {
  const parts = text.split(',').map((part) => part.trim());
  while (parts[0] === '') parts.shift();
  while (parts[parts.length - 1] === '') parts.pop();
  const [first, ...rest] = parts;
  const identifiers = rest.flatMap((part) => part.split(/\s+/)).filter((part) => part !== '');
  if (first === undefined || identifiers.length === 0) return undefined;
  const words = first.split(/\s+/);
  return { sender: words[words.length - 1] ?? first, identifiers, stray: words.slice(0, -1) };
}
