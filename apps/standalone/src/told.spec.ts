import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationWrong } from '#runtime';
import { ExerciseConfig } from './config.js';
import { readTold, unknownWords } from './told.js';

const mistakesOf = (env: Record<string, string>): string[] => {
  try {
    readTold(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationWrong)) throw error;
    return error.mistakes.map(({ key, message }) => `${key} ${message}`);
  }
};

describe('what a start is told', () => {
  it('by nothing at all is an exercise on the usual port and folder', () =>
    expect(readTold({}).config).toMatchObject({
      MODE: 'exercise',
      PORT: 8080,
      HOST: '127.0.0.1',
      DATA_DIR: '.data',
      PLAY_EXERCISE: 'yes',
    }));

  it('counts an empty line of an environment file as not said', () =>
    expect(readTold({ PORT: '', DATA_DIR: '', MODE: '' }).config).toMatchObject({ PORT: 8080 }));

  it.each(['LIVE', 'Live', 'real', 'live '])('takes %p neither for live nor for an exercise', (MODE) =>
    expect(mistakesOf({ MODE })).toEqual(['MODE must be exercise or live']),
  );

  it('that is wrong in many ways is told all of them at once, in plain words', () =>
    expect(
      mistakesOf({
        MODE: 'nonsense',
        PORT: 'abc',
        LOG_LEVEL: 'loud',
        PLAY_EXERCISE: 'maybe',
        DATABASE_URL: 'mysql://x',
        PRACTICE_RECIPIENTS: '1',
        WATCH_MS: '-1',
      }),
    ).toEqual([
      'MODE must be exercise or live',
      'PORT must be a number',
      'LOG_LEVEL must be debug, info, warn or error',
      'DATABASE_URL must be a URL such as postgres://…',
      'PRACTICE_RECIPIENTS must be at least 10',
      'PLAY_EXERCISE must be yes or no',
      'WATCH_MS must be at least 0',
    ]));

  it('leaves room for the four ports above its own', () => {
    expect(mistakesOf({ PORT: '65532' })).toEqual(['PORT must be at most 65531']);
    expect(mistakesOf({ PORT: '65531' })).toEqual([]);
  });

  it.each(['smtp://mail.example:25', 'smtps://127.0.0.1', 'smtp://127.0.0.1.example'])(
    'lets an exercise’s mails go nowhere but to this machine: not to %s',
    (PRACTICE_SMTP_URL) =>
      expect(mistakesOf({ PRACTICE_SMTP_URL })).toEqual(['PRACTICE_SMTP_URL expected smtp://127.0.0.1:port']),
  );

  it('to be live is asked for everything that a live start needs', () =>
    expect(mistakesOf({ MODE: 'live', PORT: 'x', PLAY_EXERCISE: 'no' })).toEqual([
      'PORT must be a number',
      'DATABASE_URL is not set',
      'PLAY_EXERCISE belongs to an exercise, and this start is live: take it out',
    ]));

  it('is what `npm start -- --help` names, as far as people set it and not tests', async () => {
    const { commands } = (await import(resolve('libs/runtime/bin/commands.mjs'))) as {
      commands: { start: { help: string } };
    };
    const forTests = /^(PRACTICE_|PLAY_|REACTIONS_|WATCH_)/;
    for (const key of Object.keys(ExerciseConfig.shape).filter((one) => !forTests.test(one)))
      expect(commands.start.help).toContain(`  ${key} `);
  });
});

describe('a start with words on its command line', () => {
  it('is refused with the words and the page that tells more, for it takes none', () => {
    expect(unknownWords([])).toBeUndefined();
    expect(unknownWords(['--port', '9000'])).toMatch(
      /^npm start takes no options, and was given --port 9000;/,
    );
    expect(unknownWords(['--port', '9000'])).toMatch(/npm start -- --help tells more$/);
  });

  it('shows where a setting stands that was written behind the command', () =>
    expect(unknownWords(['PORT=9000', '-v'])).toContain('stand before the command: PORT=9000 npm start'));
});
