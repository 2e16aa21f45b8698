import { describe, expect, it } from '@jest/globals';
import { WarningContent } from '#contracts';
import { floodContent } from './flood-content.js';

describe('the texts of the exercise', () => {
  it.each(['first', 'update', 'all-clear'] as const)(
    'are a whole warning that can be submitted: %s',
    (message) => {
      const content = floodContent(message, Date.parse('2026-11-21T10:00:00Z'));
      expect(WarningContent.safeParse(content).error?.issues ?? []).toEqual([]);
      expect(Object.keys(content.texts)).toEqual(['en-GB', 'cy-GB']);
      expect(content.expiresAt > '2026-11-21T10:00:00.000Z').toBe(true);
    },
  );

  it('say in Welsh what they say in English, and never the same text twice', () => {
    const { texts } = floodContent('first', 0);
    expect(texts['cy-GB']).not.toEqual(texts['en-GB']);
    expect(Object.keys(texts['cy-GB'] ?? {})).toEqual(Object.keys(texts['en-GB'] ?? {}));
  });
});
