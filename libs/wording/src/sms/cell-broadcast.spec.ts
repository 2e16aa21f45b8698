import { describe, expect, it } from '@jest/globals';
import { cellBroadcastLength } from './cell-broadcast.js';

describe('the pages of a cell broadcast', () => {
  it.each([
    ['93 letters', 'a'.repeat(93), 1],
    ['94 letters', 'a'.repeat(94), 2],
    ['a euro as the 93rd septet moves to page 2', `${'a'.repeat(92)}€`, 2],
    ['91 letters and a euro', `${'a'.repeat(91)}€`, 1],
    ['41 Welsh letters', 'ŵ'.repeat(41), 1],
    ['a wave as the 41st unit moves to page 2', `${'ŵ'.repeat(40)}🌊`, 2],
    ['1,395 letters', 'a'.repeat(1_395), 15],
    ['1,396 letters', 'a'.repeat(1_396), 16],
    ['616 Welsh letters', 'ŵ'.repeat(616), 16],
    ['nothing', '', 1],
  ])('%s', (_, text, pages) => expect(cellBroadcastLength(text).pages).toBe(pages));
});
