import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MultiPolygon } from '#contracts';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { importSubscribers } from '../importing/import-subscribers.js';
import { subscriberMigrations } from '../migrations/subscriber.migration.js';
import { squareArea } from '../testing/index.js';
import { AreaRefused, Subscribers } from './subscribers.js';

const SCHEMA = 'channel_email';
let test: TestDatabase;
let subscribers: Subscribers;

beforeAll(async () => {
  test = await testDatabase();
  await migrate(test.db, { schema: SCHEMA, migrations: subscriberMigrations });
  subscribers = new Subscribers(test.db, SCHEMA);
  await load(
    'ann@example.org,en-GB,53.10,0.24,yes', // Wainfleet
    'bob@example.org,cy-GB,53.15,0.25,yes', // in the middle of the square below
    'cat@example.org,en-GB,51.50,-0.12,yes', // London
    'dan@example.org,en-GB,,,yes', // nowhere
    'eve@example.org,en-GB,53.20,0.34,yes',
  );
});
afterAll(() => test.close());

async function load(...lines: string[]) {
  const csv = Readable.from([`address,language,lat,lon,consent\n${lines.join('\n')}\n`]);
  return importSubscribers(test.db, { schema: SCHEMA, channel: 'email' }, csv);
}

async function inside(area: unknown): Promise<string[]> {
  return (await subscribers.inArea(area, null, 100)).map(({ address }) => address.split('@')[0] ?? '').sort();
}

describe('who is in an area', () => {
  it('is everybody whose point lies in it and nobody else', async () => {
    expect(await inside(squareArea(0.2, 53.05, 0.2))).toEqual(['ann', 'bob', 'eve']);
    expect(await inside(squareArea(-0.2, 51.4, 0.2))).toEqual(['cat']);
  });

  it('is nobody in a hole', async () => {
    const area: MultiPolygon = {
      type: 'MultiPolygon',
      coordinates: [[...square(0.2, 53.05, 0.2), ...square(0.245, 53.145, 0.01)]],
    };
    expect(await inside(area)).toEqual(['ann', 'eve']);
  });

  it('is everybody on an island inside a hole, and everybody in any of several polygons', async () => {
    const area: MultiPolygon = {
      type: 'MultiPolygon',
      coordinates: [
        [...square(0.2, 53.05, 0.2), ...square(0.24, 53.14, 0.05)],
        square(0.249, 53.149, 0.002),
        square(-0.2, 51.4, 0.2),
      ],
    };
    expect(await inside(area)).toEqual(['ann', 'bob', 'cat', 'eve']);
  });

  it('names a person once, in however many overlapping polygons they live', async () => {
    const area: MultiPolygon = {
      type: 'MultiPolygon',
      coordinates: [square(0.2, 53.05, 0.2), square(0.21, 53.06, 0.2)],
    };
    expect(await inside(area)).toEqual(['ann', 'bob', 'eve']);
  });

  it('counts the boundary as inside', async () => {
    expect(await inside(squareArea(0.25, 53.15, 0.01))).toEqual(['bob']);
  });

  it('never holds a subscriber without a point', async () => {
    expect(await inside(squareArea(-90, -89, 178))).not.toContain('dan');
    expect(await subscribers.withoutPoint()).toBe(1);
  });

  it.each([
    ['missing', undefined],
    ['null', null],
    ['without a polygon', { type: 'MultiPolygon', coordinates: [] }],
    ['with a polygon without a ring', { type: 'MultiPolygon', coordinates: [[]] }],
    [
      'open',
      {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [0, 0],
              [1, 0],
              [1, 1],
              [0, 1],
            ],
          ],
        ],
      },
    ],
    [
      'of a single line',
      {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [0, 0],
              [1, 1],
              [2, 2],
              [0, 0],
            ],
          ],
        ],
      },
    ],
    [
      'crossing itself',
      {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [0, 0],
              [2, 2],
              [2, 0],
              [0, 2],
              [0, 0],
            ],
          ],
        ],
      },
    ],
    [
      'not of numbers',
      {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              ['0', '0'],
              [1, 0],
              [1, 1],
              [0, 0],
            ],
          ],
        ],
      },
    ],
    ['of another geometry', { type: 'Point', coordinates: [0.24, 53.1] }],
    [
      'across the date line',
      {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [179, 0],
              [-179, 0],
              [-179, 1],
              [179, 0],
            ],
          ],
        ],
      },
    ],
  ])('is nobody at all when the area is %s: it is refused', async (_, area) => {
    await expect(subscribers.inArea(area, null, 100)).rejects.toThrow(AreaRefused);
  });

  it('comes in pages that neither skip nor repeat anybody', async () => {
    const area = squareArea(0.2, 53.05, 0.2);
    const [first] = await subscribers.inArea(area, null, 1);
    const rest = await subscribers.inArea(area, first?.subscriberId ?? '', 100);
    expect([first, ...rest].map((one) => one?.address).sort()).toEqual([
      'ann@example.org',
      'bob@example.org',
      'eve@example.org',
    ]);
  });

  it('agrees with a point-in-polygon test written another way, for any star and any point', async () => {
    const angles = fc.uniqueArray(fc.integer({ min: 0, max: 359 }), { minLength: 5, maxLength: 12 });
    const radius = fc.double({ min: 0.5, max: 2, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        angles.chain((all) =>
          fc.tuple(
            fc.constant(all.sort((a, b) => a - b)),
            fc.array(radius, { minLength: all.length, maxLength: all.length }),
          ),
        ),
        fc.tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true })),
        async ([turns, radii], [x, y]) => {
          const corners = turns.map((turn, n): [number, number] => {
            const angle = (turn * Math.PI) / 180;
            return [Math.cos(angle) * (radii[n] ?? 1), Math.sin(angle) * (radii[n] ?? 1)];
          });
          const ring = [...corners, corners[0] ?? [0, 0]] as [number, number][];
          const [row] = await test.db.query<{ inside: boolean }>(
            'select $1::point <@ $2::polygon as inside',
            [`(${x},${y})`, `(${ring.map((corner) => `(${corner.join(',')})`).join(',')})`],
          );
          expect(row?.inside).toBe(rayInside([x, y], ring));
        },
      ),
      { numRuns: 60, seed: 20261121 },
    );
  });
});

describe('a suppressed subscriber', () => {
  it('is still found, and marked, so that the report can say why they got nothing', async () => {
    const eve = await subscribers.byAddress('EVE@example.org');
    expect(await subscribers.suppress(eve?.subscriberId ?? '', 'opted-out', 'one-click')).toBe(true);
    expect(await subscribers.suppress(eve?.subscriberId ?? '', 'bounced', '5.1.1')).toBe(false);
    const found = await subscribers.inArea(squareArea(0.2, 53.05, 0.2), null, 100);
    expect(found.find(({ address }) => address === 'eve@example.org')?.suppressed).toBe('opted-out');
  });

  it('stays so through every later import', async () => {
    await load('eve@example.org,en-GB,53.21,0.34,yes');
    expect((await subscribers.byAddress('eve@example.org'))?.suppressed).toBe('opted-out');
  });

  it('may come back after opting out, and not after their address died', async () => {
    const [eve, cat] = [
      await subscribers.byAddress('eve@example.org'),
      await subscribers.byAddress('cat@example.org'),
    ];
    expect(await subscribers.lift(eve?.subscriberId ?? '')).toBe(true);
    await subscribers.suppress(cat?.subscriberId ?? '', 'bounced', '5.1.1');
    expect(await subscribers.lift(cat?.subscriberId ?? '')).toBe(false);
  });
});

describe('a subscriber who is suppressed for a time', () => {
  const person = async (name: string) => {
    await load(`${name}@example.org,en-GB,53.10,0.24,yes`);
    return (await subscribers.byAddress(`${name}@example.org`))?.subscriberId ?? '';
  };
  const now = async (id: string) => (await subscribers.byIds([id])).get(id)?.suppressed;
  /** As if it had been so many days later by the database's clock. */
  const daysPass = (id: string, days: number) =>
    test.db.execute(
      `update ${SCHEMA}.subscriber set suppressed_until = suppressed_until - make_interval(days => $2::integer) where subscriber_id = $1`,
      [id, days],
    );

  it('gets nothing for thirty days, and then everything, with nobody doing anything', async () => {
    const fay = await person('fay');
    expect(await subscribers.suppress(fay, 'bounced', 'mailbox full', 30)).toBe(true);
    await daysPass(fay, 29);
    expect(await now(fay)).toBe('bounced');
    const { suppressed } = await subscribers.count();
    await daysPass(fay, 1);
    expect(await now(fay)).toBeNull();
    expect((await subscribers.count()).suppressed).toBe(suppressed - 1);
    const found = await subscribers.inArea(squareArea(0.2, 53.05, 0.2), null, 100);
    expect(found.find(({ subscriberId }) => subscriberId === fay)?.suppressed).toBeNull();
  });

  it('may be suppressed for a time again afterwards, and not twice at once', async () => {
    const gus = await person('gus');
    await subscribers.suppress(gus, 'bounced', 'full', 30);
    expect(await subscribers.suppress(gus, 'bounced', 'full again', 30)).toBe(false);
    await daysPass(gus, 30);
    expect(await subscribers.suppress(gus, 'bounced', 'full once more', 30)).toBe(true);
    expect(await now(gus)).toBe('bounced');
  });

  it.each(['bounced', 'opted-out', 'complained'] as const)(
    'is so for good once %s for good',
    async (reason) => {
      const hal = await person(`hal-${reason}`);
      await subscribers.suppress(hal, 'bounced', 'full', 30);
      expect(await subscribers.suppress(hal, reason, 'for good')).toBe(true);
      await daysPass(hal, 400);
      expect(await now(hal)).toBe(reason);
    },
  );

  it('for good is never shortened to a time', async () => {
    const ida = await person('ida');
    await subscribers.suppress(ida, 'complained', 'spam');
    expect(await subscribers.suppress(ida, 'bounced', 'full', 30)).toBe(false);
    expect(await now(ida)).toBe('complained');
  });
});

function square(x: number, y: number, size: number): MultiPolygon['coordinates'][number] {
  return squareArea(x, y, size).coordinates[0] ?? [];
}

/** Counts how often a ray to the east crosses the ring. */
function rayInside([x, y]: [number, number], ring: [number, number][]): boolean {
  let inside = false;
  for (let i = 1; i < ring.length; i += 1) {
    const [[ax, ay], [bx, by]] = [ring[i - 1] ?? [0, 0], ring[i] ?? [0, 0]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
