import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Subscriber } from '#audience';
import { toInstant, type WarningEvent } from '#contracts';
import { silentLog } from '#runtime';
import type { OpenPlan } from '../planning/open-plan.js';
import type { ChannelRecord } from '../record/channel-record.js';
import { ann, bob, cancelled, flood, issued, listTexts, warning } from '../testing/index.js';
import type { Gates } from './gates.js';
import { Intake } from './intake.js';
import { Shutters } from './shutters.js';

const AT = toInstant('2026-11-21T10:00:00.000Z');
const END = toInstant('2026-11-21T16:00:00.000Z');
const version = (number: number, wish: Partial<Parameters<typeof issued>[0]> = {}) =>
  issued({ version: number, at: AT, expiresAt: END, composed: listTexts('email', number), ...wish });

/** What an intake did, in order. */
let did: string[];
let isSeen: boolean;
let expired: 'ended' | 'goes-on' | 'not-current';
let problem: string | undefined;
let found: () => Promise<readonly Subscriber[]>;
let raised: () => Promise<void>;
let begun: OpenPlan | undefined;
let shutters: Shutters;
let intake: Intake;
beforeEach(() => {
  did = [];
  isSeen = false;
  expired = 'ended';
  problem = undefined;
  found = () => Promise.resolve([]);
  raised = () => Promise.resolve();
  begun = undefined;
  shutters = new Shutters();
  const note = (what: string) => Promise.resolve(void did.push(what));
  const gates: Partial<Gates> = {
    raise: async (of, plan) => {
      await raised();
      did.push(`raise ${of.version} ${typeof plan === 'string' ? plan : `refused: ${plan.refused}`}`);
      return plan === 'here' ? ({ version: of.version } as OpenPlan) : undefined;
    },
    refuse: (of) => note(`refuse ${of.version}`),
    shut: (of) => note(`shut ${of.version}`),
    expire: (_, number) => note(`expire ${number}`).then(() => expired),
    wakeDeferred: () => note('wake deferred'),
    seen: () => Promise.resolve(isSeen),
    markSeen: (eventId) => ({ sql: eventId, params: [] }),
  };
  const record: Partial<ChannelRecord> = {
    clock: { now: () => AT },
    appendNext: (_, facts, also) =>
      note(`${facts.map((fact) => `in force: ${String(fact['because'])}`).join()} (${also?.[0]?.sql ?? ''})`),
  };
  intake = new Intake({
    mode: 'exercise',
    channel: 'email',
    gates: gates as Gates,
    shutters,
    record: record as ChannelRecord,
    areaProblem: () => problem,
    begin: (plan) => {
      begun = plan;
      return note('begin');
    },
    firstIn: () => {
      did.push('look for the first');
      return found();
    },
    wake: () => void did.push('wake'),
    log: silentLog,
  });
});
const take = (event: WarningEvent) =>
  intake.take(event, JSON.parse(JSON.stringify(event)) as Record<string, unknown>, 'e1');

describe('a version', () => {
  it('raises the gate and is begun before anything is written about it', async () => {
    await take(version(1));
    expect(did).toEqual(['look for the first', 'raise 1 here', 'begin', 'in force: version (e1)']);
  });

  it('is in force, and begun, also when those in its area could not be looked for: its planner is told', async () => {
    found = () => Promise.reject(new Error('the database is away'));
    await take(version(1));
    expect(did).toEqual(['look for the first', 'raise 1 here', 'begin', 'in force: version (e1)']);
    await expect(begun?.firstPage).rejects.toThrow('the database is away');
  });

  it('that cannot be raised leaves nobody behind who waits for those in its area', async () => {
    found = () => Promise.reject(new Error('the database is away'));
    raised = () => Promise.reject(new Error('the database is away'));
    await expect(take(version(1))).rejects.toThrow('the database is away');
    expect(did).toEqual(['look for the first']);
  });

  it('that follows another also looks at what of that still waits', async () => {
    await take(version(2));
    expect(did).toEqual(['raise 2 here', 'wake', 'begin', 'wake deferred', 'in force: version (e1)']);
    expect(shutters.open(warning(1), 1, 'issue')).toBe(false);
  });

  it('is said to be in force once, however often it comes', async () => {
    isSeen = true;
    await take(version(1));
    expect(did).toEqual(['look for the first', 'raise 1 here', 'begin']);
  });

  it('that is not what was approved does not touch the gate, nor what is on its way', async () => {
    await take({ ...version(2), areaHash: 'f'.repeat(64) });
    expect(did).toEqual(['refuse 2', 'wake']);
    expect(shutters.open(warning(1), 1, 'issue')).toBe(true);
  });

  it('whose area cannot be used raises the gate, so that the one before it ends, and is planned for nobody', async () => {
    problem = 'its ring crosses itself';
    await take(version(2));
    expect(did[0]).toBe('raise 2 refused: its ring crosses itself');
    expect(did).not.toContain('begin');
  });

  it('for other channels, and the first, is none of ours', async () => {
    await take(version(1, { channels: ['sms'] }));
    expect(did).toEqual([]);
  });

  it('for other channels that follows one for ours raises the gate here too', async () => {
    await take(version(2, { channels: ['sms'] }));
    expect(did).toEqual(['raise 2 elsewhere', 'wake', 'wake deferred', 'in force: version (e1)']);
  });
});

describe('a cancel', () => {
  it('stops what is under way before the database knows, and is in force when that does', async () => {
    const taking = take(cancelled({ at: AT }));
    expect(shutters.open(warning(1), 1, 'issue')).toBe(false);
    await taking;
    expect(did).toEqual(['shut 1', 'in force: cancel (e1)', 'wake', 'wake deferred', 'wake']);
  });

  it('of the other world is not ours', async () => {
    await take({ ...cancelled({ at: AT }), mode: 'live' });
    expect([did, shutters.open(warning(1), 1, 'issue')]).toEqual([[], true]);
  });
});

describe('an expiry', () => {
  const expiry = {
    type: 'WarningExpired',
    warningId: warning(1),
    incidentId: flood,
    by: bob,
    at: AT,
    version: 1,
  } as const;

  it.each([
    ['ended', ['expire 1', 'in force: expiry (e1)', 'wake deferred', 'wake']],
    ['goes-on', ['expire 1', 'in force: expiry (e1)']],
    ['not-current', ['expire 1']],
  ] as const)('after which the sending has %s', async (came, story) => {
    expired = came;
    await take(expiry);
    expect(did).toEqual(story);
  });
});

it.each(['WarningHeld', 'WarningReturned', 'WarningRejected'] as const)(
  '%s is none of a channel’s business',
  async (type) => {
    await take({
      type,
      warningId: warning(1),
      incidentId: flood,
      by: ann,
      at: AT,
      version: 1,
      reason: 'not yet',
    });
    expect(did).toEqual([]);
  },
);
