import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { floodStory } from '../testing/flood-story.js';
import { keptLine, readKeptFile } from './kept-file.js';
import { replay } from './replay.js';

const told = (events: typeof floodStory, format: 'text' | 'json' = 'text') =>
  [...replay(events, format)].map(({ text }) => text).join('\n');

describe('a replay', () => {
  it('gives the same bytes from any archive of the same events, whatever order they arrived in', () => {
    const whole = told(floodStory);
    fc.assert(
      fc.property(fc.shuffledSubarray([...floodStory], { minLength: floodStory.length }), (events) => {
        expect(told([...events, ...events.slice(0, 3)])).toBe(whole);
      }),
      { seed: 20261121 },
    );
  });

  it('shows in its last line when one byte of one event is another', () => {
    const [first, ...rest] = floodStory;
    if (first === undefined) throw new Error('the story is empty');
    const changed = { ...first, value: first.value.replace('Wainfleet', 'Wainflect') };
    const last = (text: string) => text.split('\n').at(-1);
    expect(last(told([changed, ...rest], 'json'))).not.toBe(last(told(floodStory, 'json')));
  });

  it('tells the warning in plain words with its times', () => {
    const text = told(floodStory);
    expect(text).toContain('2026-11-21 10:00:04.000  version 1 approved and issued: Severe flood warning');
    expect(text).toContain('10:00:31.000  the withdrawal is in force on text message');
  });

  it('keeps the pauses of the day, so that it can be played at any speed', () => {
    const pauses = [...replay(floodStory, 'text')].map(({ afterMs }) => afterMs);
    expect(pauses.reduce((a, b) => a + b, 0)).toBe(31_000);
  });
});

describe('an exported archive', () => {
  it('is read back as it was written, and a broken line is named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'larum-replay-'));
    try {
      const file = join(folder, 'archive.jsonl');
      writeFileSync(file, `${floodStory.map(keptLine).join('\n')}\n`);
      expect(told(readKeptFile(file))).toBe(told(floodStory));
      writeFileSync(file, '{"source":1}\n');
      expect(() => readKeptFile(file)).toThrow('line 1, is not an archived event');
      expect(() => readKeptFile(join(folder, 'none'))).toThrow(/^the archive .*none is not there$/);
      expect(() => readKeptFile(folder)).toThrow(/^the archive .* cannot be read \(EISDIR\)$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
