import { describe, expect, it } from '@jest/globals';
import { seeded } from '../testing/damage/mutate.js';
import { holdsControlCharacter } from './control-characters.js';

const ALLOWED = [9, 10, 13];
const forbidden = Array.from({ length: 32 }, (_, code) => code).filter((code) => !ALLOWED.includes(code));

describe('a control character', () => {
  it.each(forbidden)(
    '%i is found wherever it stands in a word of four bytes, and wherever the words begin',
    (code) => {
      for (let before = 0; before < 9; before += 1) {
        for (let shift = 0; shift < 4; shift += 1) {
          const bytes = new Uint8Array(shift + 12).fill(65);
          bytes[shift + before] = code;
          expect(holdsControlCharacter(bytes.subarray(shift))).toBe(true);
        }
      }
    },
  );

  it('is not seen in tabs, line ends, spaces, deletes and everything beyond ASCII', () => {
    const others = Array.from({ length: 256 }, (_, code) => code).filter((code) => !forbidden.includes(code));
    for (let shift = 0; shift < 4; shift += 1) {
      const bytes = Uint8Array.from([...Array<number>(shift).fill(1), ...others]);
      expect(holdsControlCharacter(bytes.subarray(shift))).toBe(false);
    }
  });

  it('outside of the piece is not looked at', () => {
    const bytes = Uint8Array.of(0, 0, 0, 65, 66, 67, 0, 0);
    for (const [from, to] of [
      [3, 6],
      [4, 5],
      [3, 3],
    ])
      expect(holdsControlCharacter(bytes.subarray(from, to))).toBe(false);
  });

  it('is found as one look at each byte finds it, in 5,000 random pieces (seed 11)', () => {
    const random = seeded(11);
    const verdicts = new Set<boolean>();
    for (let run = 0; run < 5_000; run += 1) {
      const from = random(4);
      const bytes = Uint8Array.from({ length: from + random(14) }, () =>
        random(8) === 0 ? random(40) : 32 + random(224),
      );
      const piece = bytes.subarray(from);
      const plainly = piece.some((code) => forbidden.includes(code));
      expect({ piece, found: holdsControlCharacter(piece) }).toEqual({ piece, found: plainly });
      verdicts.add(plainly);
    }
    expect(verdicts.size).toBe(2);
  });
});
