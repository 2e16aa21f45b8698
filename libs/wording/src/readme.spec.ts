import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuiltCommand } from './testing/built-command.js';
import { compose } from './index.js';
import type { ComposeRequest } from './index.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const readme = await readFile(here('../README.md'), 'utf8');
const blocks = (kind: string) =>
  Array.from(readme.matchAll(new RegExp(`\`\`\`${kind}\n([^]*?)\`\`\``, 'g')), ([, block = '']) => block);

let wording: BuiltCommand;
beforeAll(async () => {
  wording = await BuiltCommand.make();
});
afterAll(() => wording.remove());

describe('the README', () => {
  it.each(blocks('console'))('shows what its command prints: %s', (block) => {
    const [command = '', ...output] = block.split('\n');
    const echoed = /^\$ echo '([^']*)' \| /.exec(command)?.[1];
    const after = command.slice(command.indexOf('wording -- ') + 'wording -- '.length);
    const args = Array.from(after.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
    expect(wording.run(args, echoed === undefined ? '' : `${echoed}\n`).stdout).toBe(output.join('\n'));
  });

  it('shows code that runs', () => {
    // region readme
    const warning: ComposeRequest = {
      platform: 'x',
      language: 'en-GB',
      mode: 'exercise',
      message: 'first',
      variant: 'first',
      version: 1,
      text: {
        source: 'Derbyshire Constabulary',
        hazard: 'The dam at Toddbrook Reservoir is damaged and may fail',
        impact: 'Water could reach the town within minutes',
        place: 'Whaley Bridge and Furness Vale',
        guidance: 'Leave now. Go to Chapel-en-le-Frith High School.',
      },
      contact: 'Floodline 0345 988 1188',
      expiresAt: '2026-11-22T18:00:00.000Z',
    };
    expect(compose(warning)).toEqual({
      ok: true,
      parts: [
        {
          text:
            'EXERCISE. Derbyshire Constabulary: The dam at Toddbrook Reservoir is damaged and may fail. ' +
            'Water could reach the town within minutes. Area: Whaley Bridge and Furness Vale. ' +
            'Leave now. Go to Chapel-en-le-Frith High School. In force until 18:00 Sun 22 Nov. EXERCISE',
          entities: [],
        },
      ],
      leftOut: ['contact'],
    });
    // endregion
  });

  it('shows that very code', async () => {
    const source = await readFile(here('./readme.spec.ts'), 'utf8');
    const region = /\/\/ region readme\n([^]*?)\n *\/\/ endregion/.exec(source)?.[1] ?? '';
    const bare = (code: string) => code.replace(/\s+/g, ' ').trim();
    expect(blocks('ts').map(bare)).toEqual([bare(region)]);
  });
});
