import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog, TokenBook } from '#runtime';
import { firstTokens } from './first-tokens.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'larum-first-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('the officers’ tokens', () => {
  it('are made once, open the apps, and are the same at the next start', () => {
    const { holdersFile, held } = firstTokens(dataDir, 'exercise');
    const book = TokenBook.open(holdersFile, 'exercise', silentLog);
    expect(held.map(({ token }) => book.find(token))).toMatchObject(
      held.map(({ id, name, roles }) => ({ id, name, roles })),
    );
    expect(firstTokens(dataDir, 'exercise').held).toEqual(held);
  });

  it('are readable by their owner alone, and never stand in what the apps read', () => {
    const { holdersFile, held } = firstTokens(dataDir, 'exercise');
    expect(statSync(join(dataDir, 'tokens.json')).mode & 0o777).toBe(0o600);
    expect(statSync(holdersFile).mode & 0o777).toBe(0o600);
    for (const { token } of held) expect(readFileSync(holdersFile, 'utf8')).not.toContain(token);
  });

  it('of the live world are told once and kept nowhere', () => {
    const { held } = firstTokens(dataDir, 'live');
    expect(held[0]?.token).toMatch(/^lrl_/);
    expect(existsSync(join(dataDir, 'tokens.json'))).toBe(false);
    expect(firstTokens(dataDir, 'live').held).toEqual([]);
  });
});
