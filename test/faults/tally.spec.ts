import { describe, expect, it } from '@jest/globals';
import type { MailFact, PostFact, TextFact } from '#practice';
import { MOST_IN_DOUBT, tally, type DeliveryRow, type Evidence, type TalliedStep } from './tally.js';

const at = '2026-11-21T10:00:00.000Z';
const id = (n: number) => `dlv_${String(n).padStart(32, '0')}`;
const row = (n: number, changed: Partial<DeliveryRow> = {}): DeliveryRow => ({
  channel: 'email',
  deliveryId: id(n),
  version: 1,
  act: 'issue',
  target: `sub ${n}`,
  state: 'accepted',
  unknowns: 0,
  refId: null,
  ...changed,
});
const mail = (n: number): MailFact => ({
  fact: 'mail',
  channel: 'email',
  at,
  to: `p${n}@example.org`,
  key: `<${id(n)}@north-wales.example>`,
  from: 'warnings@north-wales.example',
  subject: 'Flood',
  text: 'Flood',
  raw: { offset: 0, bytes: 1 },
  id: String(n),
});
const text = (to: string, key: string): TextFact => ({
  fact: 'text',
  channel: 'sms',
  at,
  to,
  from: '447700900999',
  text: 'Flood',
  encoding: 'gsm7',
  parts: 1,
  ids: ['1'],
  key,
});
const post = (postId: string): PostFact => ({
  fact: 'post',
  channel: 'mastodon',
  at,
  to: 'county_warnings',
  id: postId,
  ordinal: 1,
  text: 'Flood',
  more: {},
});
const nobody: Evidence['inside'] = { email: new Set(), sms: new Set() };
const broken = (given: Partial<Evidence>, steps: readonly TalliedStep[] = ['version 1']) =>
  tally({ rows: [], arrived: [], texts: new Map(), inside: nobody, ...given }, steps).broken;

describe('what a crash is judged by', () => {
  it('nothing is broken when everybody in the area got it once, or is on record as refused', () => {
    const inside = { email: new Set(['sub 1', 'sub 2']), sms: new Set<string>() };
    expect(broken({ rows: [row(1), row(2, { state: 'refused' })], arrived: [mail(1)], inside })).toEqual([]);
  });

  it('somebody in the area without a row is lost', () => {
    const inside = { email: new Set(['sub 1', 'sub 2']), sms: new Set<string>() };
    expect(broken({ rows: [row(1)], arrived: [mail(1)], inside })).toEqual([
      'email version 1: 1 people are lost',
    ]);
  });

  it('somebody who was warned and is not told that it is withdrawn is lost', () => {
    const inside = { email: new Set(['sub 1', 'sub 2']), sms: new Set<string>() };
    const cancel = row(3, { act: 'cancel', target: 'sub 1' });
    expect(broken({ rows: [row(1), row(2), cancel], arrived: [mail(1), mail(2), mail(3)], inside })).toEqual([
      'email cancel: 1 people are lost',
    ]);
  });

  it.each<[string, TalliedStep]>([
    ['an update', 'version 2'],
    ['an all-clear', 'version 3'],
    ['a cancel', 'cancel'],
  ])('%s that a list planned for nobody loses everybody whom that list had warned', (_, step) => {
    const sms = [1, 2].map((n) => row(n, { channel: 'sms', target: `sub ${n}` }));
    const texts = new Map(sms.map(({ deliveryId }, n) => [`44770090000${n} ${n}`, deliveryId]));
    const arrived = [...texts.keys()].map((sent) => text(sent.split(' ')[0] ?? '', sent.split(' ')[1] ?? ''));
    const inside = { ...nobody, sms: new Set(['sub 1', 'sub 2']) };
    expect(broken({ rows: sms, texts, arrived, inside }, ['version 1', step])).toEqual([
      `sms ${step}: 2 people are lost`,
    ]);
  });

  it('a first warning that a list planned for nobody loses everybody who lives there', () => {
    const inside = { email: new Set(['sub 1']), sms: new Set(['sub 1', 'sub 2']) };
    expect(broken({ inside })).toEqual([
      'email version 1: 1 people are lost',
      'sms version 1: 2 people are lost',
    ]);
  });

  it('twice is broken, unless that delivery was in doubt', () => {
    expect(broken({ rows: [row(1)], arrived: [mail(1), mail(1)] })).toHaveLength(1);
    expect(broken({ rows: [row(1, { unknowns: 1 })], arrived: [mail(1), mail(1)] })).toEqual([]);
    expect(broken({ rows: [row(1, { unknowns: 1 })], arrived: [mail(1), mail(1), mail(1)] })).toHaveLength(1);
  });

  it('accepted without an arrival is broken, and so is an arrival without a send', () => {
    expect(broken({ rows: [row(1)] })).toEqual([expect.stringContaining('accepted, and nothing arrived')]);
    expect(broken({ rows: [row(1, { state: 'cancelled' })], arrived: [mail(1)] })).toEqual([
      expect.stringContaining('cancelled, and it arrived'),
    ]);
    expect(broken({ arrived: [mail(1)] })).toEqual(['mail to p1@example.org belongs to no delivery']);
  });

  it('work that never ended is broken', () => {
    expect(broken({ rows: [row(1, { state: 'deferred' })] })).toEqual([
      expect.stringContaining('deferred is no final state'),
    ]);
  });

  it('a text is known by its telephone and number', () => {
    const rows = [row(1, { channel: 'sms' })];
    const texts = new Map([['447700900001 7', id(1)]]);
    expect(broken({ rows, texts, arrived: [text('447700900001', '7')] })).toEqual([]);
    expect(broken({ rows, texts, arrived: [text('447700900001', '8')] })).toHaveLength(2);
  });

  it('a post is known by the platform’s own name for it, and as many may be without as are marked', () => {
    const known = row(1, { channel: 'social', refId: 'p1' });
    const doubtful = row(2, { channel: 'social', state: 'unknown', unknowns: 1 });
    expect(broken({ rows: [known], arrived: [post('p1')] })).toEqual([]);
    expect(broken({ rows: [known], arrived: [post('p1'), post('p2')] })).toHaveLength(1);
    expect(broken({ rows: [known, doubtful], arrived: [post('p1'), post('p2')] })).toEqual([]);
  });

  it('one kill may leave two windows of a list in doubt, and not one delivery more', () => {
    const marked = (count: number, channel: 'email' | 'sms') =>
      Array.from({ length: count }, (_, n) => row(n + 1, { channel, state: 'unknown', unknowns: 1 }));
    expect(broken({ rows: [...marked(MOST_IN_DOUBT, 'email')] })).toEqual([]);
    for (const channel of ['email', 'sms'] as const)
      expect(broken({ rows: marked(MOST_IN_DOUBT + 1, channel) })).toEqual([
        `${channel}: 51 deliveries were in doubt, at most 50 are promised`,
      ]);
  });

  it('the mark counts, also where a second sending was accepted', () => {
    const rows = Array.from({ length: MOST_IN_DOUBT + 1 }, (_, n) => row(n + 1, { unknowns: 1 }));
    const arrived = rows.map((_, n) => mail(n + 1));
    expect(broken({ rows, arrived })).toEqual([expect.stringContaining('51 deliveries were in doubt')]);
  });

  it('an account posts one at a time: one kill leaves one of its posts in doubt', () => {
    const posts = [1, 2].map((n) =>
      row(n, { channel: 'social', target: 'acc 1', state: 'unknown', unknowns: 1 }),
    );
    expect(broken({ rows: posts.slice(0, 1) })).toEqual([]);
    expect(broken({ rows: posts })).toEqual(['social: 2 deliveries were in doubt, at most 1 are promised']);
  });
});
