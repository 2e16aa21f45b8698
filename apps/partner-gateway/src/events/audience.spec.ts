import { describe, expect, it } from '@jest/globals';
import { topicOfType, TYPES_FOR_PARTNERS } from '#contracts';
import { ann, samples } from '#contracts/testing';
import { Problem, type Role } from '#runtime';
import { archived } from '../testing/archived.js';
import { audienceOf, bodyFor, typesWished, type EventAudience } from './audience.js';

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

describe('the types that a reader asks for', () => {
  const refusal = (audience: EventAudience, asked: string): Problem => {
    try {
      typesWished(audience, asked);
    } catch (error) {
      if (error instanceof Problem) return error;
    }
    throw new Error('was not refused');
  };

  it('are all, when none is named', () => expect(typesWished('partner', undefined)).toBeUndefined());

  it('are those that are named, of any that this reader can be brought', () => {
    expect(typesWished('partner', 'WarningIssued,WarningCancelled')).toEqual(
      new Set(['WarningIssued', 'WarningCancelled']),
    );
    expect(typesWished('partner', [...TYPES_FOR_PARTNERS].join())).toEqual(TYPES_FOR_PARTNERS);
    const all = [...topicOfType.keys()];
    expect(typesWished('reviewer', all.join())).toEqual(new Set(all));
  });

  it.each<[EventAudience, string]>([
    ['partner', 'WarningIsued'],
    ['partner', 'warningissued'],
    ['partner', 'WarningHeld'], // there is one, and no partner is brought it
    ['reviewer', 'WarningIsued'],
  ])('of a %s are refused with a misspelt %s among them: it would wait for ever', (audience, misspelt) => {
    const { status, extra, detail } = refusal(audience, `WarningIssued,${misspelt}`);
    const known = audience === 'partner' ? [...TYPES_FOR_PARTNERS] : [...topicOfType.keys()];
    const message = `no event of the type ${misspelt} is ever brought to you; there are ${known.join(', ')}`;
    expect({ status, extra, detail }).toEqual({
      status: 400,
      extra: { fields: [{ field: 'types', message }] },
      detail: `types: ${message}`,
    });
  });
});
