import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Instant, WarningEvent, WarningId } from '#contracts';
import {
  bob,
  cancelled,
  FakeSender,
  flood,
  issued,
  ListWorld,
  listTexts,
  warning,
} from '../testing/index.js';

let world: ListWorld;
let post: FakeSender;
let next = 100;

beforeAll(async () => {
  world = await ListWorld.open('email');
  post = new FakeSender('email');
  const service = await world.service(post);
  await world.subscribe(
    ...Array.from(
      { length: 12 },
      (_, n) => `p${n}@example.org,en-GB,53.1,${(0.21 + n / 1000).toFixed(3)},yes`,
    ),
  );
  await service.start();
}, 60_000);
afterAll(() => world.close());

type Told = 'v1' | 'v2' | 'v3' | 'cancel 1' | 'cancel 2' | 'expiry 1';

/** The event as incident-command would publish it. Of the last version, an all-clear. */
function eventOf(told: Told, warningId: WarningId): WarningEvent & { at: Instant } {
  const at = world.clock.now();
  const version = Number(told.at(-1));
  if (told.startsWith('cancel')) return cancelled({ warningId, version, at });
  if (told.startsWith('expiry'))
    return { type: 'WarningExpired', warningId, incidentId: flood, by: bob, at, version };
  const message = version === 3 ? ({ message: 'all-clear' } as const) : {};
  const expiresAt = world.clock.in(600_000);
  return issued({ warningId, version, at, expiresAt, composed: listTexts('email', version), ...message });
}

/** Every row of the warning, once its plans are complete and nothing of it is pending. */
async function settled(warningId: WarningId) {
  await world.until(
    () =>
      world.test.db.query(
        `select 1 from ${world.schema}.plan where warning_id = $1 and not done
         union all select 1 from ${world.schema}.delivery where warning_id = $1 and state in ('planned', 'deferred')`,
        [warningId],
      ),
    (open) => open.length === 0,
  );
  return world.test.db.query<{ version: number; act: string; target: string; state: string }>(
    `select version, act, target, state from ${world.schema}.delivery where warning_id = $1`,
    [warningId],
  );
}

/** Kafka may repeat and reorder, also what is about one warning (DESIGN §2). */
describe('events about one warning', () => {
  const story = fc
    .tuple(
      fc.shuffledSubarray<Told>(['v1', 'v2', 'v3', 'cancel 1', 'cancel 2', 'expiry 1'], { minLength: 1 }),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    )
    .map(([order, comeTwice]): Told[] => [...order, ...order.filter((_, n) => comeTwice[n] === true)]);

  it('in any order and number leave everybody in one final state, and nobody with what was withdrawn before it left', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const warningId = warning(next++);
        const from = post.taken.length;
        const known = new Map<Told, WarningEvent & { at: Instant }>();
        for (const one of told) {
          const event = known.get(one) ?? eventOf(one, warningId);
          known.set(one, event);
          await world.publish(event);
        }
        await world.until(
          () => world.test.db.query(`select 1 from ${world.schema}.plan where warning_id = $1`, [warningId]),
          (plans) => plans.length === [...known.keys()].filter((one) => !one.startsWith('expiry')).length,
        );
        const rows = await settled(warningId);
        const sent = post.taken.slice(from);

        // Once: no message twice, whatever was repeated.
        expect(new Set(sent.map(({ deliveryId }) => deliveryId)).size).toBe(sent.length);
        // What a cancel came before never left.
        const cancelledThrough = (position: number) =>
          Math.max(
            0,
            ...told
              .slice(0, position)
              .flatMap((one) => (one.startsWith('cancel') ? [Number(one.at(-1))] : [])),
          );
        for (const version of [1, 2, 3]) {
          const came = told.indexOf(`v${version}` as Told);
          if (came >= 0 && cancelledThrough(came) >= version)
            expect(sent.filter((one) => one.version === version && one.act === 'issue')).toEqual([]);
          // Nor an older version after a newer one.
          const newer = told.findIndex((one) => one.startsWith('v') && Number(one.at(-1)) > version);
          if (came >= 0 && newer >= 0 && newer < came)
            expect(sent.filter((one) => one.version === version && one.act === 'issue')).toEqual([]);
        }
        // Whoever got a version that was cancelled was told so.
        const gotIt = rows.filter(({ act, state }) => act === 'issue' && state === 'accepted');
        const through = cancelledThrough(told.length);
        const withdrawn = new Set(
          rows
            .filter(({ act, state }) => act === 'cancel' && state === 'accepted')
            .map(({ target }) => target),
        );
        for (const { version, target } of gotIt) if (version <= through) expect(withdrawn).toContain(target);
      }),
      { numRuns: 25, seed: 20261121, endOnFailure: true },
    );
  }, 240_000);
});
