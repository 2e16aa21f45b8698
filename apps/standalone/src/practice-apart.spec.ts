import { describe, expect, it } from '@jest/globals';
import { ExerciseConfig } from './config.js';

const told = (PRACTICE_URL: string) => ExerciseConfig.safeParse({ PRACTICE_URL }).success;

describe('a practice world that runs as a process of its own', () => {
  it('is on this machine, by its page', () => {
    expect(told('http://127.0.0.1:8089')).toBe(true);
    expect(told('http://localhost:8089')).toBe(true);
  });

  it.each(['http://mastodon.example:8089', 'http://127.0.0.1.example:8089', 'https://127.0.0.1:8089'])(
    'is never elsewhere: %s',
    (url) => expect(told(url)).toBe(false),
  );

  it('has its mail and SMS doors on the two ports after it, so it needs a port', () => {
    expect(told('http://127.0.0.1')).toBe(false);
  });
});
