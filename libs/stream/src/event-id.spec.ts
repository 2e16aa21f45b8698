import { expect, it } from '@jest/globals';
import { eventIdOf } from './event-id.js';

const place = { topic: 'live.warnings.v1', partition: 0, offset: 9_007_199_254_740_993n };

it.each<[what: string, headers: Record<string, string>, id: string]>([
  ['source and id', { ce_source: '/larum/sms', ce_id: 'chk_1@2' }, '/larum/sms chk_1@2'],
  ['the place, without a source', { ce_id: 'chk_1@2' }, 'live.warnings.v1/0/9007199254740993'],
  ['the place, without an id', { ce_source: '/larum/sms' }, 'live.warnings.v1/0/9007199254740993'],
  [
    'the place, with an empty id',
    { ce_source: '/larum/sms', ce_id: '' },
    'live.warnings.v1/0/9007199254740993',
  ],
  ['the place, of a foreign producer', {}, 'live.warnings.v1/0/9007199254740993'],
])('a repeat is known by %s', (_, headers, id) => expect(eventIdOf(headers, place)).toBe(id));

it('the same id of two sources is two events', () => {
  const of = (source: string) => eventIdOf({ ce_source: source, ce_id: '1' }, place);
  expect(of('/larum/sms')).not.toBe(of('/larum/email'));
});
