import { describe, expect, it } from '@jest/globals';
import { IncidentEvent, type ItemId } from '#contracts';
import type { EventRecord } from '#postgres';
import { Problem } from '#runtime';
import { ann, bob, incidentId, minute, partner, warningId } from '#warning/testing';
import { IncidentDesk, waitingProposal } from './incident-desk.js';
import { OpenIncident } from './incident-requests.js';
import { openedIncident } from './open-incident.handler.js';

const item = (digit: string) => `itm_${digit.repeat(32)}` as ItemId;
const cap = {
  sender: 'fire.example.org',
  identifier: 'fire-2',
  sent: '2126-11-21T11:00:00Z',
  msgType: 'Cancel',
};
const received = (itemId: ItemId): IncidentEvent => ({
  type: 'ProposalReceived',
  incidentId,
  itemId,
  by: partner,
  at: minute(1),
  proposes: 'cancel',
  warningId,
  choices: [warningId],
  cap,
  summary: 'The fire is out',
});
const decided = (type: 'ProposalConfirmed' | 'ProposalDismissed', itemId: ItemId): IncidentEvent =>
  ({ type, incidentId, itemId, by: bob, at: minute(2), warningId }) as IncidentEvent;

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'taken';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe('a proposal', () => {
  const waiting = (events: IncidentEvent[], itemId = item('1')) =>
    waitingProposal({ revision: events.length, events }, itemId);

  it('waits until somebody decides, beside others of the same incident', () => {
    const events = [received(item('2')), received(item('1')), decided('ProposalDismissed', item('2'))];
    expect(waiting(events)).toMatchObject({ itemId: item('1'), warningId });
  });

  it.each(['ProposalConfirmed', 'ProposalDismissed'] as const)(
    'is decided once: after %s it is over',
    (type) =>
      expect(codeOf(() => waiting([received(item('1')), decided(type, item('1'))]))).toBe('proposal-decided'),
  );

  it('that nobody made in this incident is none', () => {
    expect(codeOf(() => waiting([]))).toBe('no-such-proposal');
    expect(codeOf(() => waiting([received(item('2'))]))).toBe('no-such-proposal');
  });
});

describe('an incident', () => {
  const body = { type: 'flood', name: 'River Goyt', leadAgency: 'Derbyshire Police' } as const;

  it('is read with every fact and the revision that follows from them', async () => {
    const events = [received(item('1')), received(item('2'))];
    const record = { read: () => Promise.resolve(events.map((event) => ({ body: event }))) };
    const desk = new IncidentDesk(record as unknown as EventRecord);
    expect(await desk.read(incidentId)).toEqual({ revision: 2, events });
  });

  it('that nobody opened is not there', async () => {
    const record = { read: () => Promise.resolve([]), revisionOf: () => Promise.resolve(0) };
    const desk = new IncidentDesk(record as unknown as EventRecord);
    await expect(desk.read(incidentId)).rejects.toMatchObject({ code: 'no-such-incident' });
    await expect(desk.revisionOf(incidentId)).rejects.toMatchObject({ code: 'no-such-incident' });
  });

  it('tells its revision without reading the drafts that proposals brought', async () => {
    const record = { revisionOf: async (id: string) => (id === incidentId ? 7 : 0) };
    expect(await new IncidentDesk(record as unknown as EventRecord).revisionOf(incidentId)).toBe(7);
  });

  it('begins with a fact that the whole house can read, and a row of the list in the same statement', () => {
    const methane = { exactLocation: 'The weir at Whaley Bridge' };
    const { facts, also, answer } = openedIncident({ ...body, methane }, ann, minute(0));
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({ streamId: answer.id, revision: 1, type: 'IncidentOpened', actor: ann });
    expect(IncidentEvent.parse(facts[0]?.body)).toMatchObject({
      incidentId: answer.id,
      incidentType: 'flood',
      name: 'River Goyt',
      methane,
      by: ann,
      at: minute(0),
    });
    expect(also?.[0]?.params).toEqual([
      answer.id,
      'flood',
      'River Goyt',
      'Derbyshire Police',
      minute(0),
      ann,
    ]);
  });

  it('has what its author left out nowhere: no empty report, no area that means everywhere', () => {
    const [fact] = openedIncident(body, ann, minute(0)).facts;
    expect(Object.keys(fact?.body as object)).not.toEqual(expect.arrayContaining(['methane']));
    expect(Object.keys(fact?.body as object)).not.toEqual(expect.arrayContaining(['area']));
  });

  it.each<[string, object]>([
    ['a name of white space', { name: ' \n ' }],
    ['a name as long as a page', { name: 'x'.repeat(201) }],
    ['half a character in its name', { name: 'River \ud83c' }],
    ['no lead agency', { leadAgency: undefined }],
    ['a type that there is not', { type: 'picnic' }],
    ['a report whose letter has no name', { methane: { '': 'fire' } }],
    ['an area that is a point', { area: { type: 'Point', coordinates: [0, 53] } }],
    ['an empty area', { area: { type: 'MultiPolygon', coordinates: [] } }],
    ['a field that nobody knows', { areas: [] }],
  ])('is not opened with %s', (_, change) =>
    expect(OpenIncident.safeParse({ ...body, ...change }).success).toBe(false),
  );
});
