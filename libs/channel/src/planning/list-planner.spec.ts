import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Subscriber } from '#audience';
import { toInstant } from '#contracts';
import { flood, listTexts, warning } from '../testing/index.js';
import type { Gates } from '../gate/gates.js';
import { FIRST_PAGE, ListPlanner, type ListPlannerParts } from './list-planner.js';
import type { OpenPlan, PlanCursor } from './open-plan.js';
import type { Member, PlanWriter } from './plan-writer.js';

const AT = toInstant('2026-11-21T10:00:00.000Z');
const UNTIL = toInstant('2026-11-21T10:30:00.000Z');
const person = (n: number): Subscriber => ({
  subscriberId: `sub_${n.toString(16).padStart(32, '0')}`,
  address: `p${n}@example.org`,
  language: 'en-GB',
  suppressed: null,
});
const plan = (wish: Partial<OpenPlan> = {}): OpenPlan => ({
  warningId: warning(1),
  version: 1,
  act: 'issue',
  incidentId: flood,
  fromVersion: 0,
  cursor: {},
  chunks: 0,
  recipients: 0,
  refused: null,
  urgent: false,
  head: null,
  composed: listTexts('email', 1),
  area: {},
  issuedAt: AT,
  sendUntil: UNTIL,
  ...wish,
});

let people: Subscriber[];
let gate: Awaited<ReturnType<Gates['read']>>;
let chunks: { members: string[]; cursor: PlanCursor }[];
let asked: { after: string | null; size: number }[];
let finished: number;
let now = AT;
let planner: ListPlanner;
const all = () => chunks.flatMap(({ members }) => members);
const never = new AbortController().signal;

beforeEach(() => {
  people = Array.from({ length: 2_700 }, (_, n) => person(n));
  gate = { currentVersion: 1, cancelledThrough: 0, isExpired: false };
  chunks = [];
  asked = [];
  finished = 0;
  now = AT;
  const writer: Partial<PlanWriter> = {
    addChunk: async (of: OpenPlan, members: readonly Member[], cursor: PlanCursor) => {
      chunks.push({ members: members.map(({ subscriber }) => subscriber.subscriberId), cursor });
      of.chunks += 1;
      return true;
    },
    finish: async () => void (finished += 1),
  };
  planner = new ListPlanner({
    gates: { read: async () => gate },
    subscribers: {
      inArea: async (_: unknown, after: string | null, size: number) => {
        asked.push({ after, size });
        return people.filter(({ subscriberId }) => subscriberId > (after ?? '')).slice(0, size);
      },
    },
    writer,
    clock: { now: () => now },
  } as unknown as ListPlannerParts);
});

describe('the plan of a first version', () => {
  it('has everybody once, in small chunks that each say how far it is, from pages that grow', async () => {
    await planner.work(plan(), never);
    expect(all()).toEqual(people.map(({ subscriberId }) => subscriberId));
    expect(chunks.slice(0, 3).map(({ members }) => members.length)).toEqual([25, 175, 200]);
    expect(chunks.every(({ members }) => members.length <= 200)).toBe(true);
    expect(chunks.every(({ members, cursor }) => cursor.after === members.at(-1))).toBe(true);
    expect(asked.map(({ size }) => size)).toEqual([FIRST_PAGE, FIRST_PAGE * 10, FIRST_PAGE * 100]);
    expect(finished).toBe(1);
  });

  it('goes on behind the last one that was planned, also when the page was asked for before', async () => {
    const after = person(199).subscriberId;
    await planner.work(plan({ cursor: { after }, chunks: 2, firstPage: Promise.resolve(people) }), never);
    expect(all()).toEqual(people.slice(200).map(({ subscriberId }) => subscriberId));
  });

  it('is for nobody once it was cancelled, replaced or has expired, and ends between two pages when that happens', async () => {
    for (const shut of [{ cancelledThrough: 1 }, { currentVersion: 2 }, { isExpired: true }]) {
      gate = { currentVersion: 1, cancelledThrough: 0, isExpired: false, ...shut };
      await planner.work(plan(), never);
    }
    expect(all()).toEqual([]);
    await planner.work(plan({ wanted: true }), never); // it was seen open a moment ago
    expect(all()).toHaveLength(FIRST_PAGE);
    expect(finished).toBe(4);
  });

  it('goes by the clock of the database: one of ours that is fast makes nobody miss the warning', async () => {
    now = toInstant('2026-11-21T11:00:00.000Z');
    await planner.work(plan({ wanted: true }), never);
    expect(all()).toHaveLength(people.length);
  });
});
