import { describe, expect, it } from '@jest/globals';
import { incidentNo } from '#contracts/testing';
import { nothingOf, replayWords, WrongUsage } from './replay-words.js';

const why = (...args: string[]): string => {
  try {
    replayWords(args);
  } catch (error) {
    if (error instanceof WrongUsage) return error.message;
    throw error;
  }
  throw new Error(`${args.join(' ')} was taken`);
};

describe('the words after npm run replay --', () => {
  it('name an incident, and as fast as it can be told when no speed is named', () => {
    expect(replayWords(['--incident', incidentNo(1)])).toMatchObject({
      incident: incidentNo(1),
      speed: Infinity,
      format: 'text',
    });
    expect(replayWords(['--archive', 'kept.jsonl', '--speed', '60', '--format', 'json'])).toMatchObject({
      archive: 'kept.jsonl',
      speed: 60,
      format: 'json',
    });
  });

  it('that only give the id of the incident are answered with the whole command', () => {
    expect(why(incidentNo(1))).toBe(
      `say what "${incidentNo(1)}" is: npm run replay -- --incident ${incidentNo(1)}`,
    );
    expect(why('--speed', '60', incidentNo(1))).toContain(`--incident ${incidentNo(1)}`);
  });

  it('that give a word which is no incident are answered with the form', () => {
    expect(why('kept.jsonl')).toBe('say what "kept.jsonl" is: npm run replay -- --incident inc_…');
  });

  it.each([
    [[], 'name the incident: --incident inc_…'],
    [['--speed', 'never', '--incident', incidentNo(1)], '--speed takes a number above 0, or max'],
    [['--speed', '0'], '--speed takes a number above 0, or max'],
    [['--format', 'xml'], '--format takes text or json'],
    [['--incidents', incidentNo(1)], "Unknown option '--incidents'"],
  ])('%j are refused with what to do', (args, sentence) => expect(why(...args)).toBe(sentence));

  it('may ask for help alone', () => expect(replayWords(['-h']).help).toBe(true));
});

describe('an incident that is not in the archive', () => {
  it('is answered with the way to the list of them', () => {
    expect(nothingOf(incidentNo(9), undefined)).toBe(
      `no event of ${incidentNo(9)} is in this archive; GET /v1/incidents lists the incidents that there are`,
    );
  });

  it('is answered with those that an exported archive holds', () => {
    expect(nothingOf(incidentNo(9), [incidentNo(1), null, incidentNo(2), incidentNo(1)])).toBe(
      `no event of ${incidentNo(9)} is in this archive; it holds ${incidentNo(1)}, ${incidentNo(2)}`,
    );
  });

  it('is answered so also when the archive is empty', () => {
    expect(nothingOf(incidentNo(9), [])).toBe(
      `no event of ${incidentNo(9)} is in this archive; it holds none`,
    );
    expect(nothingOf(undefined, [])).toBe('this archive holds no event');
  });
});
