import { describe, expect, it } from '@jest/globals';
import { assembleSms } from '#wording';
import { smsCommand } from './commands/sms-command.js';

async function printed(text: string, bits: 8 | 16 = 8): Promise<{ code: number; output: string }> {
  let output = '';
  const code = await smsCommand(text, bits, 7, async (piece) => {
    output += piece;
  });
  return { code, output };
}

describe('wording sms', () => {
  it('prints each part as hex and text', async () => {
    const { code, output } = await printed(`${'a'.repeat(160)}€`);
    expect(code).toBe(0);
    expect(output).toContain('GSM-7, 162 septets, 2 part(s)');
    expect(output).toContain(
      `part 2\n  header  050003070202\n  payload ${'61'.repeat(7)}1b65\n  text    "aaaaaaa€"`,
    );
  });

  it('says what plain marks save', async () => {
    const { output } = await printed(`It’s ${'a'.repeat(140)}`);
    expect(output).toContain('sent with plain marks, which saves 2 part(s):\n  at 2: ’ U+2019 → "\'"');
  });

  it('names the letters that make it dear', async () =>
    expect((await printed('dŵr dŵr')).output).toContain('UCS-2 because of: ŵ U+0175 × 2'));

  it('says when no header could count the parts', async () => {
    const { code, output } = await printed('a'.repeat(40_000), 16);
    expect([code, output.includes('too long: a message has at most 255 parts')]).toEqual([1, true]);
  });

  it('has nothing to say of an empty text but how to give one', () =>
    expect(() => smsCommand('', 8, 0, async () => undefined)).rejects.toThrow(
      'there is no text: wording -- sms "Leave now."',
    ));

  it.each([
    ['a bell is named, never rung', 'dŵr\u0007', 'U+0007 × 1'],
    ['a mark that joins is named', 'dŵr \u0323', 'U+0323 × 1'],
    ['a space that is none of ours', 'dŵr\u3000', 'U+3000 × 1'],
    ['half of a character', 'dŵr \ud83c', 'U+D83C × 1'],
    ['a picture is shown', 'dŵr 🌊🌊', '🌊 U+1F30A × 2'],
  ])('%s', async (_, text, named) => {
    const { output } = await printed(text);
    expect(output).toContain(named);
    expect(output.split('\n')[1]).not.toMatch(/[\u0000-\u001f\u3000]/);
  });

  it('can be put together again from what it prints', async () => {
    const text = 'Leave now. '.repeat(30);
    const { output } = await printed(text);
    const octets = Array.from(output.matchAll(/payload ([0-9a-f]+)/g), ([, hex = '']) =>
      Buffer.from(hex, 'hex'),
    );
    const headers = Array.from(output.matchAll(/header +([0-9a-f]+)/g), ([, hex = '']) =>
      Buffer.from(hex, 'hex'),
    );
    const parts = octets.map((payload, index) => ({
      payload,
      udh: headers[index] ?? Buffer.alloc(0),
      encoding: 'GSM-7' as const,
    }));
    expect(assembleSms(parts)).toEqual({ complete: true, text });
  });

  it.each([
    [8, '050003070201'],
    [16, '06080400070201'],
  ] as const)('joins its parts by a header of %d bits', async (bits, header) =>
    expect((await printed('a'.repeat(200), bits)).output).toContain(`header  ${header}`),
  );

  it('says how many parts would have been needed', async () =>
    expect((await printed('a'.repeat(40_000))).output).toContain('GSM-7, 40000 septets, 262 part(s)'));
});
