import { beforeEach, describe, expect, it } from '@jest/globals';
import type { IncidentId, WarningId } from '#contracts';
import type { EventRecord } from '#postgres';
import { WarningRefused } from '#warning';
import { cleared, factsOf, incidentId, issued, minute, partner, updating, warningId } from '#warning/testing';
import type { Desks } from '../desks.js';
import { TakenIn as Answer } from '../docs/answers.js';
import { problem } from '../problems/problem-table.js';
import type { Plan, Recorder } from '../record/recorder.js';
import { WarningDesk } from '../warnings/warning-desk.js';
import { World } from '../world.js';
import type { KnownAlerts } from './known-alerts.js';
import { readAlert } from './read-alert.js';
import { TakeCap, TakeCapHandler, type TakenIn } from './take-cap.handler.js';

const other = `wrn_${'9'.repeat(32)}` as WarningId;
const once = { holder: partner, key: 'k', bodyHash: 'b' };

/** A partner's alert about a warehouse fire, of this kind. */
function alert(msgType: string, responseType = 'Avoid', scope = 'Public') {
  const references = '<references>fire.example.org,fire-1,2126-11-21T10:00:00-00:00</references>';
  return readAlert(
    new TextEncoder().encode(
      `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>fire-2</identifier><sender>fire.example.org</sender>
      <sent>2126-11-21T11:00:00-00:00</sent><status>Exercise</status><msgType>${msgType}</msgType><scope>${scope}</scope>
      ${msgType === 'Alert' ? '' : references}<info><category>Fire</category><event>Warehouse fire</event>
      <responseType>${responseType}</responseType><urgency>Expected</urgency>
      <severity>Minor</severity><certainty>Observed</certainty><senderName>Fire and Rescue</senderName>
      <headline>Stay away</headline><instruction>Keep clear of the smoke.</instruction><area><areaDesc>Chapel Street</areaDesc></area></info></alert>`,
    ),
    'exercise',
  );
}

let steps: Parameters<typeof factsOf>[0];
let meant: WarningId[];
let before: TakenIn | undefined;
let recorded: Plan<unknown>[];
let fails: unknown[];
let handler: TakeCapHandler;
beforeEach(() => {
  [steps, meant, before, recorded, fails] = [issued(), [warningId], undefined, [], []];
  const bodies = (id: string): object[] =>
    id === warningId ? factsOf(steps) : id === incidentId ? [{ type: 'IncidentOpened' }] : [];
  const record = { read: async (id: string) => bodies(id).map((body) => ({ body })) };
  const world = new World('exercise');
  const recorder: Pick<Recorder, 'record'> = {
    record: async (_, plan) => {
      const planned = await plan();
      if (fails.length > 0) throw fails.shift();
      recorded.push(planned);
      return planned.answer;
    },
  };
  const incidents = {
    revisionOf: async (id: IncidentId) => {
      if (bodies(id).length === 0) throw problem('no-such-incident');
      return bodies(id).length;
    },
  };
  const known: Partial<KnownAlerts> = {
    answerTo: async <Answer>() => before as Answer | undefined,
    warningsOf: async () => meant,
    remember: (_, inside, about) => ({ sql: 'remember', params: [inside, about] }),
  };
  const warnings = new WarningDesk(record as unknown as EventRecord, {} as never, world);
  handler = new TakeCapHandler(
    recorder as Recorder,
    { incidents, warnings, world } as unknown as Desks,
    known as KnownAlerts,
    { now: () => minute(20) },
  );
});
const take = (taken: ReturnType<typeof alert>, inside?: IncidentId) =>
  handler.execute(new TakeCap(taken, partner, once, inside));
const types = () => recorded.flatMap(({ facts }) => facts.map(({ type }) => type));

describe('a partner’s alert', () => {
  it('opens an incident and a draft together, or neither', async () => {
    const answer = await take(alert('Alert'));
    expect(answer).toMatchObject({ kind: 'draft', version: 1, revision: 1 });
    expect(recorded).toHaveLength(1);
    expect(types()).toEqual(['IncidentOpened', 'WarningDrafted']);
    const [opened, drafted] = recorded[0]!.facts;
    expect(drafted?.body).toMatchObject({
      incidentId: opened?.streamId,
      content: { message: 'first', event: 'Warehouse fire' },
      origin: { identifier: 'fire-2' },
    });
  });

  it('is a draft of the incident that its sender names, and of none that nobody opened', async () => {
    expect(await take(alert('Alert'), incidentId)).toMatchObject({ incidentId });
    expect(types()).toEqual(['WarningDrafted']);
    const nowhere = `inc_${'0'.repeat(32)}` as IncidentId;
    await expect(take(alert('Alert'), nowhere)).rejects.toMatchObject({ code: 'no-such-incident' });
  });

  it('that came before is answered as then, and records nothing', async () => {
    before = { kind: 'draft', id: other, incidentId, version: 1, revision: 1 };
    expect(await take(alert('Alert'))).toEqual(before);
    expect(types()).toEqual([]);
  });

  it('that comes from two feeds in the same moment finds what became of the first', async () => {
    fails = [Object.assign(new Error('duplicate key'), { code: '23505' })];
    const first: TakenIn = { kind: 'draft', id: other, incidentId, version: 1, revision: 1 };
    const taken = alert('Alert');
    const second = take(taken);
    before = first;
    expect(await second).toEqual(first);
  });

  it('is not taken when the database is away, and no second try hides that', async () => {
    fails = [new Error('the database is away')];
    await expect(take(alert('Alert'))).rejects.toThrow('the database is away');
    expect(fails).toEqual([]);
  });
});

describe('a partner’s alert that is not for the public', () => {
  const word = 'not for the public';
  it.each(['Restricted', 'Private'])('gives the draft none of its words when it is %s', async (scope) => {
    const answer = Answer.parse(await take(alert('Alert', 'Avoid', scope)));
    expect(answer).toMatchObject({ kind: 'draft', note: expect.stringContaining(word) });
    expect(answer.note).toContain(scope);
    const drafted = recorded[0]?.facts[1]?.body as { content: object; origin: object };
    expect(drafted).toMatchObject({ content: { event: 'Warehouse fire' }, origin: { scope } });
    expect(drafted.content).not.toHaveProperty('texts');
  });

  it.each(['Restricted', 'Private'])('gives the next version none when it is %s', async (scope) => {
    expect((await take(alert('Update', 'Avoid', scope))).note).toContain(word);
    expect(recorded[0]?.facts[0]?.body).toMatchObject({ type: 'WarningDrafted', origin: { scope } });
    expect(recorded[0]?.facts[0]?.body['content']).not.toHaveProperty('texts');
  });

  it('waits as a proposal without any words where an officer must choose', async () => {
    meant = [];
    const answer = await take(alert('Update', 'Avoid', 'Restricted'));
    expect(Answer.parse(answer)).toMatchObject({ kind: 'proposal', note: expect.stringContaining(word) });
    const proposed = recorded[0]?.facts.at(-1)?.body as { draft: object };
    expect(proposed).toMatchObject({ origin: { scope: 'Restricted' } });
    expect(proposed.draft).not.toHaveProperty('texts');
  });

  it('is told from one that is: that one brings its words, and no note', async () => {
    expect(await take(alert('Alert'))).not.toHaveProperty('note');
    const content = { texts: { 'en-US': { hazard: 'Stay away' } } };
    expect(recorded[0]?.facts[1]?.body).toMatchObject({ content, origin: { scope: 'Public' } });
  });
});

describe('a partner’s update', () => {
  it.each([
    ['goes on', 'Evacuate', 'update'],
    ['is over', 'AllClear', 'all-clear'],
  ])('of a danger that %s is the draft of the next version', async (_, responseType, message) => {
    expect(await take(alert('Update', responseType))).toMatchObject({
      kind: 'draft',
      id: warningId,
      version: 2,
    });
    expect(recorded[0]?.facts[0]?.body).toMatchObject({ type: 'WarningDrafted', content: { message } });
  });

  it('opens a version of a warning that was cleared, for an author to look at', async () => {
    steps = cleared();
    expect(await take(alert('Update'))).toMatchObject({ kind: 'draft', version: 3 });
  });

  it.each<[string, () => void]>([
    ['an author has the next version open', () => void (steps = updating())],
    ['two warnings may be meant', () => void (meant = [warningId, other])],
    ['nobody knows what it refers to', () => void (meant = [])],
    ['what it refers to was never recorded', () => void (meant = [other])],
  ])('waits for an officer when %s: nobody guesses', async (_, given) => {
    given();
    const choices = meant;
    expect(await take(alert('Update'))).toMatchObject({ kind: 'proposal', choices });
    expect(types().at(-1)).toBe('ProposalReceived');
  });

  it('is refused with what is wrong when it is not a question of the warning’s state', async () => {
    fails = [new WarningRefused('not-issued')];
    await expect(take(alert('Update'))).rejects.toBeInstanceOf(WarningRefused);
  });
});

describe('a partner’s cancel', () => {
  it('never cancels by itself: it is a proposal in the warning’s own incident', async () => {
    expect(await take(alert('Cancel'))).toMatchObject({ kind: 'proposal', incidentId, warningId });
    expect(types()).toEqual(['ProposalReceived']);
    expect(recorded[0]?.facts[0]?.revision).toBe(2);
    expect(recorded[0]?.also?.at(-1)).toEqual({ sql: 'remember', params: [incidentId, warningId] });
  });

  it('of what nobody knows waits in an incident of its own', async () => {
    meant = [];
    expect(await take(alert('Cancel'))).toMatchObject({ kind: 'proposal', warningId: null, choices: [] });
    expect(types()).toEqual(['IncidentOpened', 'ProposalReceived']);
  });
});
