import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readBounce, type BounceKind } from './read-bounce.js';

type Expected = { file: string; expected: { reason: string; hardBounce: boolean }[] };

const folder = process.env['REAL_INPUT_DIR'];
if (folder === undefined) console.warn('REAL_INPUT_DIR is not set: real bounces are NOT read in this run');
const whole =
  folder === undefined
    ? []
    : (JSON.parse(readFileSync(join(folder, 'bounces/expected.json'), 'utf8')) as Expected[]);
const expectReal = folder === undefined ? it.skip : it;

/** What a person would call it: the collectors' reason, in our words. */
function wanted({
  reason,
  hardBounce,
}: Expected['expected'][number]): 'failure' | 'complaint' | 'no-failure' | 'hard' {
  if (reason === 'feedback') return 'complaint';
  if (reason === 'vacation' || reason === 'delivered') return 'no-failure';
  return hardBounce ? 'hard' : 'failure';
}

describe('real mails that came back', () => {
  expectReal('are read without an error, whatever they look like', async () => {
    for (const { file } of whole) {
      const bounce = await readBounce(readFileSync(join(folder ?? '', 'bounces', file)));
      expect(bounce.kind).toMatch(/^(hard|soft|policy|complaint|delivered|delayed|auto-reply|cannot-tell)$/);
    }
  });

  expectReal('never end an address that only had a full box or a policy, but in a few cases', async () => {
    const wrong: string[] = [];
    let right = 0;
    for (const { file, expected } of whole) {
      const [first] = expected;
      if (first === undefined || expected.length > 1) continue;
      const { kind } = await readBounce(readFileSync(join(folder ?? '', 'bounces', file)));
      if (agrees(kind, wanted(first))) right += 1;
      else wrong.push(`${file}: ${kind}, expected ${first.reason}`);
    }
    console.log(
      `real bounces: ${right} of ${right + wrong.length} read as expected\n${wrong.slice(0, 60).join('\n')}`,
    );
    expect(right / (right + wrong.length)).toBeGreaterThan(0.9);
  });
});

/** "Cannot tell" is treated as soft: right for a failure, wrong only where an address is gone for good. */
function agrees(kind: BounceKind, want: ReturnType<typeof wanted>): boolean {
  if (want === 'complaint') return kind === 'complaint';
  if (want === 'no-failure') return kind === 'delivered' || kind === 'auto-reply';
  if (want === 'hard') return kind === 'hard';
  return kind === 'soft' || kind === 'policy' || kind === 'delayed' || kind === 'cannot-tell';
}
