import { expect, it } from '@jest/globals';
import { account, composed } from '../testing/index.js';
import { accountParts } from './account-parts.js';

const of = (number: number, language: string, texts: string[], variant: 'first' | 'alone' = 'first') =>
  composed({ channel: 'social', accountId: account(number), platform: 'fake', language, variant, texts });
const parts = (texts: ReturnType<typeof of>[], variant: 'first' | 'thread' | 'alone' = 'first') =>
  accountParts(texts, { accountId: account(1), act: 'issue', variant }).map(
    ({ part, language, inLanguage, text }) => [part, language, inLanguage, text],
  );

it('the posts of an account are counted over all its languages, so that no two share a delivery', () => {
  expect(
    parts([of(1, 'en-GB', ['one', 'two']), of(2, 'en-GB', ['theirs']), of(1, 'cy-GB', ['un', 'dau'])]),
  ).toEqual([
    [1, 'en-GB', 1, 'one'],
    [2, 'en-GB', 2, 'two'],
    [3, 'cy-GB', 1, 'un'],
    [4, 'cy-GB', 2, 'dau'],
  ]);
});

it('a language whose variant was not composed takes the next best one, in its own words', () => {
  expect(
    parts([of(1, 'en-GB', ['alone'], 'alone'), of(1, 'cy-GB', ['ar ei ben ei hun'], 'alone')], 'thread'),
  ).toEqual([
    [1, 'en-GB', 1, 'alone'],
    [2, 'cy-GB', 1, 'ar ei ben ei hun'],
  ]);
});

it('an account without a text posts nothing', () => {
  expect(parts([of(2, 'en-GB', ['theirs'])])).toEqual([]);
});
