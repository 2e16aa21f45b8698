import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyForPartners, topicOfType, TYPES_FOR_PARTNERS, withoutOfficers } from './index.js';
import { ann, bob, samples } from './testing/index.js';

const bodyOf = (type: string) =>
  JSON.parse(samples().find((one) => one.type === type)?.json ?? '{}') as Record<string, unknown>;
const OFFICER = /off_[0-9a-f]{32}/;

/** Of each type that partners are told of: the fields of its golden sample that they are not told. */
const withheld = {
  WarningIssued: ['by', 'submittedBy'],
  WarningSuperseded: ['by'],
  WarningCancelled: ['by', 'reason'],
  WarningExpired: ['by'],
  GateInForce: [],
  PlanReported: [],
  ChunkReported: [],
  PostReported: ['detail'],
  ReceiptsCounted: [],
  EngagementSampled: ['source'],
};

describe('what partner agencies are told', () => {
  it.each(Object.entries(withheld))('of %s is everything but %j', (type, fields) => {
    const body = bodyOf(type);
    const seen = bodyForPartners(type, body) ?? {};
    expect(Object.keys(body).filter((name) => !(name in seen))).toEqual(fields);
    for (const [name, value] of Object.entries(seen)) expect(value).toEqual(body[name]);
  });

  it('is of exactly these types', () =>
    expect([...TYPES_FOR_PARTNERS].toSorted()).toEqual(Object.keys(withheld).toSorted()));

  it('is nothing of drafts, holds, proposals, accounts, chunks of work or what the public wrote', () => {
    const rest = [...topicOfType.keys(), 'ChunkPlanned'].filter((type) => !(type in withheld));
    expect(rest).toEqual(
      expect.arrayContaining(['WarningDrafted', 'WarningHeld', 'InboundReceived', 'AccountReported']),
    );
    for (const type of rest) expect(bodyForPartners(type, bodyOf(type))).toBeUndefined();
  });

  it('is not a field that is added later, before somebody names it', () =>
    expect(
      bodyForPartners('WarningIssued', { ...bodyOf('WarningIssued'), duressCode: 'x' }),
    ).not.toHaveProperty('duressCode'));

  it('is not that a next version was being written when the warning was withdrawn', () =>
    expect(
      bodyForPartners('WarningCancelled', { ...bodyOf('WarningCancelled'), abandonedDraft: 2 }),
    ).not.toHaveProperty('abandonedDraft'));

  it('is not why an officer withdrew it: reasons are written for the record', () =>
    expect(JSON.stringify(bodyForPartners('WarningCancelled', bodyOf('WarningCancelled')))).not.toContain(
      String(bodyOf('WarningCancelled')['reason']),
    ));

  it.each([null, 7, 'WarningIssued', undefined])('is nothing of a body that is none: %p', (body) =>
    expect(bodyForPartners('WarningIssued', body)).toBeUndefined(),
  );

  it('never has an officer’s id in it, wherever and under whatever name the body holds one', () => {
    const officer = fc.constantFrom<string>(ann, bob);
    const text = fc.oneof(
      fc.string(),
      officer,
      officer.map((id) => `told by ${id}, and ${id}`),
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), officer), tie('json'), { maxKeys: 4 }),
      ),
    }));
    const type = fc.constantFrom(...TYPES_FOR_PARTNERS);
    const field = fc.constantFrom(...samples().flatMap((one) => Object.keys(JSON.parse(one.json) as object)));
    fc.assert(
      fc.property(type, fc.dictionary(field, json), (name, body) => {
        expect(JSON.stringify(bodyForPartners(name, body))).not.toMatch(OFFICER);
        expect(JSON.stringify(withoutOfficers(body))).not.toMatch(OFFICER);
      }),
      { numRuns: 300, seed: 20261121 },
    );
  });
});

describe('the same JSON without officers', () => {
  it('keeps whatever is none of theirs, letter by letter', () => {
    for (const { json } of samples()) {
      const body = JSON.parse(json) as Record<string, unknown>;
      const left = withoutOfficers(body) as Record<string, unknown>;
      for (const [name, value] of Object.entries(body)) {
        if (typeof value === 'string' && OFFICER.test(value)) expect(left).not.toHaveProperty(name);
        else expect(left[name]).toEqual(value);
      }
    }
  });
  it('keeps the sentence around an id, and the other items of a list', () => {
    expect(withoutOfficers({ note: `asked by ${ann}.`, seen: [ann, 'x', [bob]] })).toEqual({
      note: 'asked by an officer.',
      seen: ['x', []],
    });
  });
  it('leaves an id of anything else alone, and what only looks like an officer’s', () => {
    const same = { warningId: `wrn_${'0'.repeat(32)}`, short: 'off_12', upper: `OFF_${'A'.repeat(32)}` };
    expect(withoutOfficers(same)).toEqual(same);
  });
});
