import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RuleId } from '../lint/finding.js';
import { found, foundBehindEmoji, mended } from '../testing/findings.js';
import type { About } from '../testing/findings.js';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';

function finds(rule: RuleId, text: string, stretches: readonly string[], about: About = {}): void {
  expect(found(rule, text, about)).toEqual(stretches);
  expect(foundBehindEmoji(rule, text, about)).toEqual(stretches);
}

describe('a slot that nobody has filled in', () => {
  it.each([
    ['Fire at [place].', ['[place]']],
    ['Fire at [].', ['[]']],
    ['Fire at {place}.', ['{place}']],
    ['Fire at {{ place }}.', ['{{ place }}']],
    ['Fire at <PLACE>.', ['<PLACE>']],
    ['Fire at XXX.', ['XXX']],
    ['Fire at ____ today at 9:00.', ['____']],
    ['Leave by TBC.', ['TBC']],
    ['TODO: say where', ['TODO']],
    ['Lorem ipsum', []],
    ['lorem ipsum dolor', ['lorem ipsum']],
    ['[town] and [street]', ['[town]', '[street]']],
    ['Town (centre), Derbyshire', []],
    ['Depth < 2 m and > 1 m', []],
    ['Brackets [that\nspan lines]', []],
    ['Postcode SK23 7XX is one.', []],
    ['A [note that is a good deal longer than any slot in a template would ever need to be here]', []],
  ])('%s', (text, stretches) => finds('placeholder', text, stretches));
});

describe('two worlds', () => {
  it.each([
    ['This is a test.', ['This is a test']],
    ['This is only a test.', ['This is only a test']],
    ['THIS IS AN EXERCISE', ['THIS IS AN EXERCISE']],
    ['this is only a drill', ['this is only a drill']],
    ['For exercise only.', ['For exercise only']],
    ['Exercise exercise exercise', ['Exercise exercise']],
    ['Test message from police', ['Test message']],
    ['This is not a test.', []],
    ['Police will test the water.', []],
  ])('a live text must not say that it is a test: %s', (text, stretches) =>
    finds('says-it-is-a-test', text, stretches),
  );

  it.each([
    ['Police will test the water.', ['test']],
    ['Testing of the dam goes on.', ['Testing']],
    ['The drill hall is open. Bring exercise books.', ['drill', 'exercise']],
    ['This is a test.', []],
    ['This is not a drill.', []],
    ['The contest and the drilling go on.', []],
  ])('a live text with the bare word needs a reason: %s', (text, stretches) =>
    finds('test-word', text, stretches),
  );

  it.each([
    ['Prawf yw hwn.', ['Prawf yw hwn'], []],
    ['Dim ond ymarfer yw hwn.', ['Dim ond ymarfer yw hwn'], []],
    ['Bydd prawf ar y dŵr.', [], ['prawf']],
    ['Nid ymarfer yw hwn.', ['ymarfer yw hwn'], []],
  ])('in Welsh: %s', (text, whole, word) => {
    expect(found('says-it-is-a-test', text, { language: 'cy-GB' })).toEqual(whole);
    expect(found('test-word', text, { language: 'cy-GB' })).toEqual(word);
  });

  it.each([
    ['This is not a drill.', 'en-GB', ['This is not a drill']],
    ['It is not a drill.', 'en-GB', ['not a drill']],
    ['This is not an exercise.', 'en-GB', []],
    ['Nid ymarfer yw hwn.', 'cy-GB', ['Nid ymarfer yw hwn']],
  ])('an exercise must not deny that it is one: %s', (text, language, stretches) =>
    finds('says-it-is-no-drill', text, stretches, { language, mode: 'exercise' }),
  );

  it.each([
    ['Leave now.', 'EXERCISE. Leave now. EXERCISE'],
    ['EXERCISE. Leave now.', 'EXERCISE. Leave now. EXERCISE'],
    ['Leave now. EXERCISE', 'EXERCISE. Leave now. EXERCISE'],
    ['EXERCISE. Leave now. EXERCISE', 'EXERCISE. Leave now. EXERCISE'],
    ['  EXERCISE. Leave now. EXERCISE\n', '  EXERCISE. Leave now. EXERCISE\n'],
  ])('an exercise bears its mark at both ends: %s', (text, marked) => {
    expect(mended('exercise-unmarked', text, { mode: 'exercise' })).toBe(marked);
    expect(found('exercise-unmarked', marked, { mode: 'exercise' })).toEqual([]);
    expect(found('exercise-unmarked', text, { mode: 'live' })).toEqual([]);
  });

  it('bears it in Welsh in a Welsh text', () =>
    expect(mended('exercise-unmarked', 'Gadewch nawr.', { mode: 'exercise', language: 'cy-GB' })).toBe(
      'YMARFER. Gadewch nawr. YMARFER',
    ));
});

describe('characters that nobody sees', () => {
  it.each([
    ['a bell', 'Leave\u0007 now.', 'Leave now.'],
    ['a tab', 'Leave\tnow.', 'Leave now.'],
    ['a carriage return alone', 'Leave.\rNow.', 'Leave.\nNow.'],
    ['a form feed', 'Leave.\fNow.', 'Leave.\nNow.'],
    ['an escape', 'Leave\u001b now.', 'Leave now.'],
    ['a delete', 'Leave\u007f now.', 'Leave now.'],
    ['a control of the second set', 'Leave\u0085 now.', 'Leave now.'],
    ['a byte order mark, which X refuses', '\ufeffLeave now.', 'Leave now.'],
    ['what is no character', 'Leave\ufffe\uffff\ufdd0 now.', 'Leave now.'],
    ['half of a character', 'Leave\ud83c now.', 'Leave now.'],
  ])('cannot be sent: %s', (_, text, clean) => {
    expect(found('control-character', text)).not.toEqual([]);
    expect(mended('control-character', text)).toBe(clean);
    expect(found('control-character', clean)).toEqual([]);
  });

  it.each(['Leave\r\nnow.', 'Leave\nnow.', 'dŵr 🌊 e\u0301', 'a\u00adb', 'שלום', '👨‍👩‍👧‍👦'])(
    '%j can be sent',
    (text) => finds('control-character', text, []),
  );

  it.each(['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'])(
    'turn the reading direction: %j',
    (mark) => {
      finds('bidirectional-control', `Leave ${mark}now.`, [mark]);
      expect(mended('bidirectional-control', `Leave ${mark}now.`)).toBe('Leave now.');
    },
  );

  it.each(['\u200e', '\u200f', '\u061c'])('only help to read right to left: %j', (mark) =>
    finds('bidirectional-control', `Leave ${mark}now.`, []),
  );
});

describe('letters that only look like ours', () => {
  it.each([
    ['Tоwn', 'Town', 'a Cyrillic o'],
    ['Pоliсе', 'Police', 'three Cyrillic letters'],
    ['Αmbulance', 'Ambulance', 'a Greek capital alpha'],
    ['Wаrning', 'Warning', 'a Cyrillic a'],
  ])('%s becomes %s (%s)', (word, plain) => {
    finds('mixed-scripts', `In ${word} now.`, [word]);
    expect(mended('mixed-scripts', `In ${word} now.`)).toBe(`In ${plain} now.`);
  });

  it('are found but not mended when one of them looks like none of ours', () => {
    finds('mixed-scripts', 'Townж', ['Townж']);
    expect(mended('mixed-scripts', 'Townж')).toBe('Townж');
  });

  it.each(['Москва', 'Αθήνα', 'Llŷn', 'Ibrahim محمد', 'SK23 7LX', 'naïve façade', 'Town Москва'])(
    '%s is as it should be',
    (text) => finds('mixed-scripts', text, []),
  );
});

describe('what the public must not read without a decision', () => {
  it.each([
    ['casualties', 'Three people injured in a crash.', ['Three people injured']],
    ['casualties', '2 dead after a fire.', ['2 dead']],
    ['casualties', 'Several killed.', ['Several killed']],
    ['casualties', '12 casualties', ['12 casualties']],
    ['casualties', 'Three cars in a crash.', []],
    ['casualties', 'People were injured.', []],
    ['name-of-victim', 'The victim has been named as John Smith.', ['victim has been named as John Smith']],
    ['name-of-victim', 'The dead man is Ann Other.', ['dead man is Ann Other']],
    ['name-of-victim', 'The victim was taken to hospital. John Smith, of police, spoke.', []],
    ['name-of-victim', 'Police look for John Smith.', []],
    ['access-route', 'The RVP is at the church.', ['RVP']],
    ['access-route', 'Use the access route by the mill.', ['access route']],
    ['access-route', 'Crews approach via Mill Street.', ['approach via']],
    ['access-route', 'Officers are hiding in the mill.', ['Officers are hiding']],
    ['access-route', 'Mill Street is closed.', []],
  ] as const)('%s: %s', (rule, text, stretches) => finds(rule, text, stretches));
});

describe('whatever is written', () => {
  it('a mend of a hidden or look-alike character leaves nothing of its kind', () =>
    holds(
      fc.property(
        anyText(),
        fc.constantFrom<RuleId>('control-character', 'bidirectional-control'),
        (text, rule) => {
          // Taking out what stood between two halves may make a character of them, never the reverse.
          const clean = mended(rule, text);
          expect(found(rule, clean)).toEqual([]);
        },
      ),
      400,
    ));
});
