import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toInstant } from '#contracts';
import { issued, listTexts } from '../testing/index.js';
import { frameHash, keptHashes, placeHash, textsHash, type Kept } from './kept-hashes.js';

const AT = toInstant('2026-11-21T10:00:00.000Z');
const END = toInstant('2026-11-21T16:00:00.000Z');
const { content, composed } = issued({
  at: AT,
  expiresAt: END,
  composed: listTexts('sms', 1, ['en-GB', 'cy-GB']),
});
const { message, severity, urgency, area } = content;
const kept: Kept = {
  composed,
  head: { mode: 'exercise', message, severity, urgency, media: [] },
  issuedAt: AT,
  sendUntil: END,
  area: area.geometry,
};

/** Every place in a JSON value that holds something of its own. */
function leaves(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

function changedAt(value: unknown, path: readonly (string | number)[], to: unknown): unknown {
  const copy: unknown = structuredClone(value);
  let inner = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) inner = inner[step] as typeof inner;
  inner[path.at(-1)!] = to;
  return copy;
}

describe('the hashes under which a version is kept', () => {
  it('are the same whatever way the database turned it round', () => {
    const turned = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(turned)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, inner]) => [name, turned(inner)]),
            )
          : value;
    expect(keptHashes(turned(kept) as Kept)).toEqual(keptHashes(kept));
    expect(keptHashes({ ...kept, head: { ...(kept.head as object), note: undefined } })).toEqual(
      keptHashes(kept),
    );
  });

  it.each([
    ['texts', 'composed', textsHash],
    ['frame', 'head', frameHash],
    ['frame', 'issuedAt', frameHash],
    ['frame', 'sendUntil', frameHash],
    ['place', 'area', placeHash],
  ] as const)('change in %s with whatever is changed in %s, and nowhere else', (which, part, hash) => {
    const before = keptHashes(kept);
    const places = typeof kept[part] === 'string' ? [[]] : leaves(kept[part]);
    expect(places.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
        (place, to) => {
          const value = place.length === 0 ? String(to) : changedAt(kept[part], place, to);
          fc.pre(JSON.stringify(value) !== JSON.stringify(kept[part]));
          const changed = { ...kept, [part]: value } as Kept;
          const after = keptHashes(changed);
          expect(after[which]).not.toBe(before[which]);
          expect(hash(changed)).toBe(after[which]);
          for (const other of ['texts', 'frame', 'place'] as const)
            if (other !== which) expect(after[other]).toBe(before[other]);
        },
      ),
      { seed: 20261121 },
    );
  });

  it('are 64 hex digits each, and three different ones', () => {
    const all = Object.values(keptHashes(kept));
    for (const one of all) expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(all).size).toBe(3);
  });
});
