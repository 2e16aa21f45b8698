import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Position } from '#contracts';
import { squareArea } from '../testing/index.js';
import { areaProblem } from './area-problem.js';
import { insideArea } from './inside.js';

const ring = (...corners: Position[]) => ({
  type: 'MultiPolygon',
  coordinates: [[[...corners, corners[0]]]],
});

/** A star around a point: its corners in the order of their angles, so that no two sides cross. */
const star = fc
  .uniqueArray(fc.integer({ min: 0, max: 35 }), { minLength: 5, maxLength: 20 })
  .chain((turns) =>
    fc.tuple(fc.constant(turns.sort((a, b) => a - b)), fc.infiniteStream(fc.integer({ min: 10, max: 20 }))),
  )
  .map(([turns, radii]) =>
    turns.map((turn): Position => {
      const radius = (radii.next().value as number) / 100;
      return [Math.cos((turn * Math.PI) / 18) * radius, 53 + Math.sin((turn * Math.PI) / 18) * radius];
    }),
  )
  .filter((corners) => {
    const turns = corners.map(([x, y]) => Math.atan2(y - 53, x)).sort((a, b) => a - b);
    return turns.every((turn, n) => (turns[n + 1] ?? (turns[0] ?? 0) + 2 * Math.PI) - turn < Math.PI * 0.9);
  });

describe('an area that can be used', () => {
  it('is any star, drawn either way round and from any corner', () => {
    fc.assert(
      fc.property(star, fc.nat(20), fc.boolean(), (corners, start, turned) => {
        const from = start % corners.length;
        const again = [...corners.slice(from), ...corners.slice(0, from)];
        expect(areaProblem(ring(...(turned ? again.reverse() : again)))).toBeUndefined();
      }),
      { seed: 20261121 },
    );
  });

  it('is one with a hole, and one that only touches itself in a corner', () => {
    expect(areaProblem(squareArea(0, 53, 1, true))).toBeUndefined();
    expect(areaProblem(ring([0, 0], [2, 0], [1, 1], [2, 2], [0, 2], [1, 1]))).toBeUndefined();
  });

  it('may have ten thousand sides, and is still judged at once', () => {
    const corners = Array.from({ length: 9_998 }, (_, n): Position => {
      const angle = (n / 9_998) * 2 * Math.PI;
      return [Math.cos(angle) * (1 + 0.01 * (n % 2)), 53 + Math.sin(angle) * (1 + 0.01 * (n % 2))];
    });
    const began = process.cpuUsage();
    expect(areaProblem(ring(...corners))).toBeUndefined();
    expect(process.cpuUsage(began).user).toBeLessThan(2_000_000); // microseconds of our own, whatever else runs
  });
});

describe('an area that lies along a meridian', () => {
  it('is judged as soon as one along a parallel', () => {
    // Each side as wide as the whole area: from west to east all lie beside one another, some forty million pairs of them.
    const zigzag = Array.from({ length: 9_600 }, (_, n): Position => [n % 2 === 0 ? 0 : 0.1, 40 + n / 2_400]);
    const tall: Position[] = [...zigzag, [0.3, 44], [0.3, 40]];
    const wide = tall.map(([x, y]): Position => [y, x]);
    const tookMs = (corners: readonly Position[]): number => {
      const began = process.cpuUsage();
      expect(areaProblem(ring(...corners))).toBeUndefined();
      return process.cpuUsage(began).user / 1_000;
    };
    tookMs(wide); // the first time, the engine compiles what it runs
    const [along, across] = [Math.min(tookMs(wide), tookMs(wide)), Math.min(tookMs(tall), tookMs(tall))];
    expect(across).toBeLessThan(2 * along + 60); // measured: 25 and 40; every pair compared, 250
  });
});

describe('a spike', () => {
  it.each<[string, Position[]]>([
    [
      'outwards',
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [2, 4],
        [2, 6],
        [2, 4],
        [0, 4],
      ],
    ],
    [
      'inwards',
      [
        [0, 0],
        [4, 0],
        [4, 4],
        [2, 4],
        [2, 2],
        [2, 4],
        [0, 4],
      ],
    ],
    [
      'beyond a corner',
      [
        [0, 0],
        [4, 0],
        [4, 6],
        [4, 4],
        [0, 4],
      ],
    ],
    [
      'aslant, as maps with few decimals have them',
      [
        [0, 0],
        [0.4, 0],
        [0.4, 0.4],
        [0.2, 0.4],
        [0.3, 0.7],
        [0.2, 0.4],
        [0, 0.4],
      ],
    ],
  ])('%s encloses nothing and is taken', (_, corners) =>
    expect(areaProblem(ring(...corners))).toBeUndefined(),
  );

  it('that crosses another side is refused', () => {
    expect(areaProblem(ring([0, 0], [4, 0], [4, 4], [2, 4], [2, -2], [2, 4], [0, 4]))).toMatch(
      /crosses itself/,
    );
  });
});

describe('an area that is refused', () => {
  it.each<[string, Position[], RegExp]>([
    [
      'crosses itself',
      [
        [0, 53],
        [2, 54],
        [2, 53],
        [0, 55],
      ],
      /crosses itself/,
    ],
    [
      'encloses nothing',
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      /encloses nothing/,
    ],
    [
      'runs back over itself',
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [2, -1],
        [0, 2],
      ],
      /crosses itself/,
    ],
    [
      'crosses the date line',
      [
        [179, 0],
        [-179, 0],
        [-179, 1],
      ],
      /180° meridian/,
    ],
  ])('%s', (_, corners, why) => expect(areaProblem(ring(...corners))).toMatch(why));

  it('is a line, also where its corners are no whole numbers', () => {
    const place = fc.tuple(fc.integer({ min: -170, max: 170 }), fc.integer({ min: -80, max: 80 }));
    const steps = fc.uniqueArray(fc.integer({ min: 1, max: 90 }), { minLength: 3, maxLength: 8 });
    const slope = fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: 1, max: 99 }));
    fc.assert(
      fc.property(place, slope, steps, ([x, y], [east, north], along) => {
        const corners = along.map((n): Position => [x + (east * n) / 1_000, y + (north * n) / 1_000]);
        expect(areaProblem(ring(...corners))).toMatch(/encloses nothing|crosses itself/);
      }),
      { seed: 20261121 },
    );
  });

  it('is named by its ring, with what to do', () => {
    const square: Position[] = [
      [0, 53],
      [1, 53],
      [1, 54],
      [0, 54],
      [0, 53],
    ];
    const keyhole: Position[] = [
      [5, 53],
      [9, 53],
      [9, 57],
      [5, 57],
      [5, 53],
      [6, 54],
      [6, 55],
      [7, 55],
      [7, 54],
      [6, 54],
      [5, 53],
    ];
    const twice = [...square, ...square.slice(1)];
    for (const drawn of [keyhole, twice])
      expect(areaProblem({ type: 'MultiPolygon', coordinates: [[square], [drawn]] })).toBe(
        'ring 1 of polygon 2 crosses itself, or runs over itself: draw each part as a polygon, and each hole as a ring, of its own',
      );
  });

  it('is one of which a hole leaves nothing', () => {
    const corners: Position[] = [
      [0, 53],
      [1, 53],
      [1, 54],
      [0, 53],
    ];
    const same = { type: 'MultiPolygon', coordinates: [[corners, corners.toReversed()]] };
    expect(areaProblem(same)).toMatch(/encloses nothing/);
  });

  it('is any star with two corners changed over that makes its sides cross', () => {
    expect(areaProblem(ring([0, 0], [4, 0], [4, 4], [2, -2], [0, 4]))).toMatch(/crosses itself/);
  });

  it.each([undefined, null, 'Wainfleet', {}, { type: 'Polygon', coordinates: [] }, { type: 'MultiPolygon' }])(
    'is %j, in words and not with an error',
    (area) => expect(areaProblem(area)).toMatch(/cannot be read/),
  );
});

describe('the condition of an area', () => {
  it('asks the index by a box, then each outer ring and each of its holes, in millionths of a degree', () => {
    const { sql, params } = insideArea(squareArea(0, 0, 3, true), 2);
    expect(sql).toBe(
      '((place <@ $3::box and place * point(1000000, 0) <@ $4::polygon and not place * point(1000000, 0) <@ $5::polygon))',
    );
    expect(params).toEqual([
      '(0,0),(3,3)',
      '((0,0),(3000000,0),(3000000,3000000),(0,3000000),(0,0))',
      '((1000000,1000000),(2000000,1000000),(2000000,2000000),(1000000,2000000),(1000000,1000000))',
    ]);
  });

  it('holds nowhere for an area without polygons', () => {
    expect(insideArea({ type: 'MultiPolygon', coordinates: [] }, 0).sql).toBe('false');
    expect(insideArea({ type: 'MultiPolygon', coordinates: [[]] }, 0).sql).toBe('(false)');
  });
});
