import { describe, expect, it } from '@jest/globals';
import { inOurLetters, mixesAlphabets } from './look-alikes.js';

describe('a word of two alphabets', () => {
  it.each(['Tоwn', 'Αmbulance', 'gоv', 'aж', 'ωa'])('is %s', (word) =>
    expect(mixesAlphabets(word)).toBe(true),
  );
  it.each(['Town', 'Москва', 'Αθήνα', 'ŵyneb', 'façade', '水道', 'aשb', ''])('is not %s', (word) =>
    expect(mixesAlphabets(word)).toBe(false),
  );
});

describe('a word in our letters', () => {
  it.each([
    ['Tоwn', 'Town'],
    ['аеорсухіѕјһԁ', 'aeopcyxisjhd'],
    ['АВЕКМНОРСТХЅІЈ', 'ABEKMHOPCTXSIJ'],
    ['οναρι', 'ovapi'],
    ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
    ['Town', 'Town'],
    ['https://gоv.uk/а', 'https://gov.uk/a'],
    ['dŵr', 'dŵr'],
    ['水', '水'],
  ])('%s is %s', (word, plain) => expect(inOurLetters(word)).toBe(plain));

  it.each(['Townж', 'поліція', 'Ωmega'])('is nothing for %s, which has a letter like none of ours', (word) =>
    expect(inOurLetters(word)).toBeUndefined(),
  );
});
