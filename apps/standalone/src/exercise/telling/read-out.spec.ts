import { describe, expect, it } from '@jest/globals';
import { composed, listTexts } from '#channel/testing';
import { readOut } from './read-out.js';

const sms = (text: string, wish: Partial<Parameters<typeof composed>[0]> = {}) =>
  composed({ channel: 'sms', texts: [text], ...wish });

describe('what the approver reads', () => {
  it('is the text message in each language, named in English', () => {
    expect(
      readOut([
        sms('Leave now.'),
        sms('Gadewch nawr.', { language: 'cy-GB' }),
        ...listTexts('email', 1),
        composed({ channel: 'social', texts: ['A post.'] }),
      ]),
    ).toEqual(['    English   Leave now.', '    Welsh     Gadewch nawr.']);
  });

  it('is that for those who got the version before, and never the withdrawal', () => {
    expect(readOut(listTexts('sms', 2))).toEqual(['    English   Flooding. v2 thread en-GB']);
  });

  it('says what did not fit and was left out', () => {
    const shorter = { ...sms('Gadewch nawr.', { language: 'cy-GB' }), leftOut: ['impact', 'contact'] };
    expect(readOut([shorter])).toEqual([
      '    Welsh     Gadewch nawr.',
      '              (did not fit, left out: impact, contact)',
    ]);
  });

  it('is each part and each paragraph on lines of its own', () => {
    expect(readOut([sms('', { texts: ['Leave.\n\nTake the high road.', 'Call 999.'] })])).toEqual([
      '    English   Leave.',
      '              Take the high road.',
      '    English   Call 999.',
    ]);
  });

  it('is broken between words where a line would be too wide, and loses none', () => {
    const text = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
    const lines = readOut([sms(text)]);
    expect(lines.length).toBeGreaterThan(2);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(124);
    expect(lines.map((line) => line.slice(14)).join(' ')).toBe(text);
  });

  it('is shown whole when one word is wider than a line', () => {
    const address = `https://practice.invalid/${'a'.repeat(150)}`;
    expect(readOut([sms(`See ${address} now`)]).map((line) => line.slice(14))).toEqual([
      'See',
      address,
      'now',
    ]);
  });

  it('is nothing when no text message goes out', () => expect(readOut(listTexts('email', 1))).toEqual([]));
});
