import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { toInstant, type DraftContent, type WarningContent } from '#contracts';
import { practiceRecipients, SeededPublic } from '#practice';
import { answered, arrivals, countTo, postsIn } from '../support/house/arrivals.js';
import type { ChannelRow } from '../support/house/officers.js';
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
const SEED = 'llanrwst';
/** Whose mail comes back after it was taken: they are not written to again. */
const isSentBack = (address: string) => new SeededPublic(SEED).toMail(address).startsWith('bounces');

function accepted(rows: readonly ChannelRow[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ channel, states }) => [channel, states['accepted'] ?? 0]));
}

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

inBothForms('the real Wainfleet alert', { recipients: 10, seed: SEED }, (house, officers) => {
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
      const arrived = await arrivals(house());
      const saysWhere = (text: string) => text.includes('Wainfleet');
      const [texts, mails] = [countTo(arrived, 'text', saysWhere), countTo(arrived, 'mail', saysWhere)];
      const posts = postsIn(arrived);
      expect(accepted(rows)).toEqual({ social: posts.length, email: mails.size, sms: texts.size });
      for (const count of [posts.length, mails.size, texts.size]) expect(count).toBeGreaterThan(0);
      for (const times of [...texts.values(), ...mails.values()]) expect(times).toBe(1);
    },
    240_000,
  );

  real(
    'is withdrawn by its real Cancel, once an officer confirms it, from everybody who got it and from nobody else',
    async () => {
      const counts = async () => {
        const all = await arrivals(house());
        const times = (fact: 'mail' | 'text') => countTo(all, fact, () => true);
        return { texts: times('text'), mails: times('mail'), posts: postsIn(all) };
      };
      const warned = await counts();
      const taken = await officers().ask(201, 'partner', 'POST', '/v1/cap', alert('wainfleet-cancel.xml'));
      expect(taken).toMatchObject({ kind: 'proposal', warningId: id });
      const { proposals } = await officers().ask(200, 'author', 'GET', '/v1/proposals');
      expect((proposals as { id: string }[]).map((one) => one.id)).toContain(taken['id']);
      await officers().ask(200, 'author', 'POST', `/v1/proposals/${String(taken['id'])}/confirm`, {});
      const rows = await officers().settled(id, 0, CHANNELS);
      for (const { channel, inForceAt } of rows)
        expect([channel, inForceAt === null]).toEqual([channel, false]);
      for (const [channel, count] of Object.entries(accepted(rows)))
        expect([channel, count > 0]).toEqual([channel, true]);
      const after = await counts();
      for (const list of ['texts', 'mails'] as const)
        expect([...after[list].keys()].sort()).toEqual([...warned[list].keys()].sort());
      expect([...after.texts.values()].every((times) => times === 2)).toBe(true);
      for (const [address, times] of after.mails)
        if (!isSentBack(address)) expect([address, times]).toEqual([address, 2]);
      // Each account's own thread is answered once, at its first post, however many posts it took to warn.
      const before = answered(warned.posts);
      const withdrawn = answered(after.posts).slice(before.length);
      expect(withdrawn).toEqual(before.filter((number) => number === 0).map(() => 1));
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
