import { describe, expect, it } from '@jest/globals';
import type { RuleId } from '../lint/finding.js';
import { found, foundBehindEmoji } from '../testing/findings.js';

/** Every stretch is found where it stands, also behind characters of several UTF-16 units. */
function finds(rule: RuleId, text: string, stretches: readonly string[], language = 'en-GB'): void {
  expect(found(rule, text, { language })).toEqual(stretches);
  expect(foundBehindEmoji(rule, text, { language })).toEqual(stretches);
}

describe('flood codes mean what the Environment Agency says they mean', () => {
  it.each([
    ['Flood Alert: flooding is possible, be prepared.', []],
    ['A Flood Alert is in force. There is danger to life.', ['danger to life']],
    ['A Flood Alert is in force. There is a risk to life.', ['risk to life']],
    ['Flood Alert: life-threatening floods.', ['life-threatening']],
    ['Flood Alert: immediate action required.', ['immediate action required']],
    ['Flood Alert: immediate action is required.', ['immediate action is required']],
    ['Flood Alert: act now.', ['act now']],
    ['Flood Alert: flooding is expected.', ['flooding is expected']],
    ['A Flood Alert is in force. No further flooding is expected tonight at 21:00.', []],
    ['Flood Warning: flooding is expected, immediate action required.', []],
    ['Flood Warning: danger to life.', ['danger to life']],
    ['Flood Warnings are in force: flooding is possible.', ['flooding is possible']],
    ['Severe Flood Warning: severe flooding, danger to life.', []],
    ['Severe Flood Warning: act now, danger to life, flooding is expected.', []],
    ['Severe Flood Warning: flooding is possible.', ['flooding is possible']],
    ['SEVERE FLOOD WARNING: flooding is possible.', ['flooding is possible']],
    ['The Flood Alert became a Flood Warning: flooding is expected.', []],
    ['The Flood Alert became a Flood Warning: danger to life.', ['danger to life']],
    ['The Flood Warning became a Severe Flood Warning: danger to life.', []],
    ['A Flood Alert in Town, a Severe Flood Warning in Port: danger to life in Port.', []],
    ['The Flood Warning is no longer in force. There was danger to life.', []],
    ['There is danger to life from smoke.', []],
    ['flood alert, danger to life and risk to life', ['danger to life', 'risk to life']],
  ])('%s', (text, stretches) => finds('flood-code-mixed', text, stretches));

  it.each([
    ['Mae Rhybudd Llifogydd Difrifol mewn grym: perygl i fywyd.', []],
    ['Mae Rhybudd Llifogydd mewn grym: perygl i fywyd.', ['perygl i fywyd']],
    ['Llifogydd: Byddwch yn Barod. Mae perygl i fywyd.', ['perygl i fywyd']],
    ['Llifogydd: Byddwch yn Barod. Mae llifogydd yn bosibl.', []],
    ['Rhybudd Llifogydd: gweithredwch nawr.', []],
    ['Llifogydd: Byddwch yn Barod. Gweithredwch nawr.', ['Gweithredwch nawr']],
  ])('in Welsh: %s', (text, stretches) => finds('flood-code-mixed', text, stretches, 'cy-GB'));
});

describe('RUN, HIDE, TELL', () => {
  it.each([
    ['RUN. HIDE. TELL.', []],
    ['RUN to safety. If you cannot, HIDE. TELL the police on 999.', []],
    ['RUN, HIDE, TELL. Then RUN again if you must.', []],
    ['Run, hide, tell.', []],
    ['run hide tell', []],
    ['HIDE, RUN and TELL.', ['HIDE, RUN and TELL']],
    ['TELL, RUN, HIDE', ['TELL, RUN, HIDE']],
    ['RUN, HIDE, FIGHT.', ['RUN, HIDE, FIGHT']],
    ['RUN from the area. HIDE if you cannot.', ['RUN from the area. HIDE']],
    ['RUN. TELL police on 999.', ['RUN. TELL']],
    ['HIDE. TELL.', ['HIDE. TELL']],
    ['RUN, HIDE, TELL, FIGHT', ['RUN, HIDE, TELL, FIGHT']],
    ['Run, hide, fight.', ['Run, hide, fight']],
    ['Hide, run, tell.', ['Hide, run, tell']],
    ['run, tell and hide', ['run, tell and hide']],
    ['If you hide, run taps slowly. Tell nobody.', []],
    ['DO NOT HIDE KEYS.', []],
    ['The children run and hide.', []],
    ['RUN the cold tap.', []],
    ['TELLING and RUNNING are other words, and HIDEOUT', []],
  ])('%s', (text, stretches) => finds('run-hide-tell-altered', text, stretches));

  it.each([
    ['RHEDWCH. CUDDIWCH. DYWEDWCH.', []],
    ['RHEDWCH, CUDDIWCH, DWEUDWCH wrth yr heddlu.', []],
    ['CUDDIWCH, RHEDWCH, DYWEDWCH', ['CUDDIWCH, RHEDWCH, DYWEDWCH']],
    ['RHEDWCH, CUDDIWCH, YMLADDWCH', ['RHEDWCH, CUDDIWCH, YMLADDWCH']],
    ['RHEDWCH nawr.', []],
  ])('in Welsh: %s', (text, stretches) => finds('run-hide-tell-altered', text, stretches, 'cy-GB'));
});

describe('an end that nobody can wait for', () => {
  it.each([
    ['The road is closed until further notice.', ['until further notice']],
    ['Until further notice stay inside.', ['Until further notice']],
    [
      'Closed UNTIL FURTHER NOTICE, and until further notice.',
      ['UNTIL FURTHER NOTICE', 'until further notice'],
    ],
    ['Closed until 18:00. Look out for further notice.', []],
  ])('%s', (text, stretches) => finds('until-further-notice', text, stretches));

  it('in Welsh', () =>
    finds('until-further-notice', 'Ar gau nes clywir yn wahanol.', ['nes clywir yn wahanol'], 'cy-GB'));
});

describe('times that are read hours later', () => {
  it.each([
    ['The river will rise tonight.', ['tonight']],
    ['The river will rise tonight from 21:00.', []],
    ['The river will rise tonight from 9pm.', []],
    ['The river will rise tonight from 9.30 p.m.', []],
    ['Closed today at noon.', []],
    ['Closed tomorrow.', ['tomorrow']],
    ['We will say more soon.', ['soon']],
    ['More shortly, and later.', ['shortly', 'later']],
    ['More in the next hour.', ['in the next hour']],
    ['More in a few minutes.', ['in a few minutes']],
    ['It began this morning.', ['this morning']],
    ['The Evening Post today reports it from page 25.', ['today']],
    ['It began on 21 November.', []],
    ['Laterite soil and soonest are other words.', []],
  ])('%s', (text, stretches) => finds('relative-time', text, stretches));

  it.each([
    ['Bydd yr afon yn codi heno.', ['heno']],
    ['Bydd yr afon yn codi heno am 21:00.', []],
    ['Mwy cyn bo hir.', ['cyn bo hir']],
    ["Dechreuodd y bore 'ma.", ["bore 'ma"]],
  ])('in Welsh: %s', (text, stretches) => finds('relative-time', text, stretches, 'cy-GB'));

  it('are found beside a clock time as well when the text lives longer than twelve hours', () => {
    const now = '2026-11-22T10:00:00.000Z';
    const text = 'The river will rise tonight from 21:00.';
    const until = (expiresAt: string) => found('relative-time', text, { expiresAt, options: { now } });
    expect(until('2026-11-22T22:00:00.000Z')).toEqual([]);
    expect(until('2026-11-22T22:00:00.001Z')).toEqual(['tonight']);
  });
});
