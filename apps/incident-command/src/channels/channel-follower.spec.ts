import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeStream, messageOf } from '#channel/testing';
import { topics } from '#contracts';
import type { Database } from '#postgres';
import { HealthRegistry, silentLog } from '#runtime';
import { mastodon, minute, warningId } from '#warning/testing';
import { usualAccounts } from '../testing/accounts.js';
import { ChannelFollower } from './channel-follower.js';

const TOPIC = topics('exercise').channels;
const incidentId = `inc_${'1'.repeat(32)}`;
const account = { type: 'AccountReported', at: minute(1), ...usualAccounts[0] };
const health = {
  type: 'AccountHealthReported',
  at: minute(2),
  accountId: mastodon,
  channel: 'social',
  health: 'broken',
  detail: '401 The access token is invalid',
};
const gate = {
  type: 'GateInForce',
  at: minute(3),
  incidentId,
  warningId,
  channel: 'sms',
  because: 'cancel',
  version: 1,
};

let stream: FakeStream;
let written: { table: string; params: readonly unknown[] }[];
let write: () => Promise<number>;
let follower: ChannelFollower;
beforeEach(async () => {
  stream = new FakeStream();
  written = [];
  write = () => Promise.resolve(1);
  const db: Pick<Database, 'execute'> = {
    execute: (sql, params = []) => {
      written.push({ table: /into \S+\.(\w+)/.exec(sql)?.[1] ?? sql, params });
      return write();
    },
  };
  follower = new ChannelFollower(db as Database, {
    stream: stream.port,
    mode: 'exercise',
    log: silentLog,
    health: new HealthRegistry(),
  });
  follower.onApplicationBootstrap();
  while (stream.subscribed.length === 0) await new Promise((resolve) => setImmediate(resolve));
});
afterEach(() => follower.onApplicationShutdown());

const hears = (...bodies: (object | string)[]) =>
  stream.deliver(bodies.map((body, n) => messageOf(TOPIC, n, body as Record<string, unknown>)));

describe('what the channels say', () => {
  it('is followed by one group from the beginning of its topic', () =>
    expect(stream.subscribed).toEqual([{ topics: [TOPIC], group: 'incident-command' }]));

  it('of an account is kept with its limits, without what the event says besides', async () => {
    await hears({ ...account, aFieldOfTomorrow: true });
    expect(written.map(({ table }) => table)).toEqual(['channel_row', 'account_row']);
    const [accountId, channel, kept, reportedAt] = written[1]!.params;
    expect([accountId, channel, reportedAt]).toEqual([mastodon, 'social', minute(1)]);
    expect(JSON.parse(String(kept))).toEqual(usualAccounts[0]);
  });

  it('of an account’s health is kept in its own words', async () => {
    await hears(health);
    expect(written[1]).toEqual({
      table: 'account_row',
      params: [mastodon, 'social', 'broken', '401 The access token is invalid', minute(2)],
    });
  });

  it('of a gate is kept with its reason and version: until then a cancel is not in force there', async () => {
    await hears(gate);
    expect(written[1]).toEqual({
      table: 'gate_row',
      params: [warningId, 'sms', 'cancel', 1, minute(3)],
    });
  });

  it('is a sign of life each time, by the channel’s own clock', async () => {
    await hears(account, health, gate);
    expect(written.filter(({ table }) => table === 'channel_row').map(({ params }) => params)).toEqual([
      ['social', minute(1)],
      ['social', minute(2)],
      ['sms', minute(3)],
    ]);
  });
});

describe('a message on the channels’ topic', () => {
  it('that was taken is done', async () => {
    await hears(account, gate);
    expect(stream.exits).toEqual([
      { offset: 0n, exit: 'done' },
      { offset: 1n, exit: 'done' },
    ]);
  });

  it('of a type of tomorrow is skipped by rule, and what follows is taken', async () => {
    await hears({ ...gate, type: 'GateLeaks' }, gate);
    expect(stream.exits.map(({ exit }) => exit)).toEqual(['done', 'done']);
    expect(written.map(({ table }) => table)).toEqual(['channel_row', 'gate_row']);
  });

  it.each<[string, object | string]>([
    ['is no JSON', 'GateInForce'],
    ['names no warning', { ...gate, warningId: 'wrn_1' }],
    ['gives a reason that there is not', { ...gate, because: 'lunch' }],
    ['has an account without limits', { ...account, limits: undefined }],
    ['has a time that is none', { ...health, at: 'this morning' }],
  ])('that %s is parked with the reason, and holds up nothing', async (_, body) => {
    await hears(body, gate);
    expect(stream.exits).toEqual([
      { offset: 0n, exit: 'parked', why: expect.stringMatching(/./) },
      { offset: 1n, exit: 'done' },
    ]);
  });

  it('that cannot be kept now comes again: it is neither done nor parked', async () => {
    write = () => Promise.reject(new Error('the database is away'));
    await expect(hears(account, gate)).rejects.toThrow('the database is away');
    expect(stream.exits).toEqual([]);
  });

  it('is left alone when the partition has moved to another replica', async () => {
    stream.stopping.abort();
    await hears(account);
    expect([stream.exits, written]).toEqual([[], []]);
  });

  it('comes no more after the process stopped', async () => {
    await follower.onApplicationShutdown();
    expect(stream.closed).toBeGreaterThan(0);
  });
});
