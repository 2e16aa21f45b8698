import { describe, expect, it } from '@jest/globals';
import type { Position } from '#contracts';
import { looksChangedOver } from '#audience';

describe('a place', () => {
  it.each<[string, Position]>([
    ['Whaley Bridge', [-1.98, 53.33]],
    ['Cardiff', [-3.18, 51.48]],
    ['Lowestoft', [1.75, 52.48]],
    ['Lerwick', [-1.14, 60.15]],
    ['Cork', [-8.47, 51.9]],
  ])('in Britain or Ireland is as it should be, and is asked about the other way round: %s', (_, place) => {
    const [longitude, latitude] = place;
    expect(looksChangedOver(place)).toBe(false);
    expect(looksChangedOver([latitude, longitude])).toBe(true);
  });

  it.each<[string, Position]>([
    ['Nairobi', [36.82, -1.29]],
    ['Sydney', [151.2, -33.87]],
    ['the middle of the map', [0, 0]],
    ['Paris', [2.35, 48.86]],
    ['Paris, written as a Briton would', [48.86, 2.35]],
  ])('that is in Britain neither way round is nobody’s mistake here: %s', (_, place) =>
    expect(looksChangedOver(place)).toBe(false),
  );

  it.each<[string, Position, boolean]>([
    ['the south-west corner', [49, -11], true],
    ['the north-east corner', [61, 3], true],
    ['west of it', [49, -11.01], false],
    ['east of it', [61, 3.01], false],
    ['south of it', [48.99, -11], false],
    ['north of it', [61.01, 3], false],
  ])('changed over is asked about to the edge of the box: %s', (_, place, asked) =>
    expect(looksChangedOver(place)).toBe(asked),
  );
});
