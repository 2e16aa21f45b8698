import { describe, expect, it } from '@jest/globals';
import { DeliveryId, WarningId } from '#contracts';
import { areaHash, canonicalJson, contentHash, deliveryId, newId, sha256Hex, textHash } from '#runtime';

const version = {
  mode: 'exercise',
  warningId: `wrn_${'1'.repeat(32)}`,
  version: 2,
  supersedes: 1,
  content: { headline: 'Leave now', area: { geometry: 'here' }, media: [{ sha256: 'aa' }] },
  composed: [{ text: 'Leave now' }],
};

describe('ids', () => {
  it('carry their prefix and sort by the time they were made', () => {
    const ids = Array.from({ length: 50 }, () => newId('wrn'));
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(WarningId.safeParse(id).success).toBe(true);
  });

  it('of deliveries are the same wherever they are computed, and change with each of the six', () => {
    const of = {
      warningId: version.warningId,
      version: 2,
      act: 'issue',
      channel: 'sms',
      target: 'sub_1',
      part: 1,
    } as const;
    // printf 'wrn_111…\n2\nissue\nsms\nsub_1\n1' | sha256sum
    expect(deliveryId(of)).toBe('dlv_f74ebc730f23feaf95264934a7401f7a');
    expect(DeliveryId.safeParse(deliveryId(of)).success).toBe(true);
    const others = [
      deliveryId(of),
      deliveryId({ ...of, warningId: `wrn_${'2'.repeat(32)}` }),
      deliveryId({ ...of, version: 3 }),
      deliveryId({ ...of, act: 'cancel' }),
      deliveryId({ ...of, channel: 'email' }),
      deliveryId({ ...of, target: 'sub_2' }),
      deliveryId({ ...of, part: 2 }),
    ];
    expect(new Set(others).size).toBe(7);
  });
});

describe('hashes', () => {
  it('are those that everybody else computes', () => {
    // FIPS 180-2 §B.1
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(textHash('abc')).toBe(sha256Hex(new Uint8Array([97, 98, 99])));
  });

  it('are over JSON in the one form of RFC 8785', () => {
    // RFC 8785 §3.2.2 and §3.2.3
    const sample =
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
    expect(canonicalJson(JSON.parse(sample))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    expect(canonicalJson({ '€': 1, '\r': 2, '1': 3, '😀': 4, ö: 5 })).toBe(
      '{"\\r":2,"1":3,"ö":5,"€":1,"😀":4}',
    );
  });

  it.each([[undefined], [Number.NaN]])('refuse what JSON cannot carry: %p', (value) => {
    expect(() => canonicalJson(value)).toThrow();
  });

  it('of a content change with everything that will be shown, and not with its area', () => {
    const hash = contentHash(version);
    expect(
      contentHash({ ...version, content: { ...version.content, area: { geometry: 'elsewhere' } } }),
    ).toBe(hash);
    expect(contentHash({ ...version, content: { media: [{ sha256: 'aa' }], headline: 'Leave now' } })).toBe(
      hash,
    );
    const changed = [
      { ...version, mode: 'live' },
      { ...version, version: 3 },
      { ...version, supersedes: null },
      { ...version, composed: [{ text: 'Leave  now' }] },
      { ...version, content: { ...version.content, headline: 'Stay' } },
      { ...version, content: { ...version.content, media: [{ sha256: 'bb' }] } },
    ];
    for (const other of changed) expect(contentHash(other)).not.toBe(hash);
    expect(areaHash({ geometry: 'here' })).not.toBe(areaHash({ geometry: 'elsewhere' }));
  });

  it('of a content are the same after a journey through JSON and with fields that came later', () => {
    const received = JSON.parse(
      JSON.stringify({ type: 'WarningIssued', by: 'off_1', ...version }),
    ) as typeof version;
    expect(contentHash(received)).toBe(contentHash(version));
  });
});
