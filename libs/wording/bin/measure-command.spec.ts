import { describe, expect, it } from '@jest/globals';
import { isPlatform, PLATFORMS } from '#wording';
import { HELP } from './help.js';
import { measureCommand } from './commands/measure-command.js';

async function* chunks(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function measured(platform: string, input: string): Promise<{ code: number; answers: unknown[] }> {
  if (!isPlatform(platform)) throw new Error(platform);
  let output = '';
  const code = await measureCommand(platform, chunks(input), async (text) => {
    output += text;
  });
  return {
    code,
    answers: output
      .split('\n')
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line)),
  };
}

const NO_TEXT = 'this line has no "text" that is a string; write {"text": "…"}';

describe('wording measure', () => {
  it('answers each line with one line, in order', async () => {
    const { code, answers } = await measured(
      'sms',
      '{"text":"a"}\n{"text":"ŵ🌊","options":{"reference":16}}\r\n\n{"text":""}',
    );
    expect(code).toBe(0);
    expect(answers).toEqual([
      { used: 1, max: 160, fits: true, parts: 1, encoding: 'GSM-7' },
      { used: 3, max: 70, fits: true, parts: 1, encoding: 'UCS-2' },
      { used: 0, max: 160, fits: true, parts: 1, encoding: 'GSM-7' },
    ]);
  });

  it('hands the options on', async () => {
    const line = (options: object) => `${JSON.stringify({ text: 'See https://gov.uk', options })}\n`;
    const { answers } = await measured(
      'mastodon',
      line({ urlCost: 32, max: 5_000 }) + line({ spoiler: 'Flood' }),
    );
    expect(answers).toEqual([
      { used: 36, max: 5_000, fits: true },
      { used: 32, max: 500, fits: true },
    ]);
  });

  it.each([
    ['no JSON', 'flood', 'this line is not JSON; write {"text": "…"}'],
    ['no text', '{"txt":"a"}', NO_TEXT],
    ['a text that is a number', '{"text":1}', NO_TEXT],
    ['a text that is null', '{"text":null}', NO_TEXT],
    ['a string', '"a"', NO_TEXT],
    ['null', 'null', NO_TEXT],
    ['a list', '[1]', NO_TEXT],
    [
      'options that are no object',
      '{"text":"a","options":3}',
      '"options" must be an object, such as {"max": 500}',
    ],
    [
      'options that are a list',
      '{"text":"a","options":[]}',
      '"options" must be an object, such as {"max": 500}',
    ],
    ['a limit of nothing', '{"text":"a","options":{"max":0}}', 'option max must be a whole number above 0'],
  ])('says what is wrong with %s, and goes on', async (_, line, error) => {
    const { code, answers } = await measured('x', `${line}\n{"text":"a"}\n`);
    expect(code).toBe(1);
    expect(answers).toEqual([{ error }, { used: 1, max: 280, fits: true, links: [] }]);
  });

  it.each([
    ['x', { reference: 8 }, 'x has no option reference; it has max, urlCost, reply'],
    ['x', { toString: 1 }, 'x has no option toString; it has max, urlCost, reply'],
    ['bluesky', { maxbytes: 1 }, 'bluesky has no option maxbytes; it has max, maxBytes'],
    ['mastodon', { caption: true }, 'mastodon has no option caption; it has max, urlCost, spoiler'],
    ['threads', { urlCost: 1 }, 'threads has no option urlCost; it has max'],
    ['sms', { max: 160 }, 'sms has no option max; it has reference, maxParts'],
    ['cellbroadcast', { max: 10 }, 'cellbroadcast has no option max; it has none'],
    ['telegram', { caption: 'yes' }, 'option caption must be true or false'],
    ['whatsapp', { field: 'body' }, 'option field must be text, template, header, footer, caption or button'],
    ['sms', { reference: '16' }, 'option reference must be 8 or 16'],
    ['sms', { reference: 9 }, 'option reference must be 8 or 16'],
    ['sms', { maxParts: 0 }, 'option maxParts must be a whole number above 0'],
    ['mastodon', { max: 500.5 }, 'option max must be a whole number above 0'],
    ['mastodon', { max: -1 }, 'option max must be a whole number above 0'],
    ['mastodon', { max: '500' }, 'option max must be a whole number above 0'],
    ['mastodon', { urlCost: null }, 'option urlCost must be a whole number above 0'],
    ['mastodon', { spoiler: 5 }, 'option spoiler must be a text'],
    ['bluesky', { maxBytes: 0 }, 'option maxBytes must be a whole number above 0'],
    ['x', { reply: 1 }, 'option reply must be true or false'],
  ])('does not pass over an option of %s that it cannot use: %j', async (platform, options, error) => {
    const { code, answers } = await measured(platform, JSON.stringify({ text: 'a', options }));
    expect([code, answers]).toEqual([1, [{ error }]]);
  });

  it('takes every option of every platform', async () => {
    const known: [string, object][] = [
      ['x', { max: 25_000, urlCost: 23, reply: true }],
      ['bluesky', { max: 300, maxBytes: 3_000 }],
      ['mastodon', { max: 5_000, urlCost: 23, spoiler: 'Flood' }],
      ['telegram', { max: 4_096, caption: false }],
      ...['text', 'template', 'header', 'footer', 'caption', 'button'].map((field): [string, object] => [
        'whatsapp',
        { field },
      ]),
      ['sms', { reference: 16, maxParts: 3 }],
      ...['threads', 'facebook', 'instagram', 'linkedin', 'ntfy', 'webpush', 'email-subject', 'email'].map(
        (platform): [string, object] => [platform, { max: 2 }],
      ),
      ['cellbroadcast', {}],
    ];
    for (const [platform, options] of known) {
      const { code, answers } = await measured(platform, JSON.stringify({ text: 'a', options }));
      expect([platform, code, answers]).toEqual([platform, 0, [expect.objectContaining({ fits: true })]]);
    }
  });

  it('passes over blank lines and fields of others, and takes options that are null for none', async () => {
    const { code, answers } = await measured(
      'ntfy',
      '\n  \r\n{"id":7,"text":"ŵ","options":null,"expected":2}\n\n',
    );
    expect([code, answers]).toEqual([0, [{ used: 2, max: 4_096, fits: true }]]);
  });

  it('measures halves of characters as the platforms would get them', async () => {
    const { answers } = await measured(
      'bluesky',
      '{"text":"\\ud800"}\n{"text":"a\\udc00b"}\n{"text":"\\u0000"}',
    );
    expect(answers).toEqual([
      { used: 1, max: 300, fits: true, bytes: 3 },
      { used: 3, max: 300, fits: true, bytes: 5 },
      { used: 1, max: 300, fits: true, bytes: 1 },
    ]);
  });

  it('explains every platform in its help', () => {
    for (const platform of PLATFORMS)
      expect(HELP).toMatch(new RegExp(`^ +${platform} +echo .*--platform ${platform}$`, 'm'));
  });
});
