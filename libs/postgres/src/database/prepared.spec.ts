import { describe, expect, it } from '@jest/globals';
import { preparedName } from './prepared.js';

describe('the names of statements', () => {
  it('are the same for the same text, and another for another', () => {
    const one = preparedName('select 1');
    expect(one).toMatch(/^larum_\d+$/);
    expect(preparedName('select 1')).toBe(one);
    expect(preparedName('select 2')).not.toBe(one);
  });

  it('end somewhere: texts made for one occasion do not fill the server', () => {
    const first = preparedName('select 1');
    const names = Array.from({ length: 1_000 }, (_, n) => preparedName(`select 'made for once ${n}'`));
    expect(names.at(-1)).toBeUndefined();
    expect(new Set(names).size).toBeLessThanOrEqual(401);
    expect(preparedName('select 1')).toBe(first);
  });
});
