import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sleep } from '#runtime';
import { cancelled, FakeSender, issued, ListWorld, listTexts } from '../testing/index.js';

let world: ListWorld;
let post: FakeSender;
let answer: () => void;
let asked: number;

/** One person, whose window is on its way to a sender that takes its time and then says: not now, in a minute. */
beforeEach(async () => {
  world = await ListWorld.open('email');
  post = new FakeSender('email');
  const answered = new Promise<void>((resolve) => (answer = resolve));
  asked = 0;
  post.behave = async (_, { sending }) => {
    if (sending.act === 'cancel' || sending.version === 2) return undefined;
    asked += 1;
    await answered;
    return { outcome: 'deferred', until: world.clock.in(60_000), scope: 'recipient' };
  };
  const service = await world.service(post);
  await world.subscribe('ann@example.org,en-GB,53.10,0.24,yes');
  await service.start();
  await world.publish(version(1));
  await world.until(
    () => asked,
    (seen) => seen === 1,
  );
});
afterEach(() => world.close());

const version = (number: number) => {
  const [at, expiresAt] = [world.clock.now(), world.clock.in(3_600_000)];
  return issued({ version: number, at, expiresAt, composed: listTexts('email', number) });
};

describe('what a window puts off after the gate was shut', () => {
  it.each<[string, () => Parameters<ListWorld['publish']>[0]]>([
    ['a cancel', () => cancelled({ at: world.clock.now() })],
    ['the next version', () => version(2)],
  ])('by %s ends at once, and waits for nothing', async (_, shuts) => {
    const before = (await world.facts('GateInForce')).length;
    await world.publish(shuts());
    await world.until(
      () => world.facts('GateInForce'),
      (facts) => facts.length > before,
    );
    await sleep(1_000); // whatever waited then has been woken
    answer();
    await world.until(
      () =>
        world.test.db.query(
          `select 1 from ${world.schema}.chunk join ${world.schema}.delivery using (warning_id, version, act, chunk)
           where version = 1 and act = 'issue' and done and state = 'cancelled'`,
        ),
      (rows) => rows.length === 1,
      20_000, // else it waits for a minute
    );
    expect([asked, post.taken.filter((one) => one.version === 1 && one.act === 'issue')]).toEqual([1, []]);
  });
});
