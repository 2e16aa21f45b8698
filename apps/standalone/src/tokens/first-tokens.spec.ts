import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
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

  it('of a first live start that came to nothing are made anew by the next: nobody has seen them', () => {
    const first = firstTokens(dataDir, 'live');
    first.forget();
    const { held, forget } = firstTokens(dataDir, 'live');
    expect(held[0]?.token).toMatch(/^lrl_/);
    expect(held[0]?.token).not.toBe(first.held[0]?.token);
    firstTokens(dataDir, 'live').forget(); // a later start that comes to nothing: these were handed out long ago
    expect(existsSync(join(dataDir, 'token-holders.json'))).toBe(true);
    forget();
  });

  it('of an exercise are kept whatever becomes of the start', () => {
    const { held, forget } = firstTokens(dataDir, 'exercise');
    forget();
    expect(firstTokens(dataDir, 'exercise').held).toEqual(held);
  });

  it('are whole or not there: a start on a full disk leaves no half of them', () => {
    mkdirSync(join(dataDir, `token-holders.json.${process.pid}`)); // as a full disk: the file cannot be written
    expect(() => firstTokens(dataDir, 'exercise')).toThrow();
    expect(existsSync(join(dataDir, 'token-holders.json'))).toBe(false);
  });

  it('are one for each part that a control room plays, and no person has two parts that control each other', () => {
    const { held } = firstTokens(dataDir, 'exercise');
    const roles = new Set(held.flatMap((one) => one.roles));
    for (const role of ['author', 'approver', 'communications', 'partner', 'reviewer'])
      expect([role, roles.has(role as never)]).toEqual([role, true]);
    for (const one of held)
      expect(one.roles.includes('author') && one.roles.includes('approver')).toBe(false);
    expect(new Set(held.map(({ token }) => token)).size).toBe(held.length);
  });

  it('are made anew after a crash between their two files, so that nobody is locked out', () => {
    const { held, holdersFile } = firstTokens(dataDir, 'exercise');
    rmSync(holdersFile); // the tokens were written, their digests were not
    const again = firstTokens(dataDir, 'exercise');
    expect(again.held).not.toEqual(held);
    const book = TokenBook.open(again.holdersFile, 'exercise', silentLog);
    for (const { token, id } of again.held) expect(book.find(token)).toMatchObject({ id });
    for (const { token } of held) expect(book.find(token)).toBe('unknown');
  });

  it('do not fail a start whose tokens file was taken away: the digests still open the apps', () => {
    const { held } = firstTokens(dataDir, 'exercise');
    rmSync(join(dataDir, 'tokens.json'));
    const again = firstTokens(dataDir, 'exercise');
    expect(again.held).toEqual([]);
    const [ann] = held;
    expect(TokenBook.open(again.holdersFile, 'exercise', silentLog).find(ann?.token ?? '')).toMatchObject({
      name: ann?.name,
    });
  });

  it('belong to one world: what opens an exercise is nothing in a live one', () => {
    const { held, holdersFile } = firstTokens(dataDir, 'exercise');
    const live = TokenBook.open(holdersFile, 'live', silentLog);
    for (const { token } of held) expect(live.find(token)).toBe('of-the-other-world');
  });
});
