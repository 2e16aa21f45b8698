import { describe, expect, it } from '@jest/globals';
import type { Arrival } from '../record/facts.js';
import { article } from './article.js';

const AT = '2026-11-21T14:00:00.123Z';
const URI = 'at://did:plc:abc/app.bsky.feed.post/3m5zqyxqj4s2a';
const post: Arrival & { fact: 'post' } = {
  fact: 'post',
  channel: 'mastodon',
  at: AT,
  to: 'county_warnings',
  id: '116',
  ordinal: 1,
  text: 'FLOOD: leave now',
  more: {},
};
const mail: Arrival & { fact: 'mail' } = {
  fact: 'mail',
  channel: 'email',
  at: AT,
  to: 'ann@example.org',
  key: '<dlv_1@larum.example>',
  from: 'b@bounce.example',
  subject: 'FLOOD: leave now',
  text: 'The river is over the wall.',
  raw: { offset: 0, bytes: 10 },
  id: 'M000000',
};
const text: Arrival & { fact: 'text' } = {
  fact: 'text',
  channel: 'sms',
  at: AT,
  to: '447700900123',
  from: '447700900999',
  text: 'Llifogydd: gadewch nawr 🌊',
  encoding: 'ucs2',
  parts: 1,
  ids: ['00000001'],
};
/** What a person reads: the markup without its tags, with single spaces. */
const shown = (arrival: Arrival, position = 7): string =>
  article(position, arrival)
    .markup.replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
const markup = (arrival: Arrival) => article(7, arrival).markup;

describe('an arrival on the page', () => {
  it.each<[string, Arrival, string]>([
    [
      'a post',
      post,
      '@county_warnings posted 2026-11-21 14:00:00 UTC · Mastodon · county_warnings FLOOD: leave now',
    ],
    [
      'an edit',
      { ...post, fact: 'edit', text: 'FLOOD: leave by the hill road' },
      '@county_warnings changed a post',
    ],
    [
      'a removal',
      { fact: 'removal', channel: 'bluesky', at: AT, to: 'county.example', id: URI, text: 'FLOOD' },
      '@county.example took a post away 2026-11-21 14:00:00 UTC · Bluesky · county.example FLOOD',
    ],
    [
      'a mail',
      mail,
      'FLOOD: leave now 2026-11-21 14:00:00 UTC · E-mail · ann@example.org The river is over the wall.',
    ],
    ['a mail that says nothing of what it is about', { ...mail, subject: '' }, '(no subject)'],
    ['a text', text, 'Text from 447700900999 2026-11-21 14:00:00 UTC · Texts · 447700900123'],
    [
      'a refusal, with what its sender was told',
      { fact: 'refusal', channel: 'email', at: AT, to: 'bob@example.org', answer: '550 5.1.1 User unknown' },
      'Not taken: to bob@example.org 2026-11-21 14:00:00 UTC · E-mail · bob@example.org 550 5.1.1 User unknown',
    ],
  ])('is told in words: %s', (_, arrival, words) => expect(shown(arrival).startsWith(words)).toBe(true));

  it('says in how many parts a text came, and in which alphabet', () => {
    expect(shown(text)).toMatch(/1 part, ucs2$/);
    expect(shown({ ...text, parts: 3, encoding: 'gsm7', key: '4711' })).toMatch(/Key 4711 · 3 parts, gsm7$/);
  });

  it('leads from a mail to the mail as it came, by its position', () => {
    expect(markup(mail)).toContain('<a href="/practice/mails/7">');
    expect(shown(mail)).toContain(
      'Key <dlv_1@larum.example>'.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    );
  });

  it.each<[string, Arrival, string]>([
    ['a Mastodon post by its id', post, 'id="m116"'],
    [
      'a Bluesky post by the key of its record',
      { ...post, channel: 'bluesky', id: URI },
      'id="b3m5zqyxqj4s2a"',
    ],
    ['everything else by its position', mail, 'id="p7"'],
  ])('has a place to go to: %s', (_, arrival, anchor) => expect(markup(arrival)).toContain(anchor));

  it('leads from an update to the post that it answers', () => {
    expect(markup({ ...post, inReplyTo: '115' })).toContain('<a href="/?channel=mastodon#m115">');
    expect(markup({ ...post, channel: 'bluesky', id: URI, inReplyTo: URI })).toContain(
      '<a href="/?channel=bluesky#b3m5zqyxqj4s2a">',
    );
    expect(markup(post)).not.toContain('<a ');
  });

  it('tells a screen reader in which language a post is, where it says so', () => {
    expect(markup({ ...post, language: 'cy' })).toContain(' lang="cy"');
    expect(markup(post)).not.toContain('lang=');
  });

  it('marks what was not taken', () => {
    const refused: Arrival = { fact: 'refusal', channel: 'sms', at: AT, to: '1', answer: '0x0b' };
    expect(markup(refused)).toContain('class="refused"');
    expect(markup(post)).not.toContain('class="refused"');
  });

  it.each<[string, Arrival]>([
    ['words', { ...post, text: '<script>alert(1)</script>' }],
    ['subject', { ...mail, subject: '<script>alert(1)</script>' }],
    ['address', { ...mail, to: '"><script>alert(1)</script>' }],
    ['language', { ...post, language: '"><script>alert(1)</script>' }],
    ['id', { ...post, id: '"><script>alert(1)' }],
    ['answer', { fact: 'refusal', channel: 'sms', at: AT, to: '1', answer: '<script>alert(1)</script>' }],
    ['key', { ...text, key: '<script>alert(1)</script>' }],
  ])('is shown as it is, and never run, whatever its %s holds', (_, arrival) => {
    expect(markup(arrival)).not.toContain('<script');
    expect(markup(arrival)).toContain('&lt;script&gt;');
  });
});
