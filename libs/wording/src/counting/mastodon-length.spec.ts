import { describe, expect, it } from '@jest/globals';
import { mastodonLength } from './mastodon-length.js';

const length = (text: string, spoiler = '', urlCost = 23) => mastodonLength(text, spoiler, urlCost);

describe('the length of a post on Mastodon', () => {
  it.each([
    ['a link of 23', `https://${'a'.repeat(12)}.uk`, 23],
    ['a link of 24', `https://${'a'.repeat(13)}.uk`, 23],
    ['a short link', 'http://a.uk', 23],
    ['a link of 400', `https://a.uk/${'b'.repeat(387)}`, 23],
    ['a link of more than 4,096 counts in full', `https://a.uk/${'b'.repeat(5_000)}`, 5_013],
    ['a bare domain', 'gov.uk/alerts', 13],
    ['someone on another server', '@a@very.long.domain', 2],
    ['someone on this server', '@alice', 6],
    ['a domain over 253 counts in full', `@a@${'b'.repeat(254)}`, 257],
    ['a mail address is no mention', 'flood@gov.uk', 12],
    ['a name with a dot', 'ask @flood.desk@gov.uk now', 4 + 11 + 4],
    ['a name inside a link belongs to the link', 'https://a.uk/@bob@b.uk', 23],
    ['a name after a comma in a path as well', 'https://a.uk/x,@bob@b.uk', 23],
    ['a name that goes on is text', '@bob@', 5],
    ['a family of four', '👨‍👩‍👧‍👦', 1],
    ['only white space', ' \n ', 0],
  ])('%s', (_, text, count) => expect(length(text)).toBe(count));

  it('counts the content warning too, links in it in full', () => {
    expect(length('Leave now.', 'Flood')).toBe(15);
    expect(length('', 'Flood')).toBe(5);
    expect(length('a', 'https://gov.uk/flood')).toBe(21);
  });

  it('takes the price of a link from the server', () => expect(length('https://gov.uk', '', 32)).toBe(32));
});
