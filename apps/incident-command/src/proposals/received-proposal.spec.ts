import { describe, expect, it } from '@jest/globals';
import { IncidentEvent, type WarningId } from '#contracts';
import { incidentId, minute, partner } from '#warning/testing';
import { draftOf } from '../cap/cap-draft.js';
import { originOf, readAlert } from '../cap/read-alert.js';
import { receivedProposal } from './received-proposal.js';

const wrn = (n: number) => `wrn_${String(n).padStart(32, '0')}` as WarningId;

/** A partner’s word about a warning, as it comes in. */
function proposed({ msgType = 'Cancel', choices = [wrn(1)], headline = 'The fire is out', note = '' } = {}) {
  const info = `<info><category>Fire</category><event>Warehouse fire</event><urgency>Past</urgency><severity>Minor</severity>
    <certainty>Observed</certainty><senderName>Derbyshire Fire and Rescue</senderName><headline>${headline}</headline>
    <area><areaDesc>Chapel Street</areaDesc></area></info>`;
  const taken = readAlert(
    new TextEncoder().encode(
      `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>fire-2</identifier><sender>fire.example.org</sender>
      <sent>2126-11-21T11:00:00-00:00</sent><status>Exercise</status><msgType>${msgType}</msgType><scope>Public</scope>${note}
      <references>fire.example.org,fire-1,2126-11-21T10:00:00-00:00</references>${headline === '' ? '' : info}</alert>`,
    ),
    'exercise',
  );
  const about = { incidentId, revision: 3, by: partner, at: minute(7), choices };
  const { facts, also, answer } = receivedProposal({
    ...taken,
    ...about,
    draft: draftOf(taken.alert, 'exercise', 'update'),
    origin: originOf(taken.alert, taken.bytes),
  });
  const [fact] = facts;
  return { fact: fact?.body as Record<string, unknown>, revision: fact?.revision, rows: also ?? [], answer };
}

describe('what a partner proposes', () => {
  it('is a fact of its incident that the whole house can read, and a row of the list', () => {
    const { fact, revision, rows, answer } = proposed();
    expect(IncidentEvent.parse(fact)).toMatchObject({
      type: 'ProposalReceived',
      proposes: 'cancel',
      warningId: wrn(1),
      cap: { sender: 'fire.example.org', identifier: 'fire-2', msgType: 'Cancel' },
      by: partner,
      at: minute(7),
    });
    expect(revision).toBe(4);
    expect(rows).toHaveLength(1);
    expect(answer).toMatchObject({ kind: 'proposal', incidentId, warningId: wrn(1), choices: [wrn(1)] });
    expect(answer.id).toBe(fact['itemId']);
  });

  it.each([
    ['none', []],
    ['two', [wrn(1), wrn(2)]],
  ])('names no warning when its references mean %s: nobody guesses', (_, choices) => {
    const { fact, answer } = proposed({ choices });
    expect(fact).not.toHaveProperty('warningId');
    expect(answer).toMatchObject({ warningId: null, choices });
  });

  it('of an update brings the draft with which it begins, and where that came from; a cancel brings none', () => {
    expect(proposed({ msgType: 'Update' }).fact).toMatchObject({
      proposes: 'update',
      draft: { message: 'update', event: 'Warehouse fire' },
      origin: { identifier: 'fire-2' },
    });
    expect(Object.keys(proposed().fact)).not.toEqual(expect.arrayContaining(['draft']));
  });

  it.each([
    [
      'who sends what, in one line',
      { headline: 'The fire\n   is out' },
      'Derbyshire Fire and Rescue sends Cancel: The fire is out',
    ],
    [
      'the event where the headline is there and empty',
      { headline: ' ' },
      'Derbyshire Fire and Rescue sends Cancel: Warehouse fire',
    ],
    [
      'the note of an alert that says nothing else',
      { headline: '', note: '<note>Sent in error</note>' },
      'fire.example.org sends Cancel: Sent in error',
    ],
    ['that there is nothing to read', { headline: '' }, 'fire.example.org sends Cancel: no text'],
  ])('is summed up by %s', (_, parts, summary) => expect(proposed(parts).fact['summary']).toBe(summary));

  it('is summed up in 500 characters, and never ends in half of one', () => {
    const { fact } = proposed({ headline: '🔥'.repeat(400) });
    const summary = String(fact['summary']);
    expect(summary.length).toBeLessThanOrEqual(500);
    expect(summary.isWellFormed()).toBe(true);
  });
});
