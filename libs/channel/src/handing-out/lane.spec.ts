import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lane } from './lane.js';

/** Lets everything go on that waits for nothing but its turn. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the workers of a lane', () => {
  it('are two, and whoever comes third waits until one is free', async () => {
    const lane = new Lane();
    const began: number[] = [];
    const begin = async (n: number) => {
      const giveBack = await lane.turn(false);
      began.push(n);
      return giveBack;
    };
    const turns = [begin(1), begin(2), begin(3)];
    await settle();
    expect(began).toEqual([1, 2]);
    (await turns[0]!)();
    await settle();
    expect(began).toEqual([1, 2, 3]);
  });

  it('take the first window of a new warning before the later ones of a long list', async () => {
    const lane = new Lane(1);
    const began: string[] = [];
    const busy = await lane.turn(true);
    for (const name of ['later 1', 'later 2', 'first of a new warning']) {
      void lane.turn(name.startsWith('first')).then((giveBack) => {
        began.push(name);
        giveBack();
      });
    }
    busy();
    await settle();
    expect(began).toEqual(['first of a new warning', 'later 1', 'later 2']);
  });

  it('are not more because a turn was given back twice', async () => {
    const lane = new Lane(1);
    const giveBack = await lane.turn(false);
    giveBack();
    giveBack();
    await lane.turn(false);
    let tookAnother = false;
    void lane.turn(false).then(() => (tookAnother = true));
    await settle();
    expect(tookAnother).toBe(false);
  });

  it('are never more than there are, and nobody waits for ever, in whatever order they come and go', async () => {
    const story = fc.array(fc.record({ isFirst: fc.boolean(), steps: fc.integer({ min: 1, max: 5 }) }), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), story, async (workers, windows) => {
        const lane = new Lane(workers);
        let now = 0;
        let most = 0;
        const ended = await Promise.all(
          windows.map(async ({ isFirst, steps }) => {
            const giveBack = await lane.turn(isFirst);
            most = Math.max(most, (now += 1));
            for (let step = 0; step < steps; step += 1) await Promise.resolve();
            now -= 1;
            giveBack();
          }),
        );
        expect(ended).toHaveLength(windows.length);
        expect(most).toBe(Math.min(workers, windows.length));
      }),
      { seed: 20261121 },
    );
  });
});
