import { describe, expect, it } from '@jest/globals';
import twitter from 'twitter-text';
import { DomainRun, isDomainCharacter, topLevelEnd } from './domain-run.js';
import { ASCII_DOMAINS, INTERNATIONAL_DOMAINS } from './top-level-domains.js';

describe('the top-level domains', () => {
  it('are all known to twitter-text 3.1.0 as well', () => {
    const unknown = [...ASCII_DOMAINS].filter((name) => twitter.extractUrls(`a.${name}`)[0] !== `a.${name}`);
    expect(unknown).toEqual([]);
    const others = [...INTERNATIONAL_DOMAINS.values()].flat();
    expect(
      others.filter((name) => twitter.extractUrls(`http://a.${name}`)[0] !== `http://a.${name}`),
    ).toEqual([]);
    expect(ASCII_DOMAINS.size + others.length).toBe(1_574);
  });

  it.each(['uk', 'wales', 'cymru', 'scot', 'gov', 'info', 'london', 'onion', 'com'])('.%s is one', (name) =>
    expect(ASCII_DOMAINS.has(name)).toBe(true),
  );
  it.each(['police', 'please', 'local', 'test', 'zz', 'example', 'localhost', ''])('.%s is none', (name) =>
    expect(ASCII_DOMAINS.has(name)).toBe(false),
  );

  it('are found by the longest of those that begin alike', () => {
    for (const names of INTERNATIONAL_DOMAINS.values())
      for (const name of names)
        expect([name, topLevelEnd(name, 0, name.length)]).toEqual([name, name.length]);
  });
});

describe('where a top-level domain ends', () => {
  it.each([
    ['uk', 2],
    ['UK', 2],
    ['uk/a', 2],
    ['uk.', 2],
    ['uk日本', 2],
    ['ukk', -1],
    ['uk2', -1],
    ['uk@a', -1],
    ['uk+a', -1],
    ['uk-a', -1],
    ['xn--p1ai', 8],
    ['XN--P1AI', 8],
    ['рф', 2],
    ['РФ', 2],
    ['рфa', -1],
    ['', -1],
    ['.', -1],
    ['international', 13],
  ])('%s', (text, end) => expect(topLevelEnd(text, 0, text.length)).toBe(end));
});

describe('a character of a domain', () => {
  it.each(Array.from('azAZ09ŵ日рب'))('is %s', (character) =>
    expect(isDomainCharacter(character.charCodeAt(0))).toBe(true),
  );
  it.each(
    Array.from(' \n.-_/@#:?!"\'()[]{}<>|~$%&*+,;=^\u00a0\u2003\u202a\u2066\u200e\ufeff').filter(
      (c) => c !== '"',
    ),
  )('is not %j', (character) => expect(isDomainCharacter(character.charCodeAt(0))).toBe(false));
});

describe('where a domain ends that starts at a place of one unbroken stretch', () => {
  const ends = (text: string) => {
    const run = new DomainRun(text, 0);
    return Array.from(text, (_, at) => run.domainEnd(at)).map((end, at) =>
      end < 0 ? '' : text.slice(at, end),
    );
  };

  it.each([
    ['gov.uk', ['gov.uk', 'ov.uk', 'v.uk', '', '', '']],
    ['a.b.uk', ['a.b.uk', '', 'b.uk', '', '', '']],
    ['a.zz', ['', '', '', '']],
    ['a.uk.zz', ['a.uk', '', '', '', '', '', '']],
    ['a_b.uk', ['', '', 'b.uk', '', '', '']],
    ['a-.uk', ['', '', '', '', '']],
    ['-a.uk', ['', 'a.uk', '', '', '']],
    ['a..uk', ['', '', '', '', '']],
  ])('%s', (text, domains) => expect(ends(text)).toEqual(domains));
});
