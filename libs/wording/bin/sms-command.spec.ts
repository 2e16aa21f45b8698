import { describe, expect, it } from '@jest/globals';
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
});
