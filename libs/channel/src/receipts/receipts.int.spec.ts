import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryId } from '#contracts';
import { FakeSender, issued, ListWorld, listTexts, warning } from '../testing/index.js';
import type { ListChannelService } from '../service/list-channel.js';
import type { ReceiptKind } from './receipts.js';

let world: ListWorld;
let post: FakeSender;
let service: ListChannelService;

beforeEach(async () => {
  world = await ListWorld.open('email');
  post = new FakeSender('email');
  service = await world.service(post, { receipts: ['delivered', 'bounced'], silentAfterMs: 72 * 3_600_000 });
  await world.subscribe('ann@example.org,en-GB,53.10,0.24,yes', 'bob@example.org,en-GB,53.10,0.24,yes');
  await service.start();
});
afterEach(() => world.close());

async function warned(): Promise<DeliveryId[]> {
  const composed = listTexts('email', 1);
  await world.publish(
    issued({ at: world.clock.now(), expiresAt: world.clock.in(60_000), severity: 'Minor', composed }),
  );
  await world.settled();
  return post.taken.map(({ deliveryId }) => deliveryId);
}
const add = (kind: ReceiptKind, ...ids: DeliveryId[]) =>
  service.receipts.add(
    ids.map((deliveryId) => ({ deliveryId, kind, at: world.clock.now(), detail: 'told' })),
  );
const told = async (count: number) =>
  (
    await world.until(
      () => world.facts('ReceiptsCounted'),
      (facts) => facts.length >= count,
    )
  ).at(-1);

describe('receipts', () => {
  it('are counted whole, repeats and all, and what a channel cannot know is null', async () => {
    const [ann, bob] = await warned();
    if (ann === undefined || bob === undefined) throw new Error('two people were to be warned');
    await add('delivered', ann, ann);
    await add('delivered', ann);
    expect(await told(1)).toMatchObject({ delivered: 1, bounced: 0, undelivered: null, complained: null });
    await add('delivered', bob);
    expect(await told(2)).toMatchObject({ delivered: 2 });
  });

  it('that come late never undo a later fact', async () => {
    const [ann] = await warned();
    if (ann === undefined) throw new Error('somebody was to be warned');
    expect(await add('bounced', ann)).toBe(1);
    expect(await add('delivered', ann)).toBe(0);
    expect(await told(1)).toMatchObject({ bounced: 1, delivered: 0 });
  });

  it('of deliveries that never were change nothing', async () => {
    expect(await add('bounced', `dlv_${'0'.repeat(32)}` as DeliveryId)).toBe(0);
  });

  it('that a killed process had kept and not told yet are told by the next one, and only once', async () => {
    const [ann, bob] = await warned();
    if (ann === undefined || bob === undefined) throw new Error('two people were to be warned');
    await add('delivered', ann);
    expect(await told(1)).toMatchObject({ delivered: 1 });
    await world.test.db.execute(
      `insert into channel_email.receipt values ($1, 'bounced', clock_timestamp(), 'told to nobody')`,
      [bob],
    );
    for (const _ of [1, 2]) {
      const next = await world.service(post, { receipts: ['delivered', 'bounced'] });
      await next.start();
      expect(await told(2)).toMatchObject({ delivered: 1, bounced: 1 });
      await next.close();
    }
    expect(await world.facts('ReceiptsCounted')).toHaveLength(2);
  });

  it('that cannot be looked at keep nobody from being warned meanwhile, and are told once they can', async () => {
    const [ann] = await warned();
    if (ann === undefined) throw new Error('somebody was to be warned');
    await world.test.db.execute(
      `insert into channel_email.receipt values ($1, 'bounced', clock_timestamp(), 'told to nobody')`,
      [ann],
    );
    const next = await world.service(post, { receipts: ['delivered', 'bounced'] });
    await world.test.db.execute('alter table channel_email.receipt rename to receipt_away');
    await next.start();
    await world.test.db.execute('alter table channel_email.receipt_away rename to receipt');
    expect(await told(1)).toMatchObject({ bounced: 1 });
    await next.close();
  });

  it('that never come are counted once the time for them is over, and one that comes later still counts', async () => {
    const [ann, bob] = await warned();
    if (ann === undefined || bob === undefined) throw new Error('two people were to be warned');
    await add('delivered', ann);
    await service.receipts.tellSilent();
    expect(await told(1)).toMatchObject({ delivered: 1, noReceipt: null });
    await world.test.db.execute(
      `update channel_email.sending set send_until = clock_timestamp() - interval '71 hours'`,
    );
    await service.receipts.tellSilent();
    await world.test.db.execute(
      `update channel_email.sending set send_until = clock_timestamp() - interval '73 hours'`,
    );
    await service.receipts.tellSilent();
    expect(await told(2)).toMatchObject({ delivered: 1, noReceipt: 1 });
    await service.receipts.tellSilent(); // told already
    await add('delivered', bob);
    expect(await told(3)).toMatchObject({ delivered: 2, noReceipt: 0 });
    await service.receipts.close(); // tells what waits to be told
    expect(await world.facts('ReceiptsCounted')).toHaveLength(3);
  });

  it('that never come for anybody are counted too, but only of messages that were accepted', async () => {
    post.behave = ({ address }) =>
      address.startsWith('ann')
        ? undefined // accepted
        : { outcome: 'refused', reason: 'gone', detail: 'no such mailbox' };
    await warned();
    await world.test.db.execute(
      `update channel_email.sending set send_until = clock_timestamp() - interval '4 days'`,
    );
    await service.receipts.tellSilent();
    expect(await told(1)).toMatchObject({ delivered: 0, noReceipt: 1 });
  });

  it('settle a delivery that was unknown: it arrived, and the mark stays', async () => {
    post.behave = () => ({ outcome: 'unknown', detail: 'connection reset' });
    const ids = await warned();
    expect(await world.states()).toEqual({ unknown: 2 });
    await add('delivered', ...ids);
    expect(await world.states()).toEqual({ accepted: 2 });
    const reports = await world.until(
      () => world.facts('ChunkReported'),
      (facts) => (facts.at(-1)?.['counts'] as Record<string, number> | undefined)?.['accepted'] === 2,
    );
    expect(reports.at(-1)?.['counts']).toMatchObject({ unknown: 0, wasUnknown: 2 });
  });

  it('settle no doubt when they only say that a later try was refused', async () => {
    post.behave = () => ({ outcome: 'unknown', detail: 'connection reset' });
    const [deliveryId] = await warned();
    const refused = {
      deliveryId: deliveryId!,
      kind: 'undelivered',
      at: world.clock.now(),
      detail: '552 5.2.2',
    } as const;
    await service.receipts.add([refused], { taken: false });
    expect(await world.states()).toEqual({ unknown: 2 });
  });

  it('tell of one sending alone how many it had accepted, and how many came back with such evidence', async () => {
    const [ann, bob] = await warned();
    const at = world.clock.now();
    const expiresAt = world.clock.in(60_000);
    await world.publish(
      issued({ warningId: warning(2), at, expiresAt, severity: 'Minor', composed: listTexts('email', 1) }),
    );
    await world.until(
      () => post.taken.length,
      (taken) => taken === 4,
    );
    const back = (deliveryId: DeliveryId | undefined, detail: string) =>
      ({ deliveryId: deliveryId!, kind: 'bounced', at, detail }) as const;
    const ofAnother = post.taken.at(-1)?.deliveryId;
    await service.receipts.add([back(ann, 'hard 5.1.1'), back(bob, 'soft hard'), back(ofAnother, 'hard')]);
    const place = await service.receipts.placeOf(ann!);
    expect(await service.receipts.returnedOf(place!, 'hard')).toEqual({ accepted: 2, returned: 1 });
    expect(await service.receipts.placeOf(`dlv_${'0'.repeat(32)}` as DeliveryId)).toBeUndefined();
  });
});
