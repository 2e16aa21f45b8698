import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { toInstant, type DraftContent, type WarningContent } from '#contracts';
import { practiceRecipients } from '#practice';
import { arrivals, countTo } from '../support/house/arrivals.js';
import { addPeople } from '../support/house/people.js';
import { inBothForms } from './both-forms.js';

const folder = process.env['REAL_INPUT_DIR'];
if (folder === undefined)
  console.warn('REAL_INPUT_DIR is not set: the real Wainfleet alert is NOT taken in in this run');
const real = folder === undefined ? it.skip : it;
const alert = (name: string) => readFileSync(join(folder ?? '', 'cap', name), 'utf8');

const CHANNELS = ['social', 'email', 'sms'];
/** The middle of the alert's polygon; most of these people live within its few hundred metres, some do not. */
const people = practiceRecipients('wainfleet', 40, { lat: 53.1067, lon: 0.2422 }, 0.25);

const written: Pick<WarningContent, 'kind' | 'message' | 'texts' | 'channels' | 'responseTypes'> = {
  kind: 'warning',
  message: 'first',
  channels: ['social', 'email', 'sms'],
  responseTypes: ['Evacuate'],
  texts: {
    'en-GB': {
      source: 'Lincolnshire Police and the Environment Agency',
      hazard: 'Severe flooding is expected. There is danger to life.',
      impact: 'The River Steeping may overflow its banks between midnight and 3am.',
      place: 'Wainfleet All Saints, along the River Steeping',
      guidance:
        'If you are in the area, be ready to leave your home. Keep off the flood banks. Call 999 if you are in danger.',
    },
  },
};

inBothForms('the real Wainfleet alert', { recipients: 10 }, (house, officers) => {
  let id = '';
  let incidentId = '';

  real('is taken in as a draft of the exercise, without the expiry of 2020', async () => {
    await addPeople(house(), people);
    const taken = await officers().ask(
      201,
      'partner',
      'POST',
      '/v1/cap',
      alert('wainfleet-severe-flood-warning.xml'),
    );
    expect(taken['kind']).toBe('draft');
    id = String(taken['id']);
    incidentId = String(taken['incidentId']);
    const { versions } = await officers().ask(200, 'author', 'GET', `/v1/warnings/${id}`);
    const [draft] = versions as { content: DraftContent; state: string }[];
    expect(draft?.state).toBe('draft');
    expect(draft?.content.expiresAt).toBeUndefined();
    expect(draft?.content.area?.geometry.coordinates[0]?.[0]).toHaveLength(29);
    expect(draft?.content.severity).toBe('Severe');
  });

  real(
    'goes out when an author has written the public texts and an expiry, and a second officer has approved them',
    async () => {
      const { versions, revision } = await officers().ask(200, 'author', 'GET', `/v1/warnings/${id}`);
      const [draft] = versions as { content: DraftContent }[];
      const content = {
        ...draft?.content,
        ...written,
        area: { ...draft?.content.area, description: { 'en-GB': 'River Steeping in Wainfleet All Saints' } },
        link: 'https://check-for-flooding.service.gov.uk/',
        contact: 'Floodline 0345 988 1188',
        expiresAt: toInstant(Date.now() + 6 * 3_600_000),
        nextUpdateAt: toInstant(Date.now() + 3_600_000),
      };
      const saved = await officers().ask(200, 'author', 'PUT', `/v1/warnings/${id}/draft`, {
        content,
        revision,
      });
      await officers().issue(id, Number(saved['revision']));
      const rows = await officers().settled(id, 1, CHANNELS);
      const sms = rows.find(({ channel }) => channel === 'sms');
      expect(sms?.planned).toBeGreaterThan(3);
      expect(sms?.planned).toBeLessThan(people.length);
      const texts = countTo(await arrivals(house()), 'text', (text) => text.includes('Wainfleet'));
      expect(texts.size).toBe(sms?.states['accepted']);
      expect([...texts.values()].every((times) => times === 1)).toBe(true);
    },
    240_000,
  );

  real(
    'is withdrawn by its real Cancel, once an officer confirms it, from everybody who got it and from nobody else',
    async () => {
      const warned = countTo(await arrivals(house()), 'text', () => true);
      const taken = await officers().ask(201, 'partner', 'POST', '/v1/cap', alert('wainfleet-cancel.xml'));
      expect(taken).toMatchObject({ kind: 'proposal', warningId: id });
      const { proposals } = await officers().ask(200, 'author', 'GET', '/v1/proposals');
      expect((proposals as { id: string }[]).map((one) => one.id)).toContain(taken['id']);
      await officers().ask(200, 'author', 'POST', `/v1/proposals/${String(taken['id'])}/confirm`, {});
      const rows = await officers().settled(id, 0, CHANNELS);
      for (const { channel, inForceAt } of rows)
        expect([channel, inForceAt === null]).toEqual([channel, false]);
      const after = countTo(await arrivals(house()), 'text', () => true);
      expect([...after.keys()].sort()).toEqual([...warned.keys()].sort());
      expect([...after.values()].every((times) => times === 2)).toBe(true);
    },
    240_000,
  );

  real('stands in the timeline as it was: taken in, written, approved, withdrawn', async () => {
    const { events } = await officers().ask(200, 'reviewer', 'GET', `/v1/incidents/${incidentId}/timeline`);
    const types = (events as { type: string }[]).map(({ type }) => type);
    const order = [
      'WarningDrafted',
      'DraftEdited',
      'WarningSubmitted',
      'WarningIssued',
      'ProposalReceived',
      'WarningCancelled',
    ];
    expect(order.map((type) => types.indexOf(type))).toEqual(
      order.map((type) => types.indexOf(type)).toSorted((a, b) => a - b),
    );
    expect(types.indexOf('WarningCancelled')).toBeGreaterThan(0);
  });
});
