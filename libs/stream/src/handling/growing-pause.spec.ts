import { expect, it } from '@jest/globals';
import { growingPauseMs } from './growing-pause.js';

it('pauses grow from a tenth of a second to two seconds and stay there', () => {
  expect([0, 1, 2, 3, 4, 5, 100, 100_000].map(growingPauseMs)).toEqual([
    100, 200, 400, 800, 1600, 2000, 2000, 2000,
  ]);
});
