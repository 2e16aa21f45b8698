import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WarningEvent, WarningId } from '#contracts';
import type { Outcome } from '../adapter/outcome.js';
import {
  cancelled,
  FakePlatform,
  FakeSender,
  issued,
  ListWorld,
  listTexts,
  SocialWorld,
  warning,
  type World,
} from '../testing/index.js';

/** What happens to a message: taken, refused, lost on the way there, or taken without an answer. */
type Fate = 'taken' | 'refused' | 'lost there' | 'lost after it was taken';
const REFUSED: Outcome = { outcome: 'refused', reason: 'policy', detail: '550 5.7.1' };
const LOST: Outcome = { outcome: 'unknown', detail: 'connection reset' };

/** Waits until every plan of the warning is complete and nothing of it is pending. */
async function quiet(
  world: Pick<World<never>, 'until' | 'test' | 'schema'>,
  warningId: WarningId,
  plans: number,
) {
  await world.until(
    () =>
      world.test.db.query<{ open: number; plans: number }>(
        `select (select count(*) from ${world.schema}.plan where warning_id = $1 and not done)::int
           + (select count(*) from ${world.schema}.delivery where warning_id = $1 and state in ('planned', 'deferred'))::int as open,
           (select count(*) from ${world.schema}.plan where warning_id = $1)::int as plans`,
        [warningId],
      ),
    ([row]) => row?.open === 0 && row.plans === plans,
  );
}

/**
 * A channel that fails at the warning, at its update or at its cancel, in every combination (DESIGN §3 P7): the cancel arrives where
 * anything arrived or may have, and nowhere else.
 */
describe('one person on a list', () => {
  let world: ListWorld;
  let post: FakeSender;
  let next = 1;
  beforeAll(async () => {
    world = await ListWorld.open('email');
    post = new FakeSender('email');
    const service = await world.service(post);
    await world.subscribe('ann@example.org,en-GB,53.10,0.24,yes');
    await service.start();
  }, 60_000);
  afterAll(() => world.close());

  const FATES: readonly Fate[] = ['taken', 'refused', 'lost there', 'lost after it was taken'];
  const stories = FATES.flatMap((first) => FATES.map((update) => [first, update] as const));

  it.each(stories)('the warning is %s, its update %s: the cancel', async (first, update) => {
    const warningId = warning(next++);
    const [from, arrived] = [post.taken.length, [] as string[]];
    post.behave = (_, { sending: { act, version } }) => {
      const fate: Fate = act === 'cancel' ? 'taken' : version === 1 ? first : update;
      const name = act === 'cancel' ? 'cancel' : `v${version}`;
      if (fate === 'taken' || fate === 'lost after it was taken') arrived.push(name);
      return fate === 'refused' ? REFUSED : fate === 'taken' ? undefined : LOST;
    };
    const at = () => ({
      at: world.clock.now(),
      expiresAt: world.clock.in(60_000),
      severity: 'Minor' as const,
    });
    const tell = async (event: Parameters<ListWorld['publish']>[0], plans: number) => {
      await world.publish(event);
      await quiet(world, warningId, plans);
    };
    await tell(issued({ warningId, ...at(), composed: listTexts('email', 1) }), 1);
    await tell(issued({ warningId, version: 2, ...at(), composed: listTexts('email', 2) }), 2);
    await tell(cancelled({ warningId, version: 2, at: world.clock.now() }), 3);

    const sent = post.taken.slice(from).filter(({ act, version }) => act === 'issue' && version === 2);
    const variant = first === 'taken' ? 'thread' : 'alone';
    if (update !== 'refused') expect(sent.map(({ text }) => text)).toEqual([`Flooding. v2 ${variant} en-GB`]);
    const mayHave = [first, update].some((fate) => fate !== 'refused');
    expect(arrived.filter((name) => name === 'cancel')).toHaveLength(mayHave ? 1 : 0);
    if (arrived.length > 0) expect(arrived.at(-1)).toBe('cancel'); // wherever anything arrived, the last word is that it is withdrawn
  });

  it.each(['refused', 'lost after it was taken'] as const)(
    'a cancel that is %s is recorded as that, and one that was lost goes once more and no third time',
    async (fate) => {
      const warningId = warning(next++);
      let cancels = 0;
      post.behave = (_, { sending: { act } }) => {
        if (act !== 'cancel') return undefined;
        cancels += 1;
        return fate === 'refused' ? REFUSED : LOST;
      };
      const first = { at: world.clock.now(), expiresAt: world.clock.in(60_000), severity: 'Minor' as const };
      await world.publish(issued({ warningId, ...first, composed: listTexts('email', 1) }));
      await quiet(world, warningId, 1);
      await world.publish(cancelled({ warningId, at: world.clock.now() }));
      await quiet(world, warningId, 2);
      const [row] = await world.test.db.query(
        `select state, unknowns from ${world.schema}.delivery where warning_id = $1 and act = 'cancel'`,
        [warningId],
      );
      expect([cancels, row]).toEqual(
        fate === 'refused' ? [1, { state: 'refused', unknowns: 0 }] : [2, { state: 'unknown', unknowns: 2 }],
      );
    },
  );
});

describe('one social account', () => {
  let world: SocialWorld;
  let platform: FakePlatform;
  let next = 1;
  beforeAll(async () => {
    world = await SocialWorld.open();
    platform = new FakePlatform();
    const service = await world.service([platform]);
    await service.start();
  }, 60_000);
  afterAll(() => world.close());

  const FATES = ['taken', 'refused', 'lost there', 'lost after it was taken'] as const;
  const stories = FATES.flatMap((first) => FATES.map((update) => [first, update] as const));

  it.each(stories)('the warning is %s, its update %s: the cancel', async (first, update) => {
    const warningId = warning(next++);
    const from = platform.posts.length;
    const tried = new Map<string, number>();
    platform.behave = ({ act, version }) => {
      const fate: Fate = act === 'cancel' ? 'taken' : version === 1 ? first : update;
      const name = `${act} ${version}`;
      tried.set(name, (tried.get(name) ?? 0) + 1);
      if (fate === 'refused') return REFUSED;
      if (fate === 'taken' || (tried.get(name) ?? 0) > 1) return undefined; // lost once, then it is found or made
      return fate === 'lost there' ? 'lost-request' : 'lost-reply';
    };
    const tell = async (event: WarningEvent, plans: number) => {
      await world.publish(event as Parameters<SocialWorld['publish']>[0]);
      await quiet(world, warningId, plans);
    };
    await tell(world.issued(1, { warningId }), 1);
    await tell(world.issued(2, { warningId }), 2);
    await tell(cancelled({ warningId, version: 2, at: world.clock.now() }), 3);

    const texts = platform.posts.slice(from).map(({ text }) => text);
    // The platform is looked at after a lost reply: each stands once, and what was refused does not.
    const expected = [
      ...(first === 'refused' ? [] : ['v1 first 1']),
      ...(update === 'refused' ? [] : [first === 'refused' ? 'v2 alone 1' : 'v2 thread 1']),
      ...(first === 'refused' && update === 'refused' ? [] : ['withdrawn v2']),
    ];
    expect(texts).toEqual(expected);
  });
});
