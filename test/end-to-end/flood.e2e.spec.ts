import { expect, it } from '@jest/globals';
import { practiceRecipients, SeededPublic } from '#practice';
import { floodContent, LLANRWST } from '../../apps/standalone/src/exercise/flood-content.js';
import { answered, arrivals, countTo, postsIn } from '../support/house/arrivals.js';
import { inBothForms } from './both-forms.js';

const PEOPLE = 60;
const CHANNELS = ['social', 'email', 'sms'];
const SEED = 'llanrwst';
const all = practiceRecipients(SEED, PEOPLE, LLANRWST, 4);
const [ring = []] = floodContent('first', 0).area.geometry.coordinates[0] ?? [];

/** Even-odd rule, by other code than the one under test. */
function isInside({ lat, lon }: { lat: number; lon: number }): boolean {
  let inside = false;
  ring.forEach(([x1, y1], n) => {
    const [x2, y2] = ring[(n + 1) % ring.length] ?? [0, 0];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}
const inside = all.filter(isInside);
/** Whose mail comes back after it was taken: they are not written to again. */
const sentBack = inside.filter(({ address }) => new SeededPublic(SEED).toMail(address).startsWith('bounces'));

inBothForms(
  'a flood warning reaches three channels and its shares come back',
  { recipients: PEOPLE, seed: SEED },
  (house, officers) => {
    let id = '';
    let incidentId = '';

    it('is written once, approved by a second officer, and sent to everybody in the area and to nobody else', async () => {
      incidentId = await officers().incident('Llanrwst flood');
      const draft = await officers().draft(incidentId, floodContent('first', Date.now()));
      ({ id } = draft);
      await officers().issue(id, draft.revision);
      const rows = await officers().settled(id, 1, CHANNELS);
      expect(inside.length).toBeGreaterThan(5);
      expect(inside.length).toBeLessThan(PEOPLE);
      for (const { channel, planned } of rows)
        expect([channel, planned]).toEqual([channel, channel === 'social' ? 4 : inside.length]);

      const arrived = await arrivals(house());
      const texts = countTo(arrived, 'text', () => true);
      expect(Object.fromEntries(texts)).toEqual(
        Object.fromEntries(inside.map(({ phone }) => [phone.replace('+', ''), 1])),
      );
      const mails = countTo(arrived, 'mail', () => true);
      const refused = rows.find(({ channel }) => channel === 'email')?.states['refused'] ?? 0;
      expect([...mails.values()].every((times) => times === 1)).toBe(true);
      expect([...mails.keys()].every((address) => inside.some((one) => one.address === address))).toBe(true);
      expect(mails.size + refused).toBe(inside.length);
    }, 240_000);

    it('says in every language what was written, marked as an exercise from beginning to end', async () => {
      const posts = postsIn(await arrivals(house()));
      expect(posts.map(({ language }) => language?.slice(0, 2)).sort()).toEqual(['cy', 'cy', 'en', 'en']);
      for (const { text } of posts) expect(text).toMatch(/^(EXERCISE|YMARFER)[\s\S]*(EXERCISE|YMARFER)\W*$/);
      expect(posts.some(({ text }) => text.includes('danger to life'))).toBe(true);
      expect(posts.some(({ text }) => text.includes('perygl i fywyd'))).toBe(true);
    });

    it('brings back shares, replies and delivery receipts', async () => {
      await officers().until(90_000, async () => {
        const report = await officers().report(id);
        const [first] = report.versions;
        const social = first?.channels.find(({ channel }) => channel === 'social');
        const sms = first?.channels.find(({ channel }) => channel === 'sms');
        const isBack =
          (social?.shares.last ?? 0) > 0 && (social?.replies.last ?? 0) > 0 && (sms?.delivered ?? 0) > 0;
        return isBack ? report : { notYet: JSON.stringify({ social, sms }) };
      });
    }, 120_000);

    it('is updated in the same threads, and ended by an all-clear, for the people who were warned', async () => {
      const warned = [...countTo(await arrivals(house()), 'mail', () => true).keys()].filter((address) =>
        sentBack.every((one) => one.address !== address),
      );
      expect(warned.length).toBeGreaterThan(5);
      await officers().next(id, floodContent('update', Date.now()));
      await officers().settled(id, 2, CHANNELS);
      await officers().next(id, floodContent('all-clear', Date.now()));
      await officers().settled(id, 3, CHANNELS);
      const arrived = await arrivals(house());
      const posts = postsIn(arrived);
      expect(posts).toHaveLength(12);
      expect(answered(posts).toSorted()).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
      const mails = countTo(arrived, 'mail', () => true);
      for (const address of warned) expect([address, mails.get(address)]).toEqual([address, 3]);
      const texts = countTo(arrived, 'text', () => true);
      expect([...texts.values()].every((times) => times === 3)).toBe(true);
      expect(texts.size).toBe(inside.length);
      const { versions } = await officers().report(id);
      expect(versions.map(({ ended }) => ended?.how ?? null)).toEqual(['superseded', 'cleared', null]);
    }, 240_000);

    it('is told in order by the timeline, with who approved it', async () => {
      const { events } = await officers().ask(200, 'reviewer', 'GET', `/v1/incidents/${incidentId}/timeline`);
      const types = (events as { type: string }[]).map(({ type }) => type);
      expect(types[0]).toBe('IncidentOpened');
      expect(types.indexOf('WarningSubmitted')).toBeLessThan(types.indexOf('WarningIssued'));
      expect(types).toEqual(
        expect.arrayContaining([
          'PostReported',
          'ChunkReported',
          'EngagementSampled',
          'GateInForce',
          'ReceiptsCounted',
        ]),
      );
    });
  },
);
