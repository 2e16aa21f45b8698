import { describe, expect, it } from '@jest/globals';
import { WarningContent } from '#contracts';
import { Problem } from '#runtime';
import { flood, minute } from '#warning/testing';
import { CAUTIONS } from '../composing/cautions.js';
import { asked } from '../requests/asked.js';
import {
  ApproveWarning,
  HoldWarning,
  OpenVersion,
  SaveDraft,
  SubmitWarning,
  WarningsAsked,
  WithReason,
} from './warning-requests.js';

type Schema = { safeParse(value: unknown): { success: boolean } };
const takes = (schema: Schema, value: unknown) => schema.safeParse(value).success;
const hash = 'a'.repeat(64);
const reason = 'for a reason';
const thrownBy = (ask: () => unknown): Problem | undefined => {
  try {
    ask();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
};

describe('what is asked of a warning', () => {
  it.each<[string, Schema, unknown]>([
    ['a draft saved', SaveDraft, { content: {}, revision: 1 }],
    ['a submission', SubmitWarning, { revision: 7 }],
    [
      'a submission with what may stand',
      SubmitWarning,
      { revision: 7, acknowledged: [{ rule: 'impact-missing', reason }] },
    ],
    [
      'a submission with everything that could ever stand',
      SubmitWarning,
      { revision: 7, acknowledged: CAUTIONS.map((rule) => ({ rule, reason })) },
    ],
    ['an approval', ApproveWarning, { contentHash: hash, areaHash: hash }],
    ['a hold', HoldWarning, { reason, until: minute(5) }],
    ['a hold without a time', HoldWarning, { reason }],
    ['a cancel', WithReason, { reason: 'x'.repeat(500) }],
    ['a page of the list', WarningsAsked, { state: 'held', limit: '200' }],
  ])('is taken: %s', (_, schema, value) => expect(takes(schema, value)).toBe(true));

  it.each<[string, Schema, unknown]>([
    ['a draft saved over nothing', SaveDraft, { content: {}, revision: 0 }],
    ['a draft without the revision that was read', SaveDraft, { content: {} }],
    ['a revision as a text', SubmitWarning, { revision: '7' }],
    ['half a revision', SubmitWarning, { revision: 1.5 }],
    [
      'an acknowledgement without a reason',
      SubmitWarning,
      { revision: 1, acknowledged: [{ rule: 'impact-missing' }] },
    ],
    [
      'an acknowledgement of whatever there may be',
      SubmitWarning,
      { revision: 1, acknowledged: [{ rule: '*', reason }] },
    ],
    [
      'an acknowledgement of what must never go out',
      SubmitWarning,
      { revision: 1, acknowledged: [{ rule: 'says-it-is-a-test', reason }] },
    ],
    [
      'one rule with two reasons',
      SubmitWarning,
      { revision: 1, acknowledged: [1, 2].map(() => ({ rule: 'casualties', reason })) },
    ],
    ['rules by themselves', SubmitWarning, { revision: 1, acknowledged: ['casualties'] }],
    ['an approval of the text alone', ApproveWarning, { contentHash: hash }],
    [
      'an approval by the officer who says so',
      ApproveWarning,
      { contentHash: hash, areaHash: hash, by: 'off_1' },
    ],
    ['a hold without a reason', HoldWarning, { until: minute(5) }],
    ['a hold until tea time', HoldWarning, { reason, until: '16:00' }],
    ['a cancel without a reason', WithReason, {}],
    ['a cancel for no reason', WithReason, { reason: ' \n ' }],
    ['a cancel with a novel', WithReason, { reason: 'x'.repeat(501) }],
    ['a page of everything', WarningsAsked, { limit: '201' }],
    ['a page of nothing', WarningsAsked, { limit: '0' }],
    ['a state that there is not', WarningsAsked, { state: 'live' }],
  ])('is not taken: %s', (_, schema, value) => expect(takes(schema, value)).toBe(false));

  it('has its moments in one form, however they were written, before anything is hashed', () => {
    const zoned = { effectiveAt: '2026-11-22T03:00Z', expiresAt: '2026-11-22T06:00:00+01:00' };
    const content = { ...flood, ...zoned, nextUpdateAt: '2026-11-22T04:00:00Z' };
    expect(SaveDraft.parse({ content, revision: 1 }).content).toMatchObject({
      effectiveAt: '2026-11-22T03:00:00.000Z',
      expiresAt: '2026-11-22T05:00:00.000Z',
      nextUpdateAt: '2026-11-22T04:00:00.000Z',
    });
    expect(HoldWarning.parse({ reason, until: '2026-11-22T04:00+01:00' }).until).toBe(
      '2026-11-22T03:00:00.000Z',
    );
  });

  const words = flood.texts['en-GB']!;
  const tags = (count: number) => Array.from({ length: count }, (_, n) => `a${String.fromCharCode(97 + n)}`);
  const each = <Value>(count: number, value: Value) =>
    Object.fromEntries(tags(count).map((tag) => [tag, value]));
  const picture = (count: number) => ({
    sha256: hash,
    mediaType: 'image/png',
    alt: each(count, 'The river'),
  });
  const spread = (count: number): [string, object][] => [
    ['content.texts', { texts: each(count, words) }],
    ['content.area.description', { area: { ...flood.area, description: each(count, 'By the river') } }],
    ['content.texts.cy.overrides', { texts: { cy: { ...words, overrides: each(count, 'Go up.') } } }],
    ['content.media.1.alt', { media: [picture(1), picture(count)] }],
  ];

  it.each(spread(21))('is refused where it holds more than 20 at %s, by that name', (field, change) => {
    const content = { ...flood, ...change };
    for (const [schema, body] of [
      [SaveDraft, { content, revision: 1 }],
      [OpenVersion, { content }],
    ] as const) {
      const told = { status: 400, code: 'invalid-request' };
      const extra = { fields: [{ field, message: 'may have at most 20 entries' }] };
      expect(thrownBy(() => asked(schema).transform(body))).toMatchObject({ ...told, extra });
    }
    expect(takes(WarningContent, content)).toBe(true); // what was recorded with more of them is still read
  });

  it.each(spread(20))('is taken with 20 at %s', (_, change) =>
    expect(takes(OpenVersion, { content: { ...flood, ...change } })).toBe(true),
  );

  it('is fifty to a page when nobody says how many', () => expect(WarningsAsked.parse({}).limit).toBe(50));
});
