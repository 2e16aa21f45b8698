import { describe, expect, it } from '@jest/globals';
import { assembleSms } from '#wording';
import fc from 'fast-check';
import { TLV } from '../smpp/protocol.js';
import { SmsForm, type SmsSegment, type TextStyle } from './sms-form.js';

const STYLES: TextStyle[] = (['gsm', 'latin1'] as const).flatMap((alphabet) =>
  (['udh8', 'udh16', 'sar', 'payload'] as const).map((joining) => ({ alphabet, joining })),
);
const gsm: TextStyle = { alphabet: 'gsm', joining: 'udh8' };

/** What a phone shows, put together by nothing but what stands in the PDUs. */
function shown(segments: readonly SmsSegment[], { alphabet }: TextStyle): string {
  const decoded = segments.map(({ esmClass, dataCoding, message, tlvs }) => {
    const octets = tlvs.get(TLV.messagePayload) ?? message;
    const headed = esmClass === 0x40 ? octets[0]! + 1 : 0;
    const payload = octets.subarray(headed);
    const number = tlvs.get(TLV.sarNumber)?.[0] ?? (headed > 0 ? octets[headed - 1]! : 1);
    const latin1 = dataCoding === 0 && alphabet === 'latin1';
    const encoding = dataCoding === 8 ? ('UCS-2' as const) : ('GSM-7' as const);
    const one = latin1
      ? { complete: true as const, text: Buffer.from(payload).toString('latin1') }
      : assembleSms([{ payload, encoding }]);
    return { number, text: one.complete ? one.text : '' };
  });
  return decoded
    .toSorted((a, b) => a.number - b.number)
    .map(({ text }) => text)
    .join('');
}

describe('a text in the form of a gateway', () => {
  it('is shown as it was approved, in every style', () => {
    const letter = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...'abc XYZ09.,@£€[]^~é\n') },
      { weight: 1, arbitrary: fc.constantFrom('ŵ', 'ŷ', '🌊', '’', 'Δ', 'á') },
    );
    const text = fc.array(letter, { minLength: 1, maxLength: 500 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom(...STYLES), fc.nat(65_535), (written, style, reference) => {
        expect(shown(new SmsForm(written, style).forReference(reference), style)).toBe(written);
      }),
      { seed: 20261121 },
    );
  });

  it('never holds more than a short_message can', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '€', 'ŵ', '🌊'), minLength: 1, maxLength: 700 });
    fc.assert(
      fc.property(text, fc.constantFrom(...STYLES), (written, style) => {
        for (const { message } of new SmsForm(written, style).forReference(1))
          expect(message.length).toBeLessThanOrEqual(160);
      }),
      { seed: 20261121 },
    );
  });

  it.each([
    ['a'.repeat(160), 1, 0],
    ['a'.repeat(161), 2, 0],
    ['ŵ'.repeat(70), 1, 8],
    ['ŵ'.repeat(71), 2, 8],
    [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 3, 0],
  ])('has the parts that 3GPP TS 23.040 gives it: %.8s…', (text, parts, dataCoding) => {
    const form = new SmsForm(text, gsm);
    expect(form.count).toBe(parts);
    expect(form.forReference(7).map((segment) => segment.dataCoding)).toEqual(
      Array.from({ length: parts }, () => dataCoding),
    );
  });

  it('carries its reference, part by part, in a header of 8 bits', () => {
    const segments = new SmsForm('a'.repeat(200), gsm).forReference(0x1234);
    expect(segments.map(({ message }) => Buffer.from(message.subarray(0, 6)).toString('hex'))).toEqual([
      '050003340201',
      '050003340202',
    ]);
    expect(segments.every(({ esmClass }) => esmClass === 0x40)).toBe(true);
  });

  it('or of 16 bits', () => {
    const segments = new SmsForm('a'.repeat(200), { ...gsm, joining: 'udh16' }).forReference(0x1234);
    expect(segments.map(({ message }) => Buffer.from(message.subarray(0, 7)).toString('hex'))).toEqual([
      '06080412340201',
      '06080412340202',
    ]);
  });

  it('or in the SAR parameters', () => {
    const [, second] = new SmsForm('a'.repeat(200), { ...gsm, joining: 'sar' }).forReference(0x1234);
    expect(second).toMatchObject({ esmClass: 0 });
    expect([TLV.sarReference, TLV.sarTotal, TLV.sarNumber].map((tag) => [...second!.tlvs.get(tag)!])).toEqual(
      [[0x12, 0x34], [2], [2]],
    );
  });

  it('or goes whole, as one message_payload', () => {
    const segments = new SmsForm('a'.repeat(200), { ...gsm, joining: 'payload' }).forReference(1);
    expect(segments).toHaveLength(1);
    expect(segments[0]!.message).toHaveLength(0);
    expect(segments[0]!.tlvs.get(TLV.messagePayload)).toHaveLength(200);
  });

  it('is one octet per septet, @ as zero and € behind its escape', () => {
    expect([...new SmsForm('@€', gsm).forReference(0)[0]!.message]).toEqual([0x00, 0x1b, 0x65]);
  });

  it('is Latin where the gateway’s alphabet is, and UCS-2 where Latin lacks a letter', () => {
    const latin = (text: string) =>
      new SmsForm(text, { alphabet: 'latin1', joining: 'udh8' }).forReference(0)[0]!;
    expect(latin('@é')).toMatchObject({ dataCoding: 0, message: Buffer.from('@é', 'latin1') });
    expect(latin('5 €')).toMatchObject({ dataCoding: 8 });
  });
});
