import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeSender, issued, ListWorld, listTexts } from '../testing/index.js';

let world: ListWorld;
let post: FakeSender;

beforeEach(async () => {
  world = await ListWorld.open('email');
  post = new FakeSender('email');
});
afterEach(() => world.close());

const version = (number: number, wish: object = {}) =>
  issued({
    version: number,
    at: world.clock.now(),
    expiresAt: world.clock.in(60_000),
    composed: listTexts('email', number),
    ...wish,
  });

describe('a warning on a list channel', () => {
  it('reaches everybody in its area and nobody outside', async () => {
    const service = await world.service(post);
    await world.subscribe(
      'ann@example.org,en-GB,53.10,0.24,yes',
      'bob@example.org,en-GB,53.12,0.25,yes',
      'cat@example.org,en-GB,51.50,-0.12,yes',
      'dan@example.org,en-GB,,,yes',
    );
    await service.start();
    await world.publish(version(1));
    expect(await world.settled()).toEqual({ accepted: 2 });
    expect(post.arrived()).toEqual([
      'ann@example.org: Flooding. v1 first en-GB',
      'bob@example.org: Flooding. v1 first en-GB',
    ]);
    const [plan] = await world.until(
      () => world.facts('PlanReported'),
      (facts) => facts.length > 0,
    );
    expect(plan).toMatchObject({ recipients: 2, chunks: 1, withoutPoint: 1, complete: true });
    const reports = await world.until(
      () => world.facts('ChunkReported'),
      (facts) => facts.length > 0,
    );
    expect(reports.at(-1)?.['counts']).toMatchObject({ planned: 2, pending: 0, accepted: 2, wasUnknown: 0 });
  });
});
