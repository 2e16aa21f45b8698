import { beforeEach, describe, expect, it } from '@jest/globals';
import type { WarningContent, WarningEvent } from '#contracts';
import type { EventRecord } from '#postgres';
import { areaHash, contentHash, Problem } from '#runtime';
import { WarningRefused } from '#warning';
import {
  act,
  allClear,
  ann,
  bob,
  cancelled,
  drafted,
  factsOf,
  flood,
  incidentId,
  issued,
  minute,
  submitted,
  update,
  updating,
  warningId,
} from '#warning/testing';
import type { KnownAccounts } from '../channels/known-accounts.js';
import { usualAccounts } from '../testing/accounts.js';
import { World } from '../world.js';
import type { WarningAsk } from './ask-warning.handler.js';
import { WarningDesk } from './warning-desk.js';

let facts: object[];
let lookedUp: number;
let opened: number;
let desk: WarningDesk;
beforeEach(() => {
  facts = [];
  [lookedUp, opened] = [0, 1];
  const record = {
    read: async (id: string) => (id === warningId ? facts : []).map((body) => ({ body })),
    revisionOf: async (id: string) => (id === incidentId ? opened : 0),
  };
  const accounts = { all: async () => ((lookedUp += 1), usualAccounts) };
  desk = new WarningDesk(
    record as unknown as EventRecord,
    accounts as unknown as KnownAccounts,
    new World('exercise'),
  );
});

const plan = (ask: WarningAsk, by = ann, seen?: number) =>
  desk.plan(ask, { warningId, by, at: minute(10) }, seen === undefined ? {} : { seen });
const submit = (...rules: string[]): WarningAsk => ({
  type: 'SubmitWarning',
  acknowledged: rules.map((rule) => ({ rule, reason: 'seen' })) as never,
});
/** What an asking came to: its facts' types, or why it was refused. */
async function cameTo(asking: Promise<{ facts: readonly { type: string }[] }>): Promise<string> {
  try {
    return (await asking).facts.map(({ type }) => type).join() || 'nothing';
  } catch (error) {
    if (error instanceof WarningRefused) return error.reason;
    if (error instanceof Problem) return error.code;
    throw error;
  }
}
/** The one fact of a submission. */
async function submittedAs(...rules: string[]): Promise<Extract<WarningEvent, { type: 'WarningSubmitted' }>> {
  const { facts: all } = await plan(submit(...rules));
  expect(all.map(({ type }) => type)).toEqual(['WarningSubmitted']);
  return all[0]!.body as Extract<WarningEvent, { type: 'WarningSubmitted' }>;
}
const begun = (content: WarningContent) => void (facts = factsOf([drafted(ann, content)]));

describe('a command about a warning', () => {
  it('that nobody wrote is refused by the rules, and not because it had moved on', async () => {
    expect(await cameTo(plan({ type: 'EditDraft', content: flood }, ann, 7))).toBe('no-such-warning');
    expect(await desk.read(warningId)).toMatchObject({ revision: 0, events: [] });
  });

  it('that was decided on an older revision is told which one it is now', async () => {
    facts = factsOf(submitted());
    const late = plan({ type: 'EditDraft', content: flood }, ann, 1);
    await expect(late).rejects.toMatchObject({
      code: 'moved-on',
      detail: 'You sent revision 1, and the warning has revision 2. Nothing was recorded.',
      extra: { revision: 2 },
    });
    expect(await cameTo(plan({ type: 'CancelWarning', reason: 'x' }))).toBe('not-issued'); // no revision: not held up
  });

  it('that names a revision which there has never been is told both, and not that somebody wrote since', async () => {
    begun(flood);
    const early = plan({ type: 'EditDraft', content: flood }, ann, 7);
    await expect(early).rejects.toMatchObject({
      code: 'moved-on',
      detail: 'You sent revision 7, and the warning has revision 1. Nothing was recorded.',
      extra: { revision: 1 },
    });
  });

  it('that saves what its officer saved a moment ago is that save again: its answer was lost on the way', async () => {
    const content = { ...flood, contact: '101' };
    facts = factsOf([drafted(), act({ type: 'EditDraft', content }, ann, 5)]);
    const again = await plan({ type: 'EditDraft', content: { ...content } }, ann, 1);
    expect(again).toMatchObject({ facts: [], also: [], answer: { revision: 2, warningState: 'draft' } });
    for (const [other, by] of [
      [{ ...content, contact: '999' }, ann],
      [content, bob],
    ] as const)
      expect(await cameTo(plan({ type: 'EditDraft', content: other }, by, 1))).toBe('moved-on');
    facts = factsOf([
      drafted(),
      act({ type: 'EditDraft', content }, ann, 5),
      act({ type: 'EditDraft', content }, bob, 6),
    ]);
    expect(await cameTo(plan({ type: 'EditDraft', content }, ann, 1))).toBe('moved-on');
  });

  it('is begun in an incident that somebody opened, and in no other', async () => {
    const begin: WarningAsk = { type: 'DraftWarning', incidentId, content: flood };
    expect(await cameTo(plan(begin))).toBe('WarningDrafted');
    opened = 0;
    expect(await cameTo(plan(begin))).toBe('no-such-incident');
  });

  it('is planned as facts after the last one, with the row of the list, for one statement', async () => {
    facts = factsOf(issued());
    const { facts: next, also, answer } = await plan({ type: 'CancelWarning', reason: 'in error' }, bob);
    expect(next).toMatchObject([{ streamId: warningId, revision: 4, type: 'WarningCancelled', actor: bob }]);
    expect(also).toHaveLength(1);
    expect(answer).toMatchObject({
      id: warningId,
      version: 1,
      revision: 4,
      warningState: 'cancelled',
      openVersion: null,
    });
  });

  it('that asks for what is true already records nothing, and answers with what there is', async () => {
    facts = factsOf(cancelled());
    const again = await plan({ type: 'CancelWarning', reason: 'once more' }, bob);
    expect(again).toMatchObject({
      facts: [],
      also: [],
      answer: { version: 1, revision: 4, warningState: 'cancelled' },
    });
  });
});

describe('a submission', () => {
  it('freezes the texts of every account, with the hashes that an approver names', async () => {
    begun(flood);
    const { composed, ...body } = await submittedAs();
    expect([...new Set(composed.map(({ platform }) => platform))].toSorted()).toEqual(['mastodon', 'sms']);
    const about = { mode: 'exercise' as const, warningId, version: 1, supersedes: null };
    expect(body).toMatchObject({
      contentHash: contentHash({ ...about, content: flood, composed }),
      areaHash: areaHash(flood.area),
    });
  });

  it.each([
    ['the one before it', updating(), 1],
    [
      'nothing after a cancel',
      [...cancelled(), act({ type: 'OpenNextVersion', content: update }, ann, 5)],
      null,
    ],
  ] as const)('of a next version is hashed as replacing %s', async (_, steps, supersedes) => {
    facts = factsOf(steps);
    const { composed, contentHash: hash } = await submittedAs('after-cancel');
    const about = { mode: 'exercise' as const, warningId, version: 2, supersedes };
    expect(hash).toBe(contentHash({ ...about, content: update, composed }));
  });

  it('of what is no draft is refused by the rules, without composing anything', async () => {
    for (const steps of [[], submitted(), issued()]) {
      facts = factsOf(steps);
      expect(await cameTo(plan(submit()))).toBe(steps.length === 0 ? 'no-such-warning' : 'not-a-draft');
    }
    expect(lookedUp).toBe(0);
  });

  it('is told first what cannot go out at all, and only then what somebody may let stand', async () => {
    const { nextUpdateAt: _, ...silent } = flood; // a caution
    begun({ ...silent, expiresAt: minute(5) });
    expect(await cameTo(plan(submit()))).toBe('already-expired');
    begun({ ...silent, channels: ['email'] });
    expect(await cameTo(plan(submit()))).toBe('channel-without-account');
    begun(silent);
    expect(await cameTo(plan(submit()))).toBe('must-be-acknowledged');
    expect(await cameTo(plan(submit('next-update-missing')))).toBe('WarningSubmitted');
  });

  it('names every caution at once, those of the words before those of the channels', async () => {
    const { nextUpdateAt: _, ...silent } = update;
    const content = { ...silent, channels: ['sms' as const] };
    facts = factsOf([...issued(), act({ type: 'OpenNextVersion', content }, ann, 5)]);
    await expect(plan(submit())).rejects.toMatchObject({
      extra: { rules: ['next-update-missing', 'channel-dropped'] },
    });
    expect(await cameTo(plan(submit('channel-dropped')))).toBe('must-be-acknowledged');
    expect(await cameTo(plan(submit('channel-dropped', 'next-update-missing')))).toBe('WarningSubmitted');
  });

  it('of what follows a cancel waits for a reason, which the approver reads', async () => {
    facts = factsOf([...cancelled(), act({ type: 'OpenNextVersion', content: update }, ann, 5)]);
    await expect(plan(submit())).rejects.toMatchObject({ extra: { rules: ['after-cancel'] } });
    expect((await submittedAs('after-cancel')).acknowledged).toMatchObject([
      { rule: 'after-cancel', reason: 'seen', said: [expect.stringContaining('was cancelled')] },
    ]);
  });

  it('of an all-clear on every channel of the warning needs no word about them', async () => {
    facts = factsOf([...issued(), act({ type: 'OpenNextVersion', content: allClear }, ann, 5)]);
    const [fact] = (await plan(submit('channel-dropped'))).facts;
    expect(fact?.body).not.toHaveProperty('acknowledged');
  });
});
