import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { findEntities } from './entities.js';

const bytes = (text: string) => Buffer.byteLength(text);

describe('links, hashtags and mentions of a text', () => {
  it('have offsets in UTF-16 for Telegram and in bytes for Bluesky', () => {
    const text = 'dŵr 🌊 https://gov.uk/llŷn #Llifogydd @bob.bsky.social';
    expect(findEntities(text, 'bluesky')).toEqual([
      {
        kind: 'link',
        text: 'https://gov.uk/llŷn',
        uri: 'https://gov.uk/llŷn',
        start: 7,
        end: 26,
        byteStart: 10,
        byteEnd: 30,
      },
      { kind: 'hashtag', text: '#Llifogydd', start: 27, end: 37, byteStart: 31, byteEnd: 41 },
      { kind: 'mention', text: '@bob.bsky.social', start: 38, end: 54, byteStart: 42, byteEnd: 58 },
    ]);
  });

  it('make a bare domain a link only where the platform would', () => {
    expect(findEntities('See gov.uk', 'x')).toMatchObject([{ text: 'gov.uk', uri: 'https://gov.uk' }]);
    expect(findEntities('Close the road.It is flooded', 'bluesky')).toEqual([]);
  });

  it('lead from a shortened link to the whole one', () =>
    expect(
      findEntities('See gov.uk/… now', 'bluesky', { shown: 'gov.uk/…', uri: 'https://www.gov.uk/a/b' }),
    ).toEqual([
      {
        kind: 'link',
        text: 'gov.uk/…',
        uri: 'https://www.gov.uk/a/b',
        start: 4,
        end: 12,
        byteStart: 4,
        byteEnd: 14,
      },
    ]));

  it('are none in an e-mail address, a fragment, a number sign or an ampersand', () => {
    expect(findEntities('flood@gov.uk C#5 #1 &#8211; a#b', 'mastodon')).toEqual([]);
    expect(findEntities('https://gov.uk/a#b@c', 'mastodon')).toHaveLength(1);
  });

  it('name a person on another server whole', () =>
    expect(findEntities('Ask @flood@gov.example now', 'mastodon')).toMatchObject([
      { kind: 'mention', text: '@flood@gov.example' },
    ]));

  it('lie in order, apart from each other, and their bytes are those of the text before them', () =>
    holds(
      fc.property(anyText(), fc.constantFrom('x', 'bluesky'), (text, platform) => {
        let last = 0;
        for (const { start, end, byteStart, byteEnd, text: found } of findEntities(text, platform)) {
          expect(start >= last && end > start).toBe(true);
          expect(found).toBe(text.slice(start, end));
          expect([byteStart, byteEnd]).toEqual([bytes(text.slice(0, start)), bytes(text.slice(0, end))]);
          last = end;
        }
      }),
    ));
});
