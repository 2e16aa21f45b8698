import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const KB = 1_000;

async function bundled(entry: string): Promise<{ gzipped: number; code: string; from: string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser', // an import of `node:*` fails here
    target: 'es2023',
    conditions: ['source'],
    logLevel: 'silent',
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return {
    gzipped: gzipSync(bytes, { level: 9 }).length,
    code: Buffer.from(bytes).toString('utf8'),
    from: Object.keys(metafile.inputs),
  };
}

describe('the library in a browser', () => {
  it('is at most 40 kB gzipped, with nothing of zod, Nest or Node in it', async () => {
    const { gzipped, from, code } = await bundled('./index.ts');
    expect(gzipped).toBeLessThanOrEqual(40 * KB);
    expect(from.filter((path) => !path.includes('libs/wording/src/'))).toEqual([]);
    expect(code).not.toMatch(/\bBuffer\b|\bprocess\./);
  });

  it('counts with at most 15 kB', async () => {
    const { gzipped } = await bundled('./counting/measure.ts');
    expect(gzipped).toBeLessThanOrEqual(15 * KB);
  });
});
