import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
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
    ['a letter before a link makes it plain text', 'ahttp://gov.uk/alerts', 21],
    ['so does an at-sign', '@http://gov.uk', 14],
    ['a link after a bracket', '(https://gov.uk)', 25],
    ['a link after a Welsh letter', 'ŵhttps://gov.uk', 24],
    ['a full stop after a link', 'https://gov.uk/a.', 24],
    ['several full stops after a link', 'https://gov.uk/a...', 26],
    ['a comma inside a path', 'https://gov.uk/a,b', 23],
    ['brackets that close inside a path', 'https://gov.uk/a_(b)', 23],
    ['brackets that close behind a full stop', 'https://gov.uk/a.(b)', 23],
    ['a bracket that never closes', 'https://gov.uk/a(b', 25],
    ['a path in another script', 'https://gov.uk/日本', 23],
    ['a path with a picture', 'look https://gov.uk/🐪/#camel here', 33],
    ['a host in another script', '参观 https://慕田峪长城.网址/ 今天', 29],
    ['a host with an accent', 'besøk https://grå.org/ idag', 34],
    ['a host with an ending that is none', 'https://gov.zzzz', 16],
    ['a host without an ending', 'http://localhost/a', 18],
    ['a port', 'https://gov.uk:8443/a', 23],
    ['a query in any script', 'https://gov.uk/?q=llŷn', 23],
    ['a question mark that ends a sentence', 'See https://gov.uk?', 28],
    ['gemini and its like', 'gemini://gov.uk/a', 23],
    ['ftp is no link of theirs', 'ftp://gov.uk/a', 14],
    ['two links', 'https://a.uk https://b.uk', 47],
    ['two links without a space are one', 'https://a.uk/https://b.uk', 23],
    ['an accent after a link belongs to its path', 'https://a.uk/b\u0301', 23],
    ['two people', '@a@b.uk @c@d.uk', 5],
    ['someone in brackets', '(@a@b.uk)', 4],
    ['someone with a full stop behind', '@a@b.uk.', 3],
    ['someone after a slash is a path', '/@a@b.uk', 8],
    ['someone after an equals sign', '=@a@b.uk', 8],
    ['someone after an underscore', '_@a@b.uk', 8],
    ['someone whose server has letters of its own', 'hi @arnt@grå.org', 8],
    ['someone whose server has no full stop', '@a@localhost', 2],
    ['a name that an accent follows is text', '@boé', 4],
    ['a name before a protocol is text', '@http://x', 9],
    ['an at-sign alone', 'a @ b', 5],
    ['a whole-width at-sign is text', '＠a@b.uk', 7],
  ])('%s', (_, text, count) => expect(length(text)).toBe(count));

  it('counts the content warning too, links in it in full', () => {
    expect(length('Leave now.', 'Flood')).toBe(15);
    expect(length('', 'Flood')).toBe(5);
    expect(length('a', 'https://gov.uk/flood')).toBe(21);
  });

  it('joins the warning and the text as the server does', () => {
    expect(length('\u0301 leave', 'e')).toBe(7);
    expect(length('🇧', '🇬')).toBe(1);
    expect(length('https://a.uk', 'Flood')).toBe(28);
  });

  it.each([
    ['a link with a space before it', `${'a'.repeat(476)} http://${'b'.repeat(30)}.com/example`, 500],
    ['a link that a letter spoils', `${'a'.repeat(476)}http://${'b'.repeat(30)}.com/example`, 525],
    ['a link that is too long for any', `http://example.com/valid?${'#foo?'.repeat(1_000)}`, 5_025],
    ['someone on another server', `${'a'.repeat(475)} @alice@${'b'.repeat(30)}.com`, 482],
    ['someone on a server that cannot be', `@alice@${'b'.repeat(500)}.com`, 511],
    ['five hundred sparkles', '✨'.repeat(500), 500],
    ['five hundred joined flags', '🏳️‍⚧️'.repeat(500), 500],
  ])('is what the server’s own checks expect: %s', (_, text, count) => expect(length(text)).toBe(count));

  it('adds up at a space, whatever is written', () =>
    holds(
      fc.property(anyText(), anyText(), (a, b) => {
        const [left, right] = [`.${a}`, `${b}.`];
        expect(length(`${left} . ${right}`)).toBe(length(`${left} .`) + length(` ${right}`));
      }),
    ));

  it('takes the price of a link from the server', () => expect(length('https://gov.uk', '', 32)).toBe(32));
});
