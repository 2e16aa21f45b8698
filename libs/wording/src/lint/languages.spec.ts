import { describe, expect, it } from '@jest/globals';
import type { LintMaster } from './finding.js';
import { languageOf, languages } from './languages.js';

const readsLike = (text: string, language: string) =>
  !languageOf({ text, field: 'text', language }).some(({ rule }) => rule === 'language-mismatch');

describe('a text by itself, against its label', () => {
  it.each([
    'The river is high. Leave the area now.',
    'Leave now.',
    'Stay inside.',
    'Danger.',
    'Whaley Bridge',
    'Chemical plant on fire.',
    'Keep windows and doors closed.',
    'Call 999.',
    'The fête in the park is closed because of smoke.',
    'Flood Warning for the Afon Conwy: leave the area now.',
    'Llanfair PG is flooded. Keep away from the river.',
    'Dan and Hen are in the tan car at the EU plant.',
    '',
  ])('English: %s', (text) => expect(readsLike(text, 'en-GB')).toBe(true));

  it.each([
    'Mae llifogydd yn yr ardal. Gadewch nawr.',
    'Gadewch nawr.',
    'Perygl.',
    'Byddwch yn ofalus.',
    'Arhoswch yn eich cartref.',
    'Ffoniwch 999.',
    'Peidiwch â gyrru drwy ddŵr.',
    'Whaley Bridge',
    'Mae tân yn Tesco, Cardiff Road. Cadwch draw.',
    '',
  ])('Welsh: %s', (text) => expect(readsLike(text, 'cy-GB')).toBe(true));

  it.each([
    ['Leave now.', 'cy-GB'],
    ['Stay inside.', 'cy-GB'],
    ['The river is high. Leave the area now.', 'cy-GB'],
    ['Do not drive through the water.', 'cy-GB'],
    ['Gadewch nawr.', 'en-GB'],
    ['Mae llifogydd yn yr ardal.', 'en-GB'],
    ['Arhoswch yn eich cartref.', 'en-GB'],
    ['Peidiwch yfed y dŵr.', 'en-GB'],
  ])('%s is not %s', (text, language) => expect(readsLike(text, language)).toBe(false));

  it('is not judged in a language whose words we do not have', () =>
    expect(readsLike('Leave the area now.', 'pl-PL')).toBe(true));

  it('has the autocorrect of April 2023 found where it stands', () => {
    const text = '🌊 Byddwch yn Vogel nawr.';
    expect(languageOf({ text, field: 'text', language: 'cy-GB' })).toEqual([
      expect.objectContaining({ rule: 'letter-not-welsh', start: 14, end: 19 }),
    ]);
    expect(text.slice(14, 19)).toBe('Vogel');
  });

  it.each(['5 km o’r dref', 'gov.uk/flood', 'SK23 7LX', 'a@x.uk', '#Vogel'])(
    'has no misprint in %s',
    (text) =>
      expect(languageOf({ text: `Byddwch yn ofalus, ${text}`, field: 'text', language: 'cy-GB' })).toEqual(
        [],
      ),
  );
});

describe('a master in two languages', () => {
  type Text = LintMaster['texts'][string];
  const english: Text = {
    source: 'North Wales Police',
    hazard: 'The river is rising.',
    place: 'Knighton, Vauxhall Road',
    guidance: 'If you are in Knighton, leave now.',
  };
  const welsh: Text = {
    source: 'Heddlu Gogledd Cymru',
    hazard: "Mae'r afon yn codi.",
    place: 'Tref-y-clawdd, Vauxhall Road',
    guidance: 'Os ydych yn Knighton, gadewch nawr.',
  };
  const found = (cy: Text, en: Text = english) =>
    languages({ mode: 'live', message: 'first', texts: { 'en-GB': en, 'cy-GB': cy } }).map(
      ({ rule, language, field, start, end }) => `${rule} ${language} ${field} ${start}–${end}`,
    );

  it('has nothing to find when each is what it says', () => expect(found(welsh)).toEqual([]));

  it.each([
    [
      'English under the Welsh label',
      { ...welsh, hazard: 'The river is rising fast.', guidance: english.guidance },
      ['language-mismatch cy-GB hazard 0–0'],
    ],
    ['a misprint', { ...welsh, guidance: 'Byddwch yn Vogel.' }, ['letter-not-welsh cy-GB guidance 11–16']],
    [
      'a misprint in the headline',
      { ...welsh, headline: 'Byddwch yn Vogel' },
      ['letter-not-welsh cy-GB headline 11–16'],
    ],
    [
      'an override in the wrong language',
      { ...welsh, overrides: { x: 'The river is rising. Leave the area now.' } },
      ['language-mismatch cy-GB overrides 0–0'],
    ],
    [
      'an override in its own language',
      { ...welsh, overrides: { x: "Mae'r afon yn codi. Gadewch nawr." } },
      [],
    ],
    [
      'a name that stands in the other text',
      { ...welsh, guidance: 'Os ydych yn Knighton, ewch i Vauxhall Road.' },
      [],
    ],
  ])('%s', (_, text, rules) => expect(found(text)).toEqual(rules));

  it('is found when both labels bear the same words', () =>
    expect(found(english)).toContain('same-in-two-languages cy-GB hazard 0–0'));

  it('may say the same in two forms of one language', () =>
    expect(
      languages({ mode: 'live', message: 'first', texts: { 'en-GB': english, 'en-IE': english } }).map(
        ({ rule }) => rule,
      ),
    ).toEqual([]));

  it('is not the same while nothing is written', () =>
    expect(languages({ mode: 'live', message: 'first', texts: { 'en-GB': {}, 'cy-GB': {} } })).toEqual([]));
});
