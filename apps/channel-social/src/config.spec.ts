import { describe, expect, it } from '@jest/globals';
import { readConfig } from '#runtime';
import { SocialConfig } from './config.js';

describe('the configuration of the social channel', () => {
  it('counts posts at the times of the house: the first minutes closely, then for a week', () => {
    const { SAMPLE_EVERY_S } = readConfig(SocialConfig, {});
    const minutes = SAMPLE_EVERY_S.map((_, n) => SAMPLE_EVERY_S.slice(0, n + 1).reduce((a, b) => a + b) / 60);
    expect(minutes.slice(0, 7)).toEqual([1, 3, 5, 10, 15, 30, 60]);
    expect(minutes.at(-1)).toBe(7 * 24 * 60);
  });

  it('may count every second in an exercise', () => {
    expect(readConfig(SocialConfig, { SAMPLE_EVERY_S: '1, 2,5' }).SAMPLE_EVERY_S).toEqual([1, 2, 5]);
  });

  it.each([
    ['SAMPLE_EVERY_S', 'soon'],
    ['SAMPLE_EVERY_S', '0'],
    ['LOOK_AGAIN_S', '5,never'],
    ['REPLIES_EVERY_S', '-1'],
    ['SOCIAL_ANSWER_TIMEOUT_MS', '5'],
  ])('refuses %s=%s', (key, value) => {
    expect(() => readConfig(SocialConfig, { [key]: value })).toThrow(key);
  });
});
