import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  AccountId,
  AgencyId,
  DeliveryId,
  IncidentId,
  ItemId,
  OfficerId,
  SubscriberId,
  WarningId,
} from './index.js';

const kinds = [
  ['inc', IncidentId],
  ['wrn', WarningId],
  ['off', OfficerId],
  ['acc', AccountId],
  ['sub', SubscriberId],
  ['agy', AgencyId],
  ['itm', ItemId],
  ['dlv', DeliveryId],
] as const;
const hex = '0192f0c44d5e7a6b8c9d0e1f2a3b4c5d';

describe.each(kinds)('an id that begins with %s_', (prefix, schema) => {
  it('is 32 hex digits behind its prefix', () =>
    expect(schema.safeParse(`${prefix}_${hex}`).success).toBe(true));

  it.each([
    ['without its prefix', hex],
    ['in capitals', `${prefix}_${hex.toUpperCase()}`],
    ['too short', `${prefix}_${hex.slice(1)}`],
    ['too long', `${prefix}_${hex}0`],
    ['with hyphens, as a UUID is written', `${prefix}_0192f0c4-4d5e-7a6b-8c9d-0e1f2a3b4c5d`],
    ['with a space behind it', `${prefix}_${hex} `],
    ['with a line end behind it', `${prefix}_${hex}\n`],
    ['that is empty', ''],
    ['that is a number', 7],
    ['that is missing', undefined],
  ])('is none %s', (_, id) => expect(schema.safeParse(id).success).toBe(false));

  it('is refused with the name of what was expected', () => {
    const { error } = schema.safeParse('7');
    expect(error?.issues[0]?.message).toContain(`${prefix}_0192`);
  });
});

describe('ids of different things', () => {
  it('are never taken for each other', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom(...kinds),
        fc.stringMatching(/^[0-9a-f]{32}$/),
        ([prefix], [other, schema], digits) =>
          expect(schema.safeParse(`${prefix}_${digits}`).success).toBe(prefix === other),
      ),
      { seed: 20261121 },
    ));
});
