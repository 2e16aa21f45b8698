import { describe, expect, it } from '@jest/globals';
import { completeness } from './completeness.js';
import type { LintMaster } from './finding.js';

const now = '2026-11-22T10:00:00.000Z';
const whole: LintMaster = {
  mode: 'live',
  kind: 'warning',
  message: 'first',
  severity: 'Severe',
  texts: {
    'en-GB': {
      source: 'Derbyshire Police',
      hazard: 'The dam may fail.',
      impact: 'Water could reach homes.',
      place: 'Whaley Bridge',
      guidance: 'Leave now.',
    },
  },
  expiresAt: '2026-11-22T18:00:00.000Z',
  nextUpdateAt: '2026-11-22T12:00:00.000Z',
};
type Words = LintMaster['texts'][string];
const found = (fields: Partial<LintMaster>, words: Words = {}, at: string | undefined = now) =>
  completeness(
    { ...whole, texts: { 'en-GB': { ...whole.texts['en-GB'], ...words } }, ...fields },
    { now: at },
  ).map(({ rule, field, language }) =>
    [rule, field, language].filter((some) => some !== undefined).join(' '),
  );

describe('what a warning must say', () => {
  it('is all there', () => expect(found({})).toEqual([]));

  it.each([
    ['who speaks', { source: '' }, ['source-missing source en-GB']],
    ['what happens', { hazard: ' \n' }, ['hazard-missing hazard en-GB']],
    ['where', { place: '' }, ['place-missing place en-GB']],
    ['what to do', { guidance: '' }, ['guidance-missing guidance en-GB']],
    ['what could happen to people', { impact: '' }, ['impact-missing impact en-GB']],
    [
      'several at once',
      { source: '', place: '' },
      ['source-missing source en-GB', 'place-missing place en-GB'],
    ],
  ])('%s', (_, words, rules) => expect(found({}, words)).toEqual(rules));

  it('is asked of each language', () => {
    const texts = { ...whole.texts, 'cy-GB': { ...whole.texts['en-GB'], place: '' } };
    expect(found({ texts })).toEqual(['place-missing place cy-GB']);
  });

  it.each(['Minor', 'Moderate', 'Unknown', undefined] as const)(
    'of %s severity needs no impact and no next update',
    (severity) => expect(found({ severity, nextUpdateAt: undefined }, { impact: '' })).toEqual([]),
  );

  it.each(['Severe', 'Extreme'] as const)('of %s severity needs both', (severity) =>
    expect(found({ severity, nextUpdateAt: undefined }, { impact: '' })).toEqual([
      'next-update-missing nextUpdateAt',
      'impact-missing impact en-GB',
    ]),
  );

  it('needs neither once it is cancelled', () =>
    expect(found({ message: 'cancel', nextUpdateAt: undefined }, { impact: '' })).toEqual([]));
});

describe('until when it holds', () => {
  it.each([
    ['nothing is said', undefined, undefined, ['expiry-missing expiresAt']],
    ['it is no time', 'tonight', undefined, ['expiry-missing expiresAt']],
    ['it is this very moment', now, undefined, ['expiry-past expiresAt']],
    ['it is a millisecond ahead', '2026-11-22T10:00:00.001Z', undefined, []],
    ['it is past', '2026-11-21T10:00:00.000Z', undefined, ['expiry-past expiresAt']],
    [
      'it ends when it begins',
      '2026-11-22T18:00:00.000Z',
      '2026-11-22T18:00:00.000Z',
      ['expiry-before-start expiresAt'],
    ],
    [
      'it ends before it begins',
      '2026-11-22T18:00:00.000Z',
      '2026-11-22T19:00:00.000Z',
      ['expiry-before-start expiresAt'],
    ],
    ['it begins first', '2026-11-22T18:00:00.000Z', '2026-11-22T17:00:00.000Z', []],
    [
      'it is past, and before its start',
      '2026-11-22T09:00:00.000Z',
      now,
      ['expiry-past expiresAt', 'expiry-before-start expiresAt'],
    ],
  ])('%s', (_, expiresAt, effectiveAt, rules) => expect(found({ expiresAt, effectiveAt })).toEqual(rules));

  it('cannot be past when nobody says what time it is', () =>
    expect(
      completeness({ ...whole, expiresAt: '2020-01-01T00:00:00.000Z' }, {}).map(({ rule }) => rule),
    ).toEqual([]));
});

describe('pictures', () => {
  it.each([
    ['none', [], []],
    ['described', [{ alt: { 'en-GB': 'Map of the town' } }], []],
    ['described with a blank', [{ alt: { 'en-GB': ' ' } }], ['picture-without-description media en-GB']],
    [
      'described in another language',
      [{ alt: { 'cy-GB': 'Map' } }],
      ['picture-without-description media en-GB'],
    ],
    [
      'the second is not',
      [{ alt: { 'en-GB': 'Map' } }, { alt: {} }],
      ['picture-without-description media en-GB'],
    ],
  ])('%s', (_, media, rules) => expect(found({ media })).toEqual(rules));
});

describe('an all-clear', () => {
  const clear = (words: Words, language = 'en-GB') =>
    completeness(
      {
        ...whole,
        message: 'all-clear',
        nextUpdateAt: undefined,
        texts: { [language]: { ...whole.texts['en-GB'], impact: '', ...words } },
      },
      { now },
    ).map(({ message }) => message);

  it.each([
    [
      'all four parts',
      'The danger is over. The dam has been repaired. You are safe.',
      'You can now go home.',
      [],
    ],
    [
      'no word of safety',
      'The danger is over. The dam has been repaired.',
      'You can now go home.',
      ['The all-clear does not say that people are safe.'],
    ],
    [
      'nothing to do',
      'The danger is over. The dam has been repaired. You are safe.',
      'Thank you.',
      ['The all-clear does not say what to do or resume.'],
    ],
    [
      'no end of the danger',
      'The dam has been repaired. You are safe.',
      'You can now go home.',
      ['The all-clear does not say that the danger is over.'],
    ],
    [
      'not how',
      'The danger is over. You are safe.',
      'You can now go home.',
      ['The all-clear does not say how it was resolved.'],
    ],
    [
      'two parts',
      'The danger is over.',
      'You can now go home.',
      ['The all-clear does not say that people are safe, nor how it was resolved.'],
    ],
  ])('with %s', (_, hazard, guidance, messages) => expect(clear({ hazard, guidance })).toEqual(messages));

  it('may say how it was resolved in a field of its own', () =>
    expect(
      clear({
        hazard: 'The danger is over. You are safe.',
        guidance: 'You can now go home.',
        resolved: 'Pumps did it.',
      }),
    ).toEqual([]));

  it('is asked the same in Welsh', () => {
    const hazard = "Mae'r perygl drosodd. Mae'r argae wedi'i drwsio. Mae pawb yn ddiogel.";
    expect(clear({ hazard, guidance: 'Gallwch ddychwelyd nawr.' }, 'cy-GB')).toEqual([]);
    expect(clear({ hazard: 'Dyna ni.', guidance: 'Diolch.' }, 'cy-GB')).toHaveLength(1);
  });

  it('is not judged in a language whose words we do not have', () =>
    expect(clear({ hazard: 'Niebezpieczeństwo minęło.', guidance: 'Wróć.' }, 'pl-PL')).toEqual([]));
});

describe('a correction', () => {
  const wrong = 'We said that the school is open. It has been shut since 09:00.';
  it('says what was wrong, and since when', () => {
    expect(found({ message: 'correction' })).toEqual(['correction-incomplete correction en-GB']);
    expect(found({ message: 'correction' }, { correction: ' ' })).toEqual([
      'correction-incomplete correction en-GB',
    ]);
    expect(found({ message: 'correction' }, { correction: wrong })).toEqual([]);
    expect(found({ message: 'update' })).toEqual([]);
  });
});

describe('the end of a flood warning', () => {
  it.each([
    [
      'says nothing of the water',
      'The Flood Warning is no longer in force.',
      'You can go home.',
      ['flood-water-remains guidance en-GB'],
    ],
    [
      'in the other order',
      'No longer in force: the flood alerts for the Calder.',
      'You can go home.',
      ['flood-water-remains guidance en-GB'],
    ],
    ['keeps people out of it', 'The Flood Warning is no longer in force.', 'Do not drive through it.', []],
    [
      'says that it remains',
      'The Flood Warning is no longer in force. Water will stay in fields.',
      'You can go home.',
      [],
    ],
    ['names flood water', 'The Flood Warning is no longer in force.', 'Stay out of flood water.', []],
    ['is not the end of another warning', 'The wind warning is no longer in force.', 'You can go home.', []],
  ])('%s', (_, hazard, guidance, rules) => expect(found({}, { hazard, guidance })).toEqual(rules));
});
