import { describe, expect, it } from '@jest/globals';
import { TYPES_FOR_PARTNERS } from '#contracts';
import { ann, samples } from '#contracts/testing';
import type { Role } from '#runtime';
import { archived } from '../testing/archived.js';
import { audienceOf, bodyFor } from './audience.js';

const sample = (type: string, json: string) => archived(1n, { type, value: new TextEncoder().encode(json) });

describe('who follows the stream', () => {
  it.each<[Role[], ReturnType<typeof audienceOf>]>([
    [['partner'], 'partner'],
    [['reviewer'], 'reviewer'],
    [['partner', 'reviewer'], 'reviewer'],
    [['author', 'partner'], 'partner'],
    [['author', 'approver', 'communications', 'administrator'], undefined],
  ])('%j is %s', (roles, audience) => expect(audienceOf({ roles })).toBe(audience));
});

describe('the body of every event that the house knows', () => {
  it.each(samples())('$type is whole for a reviewer', ({ type, json }) =>
    expect(bodyFor('reviewer', sample(type, json))).toEqual(JSON.parse(json)),
  );
  it.each(samples())('$type has no officer in it for a partner, or does not reach one', ({ type, json }) => {
    const body = bodyFor('partner', sample(type, json));
    expect(body !== undefined).toBe(TYPES_FOR_PARTNERS.has(type));
    expect(JSON.stringify(body) ?? '').not.toMatch(/off_[0-9a-f]/);
  });
  it('is judged by the type in its head, so that a body cannot pass itself off as another', () => {
    const dressed = archived(1n, { type: 'WarningHeld', body: { type: 'WarningIssued', by: ann } });
    expect(bodyFor('partner', dressed)).toBeUndefined();
  });
});
