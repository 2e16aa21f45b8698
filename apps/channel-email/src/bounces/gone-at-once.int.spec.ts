import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ListChannelService } from '#channel';
import { FakeSender, issued, ListWorld, listTexts, type Taken } from '#channel/testing';
import { silentLog } from '#runtime';
import { BounceDesk } from './bounce-desk.js';

const PEOPLE = Array.from({ length: 100 }, (_, n) => `p${n}@example.org`);
let world: ListWorld;
let post: FakeSender;
let service: ListChannelService;
let desk: BounceDesk;
let told: string[];

beforeEach(async () => {
  world = await ListWorld.open('email');
  post = new FakeSender('email');
  service = await world.service(post);
  await world.subscribe(...PEOPLE.map((address) => `${address},en-GB,53.10,0.24,yes`));
  await service.start();
  const at = world.clock.now();
  await world.publish(
    issued({ at, expiresAt: world.clock.in(60_000), severity: 'Minor', composed: listTexts('email', 1) }),
  );
  await world.settled();
  told = [];
  const log = { ...silentLog, error: (_: unknown, sentence: string) => void told.push(sentence) };
  desk = new BounceDesk(service.receipts, service.subscribers, { clock: world.clock, log });
});
afterEach(async () => {
  await world.close();
});

const comesBack = ({ deliveryId, to }: Taken) =>
  desk.take(deliveryId, {
    kind: 'hard',
    status: '5.1.1',
    recipient: to,
    detail: '550 5.1.1 The email account that you tried to reach does not exist',
  });
async function givenUp(): Promise<number> {
  const [row] = await world.test.db.query<{ n: number }>(
    `select count(*)::int as n from channel_email.subscriber where suppressed = 'bounced'`,
  );
  return row!.n;
}
const counted = (bounced: number) =>
  world.until(
    () => world.facts('ReceiptsCounted'),
    (facts) => facts.at(-1)?.['bounced'] === bounced,
  );

describe('a hundred people were warned, and reports say that their addresses are gone', () => {
  it('of three: they are given up', async () => {
    for (const one of post.taken.slice(0, 3)) await comesBack(one);
    expect(await givenUp()).toBe(3);
    expect(told).toEqual([]);
  });

  it.each([
    [
      'one after another',
      (all: Taken[]) => all.reduce((last, one) => last.then(() => comesBack(one)), Promise.resolve()),
    ],
    ['all at once', (all: Taken[]) => Promise.all(all.map(comesBack))],
  ])(
    'of sixty, %s: a fifth at the most is given up, all are counted, and it is said once',
    async (_, come) => {
      await come(post.taken.slice(0, 60));
      expect(await givenUp()).toBeLessThanOrEqual(20);
      await counted(60);
      expect(told).toEqual([
        'so many addresses of one warning are called gone that none more is given up: look at it',
      ]);
    },
  );
});
