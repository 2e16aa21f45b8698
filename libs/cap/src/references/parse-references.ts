import { instantOf } from '../model/instant.js';
import type { Reference } from '../model/alert.js';

/** What a `references` text names: the messages, each once, and the pieces that name none. */
export type ParsedReferences = {
  readonly references: readonly Reference[];
  readonly broken: readonly string[];
  /** Oddities that were resolved. */
  readonly packed: boolean;
  readonly doubled: boolean;
};

const NOTHING: ParsedReferences = { references: [], broken: [], packed: false, doubled: false };
const instant =
  /(?<=[\s,])\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?(?![^\s,])/g;

const triple = /^([^\s,]+),([^\s,]+),([^\s,]+)$/;

/**
 * Reads `references` (CAP 1.2 §3.2.1): `sender,identifier,sent` triples with white space between them. Also read, since the
 * field writes them: white space inside a triple and inside its time, one triple packed with several identifiers (each gets the same sender and
 * time), the same triple twice. CAP 1.0 wrote `identifier/sender`; these have no time, and `sent` is then empty.
 */
export function parseReferences(text: string): ParsedReferences {
  const trimmed = text.trim();
  if (trimmed === '') return NOTHING;
  const references: Reference[] = [];
  const broken: string[] = [];
  const seen = new Set<string>();
  let packed = false;
  let doubled = false;
  const add = (reference: Reference): void => {
    const key = `${reference.sender},${reference.identifier},${reference.sent}`;
    if (seen.has(key)) doubled = true;
    else references.push(reference);
    seen.add(key);
  };
  const pieces = trimmed.split(/\s+/);
  const each = new Set(pieces);
  const plain = [...each].map((piece) => triple.exec(piece));
  if (plain.every((found) => found !== null && instantOf(found[3] ?? '') !== undefined)) {
    for (const found of plain) {
      add({ sender: found?.[1] ?? '', identifier: found?.[2] ?? '', sent: found?.[3] ?? '' });
    }
    return { references, broken, packed, doubled: each.size < pieces.length };
  }
  let from = 0;
  for (const found of trimmed.matchAll(instant)) {
    const group = splitGroup(trimmed.slice(from, found.index));
    from = found.index + found[0].length;
    if (group === undefined) broken.push(trimmed.slice(from - found[0].length, from));
    else {
      broken.push(...group.stray);
      const named = new Set(group.identifiers);
      packed ||= group.identifiers.length > 1;
      doubled ||= named.size < group.identifiers.length;
      for (const identifier of named) add({ sender: group.sender, identifier, sent: found[0] });
    }
  }
  for (const piece of trimmed.slice(from).split(/\s+/)) {
    if (piece === '' || piece === ',') continue;
    const old = /^([^\s,/]+)\/([^\s,/]+)$/.exec(piece);
    if (old?.[1] !== undefined && old[2] !== undefined) add({ sender: old[2], identifier: old[1], sent: '' });
    else broken.push(piece);
  }
  return { references, broken, packed, doubled };
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
