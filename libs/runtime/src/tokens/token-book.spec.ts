import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newLog, newToken, sha256Hex, TokenBook, TokensFileWrong } from '#runtime';

const entry = (token: string, name: string, mode = 'exercise') => ({
  id: `off_${sha256Hex(name).slice(0, 32)}`,
  name,
  roles: ['author'],
  agency: null,
  languages: ['en-GB', 'cy-GB'],
  tokenSha256: sha256Hex(token),
  mode,
});

let folder: string;
let file: string;
let lines: string[];
let clock: jest.SpiedFunction<() => number>;
let now: number;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'larum-tokens-'));
  file = path.join(folder, 'tokens.json');
  lines = [];
  now = 1_000_000;
  clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  clock.mockRestore();
  rmSync(folder, { recursive: true });
});

let writes = 0;
const write = (content: unknown) => {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  utimesSync(file, 1_764_000_000, 1_764_000_000 + (writes += 1)); // a change within one tick of the file system's clock
};
const open = () =>
  TokenBook.open(file, 'exercise', newLog('test', 'info', { write: (line) => void lines.push(line) }));
const laterThanASecond = () => (now += 1_001);

describe('the tokens', () => {
  it('tell who holds one, and nothing of the token', () => {
    const [ann, bob] = [newToken('exercise'), newToken('exercise')];
    write([entry(ann, 'ann'), entry(bob, 'bob')]);
    const book = open();
    const { tokenSha256: _, mode: __, ...holder } = entry(bob, 'bob');
    expect(book.find(bob)).toEqual(holder);
    expect(book.find(newToken('exercise'))).toBe('unknown');
    expect(book.find(ann.slice(0, -1))).toBe('unknown');
    expect(book.find('')).toBe('unknown');
  });

  it('of the other world are told apart from unknown ones, known or not', () => {
    const live = newToken('live');
    write([entry(live, 'ann', 'live')]);
    expect(open().find(live)).toBe('of-the-other-world');
    expect(open().find(newToken('live'))).toBe('of-the-other-world');
  });

  it('do not cross even when a file says one thing and the token another', () => {
    const exercise = newToken('exercise');
    const live = newToken('live');
    write([entry(exercise, 'ann', 'live'), entry(live, 'bob', 'exercise')]);
    expect(open().find(exercise)).toBe('of-the-other-world');
    expect(open().find(live)).toBe('of-the-other-world');
  });

  it('that are withdrawn are refused within a second, and new ones taken', () => {
    const [ann, bob] = [newToken('exercise'), newToken('exercise')];
    write([entry(ann, 'ann')]);
    const book = open();
    write([entry(bob, 'bob')]);
    laterThanASecond();
    expect(book.find(ann)).toBe('unknown');
    expect(book.find(bob)).toMatchObject({ name: 'bob' });
  });

  it('stay in force when the new file is broken, and the operator is told', () => {
    const ann = newToken('exercise');
    write([entry(ann, 'ann')]);
    const book = open();
    write('[{"id": "half a fi');
    laterThanASecond();
    expect(book.find(ann)).toMatchObject({ name: 'ann' });
    expect(lines.join('')).toContain(
      'the tokens file cannot be read, and the tokens read before stay in force',
    );
  });

  it.each([
    ['that is missing', undefined],
    ['that is not JSON', 'tokenSha256: 00'],
    ['with an unknown role', [{ ...entry('x', 'ann'), roles: ['king'] }]],
    ['with a token in clear', [{ ...entry('x', 'ann'), token: 'lrx_clear' }]],
    ['where two share a token', [entry('x', 'ann'), entry('x', 'bob')]],
  ])('are not read from a file %s', (_, content) => {
    if (content !== undefined) write(content);
    expect(open).toThrow(TokensFileWrong);
  });

  it('begin with their world and are never the same twice', () => {
    const tokens = Array.from({ length: 100 }, () => newToken('live'));
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^lrl_[A-Za-z0-9_-]{43}$/); // 32 bytes in base64url
  });
});
