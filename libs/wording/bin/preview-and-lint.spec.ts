import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { PLATFORMS } from '#wording';
import { readMaster, requestOf } from './read-master.js';
import { lintMasterCommand, lintTextCommand } from './commands/lint-command.js';
import { previewCommand } from './commands/preview-command.js';

const file = (name: string) => fileURLToPath(new URL(`../samples/masters/${name}.json`, import.meta.url));
const dam = await readFile(file('11-dam-at-risk'), 'utf8');

function collector() {
  const printed = { text: '' };
  return {
    printed,
    write: async (piece: string) => {
      printed.text += piece;
    },
  };
}

describe('wording preview', () => {
  it('shows every platform side by side, no line wider than asked', async () => {
    const { printed, write } = collector();
    expect(await previewCommand(readMaster(dam), 140, write)).toBe(0);
    const lines = printed.text.split('\n');
    for (const platform of PLATFORMS)
      expect(printed.text).toMatch(new RegExp(`(^| )${platform} (·|1/)`, 'm'));
    expect(
      lines.some((line) =>
        /x( 1\/\d)? · \d+ of 280 .*bluesky( 1\/\d)? · \d+ of 300 .*mastodon · \d+ of 500/.test(line),
      ),
    ).toBe(true);
    expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(140);
    expect(printed.text).toContain('Subject: Dam at Toddbrook may fail');
    expect(printed.text).toMatch(/left out: details of the hazard/);
  });

  it('is one column in a narrow terminal', async () => {
    const { printed, write } = collector();
    await previewCommand(readMaster(dam), 40, write);
    expect(printed.text).not.toMatch(/x · .*bluesky ·/);
  });

  it('says what is missing from a draft', async () => {
    const { printed, write } = collector();
    await previewCommand(readMaster('{"texts":{"en-GB":{"hazard":"Fire."}}}'), 60, write);
    expect(printed.text).toContain(
      'cannot be shown: the text in en-GB is not complete: write source, place, guidance',
    );
    expect(requestOf(readMaster('{"texts":{}}'), 'en-GB', 'x')).toContain(
      'the text in en-GB is not complete',
    );
  });
});

describe('a preview of what cannot go out as it is', () => {
  const master = (words: object, fields: object = {}) =>
    readMaster(
      JSON.stringify({
        texts: {
          'en-GB': { source: 'Police', hazard: 'Fire.', place: 'Town', guidance: 'Leave now.', ...words },
        },
        expiresAt: '2026-11-22T18:00:00.000Z',
        ...fields,
      }),
    );

  it('ends with 1 and names the platform and the reason', async () => {
    const { printed, write } = collector();
    expect(await previewCommand(master({ place: 'Whaley Bridge, '.repeat(30) }), 200, write)).toBe(1);
    expect(printed.text).toMatch(/REFUSED too-long/);
    expect(printed.text).toMatch(/email · \d+ of 100000/);
  });

  it('ends with 1 when it does not say until when it holds', async () => {
    const { printed, write } = collector();
    expect(await previewCommand(master({}, { expiresAt: undefined }), 80, write)).toBe(1);
    expect(printed.text).toContain('it does not say until when it holds: write expiresAt');
  });

  it('ends with 1 in a language without fixed words', async () => {
    const { printed, write } = collector();
    const text = { source: 'a', hazard: 'b', place: 'c', guidance: 'd' };
    expect(await previewCommand(master({}, { texts: { 'fr-FR': text } }), 80, write)).toBe(1);
    expect(printed.text).toContain('REFUSED language-unknown');
  });

  it('ends well when every platform takes it', async () => {
    const { write } = collector();
    expect(await previewCommand(master({}), 80, write)).toBe(0);
  });

  it('keeps its columns beside wide characters', async () => {
    const { printed, write } = collector();
    await previewCommand(master({ hazard: 'Flood 🌊🌊🌊 水道.' }), 120, write);
    const [line = ''] = printed.text.split('\n').filter((one) => one.includes('水道'));
    const columns = Array.from(line.slice(0, line.lastIndexOf('Police')), (c) =>
      /[🌊水道]/u.test(c) ? 2 : 1,
    );
    expect(columns.reduce<number>((sum, one) => sum + one, 0)).toBe(61);
  });

  it('does not read a master with a character that a terminal would obey', () =>
    expect(() => master({ hazard: 'Fire\u001b[2J.' })).toThrow('contains a control character'));
});

describe('a master file', () => {
  it('is refused with every mistake named', () => {
    expect(() => readMaster('flood')).toThrow(
      /^the master is not JSON; libs.wording.samples.masters has 49 to begin from$/,
    );
    expect(() => readMaster('{"texts":{},"mode":"real","colour":1}')).toThrow(
      /mode[^]*colour|colour[^]*mode/,
    );
  });
});

describe('wording lint', () => {
  it('finds nothing in a good master', async () => {
    const { printed, write } = collector();
    expect(await lintMasterCommand(readMaster(dam), '2026-11-22T12:00:00.000Z', write)).toBe(0);
    expect(printed.text).toBe('nothing found\n');
  });

  it('ends with 1 when something must not go out, and says where and why', async () => {
    const { printed, write } = collector();
    expect(await lintMasterCommand(readMaster(dam), '2026-12-22T12:00:00.000Z', write)).toBe(1);
    expect(printed.text).toBe('REFUSED        expiresAt: The expiry is already past. [expiry-past]\n');
  });

  it('offers a mend for a text', async () => {
    const { printed, write } = collector();
    expect(await lintTextCommand('An RTC has closed the A6.', 'live', 'en-GB', write)).toBe(0);
    expect(printed.text).toBe(
      'hint           en-GB text 0–6: Instead of "RTC" say "crash". (mend: "A crash") [plain-words]\n',
    );
  });
});
