import { describe, expect, it } from '@jest/globals';
import { keywordOf } from './keywords.js';

describe('a keyword', () => {
  it.each([
    ['STOP', 'stop'],
    [' stop. ', 'stop'],
    ['“Stop”', 'stop'],
    ['stop   all', 'stop'],
    ['Unsubscribe!', 'stop'],
    ['STOPIO', 'stop'],
    ['start', 'start'],
    ['dechrau', 'start'],
    ['Help', 'help'],
    ['cymorth', 'help'],
  ])('is a whole text, in any case: %j', (text, keyword) => expect(keywordOf(text)).toBe(keyword));

  it.each([
    'Stop texting me',
    'is the bus stop flooded?',
    'help me I am trapped',
    'yes we are safe',
    '',
    '?',
    'STOP1',
  ])('is never guessed from %j: a person reads it', (text) => expect(keywordOf(text)).toBeUndefined());

  it('is looked for in no time in a text of 64 kB', () => {
    const before = process.cpuUsage();
    expect(keywordOf(`${' '.repeat(64_000)}STOP${' '.repeat(64_000)}x`)).toBeUndefined();
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000); // of our own, whatever else runs
  });
});
