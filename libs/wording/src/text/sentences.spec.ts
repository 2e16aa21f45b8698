import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { asSentence, inseparable, onOneLine, sentences, withoutStop } from './sentences.js';

describe('the sentences of a text', () => {
  it.each([
    ['two sentences', 'Leave now. Go north.', ['Leave now.', 'Go north.']],
    ['a time', 'Leave by 9.30am. Go north.', ['Leave by 9.30am.', 'Go north.']],
    [
      'a short form',
      'Meet at St. Mary’s, e.g. the hall. Go now.',
      ['Meet at St. Mary’s, e.g. the hall.', 'Go now.'],
    ],
    ['an initial', 'J. Smith is safe. Thank you.', ['J. Smith is safe.', 'Thank you.']],
    ['a link at the end', 'See https://gov.uk/flood. Go.', ['See https://gov.uk/flood.', 'Go.']],
    ['quotes after the mark', 'He said "Go." Then left.', ['He said "Go."', 'Then left.']],
    ['what goes on in lower case', 'Go! now. And stay.', ['Go! now.', 'And stay.']],
    ['lines', 'Take:\nwater\nfood', ['Take:', 'water', 'food']],
    ['no mark', 'Leave now', ['Leave now']],
    ['a number after the mark', 'Call us. 101 is free.', ['Call us.', '101 is free.']],
    ['a postcode', 'It is in SK23 7LX. Leave.', ['It is in SK23 7LX.', 'Leave.']],
    ['nothing', ' \n ', []],
  ])('%s', (_, text, found) => expect(sentences(text)).toEqual(found));

  it('lose nothing but white space', () =>
    holds(
      fc.property(anyText(), (text) => {
        const bare = (some: string) => some.replace(/\s/g, '');
        expect(bare(sentences(text).join(' '))).toBe(bare(text));
      }),
    ));
});

describe('a text as a sentence', () => {
  it.each([
    ['Leave now', 'Leave now.'],
    ['Leave now!', 'Leave now!'],
    ['He said "Go."', 'He said "Go."'],
    ['(Leave now)', '(Leave now).'],
    ['See https://gov.uk/flood', 'See https://gov.uk/flood'],
    ['See www.gov.uk', 'See www.gov.uk'],
    ['  ', ''],
  ])('%s', (text, sentence) => expect(asSentence(text)).toBe(sentence));

  it('loses its stop and its lines where it becomes part of another', () => {
    expect(withoutStop('Derbyshire Police: ')).toBe('Derbyshire Police');
    expect(onOneLine(' Whaley Bridge\n\n Furness Vale ', ', ')).toBe('Whaley Bridge, Furness Vale');
  });
});

describe('what shortening may not separate', () => {
  it('keeps RUN, HIDE, TELL together and in order', () =>
    expect(
      inseparable([
        'Stay calm.',
        'RUN to safety.',
        'If not, HIDE.',
        'Phone silent.',
        'TELL police on 999.',
        'Stay away.',
      ]),
    ).toEqual([
      'Stay calm.',
      'RUN to safety. If not, HIDE. Phone silent. TELL police on 999.',
      'Stay away.',
    ]));

  it('keeps a list with what announces it', () =>
    expect(inseparable(['Take with you:', '- medicine.', '- water.', 'Go.'])).toEqual([
      'Take with you: - medicine. - water.',
      'Go.',
    ]));
});

describe('RUN, HIDE, TELL in either language', () => {
  it.each([
    ['in Welsh', ['RHEDWCH.', 'CUDDIWCH.', 'DYWEDWCH wrth yr heddlu.'], 1],
    ['in the other Welsh spelling', ['RHEDWCH.', 'CUDDIWCH.', 'DWEUDWCH wrth yr heddlu.'], 1],
    ['with sentences between', ['RUN.', 'Go far.', 'HIDE.', 'Be still.', 'TELL police.'], 1],
    ['with sentences around', ['Stay calm.', 'RUN.', 'HIDE.', 'TELL.', 'Stay away.'], 3],
    ['without HIDE', ['RUN.', 'TELL police.'], 2],
    ['in another order', ['TELL police.', 'HIDE.', 'RUN.'], 3],
    ['in small letters', ['Run.', 'Hide.', 'Tell.'], 3],
    ['RUN alone', ['RUN the tap.', 'Wait.'], 2],
    ['nothing', [], 0],
  ])('%s', (_, sentences, units) => {
    expect(inseparable(sentences)).toHaveLength(units);
    expect(inseparable(sentences).join(' ')).toBe(sentences.join(' '));
  });
});

describe('where sentences end', () => {
  it.each([
    ['Call 999. Leave now.', ['Call 999.', 'Leave now.']],
    ['Leave at 9.30am. Go.', ['Leave at 9.30am.', 'Go.']],
    ['Leave at 9 a.m. sharp.', ['Leave at 9 a.m. sharp.']],
    ['Take food, e.g. bread. Go.', ['Take food, e.g. bread.', 'Go.']],
    ['See gov.uk. Go.', ['See gov.uk.', 'Go.']],
    ['Dr. Smith waits. Go.', ['Dr. Smith waits.', 'Go.']],
    ['St. Asaph is shut.', ['St. Asaph is shut.']],
    ['Leave! Now? Yes…  Go.', ['Leave!', 'Now?', 'Yes…', 'Go.']],
    ['He said "Go." Then he went.', ['He said "Go."', 'Then he went.']],
    ['(Leave now.) Go.', ['(Leave now.)', 'Go.']],
    ['One line\nanother line', ['One line', 'another line']],
    ['Leave now.\n\nGo.', ['Leave now.', 'Go.']],
    ['Leave now.Go.', ['Leave now.Go.']],
    ['Leave now. go on', ['Leave now. go on']],
    ['Gadewch nawr. Ŵyn yn y cae.', ['Gadewch nawr.', 'Ŵyn yn y cae.']],
    ['🌊 Flood. 🌊 Leave.', ['🌊 Flood.', '🌊 Leave.']],
    ['5 km. 6 km.', ['5 km.', '6 km.']],
    ['  ', []],
  ])('%j', (text, found) => expect(sentences(text)).toEqual(found));
});
