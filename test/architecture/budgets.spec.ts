import { describe, expect, it } from '@jest/globals';
import { lines, product, tests, textOf, tracked } from './house.js';

/** How many parameters each constructor takes: commas outside of any bracket, type arguments included. */
function constructorsOf(text: string): number[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  return [...code.matchAll(/constructor\(/g)].map(({ index }) => {
    let depth = 1;
    let found = 0;
    let parameter = '';
    for (const letter of code.slice(index + 'constructor('.length).replaceAll('=>', '')) {
      if ('([{<'.includes(letter)) depth += 1;
      if (')]}>'.includes(letter)) depth -= 1;
      if (depth === 0 || (depth === 1 && letter === ',')) {
        found += parameter.trim() === '' ? 0 : 1;
        parameter = '';
      } else parameter += letter;
      if (depth === 0) break;
    }
    return found;
  });
}

describe('the budgets of the house', () => {
  it('no file is longer than 300 lines', () =>
    expect(product().filter((path) => lines(path) > 300)).toEqual([]));

  it('nine in ten files have at most 150 lines, and half have at least 20', () => {
    const sizes = product()
      .map(lines)
      .sort((a, b) => a - b);
    const atShare = (share: number) => sizes[Math.floor(sizes.length * share)] ?? 0;
    expect(atShare(0.5)).toBeGreaterThanOrEqual(20);
    expect(atShare(0.5)).toBeLessThanOrEqual(80);
    expect(atShare(0.88)).toBeLessThanOrEqual(150);
  });

  it('tests are a good part of all lines', () => {
    const sum = (paths: string[]) => paths.reduce((total, path) => total + lines(path), 0);
    const share = sum(tests()) / (sum(tests()) + sum(product()));
    expect(share).toBeGreaterThan(0.35);
  });

  it('a constructor takes at most four parameters', () => {
    const greedy = product().filter((path) => constructorsOf(textOf(path)).some((most) => most > 4));
    expect(greedy).toEqual([]);
  });

  it('the README of the house fits on 150 lines', () => expect(lines('README.md')).toBeLessThanOrEqual(150));

  it('every app and every lib says in a README what it promises', () => {
    const rooms = new Set(tracked().flatMap((path) => /^(?:apps|libs)\/[^/]+(?=\/)/.exec(path)?.[0] ?? []));
    const files = new Set(tracked());
    expect([...rooms].filter((room) => !files.has(`${room}/README.md`))).toEqual([]);
  });
});
