import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RuleId } from '../lint/finding.js';
import { found, foundBehindEmoji, mended } from '../testing/findings.js';
import type { About } from '../testing/findings.js';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { isGsm } from '../sms/gsm-alphabet.js';

function finds(rule: RuleId, text: string, stretches: readonly string[], about: About = {}): void {
  expect(found(rule, text, about)).toEqual(stretches);
  expect(foundBehindEmoji(rule, text, about)).toEqual(stretches);
}

const words = (count: number) => `Go ${'on '.repeat(count - 2)}home.`;

describe('a sentence', () => {
  it.each([
    ['of 25 words', words(25), []],
    ['of 26 words', words(26), [words(26)]],
    ['of 26 words behind a short one', `Leave. ${words(26)}`, [words(26)]],
    ['two of 25 words', `${words(25)} ${words(25)}`, []],
    ['a number or a name counts as one', `${'9.30am 0345-988 '.repeat(12)}now.`, []],
    ['lines of a list are sentences of their own', `${words(20).slice(0, -1)}\n${words(20)}`, []],
    [
      'of 26 words in Welsh as well',
      `Ewch ${'ewch '.repeat(24)}adref.`,
      [`Ewch ${'ewch '.repeat(24)}adref.`],
    ],
  ])('%s', (_, text, stretches) => finds('long-sentence', text, stretches));
});

describe('codes of a plan', () => {
  it.each([
    ['The site is at Level 2.', ['Level 2']],
    ['We are at alert level 3.', ['alert level 3']],
    ['Threat level red.', ['Threat level red']],
    ['This is Code Amber.', ['Code Amber']],
    ['Code black at the hospital.', ['Code black']],
    ['The plan is at Red 1.', ['Red 1']],
    ['Now Amber Two.', ['Amber Two']],
    ['Category 1 and Cat 2 apply.', ['Category 1', 'Cat 2']],
    ['Phase 3 begins.', ['Phase 3']],
    ['Status green.', ['Status green']],
    ['Gold status is declared.', ['Gold status']],
    ['Operation Plato is declared.', ['Operation Plato']],
    ['Op Plato is declared.', ['Op Plato']],
    ['Priority one cases only.', ['Priority one']],
    ['The car park on Level 2 of the centre is shut.', []],
    ['Level 2 car park is shut.', []],
    ['The level crossing is shut.', []],
    ['A yellow warning of wind is in force until 21:00.', []],
    ['Amber warning of rain.', []],
    ['The Red Lion is open. Five buses wait.', []],
    ['Junction 2 of the M6 is shut.', []],
    ['Platform 1, zone 2, 3 Mill Street.', []],
    ['Red 1 and Level 2', ['Red 1', 'Level 2']],
    ['Level 200 was reached.', []],
    ['Category 1 responders meet.', []],
    ['The water level is 2 m.', []],
  ])('%s', (text, stretches) => finds('plan-code', text, stretches));

  it.each([
    ['Mae ar Lefel 2.', ['Lefel 2']],
    ['Cod coch.', ['Cod coch']],
    ['Ambr 1', ['Ambr 1']],
    ['Rhybudd melyn am wynt.', []],
  ])('in Welsh: %s', (text, stretches) => finds('plan-code', text, stretches, { language: 'cy-GB' }));
});

describe('long words', () => {
  it.each([
    ['A meteorological event.', ['meteorological']],
    ['Multidisciplinary work is needed.', []],
    ['with multidisciplinary communication', ['multidisciplinary', 'communication']],
    ['Leave immediately. The university has no electricity.', []],
    ['Meet at Northamptonshire Police.', []],
    ['See https://gov.uk/meteorological-office.', []],
    ['Keep windows shut.', []],
  ])('%s', (text, stretches) => finds('rare-word', text, stretches));

  it('are not asked for twice where plainer words are offered', () =>
    finds('rare-word', 'The contamination of the precipitation.', []));

  it('are no matter in Welsh', () =>
    finds('rare-word', 'llywodraethwyr gwasanaethau', [], { language: 'cy-GB' }));
});

describe('initials and capitals', () => {
  it.each([
    ['The QRF is on its way.', ['QRF']],
    ['The QRF and the JESIP', ['QRF', 'JESIP']],
    ['The R&D and the B&B', ['R&D', 'B&B']],
    ['The NHS and the BBC in the UK.', []],
    ['Go to SK23 7LX or M1 1AE on the A6.', []],
    ['An RTC has closed the road.', []],
    ['See GOV.UK.', []],
    ['Do NOT cross. STAY INSIDE.', []],
    ['QRF@example.org and @QRF', []],
    ['A I', []],
  ])('%s', (text, stretches) => finds('initials', text, stretches));

  it.each([
    ['DANGER AT THE RIVER BANK.', ['DANGER AT THE RIVER BANK']],
    ['DO NOT CROSS.', []],
    ['DO NOT CROSS IT.', ['DO NOT CROSS IT']],
    ['RUN, HIDE, TELL', []],
    ['Danger. DO NOT GO IN there.', ['DO NOT GO IN']],
    ['PERYGL WRTH YR AFON.', ['PERYGL WRTH YR AFON']],
  ])('whole phrases: %s', (text, stretches) => finds('capitals', text, stretches));
});

describe('plain words', () => {
  it.each([
    ['An RTC has closed the road.', 'A crash has closed the road.'],
    ['Prior to leaving, shut windows.', 'Before leaving, shut windows.'],
    ['Vacate the premises.', 'Leave the building.'],
    ['Utilise the bowser.', 'Use the water tank.'],
    ['Police activity near Town.', 'Police activity near Town.'],
    [
      'Immediate action required: go to a place of safety.',
      'Immediate action required: go to a place of safety.',
    ],
    ['There is a conflagration. 🌊 An assailant ran.', 'There is a large fire. 🌊 An attacker ran.'],
    ['It is a fatality. It is an individual.', 'It is a death. It is a person.'],
    ['Avoid the vicinity of the mill.', 'Avoid the vicinity of the mill.'],
    ['🌊 An RTC. An HVP. A outage.', '🌊 A crash. A large pump. A power cut.'],
  ])('%s becomes %s', (text, plain) => expect(mended('plain-words', text)).toBe(plain));

  it('are a matter of English', () => finds('plain-words', 'RTC', [], { language: 'cy-GB' }));
});

describe('signs that some readers lose', () => {
  it.each([
    ['Danger ⚠️ at the river.', ['⚠️']],
    ['🌊 is coming', ['🌊']],
    ['🇬🇧', ['🇬🇧']],
    ['☢️☣️', ['☢️', '☣️']],
    ['Danger © 2026, 5 ™.', []],
    ['Danger at the river.', []],
  ])('pictures: %s', (text, stretches) => expect(found('emoji-carries-meaning', text)).toEqual(stretches));

  it.each([
    ['News under #whaleybridgeflood.', ['#whaleybridgeflood']],
    ['News under #WhaleyBridgeFlood.', []],
    ['News under #flood.', []],
    ['News at gov.uk/a#whaleybridgeflood', []],
  ])('hashtags: %s', (text, stretches) => finds('hashtag-unreadable', text, stretches));
});

describe('characters that cost text messages', () => {
  const long = 'Leave now. '.repeat(8);

  it.each([
    ['Don’t cross.', "Don't cross."],
    ['“Go” – now…', '"Go" - now...'],
    ['Leave\u00a0now\u200b.', 'Leave now.'],
    ['Stay • inside', 'Stay - inside'],
  ])('%s goes out as %s', (text, plain) => {
    expect(found('costs-sms-parts', text).length).toBeGreaterThan(0);
    expect(mended('costs-sms-parts', text)).toBe(plain);
    expect(found('costs-sms-parts', plain)).toEqual([]);
  });

  it.each([
    ['letters are named, not changed', `${long}dŵr, llŷn`, ['ŵ']],
    ['a short text is one part either way', 'dŵr', []],
    ['plain marks beside a letter save nothing and stay', `${long}dŵr – llŷn`, ['ŵ']],
    ['English in the alphabet costs nothing', `${long}£5 €5 [now]`, []],
  ])('%s', (_, text, stretches) => {
    expect(found('costs-sms-parts', text)).toEqual(stretches);
    expect(mended('costs-sms-parts', text)).toBe(text);
  });

  it('are what Welsh is written with', () =>
    finds('costs-sms-parts', `${long}dŵr, llŷn`, [], { language: 'cy-GB' }));

  it('once mended leave a text that is GSM, whatever was written', () =>
    holds(
      fc.property(anyText(), (text) => {
        const plain = mended('costs-sms-parts', text);
        if (plain !== text) expect(isGsm(plain)).toBe(true);
      }),
      400,
    ));
});

describe('reading age', () => {
  const hard =
    'Precautionary evacuation arrangements necessitate considerable multidisciplinary coordination. ';

  it('is told of English that is long enough, once, for the whole of it', () => {
    expect(found('reading-age', hard.repeat(5))).toEqual(['']);
    expect(found('reading-age', hard)).toEqual([]);
    expect(found('reading-age', 'Leave now. Go to the high school. '.repeat(8))).toEqual([]);
    expect(found('reading-age', hard.repeat(5), { language: 'cy-GB' })).toEqual([]);
  });
});
