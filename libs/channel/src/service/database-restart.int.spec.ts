import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sleep } from '#runtime';
import type { ListChannelService } from './list-channel.js';
import { FakeSender, issued, ListWorld, listTexts } from '../testing/index.js';

let world: ListWorld;
let post: FakeSender;
let service: ListChannelService;

beforeEach(async () => {
  world = await ListWorld.open('email');
  post = new FakeSender('email');
  service = await world.service(post);
  await world.subscribe(
    ...Array.from({ length: 10 }, (_, n) => `p${n}@example.org,en-GB,53.1,0.2${n + 1},yes`),
  );
});
afterEach(() => world.close());

/** Ends every other session of the database at the moment that a statement on the deliveries is under way, as a restart does. */
async function restart(): Promise<void> {
  await world.test.db.tx(async (tx) => {
    await tx.execute(`lock table ${world.schema}.delivery in share mode`);
    answer();
    const waiting = `select 1 from pg_locks where not granted and relation = '${world.schema}.delivery'::regclass`;
    while ((await tx.query(waiting)).length === 0) await sleep(5);
    await tx.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
  });
}
let answer: () => void;

describe('a database that restarts while the outcomes of a window are written', () => {
  it.each(['Extreme', 'Minor'] as const)(
    'leaves nobody of a warning that is %s in doubt: everybody has one message, and the record says so',
    async (severity) => {
      const answered = new Promise<void>((resolve) => (answer = resolve));
      let asked = 0;
      post.behave = async () => void ((asked += 1), await answered);
      await service.start();
      const [at, expiresAt] = [world.clock.now(), world.clock.in(60_000)];
      await world.publish(issued({ at, expiresAt, severity, composed: listTexts('email', 1) }));
      await world.until(
        () => asked,
        (seen) => seen > 0,
      );
      await restart();
      expect(await world.settled()).toEqual({ accepted: 10 });
      const counts = await world.until(
        async () => (await world.facts('ChunkReported')).at(-1)?.['counts'],
        (seen) => seen !== undefined && (seen as { pending: number }).pending === 0,
      );
      expect(counts).toMatchObject({ accepted: 10, unknown: 0, wasUnknown: 0 });
      expect(new Set(post.taken.map(({ to }) => to)).size).toBe(10);
      expect(post.taken).toHaveLength(10);
    },
    60_000,
  );
});
