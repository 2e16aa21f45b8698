import { describe, expect, it } from '@jest/globals';
import { asked, WrongUsage, wholeNumber } from './asked.js';

const defaults = { rounds: '300', on: 'embedded,kafka' };

describe('what a benchmark is asked for', () => {
  it('is its defaults where nothing is said, and what is said in their place', () => {
    expect(asked([], defaults)).toMatchObject(defaults);
    expect(asked(['--rounds', '5', '--on=kafka'], defaults)).toMatchObject({ rounds: '5', on: 'kafka' });
  });

  it.each([[['--warnings', '5']], [['five']], [['--rounds']]])(
    'is refused for %j, with the options that there are',
    (words) => {
      expect(() => asked(words, defaults)).toThrow(WrongUsage);
      expect(() => asked(words, defaults)).toThrow(/--rounds and --on$/);
    },
  );

  it.each(['0', '-1', '2.5', 'many', '', 'Infinity'])('is not %p rounds', (given) =>
    expect(() => wholeNumber('rounds', given, 1)).toThrow(/^--rounds is a whole number from 1 on, not /),
  );

  it('is a whole number from the least on', () => {
    expect(wholeNumber('mails', '100', 100)).toBe(100);
    expect(() => wholeNumber('mails', '99', 100)).toThrow(WrongUsage);
  });
});
