import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Instant } from '#contracts';
import fc from 'fast-check';
import { PlatformHttp } from '../http/platform-http.js';
import { ScriptedPlatform } from '../testing/scripted-platform.js';
import { findOwn, plainText, refOf, Status } from './own-statuses.js';

/** HTML as Mastodon makes it of a text, shortened links and all. */
const html = (text: string) =>
  text
    .split('\n\n')
    .map(
      (paragraph) =>
        `<p>${paragraph.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('\n', '<br />')}</p>`,
    )
    .join('');

describe('the name of a post', () => {
  const heard = (status: object) => {
    const read = Status.safeParse(status);
    return read.success ? refOf(read.data) : undefined;
  };

  it.each<[string, unknown, string]>([
    ['Mastodon', '113518888888888888', '113518888888888888'],
    ['GoToSocial', '01JD7Z1Z7W5V5Q2K8N3X4Y6T8R', '01JD7Z1Z7W5V5Q2K8N3X4Y6T8R'],
    ['Pleroma', 'AoVWbWTvXuXGJ3sVYO', 'AoVWbWTvXuXGJ3sVYO'],
    ['a clone that counts', 900, '900'],
  ])('is what %s calls it', (_, id, name) => expect(heard({ id })).toEqual({ id: name }));

  it.each<[string, unknown]>([
    ['is empty', ''],
    ['is as large as an answer may be', '9'.repeat(4_000_000)],
    ['has a character that no database keeps', '9\u00001'],
    ['has a line break in it', '9\n1'],
  ])('is none when it %s', (_, id) => expect(heard({ id })).toBeUndefined());

  it('has an address where a person looks at it', () => {
    const url = 'https://xn--socil-lra.example/@llifogydd-cymru/7';
    expect(heard({ id: '7', url })).toEqual({ id: '7', url });
  });

  it.each([
    null,
    'javascript:alert(1)',
    'https://social.example/a b',
    `https://social.example/${'7'.repeat(4_000_000)}`,
  ])('has no address where %.40s stands', (url) => expect(heard({ id: '7', url })).toEqual({ id: '7' }));
});

describe('the text of a post', () => {
  it('comes back from its HTML', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('<', '>', '&', '"', "'", '&amp;', 'ŵ', '🌊', '\n'),
        fc.string({ unit: 'grapheme-ascii', maxLength: 4 }),
      ),
      maxLength: 60,
    });
    const even = (written: string) => written.replace(/\s+/g, ' ').trim();
    fc.assert(
      fc.property(text, (written) => void expect(even(plainText(html(written)))).toBe(even(written))),
      { seed: 20261121 },
    );
  });

  it('holds links whole, although only their beginning is shown', () => {
    const link =
      '<a href="https://www.gov.uk/flood"><span class="invisible">https://www.</span><span class="ellipsis">gov.uk</span><span class="invisible">/flood</span></a>';
    expect(plainText(`<p>See ${link}</p>`)).toBe('See https://www.gov.uk/flood');
  });

  it('leaves alone what it does not know', () => {
    expect(plainText('a &nosuch; b &#99999999; c &#x1F30A;')).toBe('a &nosuch; b &#99999999; c 🌊');
  });

  it('takes no longer for hostile text than its length', () => {
    const before = process.cpuUsage();
    plainText(`${'<'.repeat(200_000)}${'&#'.repeat(100_000)}`);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000); // of our own, whatever else runs
  });
});

describe('our own post among the account’s', () => {
  let server: ScriptedPlatform;
  let http: PlatformHttp;
  const OWN = 'GET /api/v1/accounts/42/statuses';
  const since = '2026-11-21T10:00:00.000Z' as Instant;
  const shows = (content: string, more = {}) =>
    server.on(
      OWN,
      { json: [{ id: '7', content, created_at: '2026-11-21T10:00:01.000Z', ...more }] },
      { json: [] },
    );
  const look = (text: string, answers: string | null = null) =>
    findOwn(http, { accountId: '42', headers: {} }, { text, since, answers }, AbortSignal.timeout(20_000));

  beforeEach(async () => {
    server = await ScriptedPlatform.listen();
    http = new PlatformHttp(server.origin, { connectTimeoutMs: 5_000, answerTimeoutMs: 1_000 });
  });
  afterEach(async () => {
    await http.close();
    await server.close();
  });

  it.each([
    [
      'a mention is shown without its server',
      'Follow @EnvAgency@mastodon.social now',
      '<p>Follow <span class="h-card"><a href="https://mastodon.social/@EnvAgency" class="u-url mention">@<span>EnvAgency</span></a></span> now</p>',
    ],
    [
      'a link is shown without its scheme',
      'See https://www.gov.uk/flood',
      '<p>See <a href="https://www.gov.uk/flood">www.gov.uk/flood</a></p>',
    ],
    ['quotes have become curly', 'Don\'t "wait" -- leave', '<p>Don’t “wait” – leave</p>'],
    ['stars have become bold', 'Leave *now*', '<p>Leave <b>now</b></p>'],
    ['letters have come apart', 'dŵr', '<p>dw\u0302r</p>'],
    ['paragraphs have become lines', 'one\n\ntwo', 'one<br>two'],
    ['it is of signs alone', '⚠️ 🌊', '<p>⚠️ 🌊</p>'],
  ])('is known although %s', async (_, text, content) => {
    shows(content);
    expect(await look(text)).toMatchObject({ kind: 'found', ref: { id: '7' } });
  });

  it.each([
    ['another number', 'Call 999', '<p>Call 101</p>'],
    ['another letter', 'dŵr', '<p>dwr</p>'],
    ['more words', 'Leave', '<p>Leave now</p>'],
    ['another sign', '⚠️', '<p>🌊</p>'],
  ])('is not one with %s', async (_, text, content) => {
    shows(content);
    expect(await look(text)).toEqual({ kind: 'absent' });
  });

  it.each<[string, object, string | null, string]>([
    ['the same words under another post', { in_reply_to_id: '5' }, '6', 'absent'],
    ['the same words under a post', { in_reply_to_id: '5' }, null, 'absent'],
    ['those under the post that it answers', { in_reply_to_id: '5' }, '5', 'found'],
    ['those whose answered post is gone', { in_reply_to_id: null }, '5', 'found'],
    ['those of a clone that does not tell', {}, '5', 'found'],
  ])('is told from %s', async (_, more, answers, kind) => {
    shows('<p>Leave now</p>', more);
    expect(await look('Leave now', answers)).toMatchObject({ kind });
  });

  it('is given up after five full pages: then nobody can tell', async () => {
    let id = 1_000;
    const page = () => ({
      json: Array.from({ length: 40 }, () => ({ id: String(id--), content: 'later', created_at: since })),
    });
    server.on(OWN, ...Array.from({ length: 6 }, page));
    expect(await look('Leave now')).toEqual({ kind: 'cannot-tell' });
    expect(server.at(OWN)).toHaveLength(5);
  });

  it.each([[{ status: 503, json: {} }], [{ text: '<html>' }], [{ json: { error: 'no' } }]])(
    'cannot be looked for while the server answers %j',
    async (given) => {
      server.on(OWN, given);
      expect(await look('Leave now')).toEqual({ kind: 'cannot-tell' });
    },
  );
});
