import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Database } from '#postgres';
import { readAlert } from './read-alert.js';
import { digestOf, KnownAlerts } from './known-alerts.js';

const alert = ({
  event = 'Warehouse fire',
  instruction = 'Go inside.',
  polygon = '53.3,-1.9 53.3,-1.8 53.4,-1.8 53.3,-1.9',
  status = 'Exercise',
  note = '',
  between = '',
  references = '',
  expires = '2126-11-21T14:00:00-00:00',
  response = 'Shelter',
  sent = '2126-11-21T10:00:00-00:00',
} = {}) =>
  readAlert(
    new TextEncoder().encode(
      `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>fire-1</identifier>${between}<sender>fire.example.org</sender>
      <sent>${sent}</sent><status>${status}</status><msgType>Alert</msgType><scope>Public</scope>${note}
      ${references}<info><category>Fire</category><event>${event}</event><responseType>${response}</responseType><urgency>Immediate</urgency><severity>Severe</severity>
      <certainty>Observed</certainty><expires>${expires}</expires>${between}<instruction>${instruction}</instruction>
      <area><areaDesc>Chapel Street</areaDesc><polygon>${polygon}</polygon></area></info></alert>`,
    ),
    'exercise',
  ).alert;

const earlier = (identifier: string, sent = '2126-11-21T09:00:00-00:00') =>
  `<references>fire.example.org,${identifier},${sent}</references>`;

describe('what an alert says', () => {
  it('is the same however it is laid out', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ \n\t]{0,20}$/), (between) =>
        expect(digestOf(alert({ between }))).toBe(digestOf(alert())),
      ),
      { seed: 20261121 },
    );
    expect(digestOf(alert({ instruction: 'Go\n     inside.' }))).toBe(
      digestOf(alert({ instruction: 'Go inside.' })),
    );
  });

  it('is the same whatever zone its times are written in', () => {
    expect(digestOf(alert({ expires: '2126-11-21T15:00:00+01:00' }))).toBe(digestOf(alert()));
    expect(digestOf(alert({ references: earlier('fire-0', '2126-11-21T10:00:00+01:00') }))).toBe(
      digestOf(alert({ references: earlier('fire-0') })),
    );
  });

  it('is the same with a note of the feed that passed it on', () =>
    expect(digestOf(alert({ note: '<note>passed on by a hub</note>' }))).toBe(digestOf(alert())));

  it.each([
    ['another event', { event: 'Chemical fire' }],
    ['other advice', { instruction: 'Leave now.' }],
    ['another area', { polygon: '53.3,-1.9 53.3,-1.7 53.4,-1.8 53.3,-1.9' }],
    ['another world', { status: 'Actual' }],
    ['another end', { expires: '2126-11-21T15:00:00-00:00' }],
    ['all clear in place of shelter', { response: 'AllClear' }],
    ['a reference to another alert', { references: earlier('fire-0') }],
    ['one letter less', { instruction: 'Go insid.' }],
  ])('is something else with %s', (_, change) => expect(digestOf(alert(change))).not.toBe(digestOf(alert())));
});

describe('what a reference means', () => {
  /** The instant by which a reference is looked up, null when sender and identifier decide alone. */
  const soughtAt = async (sent: string) => {
    let asked: readonly unknown[] = [];
    const db = { query: async (_: string, params: unknown[]) => ((asked = params), []) };
    const reference = { sender: 'fire.example.org', identifier: 'fire-1', sent };
    await new KnownAlerts(db as unknown as Database).warningsOf([reference]);
    return (asked[2] as unknown[])[0];
  };

  it('is found by its instant, whatever zone that is written in', async () => {
    expect(await soughtAt('2126-11-21T11:00:00+01:00')).toBe('2126-11-21T10:00:00.000Z');
    expect(await soughtAt('2126-11-21T10:00:00Z')).toBe('2126-11-21T10:00:00.000Z');
  });

  it.each(['', 'yesterday at noon', '2126-13-45T10:00:00-00:00'])(
    'is found by sender and identifier alone when its time is %j',
    async (sent) => expect(await soughtAt(sent)).toBeNull(),
  );

  it('is found as it was kept when no database has its year', async () =>
    expect(await soughtAt('9999-12-31T23:59:59-12:00')).toBe('1970-01-01T00:00:00.000Z'));
});

describe('when an alert was sent', () => {
  const keptAs = (sent: string) =>
    new KnownAlerts({} as Database).remember(alert({ sent }), 'inc_1', null, {}).params[2];

  it('is kept as an instant, whatever zone it is written in', () => {
    expect(keptAs('2126-11-21T11:00:00+01:00')).toBe('2126-11-21T10:00:00.000Z');
    expect(keptAs('9999-12-31T23:59:59-00:00')).toBe('9999-12-31T23:59:59.000Z');
  });

  it('is the beginning of time when no database has such a year', () =>
    expect(keptAs('9999-12-31T23:59:59-12:00')).toBe('1970-01-01T00:00:00.000Z'));
});
