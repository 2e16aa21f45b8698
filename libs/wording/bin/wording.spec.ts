import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PLATFORMS } from '#wording';
import { BuiltCommand } from '../src/testing/built-command.js';
import { HELP } from './help.js';

const dam = fileURLToPath(new URL('../samples/masters/11-dam-at-risk.json', import.meta.url));
let wording: BuiltCommand;
beforeAll(async () => {
  wording = await BuiltCommand.make();
});
afterAll(() => wording.remove());

describe('the command', () => {
  it.each([['--help'], ['-h'], ['help'], ['measure', '--help']])(
    '%s explains every command and ends well',
    (...args) => expect(wording.run(args)).toEqual({ status: 0, stdout: HELP, stderr: '' }),
  );

  it.each([
    ['no command', [], 'say which command'],
    ['an unknown command', ['measur'], 'there is no command measur'],
    ['no platform', ['measure'], '--platform must be one of x, bluesky'],
    ['an unknown platform', ['measure', '--platform', 'twitter'], '--platform must be one of x, bluesky'],
    ['bits that are none', ['sms', '--bits', '7', 'a'], '--bits must be 8 or 16'],
    ['a reference too large', ['sms', '--reference', '256', 'a'], 'a whole number from 0 to 255'],
    ['a reference below nothing', ['sms', '--reference=-1', 'a'], 'a whole number from 0 to 255'],
    ['a reference that is no number', ['sms', '--bits', '16', '--reference', 'x', 'a'], 'from 0 to 65535'],
    ['an empty text message', ['sms', ''], 'there is no text'],
    ['a text message of nothing on standard input', ['sms'], 'there is no text'],
    ['a column too narrow', ['preview', '--width', '10', dam], '--width must be a whole number from 20'],
    [
      'a width that is no number',
      ['preview', '--width', 'wide', dam],
      '--width must be a whole number from 20',
    ],
    ['no master', ['preview'], 'the master is not JSON'],
    ['nothing to check', ['lint'], 'there is no text to check'],
    ['a file that is not there', ['lint', 'no-such.json'], 'there is no such file'],
    ['a text in place of a file', ['lint', 'Leave now.'], 'echo "the text" | npm run wording -- lint'],
    ['a folder', ['preview', '.'], 'that is a folder; name a file in it'],
    ['a time that is none', ['lint', '--now', 'soon', dam], '--now must be a time such as'],
    ['a mode for a master', ['lint', '--mode', 'live', dam], 'a master says both'],
    ['golden files of nothing', ['golden', 'no-such-folder'], 'cannot be read: run this in the checkout'],
  ])('refuses %s with what to do, and ends with 2', (_, args, message) => {
    const { status, stdout, stderr } = wording.run(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain('Try: npm run wording -- --help');
    expect(stderr).not.toMatch(/ at .*\.mjs:/);
  });

  it.each([
    ['a text that is not UTF-8', ['lint'], Uint8Array.of(0x66, 0xe9), 'save it as UTF-8'],
    ['a text message that is not UTF-8', ['sms'], Uint8Array.of(0xff), 'save it as UTF-8'],
    ['a master that is not JSON', ['preview'], '{"texts":', 'the master is not JSON'],
    ['a master that is not finished', ['lint'], '{"texts": {', 'the master is not JSON'],
    ['a master with mistakes', ['lint'], '{"texts":{},"colour":1}', 'colour'],
    ['a master without a text', ['preview'], '{"texts":{}}', '"texts" needs a language'],
    ['an unknown mode', ['lint', '--mode', 'test'], 'Leave now.', '--mode must be live or exercise'],
    [
      'a language without rules',
      ['lint', '--language', 'fr-FR'],
      'Partez.',
      '--language must be en-GB or cy-GB',
    ],
    [
      'a time for a text',
      ['lint', '--now', '2026-11-22T10:00:00.000Z'],
      'Leave now.',
      '--now is for a master',
    ],
  ])('refuses %s', (_, args, input, message) => {
    const { status, stderr } = wording.run(args, input);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it('takes a text that begins with a slot for a text, not for a broken master', () => {
    const { status, stdout } = wording.run(['lint'], '{place} is flooded. Leave now.\n');
    expect(status).toBe(1);
    expect(stdout).toContain('{place} still waits to be filled in.');
  });

  it('reads a file with a byte order mark and the line ends of another system', async () => {
    const file = join(wording.folder, 'text.txt');
    await writeFile(file, '\ufeffLeave now.\r\n');
    expect(wording.run(['lint', file])).toMatchObject({ status: 0, stderr: '' });
    expect(wording.run(['sms'], '\ufeffLeave now.\r\n').stdout).toContain('GSM-7, 10 septets, 1 part(s)');
  });

  it('prints no control character of a foreign text', () => {
    for (const args of [['lint'], ['sms']]) {
      expect(wording.run(args, 'Leave\u001b[2J now\u0007.').stdout).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f]/,
      );
    }
  });

  it('has an example for every platform that works as it stands', () => {
    for (const platform of PLATFORMS) {
      const [, input = ''] = new RegExp(`^ +${platform} +echo '(.*)' \\|`, 'm').exec(HELP) ?? [];
      const { status, stdout } = wording.run(['measure', '--platform', platform], `${input}\n`);
      expect([platform, status]).toEqual([platform, 0]);
      expect(JSON.parse(stdout)).toMatchObject({
        used: expect.any(Number),
        max: expect.any(Number),
        fits: true,
      });
    }
  });
});

describe('the end of the command', () => {
  it.each([
    ['a text with nothing to find', ['lint'], 'Leave now.\n', 0],
    ['a text with a hint', ['lint'], 'An RTC has closed the road.\n', 0],
    ['a text that must not go out', ['lint', '--mode', 'exercise'], 'This is not a drill.\n', 1],
    ['a measured line', ['measure', '--platform', 'x'], '{"text":"a"}\n', 0],
    ['no line at all', ['measure', '--platform', 'x'], '', 0],
    ['a line that cannot be measured', ['measure', '--platform', 'x'], '{"text":"a"}\nflood\n', 1],
    [
      'a text too long for measure is measured all the same',
      ['measure', '--platform', 'x'],
      `{"text":"${'a'.repeat(300)}"}\n`,
      0,
    ],
    ['a text message', ['sms', 'Leave', 'now.'], '', 0],
    ['a text message that no header can count', ['sms'], 'a'.repeat(40_000), 1],
    ['a draft that cannot be shown', ['preview'], '{"texts":{"en-GB":{"hazard":"Fire."}}}', 1],
    ['a whole master', ['preview', dam], '', 0],
  ])('of %s', (_, args, input, status) =>
    expect(wording.run(args, input)).toMatchObject({ status, stderr: '' }),
  );
});

describe('a reader that has seen enough', () => {
  const many = `yes '{"text":"Leave now."}' | head -100000`;

  it('ends a measurement without an error', () => {
    const { stdout, stderr } = wording.shell(`${many} | $WORDING measure --platform x | head -1`);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('');
  });

  it('ends a preview without an error', () => {
    const { stdout, stderr } = wording.shell(`$WORDING preview ${dam} | head -2`);
    expect([stdout, stderr]).toEqual(['\nen-GB\n', '']);
  });

  it('sees the answer to every one of 100,000 lines, each in its place', () => {
    const { stdout } = wording.shell(
      `i=0; awk 'BEGIN { for (i = 1; i <= 100000; i++) { s = s "a"; if (i % 100 == 0) s = "a"; printf "{\\"text\\":\\"%s\\"}\\n", s } }' | $WORDING measure --platform x`,
    );
    const used = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { used: number }).used);
    expect(used).toHaveLength(100_000);
    expect(used.slice(96, 102)).toEqual([97, 98, 99, 1, 2, 3]);
  });
});
