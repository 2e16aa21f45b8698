import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import twitter from 'twitter-text';
import { holds } from '../testing/holds.js';
import { findLinks } from './find-links.js';
import { MASTODON_LINKS, X_LINKS } from './link-rules.js';

const onX = (text: string) => findLinks(text, X_LINKS).map(({ start, end }) => text.slice(start, end));
const onMastodon = (text: string) =>
  findLinks(text, MASTODON_LINKS).map(({ start, end }) => text.slice(start, end));

describe('links as X makes them', () => {
  it.each([
    ['a sentence goes on after a link', 'See https://gov.uk/flood. Then leave.', ['https://gov.uk/flood']],
    ['a link in brackets', '(see gov.uk/flood)', ['gov.uk/flood']],
    ['a link in curly quotes', '“gov.uk”', ['gov.uk']],
    ['brackets that belong to the path', 'https://a.uk/b_(c)', ['https://a.uk/b_(c)']],
    ['brackets within brackets', 'https://a.uk/b_(c_(d))', ['https://a.uk/b_(c_(d))']],
    ['a bracket that is never closed', 'https://a.uk/b(c', ['https://a.uk/b']],
    ['a query', 'https://a.uk?x=1&y=2.', ['https://a.uk?x=1&y=2']],
    ['a port', 'http://a.uk:8080/b', ['http://a.uk:8080/b']],
    ['a bare domain gives up its query', 'a.uk?x=1', ['a.uk']],
    ['two links side by side', 'a.uk b.uk', ['a.uk', 'b.uk']],
    ['an address of a mailbox', 'flood@gov.uk', []],
    ['a hyphen before a bare domain', '-gov.uk', []],
    ['an underscore in the name itself', 'http://a_b.uk', []],
    ['an underscore in a subdomain', 'http://a_b.gov.uk', ['http://a_b.gov.uk']],
    ['the longest domain wins', 'a.com.zz.uk', ['a.com.zz.uk']],
    ['what follows an unknown ending is left out', 'gov.uk.zzzz', ['gov.uk']],
    ['punycode', 'xn--80ak6aa92e.com', ['xn--80ak6aa92e.com']],
    ['a name in other letters needs a protocol', 'http://例え.みんな', ['http://例え.みんな']],
    ['its bare form is plain text', '例え.みんな', []],
    ['X’s own short links end after the slug', 'https://t.co/abc/def', ['https://t.co/abc']],
    ['a short link with too long a slug', `https://t.co/${'a'.repeat(41)}`, []],
    ['punycode with letters of another script', 'http://xn--™.info', []],
    ['a link longer than 4,096', `https://a.uk/${'a'.repeat(4_096)}`, []],
  ])('%s', (_, text, links) => {
    expect(onX(text)).toEqual(links);
    expect(twitter.extractUrls(text)).toEqual(links);
  });

  it('leave a path to the text where other letters stand between, unlike twitter-text', () => {
    expect(onX('gov.uk日本.info/abc')).toEqual(['gov.uk']);
    expect(twitter.extractUrls('gov.uk日本.info/abc')).toEqual(['gov.uk/abc']);
  });

  it('are those of twitter-text 3.1.0 in any company', () => {
    const pieces =
      'a b. gov.uk . - _ / ( ) http:// https:// com co 日本 é @ # $ “ ” ? = & ! , : 8080 t.co/ab xn-- xn--p1ai みんな рф \u202a \ufeff İ K [ ] | ~ % + UK .no .To – Д';
    const piece = fc.oneof(
      fc.constantFrom(...pieces.split(' '), ' ', '\n', 'z'.repeat(64)),
      fc.string({ unit: 'grapheme-ascii', maxLength: 3 }),
    );
    holds(
      fc.property(fc.array(piece, { maxLength: 14 }), (written) => {
        const text = written.join('');
        expect(onX(text)).toEqual(twitter.extractUrls(text));
      }),
      5_000,
    );
  });
});

describe('links as Mastodon makes them', () => {
  it.each([
    ['a bare domain is plain text', 'gov.uk/alerts', []],
    ['a path in any script', 'https://a.uk/llŷn/日本', ['https://a.uk/llŷn/日本']],
    ['a full stop after it', 'https://a.uk/b.', ['https://a.uk/b']],
    ['other protocols', 'gemini://a.uk/b', ['gemini://a.uk/b']],
    ['no protocol, no link, also after a real one', 'https://a.uk b.uk', ['https://a.uk']],
    ['quotes around it', '"https://a.uk/b"', ['https://a.uk/b']],
  ])('%s', (_, text, links) => expect(onMastodon(text)).toEqual(links));
});
