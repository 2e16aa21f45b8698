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
    ['a protocol in capitals', 'HTTPS://GOV.UK/A', ['HTTPS://GOV.UK/A']],
    ['a protocol that is none of theirs', 'ftp://gov.uk', []],
    ['a name and a password', 'http://user:pw@gov.uk', []],
    ['an address of figures', 'http://192.168.0.1/a', []],
    ['a host with a hyphen inside', 'https://a-b.gov.uk', ['https://a-b.gov.uk']],
    ['a host that begins with a hyphen', 'https://-a.uk', []],
    ['a host that ends with a hyphen', 'https://a-.uk', []],
    ['the top-level domain alone', 'http://uk', []],
    ['a full stop at the end of a host', 'https://gov.uk./a', ['https://gov.uk']],
    ['two full stops', 'gov..uk', []],
    ['a country’s second level', 'www.police.co.uk', ['www.police.co.uk']],
    ['a long ending', 'flood.international', ['flood.international']],
    ['an ending that goes on', 'flood.ukk', []],
    ['an ending in capitals', 'flood.UK', ['flood.UK']],
    ['an ending before a bracket', 'gov.uk(flood)', ['gov.uk']],
    ['an ending before a comma', 'gov.uk, flood', ['gov.uk']],
    ['an ending before an at-sign', 'flood.uk@gov', []],
    ['an ending of another script with a protocol', 'http://xn--fiqs8s.中国', ['http://xn--fiqs8s.中国']],
    ['an ending of another script behind our letters', 'flood.中国', ['flood.中国']],
    ['an accent in a bare domain', 'llŷn.cymru', ['llŷn.cymru']],
    ['a path with an accent', 'gov.uk/llŷn', ['gov.uk/llŷn']],
    ['a path in Cyrillic', 'gov.uk/Русские_слова', ['gov.uk/Русские_слова']],
    ['a path in Chinese ends before it', 'gov.uk/水', ['gov.uk/']],
    ['a path that ends in a stop', 'gov.uk/a.', ['gov.uk/a']],
    ['a path that ends in a slash', 'gov.uk/a/', ['gov.uk/a/']],
    ['a path of a slash', 'gov.uk/', ['gov.uk/']],
    ['a path with a hash', 'gov.uk/#a', ['gov.uk/#a']],
    ['a path with an at-sign inside', 'gov.uk/@a/b', ['gov.uk/@a/b']],
    ['a path with a dash', 'gov.uk/a–b', ['gov.uk/a–b']],
    ['a path before a quote', 'gov.uk/a"b', ['gov.uk/a']],
    ['brackets behind a letter of the path', 'gov.uk/a(b)', ['gov.uk/a(b)']],
    ['brackets behind a slash', 'gov.uk/(b)', ['gov.uk/(b)']],
    ['brackets behind a stop do not end a path', 'gov.uk/a.(b)', ['gov.uk/a']],
    ['but stand in one that goes on', 'gov.uk/a.(b)c', ['gov.uk/a.(b)c']],
    ['brackets of nothing', 'gov.uk/a()', ['gov.uk/a']],
    ['brackets three deep', 'gov.uk/a(b(c(d)))', ['gov.uk/a']],
    ['a query without a path', 'https://gov.uk?a=b', ['https://gov.uk?a=b']],
    ['a query that ends in a question mark', 'https://gov.uk/?a?', ['https://gov.uk/?a']],
    ['a question mark alone', 'https://gov.uk/a?', ['https://gov.uk/a']],
    ['a port on a bare domain stays in the text', 'gov.uk:8080', ['gov.uk']],
    ['a colon without a port', 'gov.uk: see', ['gov.uk']],
    ['a hash before it', '#gov.uk', []],
    ['a dollar before it', '$gov.uk', []],
    ['an at-sign before it', '@gov.uk', []],
    ['a slash before it', '/gov.uk', []],
    ['a stop before it', '.gov.uk', []],
    ['a Chinese sign before it', '見gov.uk', ['gov.uk']],
    ['a mark of direction before it', '\u200egov.uk', ['gov.uk']],
    [
      'marks of direction around it',
      '\u2066\u202ahttp://foobar.پاکستان/\u202c\u2069',
      ['http://foobar.پاکستان/'],
    ],
    ['quotes around it', '"gov.uk"', ['gov.uk']],
    ['a picture before it', '🌊gov.uk', ['gov.uk']],
    ['a line end behind it', 'gov.uk\nflood', ['gov.uk']],
    ['a label of 63', `${'a'.repeat(63)}.uk`, [`${'a'.repeat(63)}.uk`]],
    ['a label of 64', `${'a'.repeat(64)}.uk`, []],
    [
      'a label of 63 in Punycode',
      `http://${'あいうえおかきくけこ'.repeat(5)}あい.com`,
      [`http://${'あいうえおかきくけこ'.repeat(5)}あい.com`],
    ],
    ['a label of 64 in Punycode', `http://${'あいうえおかきくけこ'.repeat(5)}あいう.com`, []],
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
    [
      'every protocol of theirs',
      'http://a.uk dat://a.uk dweb://a.uk ipfs://a.uk ipns://a.uk ssb://a.uk gopher://a.uk',
      [
        'http://a.uk',
        'dat://a.uk',
        'dweb://a.uk',
        'ipfs://a.uk',
        'ipns://a.uk',
        'ssb://a.uk',
        'gopher://a.uk',
      ],
    ],
    ['brackets behind a stop end a path', 'https://a.uk/b.(c)', ['https://a.uk/b.(c)']],
    ['a question mark inside brackets', 'https://a.uk/b(c?)', ['https://a.uk/b']],
    ['a picture in a path', 'https://a.uk/🐪/#camel', ['https://a.uk/🐪/#camel']],
    ['a Chinese quote at the end', 'https://a.uk/b」', ['https://a.uk/b']],
    ['a query in any script', 'https://a.uk/?q=日本', ['https://a.uk/?q=日本']],
    ['a caret in a query', 'https://a.uk/?q=a^b', ['https://a.uk/?q=a^b']],
    ['a letter before it', 'ahttps://a.uk', []],
    ['an ideographic space ends it', 'https://a.uk/b\u3000c', ['https://a.uk/b']],
    ['their own servers too', 'https://t.co/abc/def', ['https://t.co/abc']],
  ])('%s', (_, text, links) => expect(onMastodon(text)).toEqual(links));
});
