import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Told } from '../../http/answer.js';
import type { Call } from '../../http/route.js';
import { page } from '../answers.js';
import { countCharacters, draftOf } from './draft.js';

const call = (body: string | Buffer, type = 'application/json'): Call =>
  ({ headers: { 'content-type': type }, body: Buffer.from(body) }) as unknown as Call;
const json = (fields: object) => call(JSON.stringify(fields));
const refusal = async (asked: Call, most = 500): Promise<unknown> => {
  try {
    return await draftOf(asked, most);
  } catch (error) {
    if (error instanceof Told) return error.answer;
    throw error;
  }
};

describe('how Mastodon counts', () => {
  it.each([
    ['', 0],
    ['Leave now', 9],
    ['dŵr', 3],
    ['e\u0301', 1],
    ['👩‍👩‍👧‍👦', 1],
    ['🏴󠁧󠁢󠁷󠁬󠁳󠁿', 1],
    ['https://www.gov.uk/a', 23],
    [`https://www.gov.uk/${'a'.repeat(300)}`, 23],
    ['See https://www.gov.uk/flood.', 28], // the full stop belongs to the sentence
    ['(https://www.gov.uk)', 25],
    ['http://a.uk http://b.uk', 47],
    ['gov.uk/alerts', 13],
    ['@a@very.long.domain.example', 2],
    ['@floods', 7],
    ['help@flood.example', 18],
  ])('%j counts %i', (text, count) => expect(countCharacters(text)).toBe(count));

  it('never counts a text longer than its graphemes and its addresses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const graphemes = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length;
        const addresses = text.match(/https?:/gi)?.length ?? 0;
        expect(countCharacters(text)).toBeLessThanOrEqual(graphemes + 23 * addresses);
      }),
      { seed: 20261121 },
    );
  });
});

describe('what an account asks to post', () => {
  it('is public, in no language, an answer to nothing, unless it says so', async () => {
    expect(await draftOf(json({ status: 'FLOOD' }), 500)).toEqual({
      text: 'FLOOD',
      spoiler: '',
      inReplyTo: null,
      language: null,
      visibility: 'public',
      scheduledAt: null,
    });
  });

  it.each([
    ['cy-GB', 'cy'],
    ['CY', 'cy'],
    ['zh_Hant', 'zh'],
    [null, null],
  ])('in %s is kept as %s', async (language, kept) =>
    expect(await draftOf(json({ status: 'FLOOD', language }), 500)).toMatchObject({ language: kept }),
  );

  it.each<[string, Call, number, RegExp]>([
    ['blank', json({ status: ' \n\t ' }), 422, /can't be blank/],
    ['missing', json({}), 422, /can't be blank/],
    ['no object', call('"FLOOD"'), 422, /can't be blank/],
    ['no JSON', call('{"status":'), 422, /can't be blank/],
    ['nothing at all', call('', 'text/plain'), 422, /can't be blank/],
    ['no text', json({ status: 7 }), 422, /Validation failed/],
    ['seen by nobody we know', json({ status: 'FLOOD', visibility: 'friends' }), 422, /Validation failed/],
    ['with media', json({ status: 'FLOOD', media_ids: ['1'] }), 422, /not finished processing/],
    ['one too long', json({ status: 'x'.repeat(501) }), 422, /limit of 500 exceeded/],
    [
      'one too long with its warning',
      json({ status: 'x'.repeat(499), spoiler_text: 'ab' }),
      422,
      /limit of 500/,
    ],
    ['neither JSON nor a form', call('FLOOD', 'application/octet-stream'), 400, /neither JSON nor a form/],
    [
      'a form that breaks off',
      call('--x\r\n', 'multipart/form-data; boundary=x'),
      400,
      /neither JSON nor a form/,
    ],
  ])('is refused when it is %s', async (_, asked, status, error) =>
    expect(await refusal(asked)).toMatchObject({ status, body: { error: expect.stringMatching(error) } }),
  );

  it.each([
    ['exactly at the limit', { status: 'x'.repeat(500) }],
    ['at the limit with its warning', { status: 'x'.repeat(498), spoiler_text: 'ab' }],
    ['long by its address alone', { status: `https://www.gov.uk/${'a'.repeat(2_000)}` }],
    ['with no media', { status: 'FLOOD', media_ids: [] }],
    ['with fields that nobody knows', { status: 'FLOOD', scheduled: true }],
  ])('is taken %s', async (_, fields) =>
    expect(await draftOf(json(fields), 500)).toMatchObject({ text: fields.status }),
  );

  it('may come as a form of a web page', async () => {
    const form = new URLSearchParams({ status: 'FLOOD', language: 'en', in_reply_to_id: '7' });
    const asked = call(form.toString(), 'application/x-www-form-urlencoded');
    expect(await draftOf(asked, 500)).toMatchObject({ text: 'FLOOD', language: 'en', inReplyTo: '7' });
    const media = call('status=FLOOD&media_ids[]=1&media_ids[]=2', 'application/x-www-form-urlencoded');
    expect(await refusal(media)).toMatchObject({ status: 422 });
  });
});

describe('a page of Mastodon', () => {
  const all = Array.from({ length: 100 }, (_, n) => ({ id: String(100 - n) })); // newest first
  const ids = (query: string) => page(all, new URLSearchParams(query), 20).map(({ id }) => Number(id));
  const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => from - n);

  it.each<[string, number[]]>([
    ['', down(100, 81)],
    ['limit=3', down(100, 98)],
    ['limit=1000', down(100, 61)], // twice the usual at the most
    ['limit=0', down(100, 81)],
    ['limit=-5', down(100, 100)],
    ['limit=many', down(100, 81)],
    ['max_id=50&limit=3', down(49, 47)],
    ['since_id=50&limit=3', down(100, 98)],
    ['min_id=50&limit=3', down(53, 51)], // those right above it
    ['min_id=0&limit=3', down(3, 1)],
    ['min_id=98', down(100, 99)],
    ['min_id=50&max_id=53', down(52, 51)],
    ['max_id=1', []],
    ['max_id=soon&limit=2', down(100, 99)],
  ])('asked for %j shows these', (query, shown) => expect(ids(query)).toEqual(shown));

  it('read forwards by min_id misses none and repeats none, whatever its length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (limit) => {
        const seen: number[] = [];
        for (let at = 0; ;) {
          const next = ids(`min_id=${at}&limit=${limit}`);
          if (next.length === 0) break;
          seen.push(...next.toReversed());
          at = next[0]!;
        }
        expect(seen).toEqual(down(100, 1).toReversed());
      }),
      { seed: 20261121 },
    );
  });
});
