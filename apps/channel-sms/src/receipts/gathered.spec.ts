import { describe, expect, it } from '@jest/globals';
import { Gathered } from './gathered.js';

describe('writes that are gathered', () => {
  it('go one by one when they come alone, and together while one is under way', async () => {
    const writes: number[][] = [];
    const gathered = new Gathered<number>(async (items) => {
      writes.push([...items]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    });
    await gathered.add(1);
    await Promise.all([2, 3, 4, 5].map((item) => gathered.add(item)));
    expect(writes).toEqual([[1], [2], [3, 4, 5]]);
  });

  it('fail together, and the next ones are tried all the same', async () => {
    let broken = true;
    const gathered = new Gathered<number>(async () => {
      if (broken) throw new Error('disk full');
    });
    await expect(gathered.add(1)).rejects.toThrow('disk full');
    broken = false;
    await expect(gathered.add(2)).resolves.toBeUndefined();
  });

  it('are never longer than one statement may be', async () => {
    const sizes: number[] = [];
    const gathered = new Gathered<number>(async (items) => void sizes.push(items.length), 10);
    await Promise.all(Array.from({ length: 35 }, (_, n) => gathered.add(n)));
    expect(Math.max(...sizes)).toBe(10);
    expect(sizes.reduce((a, b) => a + b)).toBe(35);
  });
});
