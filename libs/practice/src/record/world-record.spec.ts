import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Arrival, Channel, Fact, MailFact, PostFact, RefusalFact } from './facts.js';
import { WorldRecord } from './world-record.js';

const AT = '2026-11-21T12:00:00.000Z';
const post = (text: string): PostFact => ({
  fact: 'post',
  channel: 'mastodon',
  at: AT,
  to: 'county',
  id: text,
  ordinal: 1,
  text,
  more: {},
});
const refusal = (to: string): RefusalFact => ({
  fact: 'refusal',
  channel: 'email',
  at: AT,
  to,
  answer: '550 5.1.1 User unknown',
});
const mail = (to: string): MailFact => ({
  fact: 'mail',
  channel: 'email',
  at: AT,
  to,
  key: `<${to}>`,
  from: 'b@bounce.example',
  subject: 'FLOOD',
  text: 'x',
  raw: { offset: 0, bytes: 1 },
  id: 'M0',
});
const owed = (id: string): Fact => ({
  fact: 'owed',
  channel: 'sms',
  id,
  what: 'DELIVRD',
  dueAt: 0,
  to: 'a',
  from: 'b',
  about: id,
});

describe('the memory of the world', () => {
  let dataDir: string;
  let record: WorldRecord;

  async function open(): Promise<Fact[]> {
    const facts: Fact[] = [];
    record = await WorldRecord.open(dataDir);
    await record.recall((fact) => facts.push(fact));
    return facts;
  }
  async function arrivals(channel?: Channel, from?: number): Promise<Arrival[]> {
    const found: Arrival[] = [];
    for await (const arrival of record.arrivals(channel, from)) found.push(arrival);
    return found;
  }
  const append = (...facts: Fact[]) => Promise.all(facts.map((fact) => record.append(fact)));

  beforeEach(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'larum-record-')), 'not', 'yet', 'there');
    await open();
  });
  afterEach(async () => {
    await record.close();
    await rm(join(dataDir, '../../..'), { recursive: true });
  });

  it('makes its folder, for its owner alone', async () => {
    expect((await stat(dataDir)).mode & 0o077).toBe(0);
    expect((await stat(join(dataDir, 'world.jsonl'))).mode & 0o077).toBe(0);
  });

  it('tells every fact to the next run, and counts the same', async () => {
    const facts = [post('one'), owed('1'), mail('ann@example.org'), refusal('bob@example.org'), post('two')];
    await append(...facts);
    const counts = record.counts();
    await record.close();
    expect(await open()).toEqual(facts);
    expect(record.counts()).toEqual(counts);
    expect(counts).toMatchObject({ mastodon: { arrived: 2, refused: 0 }, email: { arrived: 1, refused: 1 } });
  });

  it('shows what came from outside, and not what it only remembers for itself', async () => {
    await append(post('one'), owed('1'), owed('2'), mail('ann@example.org'));
    expect(await arrivals()).toEqual([post('one'), mail('ann@example.org')]);
  });

  it('shows one channel, or all from a position on', async () => {
    await append(post('one'), mail('ann@example.org'), post('two'), mail('bob@example.org'));
    expect(await arrivals('email')).toEqual([mail('ann@example.org'), mail('bob@example.org')]);
    expect(await arrivals(undefined, 2)).toEqual([post('two'), mail('bob@example.org')]);
    expect(await arrivals('mastodon', 1)).toEqual([post('two')]);
    expect(await arrivals('sms')).toEqual([]);
    expect(await arrivals(undefined, 99)).toEqual([]);
  });

  it('shows the newest first, and the ones before them', async () => {
    await append(...['one', 'two', 'three', 'four'].map(post), mail('ann@example.org'));
    const texts = async (...asked: Parameters<WorldRecord['newest']>) =>
      (await record.newest(...asked)).map(
        ({ position, arrival }) =>
          `${position} ${arrival.to === 'county' ? (arrival as PostFact).text : arrival.to}`,
      );
    expect(await texts(2)).toEqual(['4 ann@example.org', '3 four']);
    expect(await texts(2, 'mastodon')).toEqual(['3 four', '2 three']);
    expect(await texts(2, 'mastodon', 2)).toEqual(['1 two', '0 one']);
    expect(await texts(9, 'sms')).toEqual([]);
  });

  it('gives one arrival by its position, and nothing where there is none', async () => {
    await append(post('one'));
    expect(await record.arrival(0)).toEqual(post('one'));
    for (const position of [1, -1, 0.5, NaN]) expect(await record.arrival(position)).toBeUndefined();
  });

  it('reads everything in order, however much there is and whatever lies between', async () => {
    const count = 3_000;
    await append(
      ...Array.from({ length: count }, (_, n) => [post(`Rhybudd ŵ ${n}`), owed(String(n))]).flat(),
    );
    expect((await arrivals()).map((each) => (each as PostFact).text)).toEqual(
      Array.from({ length: count }, (_, n) => `Rhybudd ŵ ${n}`),
    );
  });

  it('keeps mails to the octet', async () => {
    const octets = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    const spans = await Promise.all([record.appendMail(Buffer.from('first')), record.appendMail(octets)]);
    expect(await record.readMail(spans[1])).toEqual(octets);
    expect((await record.readMail(spans[0])).toString()).toBe('first');
  });
});
