import { describe, expect, it } from '@jest/globals';
import { isPlatform, PLATFORMS } from '#wording';
import { HELP } from './help.js';
import { lines } from './lines.js';
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
    ['no text', '{"txt":"a"}', 'this line has no "text"'],
    ['a list', '[1]', 'this line has no "text"'],
    ['options that are no object', '{"text":"a","options":3}', '"options" must be an object'],
    ['a wrong option', '{"text":"a","options":{"reference":9}}', 'option reference must be 8 or 16'],
    ['a limit of nothing', '{"text":"a","options":{"max":0}}', 'option max must be a whole number above 0'],
  ])('says what is wrong with %s, and goes on', async (_, line, error) => {
    const { code, answers } = await measured('x', `${line}\n{"text":"a"}\n`);
    expect(code).toBe(1);
    expect(answers).toEqual([{ error }, { used: 1, max: 280, fits: true, links: [] }]);
  });

  it('names the options that there are', async () => {
    const { answers } = await measured('x', '{"text":"a","options":{"toString":1}}');
    expect(answers).toEqual([
      { error: expect.stringContaining('option toString is unknown; there are max, ') },
    ]);
  });

  it('explains every platform in its help', () => {
    for (const platform of PLATFORMS)
      expect(HELP).toMatch(new RegExp(`^ +${platform} +echo .*--platform ${platform}$`, 'm'));
  });
});

describe('the lines of a stream', () => {
  it('end at U+000A alone, also where a chunk cuts a character', async () => {
    const found: string[] = [];
    for await (const line of lines(chunks('ŵ🌊\u2028b\n\nc\n', 1))) found.push(line);
    expect(found).toEqual(['ŵ🌊\u2028b', '', 'c']);
  });
});
