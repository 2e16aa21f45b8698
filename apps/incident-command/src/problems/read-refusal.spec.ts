import { describe, expect, it } from '@jest/globals';
import { refusalReasons, WarningRefused, type RefusalReason } from '#warning';
import { readRefusal } from './read-refusal.js';
import { refusals } from './refusals.js';

/** 403 the person, 404 the thing, 409 the state or what was read, 422 what it means (DESIGN §6). A changed row is a changed promise. */
const statuses: Record<RefusalReason, 403 | 404 | 409 | 422> = {
  'already-drafted': 409,
  'no-such-warning': 404,
  'not-a-draft': 409,
  'not-submitted': 409,
  'not-issued': 409,
  'version-open': 409,
  'not-expired-yet': 409,
  'approver-is-author': 403,
  'approver-is-editor': 403,
  'approver-is-submitter': 403,
  'returner-may-not-edit': 403,
  'changed-since-read': 409,
  'not-a-first-message': 422,
  'not-a-next-message': 422,
  'not-whole': 422,
  'expiry-missing': 422,
  'area-missing': 422,
  'broken-area': 422,
  'already-expired': 422,
  'expires-before-effective': 422,
  'next-update-in-the-past': 422,
  'next-update-after-expiry': 422,
  'hold-in-the-past': 422,
  'nothing-to-send': 422,
  'channel-without-text': 422,
  'cancel-text-missing': 422,
};

describe('a refusal of the rules over HTTP', () => {
  it.each(Object.entries(statuses))('%s is %i, in a sentence of its own', (reason, status) => {
    const problem = readRefusal(new WarningRefused(reason as RefusalReason));
    expect(problem).toMatchObject({ code: reason, status });
    expect(problem?.detail).toMatch(/nothing was recorded\.$/);
  });

  it('has a row for every reason, and none for a reason that there is not', () =>
    expect(Object.keys(refusals).toSorted()).toEqual([...refusalReasons].toSorted()));

  it('says what is meant behind the sentence, and gives it to programs by itself', () => {
    const details = ['expiresAt: is missing', 'area: is missing'];
    const problem = readRefusal(new WarningRefused('not-whole', details));
    expect(problem?.detail).toMatch(/nothing was recorded\. expiresAt: is missing; area: is missing$/);
    expect(problem?.toJSON()).toMatchObject({ code: 'not-whole', details, type: '/docs/problems#not-whole' });
  });

  it.each([new Error('no'), new TypeError('no'), { reason: 'not-issued' }, 'not-issued', undefined])(
    'is not made of what is none: %p',
    (error) => expect(readRefusal(error)).toBeUndefined(),
  );
});
