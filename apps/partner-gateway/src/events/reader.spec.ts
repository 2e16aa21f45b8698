import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Response } from 'express';
import { flood, incidentNo } from '#contracts/testing';
import { FakeArchive, tailOn } from '../testing/archived.js';
import { serveReader, type Patience, type ReaderWish } from './reader.js';
import { readPlace, stillHere } from './sse-message.js';
import type { Tail } from './tail.js';

const open: Tail[] = [];
afterEach(() => open.splice(0).forEach((tail) => tail.onApplicationShutdown()));

const patient: Patience = { heartbeatMs: 60_000, stuckMs: 60_000, rightsMs: 60_000 };
const wish = (changed: Partial<ReaderWish> = {}): ReaderWish => ({
  audience: 'partner',
  after: 0n,
  types: undefined,
  incident: undefined,
  mayStay: () => true,
  ...changed,
});

const positionsIn = (written: string, ids: RegExp): bigint[] =>
  [...written.matchAll(ids)].flatMap(([, id]) => readPlace(id ?? '')?.position ?? []);

/** A reader's line: takes what is written until its buffer is full, then nothing before it drains. */
class Line extends EventEmitter {
  destroyed = false;
  ended = false;
  written = '';
  writes = 0;
  largest = 0;

  constructor(private room = Infinity) {
    super();
  }
  write(bytes: Buffer): boolean {
    this.written += bytes.toString('utf8');
    this.writes += 1;
    this.largest = Math.max(this.largest, bytes.length);
    this.room -= bytes.length;
    return this.room > 0;
  }
  drain(room: number): void {
    this.room = room;
    this.emit('drain');
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
  /** Of the events that came. */
  get positions(): bigint[] {
    return positionsIn(this.written, /^id: (\S+)\nevent: /gm);
  }
  /** What a reader's own program remembers: an id counts without an event as well (WHATWG HTML §9.2.6). */
  get remembered(): bigint | undefined {
    return positionsIn(this.written, /^id: (\S+)$/gm).at(-1);
  }
  asResponse(): Response {
    return this as unknown as Response;
  }
}

async function house(events = 0) {
  const archive = new FakeArchive();
  archive.add(events);
  const { tail, notify } = await tailOn(archive);
  open.push(tail);
  return { archive, tail, notify };
}
const until = async (holds: () => boolean) => {
  for (let tries = 0; tries < 4_000 && !holds(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
};

describe('a reader', () => {
  it('gets everything after its place, in order, and then what is new', async () => {
    const { archive, tail, notify } = await house(3);
    const line = new Line();
    const served = serveReader(line.asResponse(), tail, wish({ after: 1n }), patient);
    await until(() => line.positions.length === 2);
    archive.add(2);
    notify();
    await until(() => line.positions.length === 4);
    expect(line.positions).toEqual([2n, 3n, 4n, 5n]);
    line.destroy();
    await served;
  });

  it('gets the types and the incident that it asked for, and goes past the others', async () => {
    const { archive, tail } = await house();
    archive.add(1, { type: 'WarningCancelled' });
    archive.add(1, { type: 'WarningIssued' });
    archive.add(1, { type: 'WarningCancelled', incidentId: incidentNo(9) });
    archive.add(1, { type: 'WarningCancelled' });
    const line = new Line();
    const wanted = wish({ types: new Set(['WarningCancelled']), incident: flood });
    const served = serveReader(line.asResponse(), tail, wanted, patient);
    await until(() => line.positions.length === 2);
    line.destroy();
    await served;
    expect(line.positions).toEqual([1n, 4n]);
  });

  it('of whom nothing is heard is told now and then that the line is not dead', async () => {
    const { tail } = await house();
    const line = new Line();
    const served = serveReader(line.asResponse(), tail, wish(), { ...patient, heartbeatMs: 5 });
    await until(() => line.writes >= 2);
    line.destroy();
    await served;
    expect(line.written.replaceAll(stillHere({ epoch: 'e1', position: 0n }).toString(), '')).toBe('');
  });

  it('that waits for something rare comes back to where it stands, and not to where it began', async () => {
    const { archive, tail } = await house();
    archive.add(1, { type: 'WarningCancelled' });
    archive.add(40, { type: 'ChunkReported' });
    const line = new Line();
    const rare = wish({ types: new Set(['WarningCancelled']) });
    const served = serveReader(line.asResponse(), tail, rare, { ...patient, heartbeatMs: 5 });
    await until(() => line.remembered === 41n);
    line.destroy();
    await served;
    expect(line.positions).toEqual([1n]);
  });

  it('that looks through much for something rare hears meanwhile that the line is not dead, and how far it is', async () => {
    const { archive, tail } = await house();
    archive.add(3_000, { type: 'ChunkReported' });
    const line = new Line();
    const rare = wish({ types: new Set(['WarningCancelled']) });
    const served = serveReader(line.asResponse(), tail, rare, { ...patient, heartbeatMs: 0 });
    await until(() => line.remembered === 3_000n);
    line.destroy();
    await served;
    expect(line.written).toContain('id: e1-500\n\n');
  });

  it('that takes nothing is read for no further, and costs one buffer however much happens', async () => {
    const { archive, tail } = await house(2_000);
    const line = new Line(10);
    const served = serveReader(line.asResponse(), tail, wish(), patient);
    await until(() => line.writes === 1);
    archive.reads.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const readForIt = archive.reads.filter(({ position }) => position < 2_000n); // the tail itself looks at the end
    expect([line.writes, readForIt]).toEqual([1, []]);
    line.drain(Infinity);
    await until(() => line.positions.length === 2_000);
    expect(line.positions).toEqual(Array.from({ length: 2_000 }, (_, n) => BigInt(n + 1)));
    line.destroy();
    await served;
  });

  it('that takes nothing for too long is cut, and resumes from its last id without a hole or a repeat', async () => {
    const { tail } = await house(1_200);
    const slow = new Line(10);
    await serveReader(slow.asResponse(), tail, wish(), { ...patient, stuckMs: 20 });
    expect(slow.destroyed).toBe(true);
    const again = new Line();
    const served = serveReader(
      again.asResponse(),
      tail,
      wish({ after: slow.positions.at(-1) ?? 0n }),
      patient,
    );
    await until(() => again.positions.at(-1) === 1_200n);
    again.destroy();
    await served;
    const all = [...slow.positions, ...again.positions];
    expect(all).toEqual(Array.from({ length: 1_200 }, (_, n) => BigInt(n + 1)));
  });

  it('that is slow is handed one piece after another, and its time begins anew with each', async () => {
    const { archive, tail } = await house();
    archive.add(3, { body: { content: { note: 'x'.repeat(100_000) } } });
    const line = new Line(0);
    const served = serveReader(line.asResponse(), tail, wish(), patient);
    for (let drains = 0; line.positions.length < 3 || !line.written.endsWith('\n\n'); drains = line.writes) {
      await until(() => line.writes > drains);
      line.drain(0);
    }
    line.destroy();
    await served;
    expect(line.largest).toBeLessThanOrEqual(16 * 1024);
    expect(line.written.match(/x{100000}/g)).toHaveLength(3);
  });

  it('that is stuck delays nobody else', async () => {
    const { archive, tail, notify } = await house();
    const stuck = Array.from({ length: 20 }, () => new Line(0));
    const quick = new Line();
    const served = [...stuck, quick].map((line) => serveReader(line.asResponse(), tail, wish(), patient));
    for (let n = 1; n <= 50; n += 1) {
      archive.add(1);
      notify();
      await until(() => quick.positions.at(-1) === BigInt(n));
    }
    expect(stuck.map(({ writes }) => writes)).toEqual(stuck.map(() => 1));
    for (const line of [...stuck, quick]) line.destroy();
    await Promise.all(served);
  });

  it('whose token was withdrawn gets nothing more', async () => {
    const { archive, tail, notify } = await house(1);
    let holds = true;
    const line = new Line();
    const served = serveReader(line.asResponse(), tail, wish({ mayStay: () => holds }), {
      ...patient,
      rightsMs: 0,
    });
    await until(() => line.positions.length === 1);
    holds = false;
    archive.add(1);
    notify();
    await served;
    expect([line.ended, line.positions]).toEqual([true, [1n]]);
  });

  it('whose token is withdrawn while it takes little by little gets no event more', async () => {
    const { tail } = await house(400);
    let holds = true;
    const line = new Line(0);
    const served = serveReader(line.asResponse(), tail, wish({ mayStay: () => holds }), {
      ...patient,
      rightsMs: 0,
    });
    await until(() => line.writes === 1);
    holds = false;
    line.drain(Infinity);
    await served;
    expect([line.ended, line.positions]).toEqual([true, [1n]]);
  });

  it('is not asked for its rights at every event', async () => {
    const { tail } = await house(1_500);
    let asked = 0;
    const line = new Line();
    const mayStay = () => (asked += 1) > 0;
    const served = serveReader(line.asResponse(), tail, wish({ mayStay }), patient);
    await until(() => line.positions.length === 1_500);
    line.destroy();
    await served;
    expect(asked).toBe(0);
  });

  it('is let go when the process stops, and nothing listens for it any more', async () => {
    const { tail } = await house();
    const line = new Line();
    const served = serveReader(line.asResponse(), tail, wish(), patient);
    await new Promise((resolve) => setTimeout(resolve, 5));
    tail.onApplicationShutdown();
    await served;
    expect(line.ended).toBe(true);
  });

  it('that goes away and comes back, however often and wherever it is cut, has seen each event once', async () => {
    const { tail } = await house(1_300);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400_000 }), { maxLength: 5 }), async (rooms) => {
        const seen: bigint[] = [];
        for (const room of [...rooms, Infinity]) {
          const line = new Line(room);
          const after = seen.at(-1) ?? 0n;
          const served = serveReader(line.asResponse(), tail, wish({ after }), { ...patient, stuckMs: 2 });
          await until(() => line.destroyed || line.positions.at(-1) === 1_300n || after === 1_300n);
          line.destroy();
          await served;
          seen.push(...line.positions);
        }
        expect(seen).toEqual(Array.from({ length: 1_300 }, (_, n) => BigInt(n + 1)));
      }),
      { numRuns: 15, seed: 20261121 },
    );
  });
});
