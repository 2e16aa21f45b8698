import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { decodeGsm } from './gsm-alphabet.js';
import { assembleSms, decodeSms, encodeSms, readHeader, splitSms } from './split-sms.js';

const hex = (octets: Uint8Array | undefined) => Buffer.from(octets ?? []).toString('hex');

describe('a text as short messages', () => {
  it('goes alone without a header', () => {
    const { encoding, units, parts } = splitSms('[act now] €5 ^{}');
    expect({ encoding, units }).toEqual({ encoding: 'GSM-7', units: 22 });
    expect(parts).toHaveLength(1);
    expect(parts[0]?.udh).toBeUndefined();
    expect(hex(parts[0]?.payload)).toBe('1b3c616374206e6f771b3e201b6535201b141b281b29');
  });

  it('has its at-sign as zero and its pound as one', () =>
    expect(hex(encodeSms('@£', 'GSM-7'))).toBe('0001'));

  it('goes as UTF-16 with the high octet first', () => {
    const { encoding, parts } = splitSms('ŵ🌊');
    expect(encoding).toBe('UCS-2');
    expect(hex(parts[0]?.payload)).toBe('0175d83cdf0a');
  });

  it('is joined by a header with an 8-bit reference', () => {
    const { parts } = splitSms('a'.repeat(200), { reference: 0xa7 });
    expect(parts.map(({ udh }) => hex(udh))).toEqual(['050003a70201', '050003a70202']);
    expect(parts.map(({ payload }) => payload.length)).toEqual([153, 47]);
  });

  it('is joined by a header with a 16-bit reference', () => {
    const { parts } = splitSms('ŵ'.repeat(100), { reference: 0xbeef, referenceBits: 16 });
    expect(parts.map(({ udh }) => hex(udh))).toEqual(['060804beef0201', '060804beef0202']);
    expect(parts.map(({ payload }) => payload.length)).toEqual([132, 68]);
  });

  it('keeps a reference within its bits', () => {
    expect(readHeader(splitSms('a'.repeat(200), { reference: 0x1ff }).parts[0]?.udh)?.reference).toBe(0xff);
  });

  it('never cuts an escaped character or a surrogate pair in two', () => {
    const euro = splitSms(`${'a'.repeat(152)}€${'a'.repeat(152)}`);
    expect(euro.parts.map(({ text }) => text.length)).toEqual([152, 152, 1]);
    const wave = splitSms(`${'ŵ'.repeat(66)}🌊${'ŵ'.repeat(66)}`);
    for (const part of [...euro.parts, ...wave.parts]) {
      expect(part.payload.at(-1)).not.toBe(0x1b);
      expect(part.text.isWellFormed()).toBe(true);
    }
  });

  it('has at most 255 parts, and says when it needs more', () => {
    expect(splitSms('a'.repeat(255 * 153)).parts).toHaveLength(255);
    expect(splitSms('a'.repeat(255 * 153 + 1)).parts).toEqual([]);
  });

  it('refuses to encode what the alphabet lacks rather than send another character', () =>
    expect(() => encodeSms('ŵ', 'GSM-7')).toThrow('"ŵ" is not in the GSM alphabet: use UCS-2'));
});

describe('short messages as a text', () => {
  const received = (text: string, referenceBits: 8 | 16 = 8) => {
    const { encoding, parts } = splitSms(text, { reference: 300, referenceBits });
    return parts.map((part) => ({ ...part, encoding }));
  };

  it('comes back whole, whatever was written', () =>
    holds(
      fc.property(anyText(120), fc.constantFrom<8 | 16>(8, 16), (text, bits) => {
        expect(assembleSms(received(text, bits))).toEqual({ complete: true, text });
      }),
      500,
    ));

  it('comes back from parts in any order, some of them twice', () => {
    const text = 'Leave now. '.repeat(60);
    const parts = received(text);
    expect(parts.length).toBeGreaterThan(3);
    expect(assembleSms([...parts].reverse().concat(parts))).toEqual({ complete: true, text });
  });

  it('says which parts are still awaited', () => {
    const parts = received('Leave now. '.repeat(60));
    expect(assembleSms(parts.filter((_, index) => index !== 1 && index !== 3))).toEqual({
      complete: false,
      missing: [2, 4],
    });
    expect(assembleSms([])).toEqual({ complete: false, missing: [1] });
  });

  it('does not mix two messages', () => {
    const [first] = received('a'.repeat(200));
    const other = splitSms('b'.repeat(200), { reference: 9 }).parts.map((part) => ({
      ...part,
      encoding: 'GSM-7' as const,
    }));
    expect(first && assembleSms([first, ...other])).toEqual({ complete: false, missing: [2] });
  });

  it('finds the joining header behind another one, and none in nonsense', () => {
    expect(readHeader(Uint8Array.of(9, 0x24, 1, 5, 0x08, 4, 1, 2, 3, 2))).toEqual({
      reference: 258,
      total: 3,
      sequence: 2,
    });
    expect(readHeader(Uint8Array.of(5, 0, 3, 1, 2, 3))).toBeUndefined();
    expect(readHeader(Uint8Array.of(5, 0, 3, 1, 2, 0))).toBeUndefined();
    expect(readHeader(Uint8Array.of())).toBeUndefined();
    expect(readHeader(undefined)).toBeUndefined();
  });

  it('shows what a phone would show for escapes that the table lacks', () => {
    expect(decodeGsm(Uint8Array.of(0x1b, 0x41))).toBe('A');
    expect(decodeGsm(Uint8Array.of(0x41, 0x1b))).toBe('A');
    expect(decodeGsm(Uint8Array.of(0x1b, 0x1b, 0x41))).toBe('A');
    expect(decodeSms(Uint8Array.of(0x01, 0x75, 0x00), 'UCS-2')).toBe('ŵ');
  });

  it('never throws on octets from outside', () =>
    holds(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 20 }), (payload, udh) => {
        for (const encoding of ['GSM-7', 'UCS-2'] as const) assembleSms([{ udh, payload, encoding }]);
      }),
    ));
});
