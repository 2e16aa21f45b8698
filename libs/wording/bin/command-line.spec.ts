import { describe, expect, it } from '@jest/globals';
import { columnsOf, Misuse, readCall } from './command-line.js';

const line = (written: string) => readCall(written === '' ? [] : written.split(' '));

describe('a command that is understood', () => {
  it.each([
    ['measure --platform x', { command: 'measure', words: [], options: { platform: 'x' } }],
    ['measure --platform=sms', { command: 'measure', words: [], options: { platform: 'sms' } }],
    ['--platform sms measure', { command: 'measure', words: [], options: { platform: 'sms' } }],
    ['measure', { command: 'measure', words: [], options: {} }],
    ['sms Leave now.', { command: 'sms', words: ['Leave', 'now.'], options: {} }],
    [
      'sms --bits 16 --reference 7 a',
      { command: 'sms', words: ['a'], options: { bits: '16', reference: '7' } },
    ],
    ['sms -- -5 degrees', { command: 'sms', words: ['-5', 'degrees'], options: {} }],
    ['preview --width 80 a.json', { command: 'preview', words: ['a.json'], options: { width: '80' } }],
    ['lint -', { command: 'lint', words: ['-'], options: {} }],
    ['lint --mode exercise', { command: 'lint', words: [], options: { mode: 'exercise' } }],
    ['lint --language cy-GB', { command: 'lint', words: [], options: { language: 'cy-GB' } }],
    ['golden', { command: 'golden', words: [], options: {} }],
    ['golden samples', { command: 'golden', words: ['samples'], options: {} }],
  ])('%s', (written, call) => expect(line(written)).toEqual(call));

  it('takes the last of an option that is given twice', () =>
    expect(line('measure --platform x --platform sms')?.options).toEqual({ platform: 'sms' }));

  it.each(['--help', '-h', 'help', 'measure --help', 'sms a --help', 'lint -h'])(
    '%s asks for help',
    (written) => expect(line(written)).toBeUndefined(),
  );
});

describe('a command that is not understood says what to do', () => {
  it.each([
    ['', 'say which command: measure, sms, preview, lint, golden'],
    ['mesure --platform x', 'there is no command mesure; there are measure, sms, preview, lint, golden'],
    ['toString', 'there is no command toString; there are measure, sms, preview, lint, golden'],
    ['measure --platfrom x', 'measure has no option --platfrom; it has --platform'],
    ['measure --platform x --bits 16', 'measure has no option --bits; it has --platform'],
    ['measure --platform', '--platform needs a value after it'],
    ['measure x --platform x', 'measure takes no words, only options: x is too much'],
    ['sms -5 degrees', '-5 is no option; a text that begins with - goes last'],
    ['preview a.json b.json', 'preview takes one file: b.json is too much'],
    ['lint a.json b.json c.json', 'lint takes one file: b.json c.json is too much'],
    ['lint --width 80 a.json', 'lint has no option --width; it has --now, --mode, --language'],
    ['golden --now x', 'golden has no option --now; it has none'],
    ['golden --version', 'golden has no option --version; it has none'],
  ])('%s', (written, message) => {
    expect(() => line(written)).toThrow(Misuse);
    expect(() => line(written)).toThrow(message);
  });
});

describe('the width of a preview', () => {
  it.each<[string, string | undefined, number | undefined, number]>([
    ['what --width says, whatever the terminal', '80', 200, 80],
    ['that of the terminal', undefined, 97, 97],
    ['the usual one where there is no terminal', undefined, undefined, 140],
    ['the usual one where the terminal does not know its own', undefined, 0, 140],
    ['the least in a very narrow terminal', undefined, 11, 20],
  ])('is %s', (_, asked, terminal, columns) => expect(columnsOf(asked, terminal)).toBe(columns));

  it.each(['', '19', '20.5', 'wide'])('is not %j', (asked) => {
    expect(() => columnsOf(asked, 140)).toThrow(new Misuse('--width must be a whole number from 20'));
  });
});
