import { describe, expect, it } from '@jest/globals';
import { toTheEnd } from '../support/house/to-the-end.js';

const BENCH = 'test/bench/main.js';
const CRASH = 'test/faults/crash.js';
const SECONDS_OF_A_START = 120_000;

describe('a command that is asked for help answers on standard output and measures nothing:', () => {
  it.each([
    [BENCH, ''],
    [BENCH, '--help'],
    [BENCH, 'mails --help'],
    [CRASH, '--help'],
    ['apps/incident-log/bin/replay.js', '-h'],
  ])(
    '%s %s',
    async (program, words) => {
      const said = await toTheEnd(program, {}, { args: words.split(' ').filter(Boolean) });
      expect(said).toMatchObject({ code: 0, err: '' });
      expect(said.out).toMatch(/npm run (bench|crash|replay) -- /);
    },
    SECONDS_OF_A_START,
  );
});

describe('a command that is asked for what it does not know says so on standard error and ends with 2:', () => {
  it.each([
    [BENCH, 'first-sent', 'There is no benchmark "first-sent".'],
    [BENCH, 'constructor', 'There is no benchmark "constructor".'],
    [BENCH, 'wording --rounds 5', 'wording takes nothing besides its name.'],
    [BENCH, 'mails --mails few', '--mails is a whole number from 100 on, not few.'],
    [BENCH, 'first-send --on nats', '--on is embedded, kafka or both, not nats.'],
    [CRASH, '--form kafka', '--form is standalone, distributed, cancel, not kafka'],
    [CRASH, '--moments none', '--moments is a number from 1 on, not none'],
    ['apps/incident-log/bin/replay.js', '--speed never', '--speed takes a number above 0, or max'],
    ['apps/standalone/src/main.js', '--port 9', 'npm start takes no options, and was given --port 9;'],
  ])(
    '%s %s',
    async (program, words, sentence) => {
      const said = await toTheEnd(program, {}, { args: words.split(' ') });
      expect(said).toMatchObject({ code: 2, out: '' });
      expect(said.err.startsWith(sentence)).toBe(true);
      expect(said.err).not.toMatch(/^ {4}at /m);
    },
    SECONDS_OF_A_START,
  );
});
