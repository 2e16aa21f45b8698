import { describe, expect, it } from '@jest/globals';
import { readCap, type Alert } from '#cap';
import { CapOrigin, DraftContent, type Mode } from '#contracts';
import { draftOf, incidentFor, isAllClear } from './cap-draft.js';
import { originOf } from './read-alert.js';

const bytes = (xml: string) => new TextEncoder().encode(xml);

type Change = (xml: string) => string;
const unchanged: Change = (xml) => xml;
const info = `<info><language>en-GB</language><category>Met</category><event>Flood Warning</event><responseType>Prepare</responseType>
<urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty><effective>2126-11-21T11:00:00+01:00</effective>
<expires>2126-11-21T14:00:00-00:00</expires><senderName>Environment Agency</senderName><headline>Flooding is expected</headline>
<description>The river is rising.</description><instruction>Move upstairs now.</instruction><web>https://www.gov.uk/flood</web><contact>0345 988 1188</contact>
<area><areaDesc>Whaley Bridge</areaDesc><polygon>53.32,-1.99 53.32,-1.97 53.34,-1.97 53.34,-1.99 53.32,-1.99</polygon>
<geocode><valueName>TargetAreaCode</valueName><value>053FWF</value></geocode></area></info>`;
const welsh = info
  .replace('en-GB', 'cy-GB')
  .replace('Flooding is expected', 'Disgwylir llifogydd')
  .replace('Move upstairs now.', 'Symudwch i fyny’r grisiau nawr.');

function alertOf(change: Change = unchanged, infos = info, status = 'Exercise'): Alert {
  const xml = `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A1</identifier><sender>ea.gov.uk</sender>
<sent>2126-11-21T10:00:00-00:00</sent><status>${status}</status><msgType>Alert</msgType><scope>Public</scope>${infos}</alert>`;
  const [reading] = readCap(bytes(change(xml)), { lenient: true }).alerts;
  if (reading === undefined) throw new Error('the sample is not CAP');
  return reading.alert;
}
const draft = (change: Change = unchanged, mode: Mode = 'exercise') =>
  draftOf(alertOf(change), mode, 'first');
const swap =
  (from: string, to: string): Change =>
  (xml) => {
    if (!xml.includes(from)) throw new Error(`the sample has no ${from}`);
    return xml.replaceAll(from, to);
  };

describe('the draft of a partner’s alert', () => {
  it('has what the alert says, in our words and in UTC', () =>
    expect(draft()).toMatchObject({
      kind: 'warning',
      message: 'first',
      event: 'Flood Warning',
      category: 'Met',
      urgency: 'Expected',
      severity: 'Severe',
      certainty: 'Likely',
      responseTypes: ['Prepare'],
      effectiveAt: '2126-11-21T10:00:00.000Z',
      expiresAt: '2126-11-21T14:00:00.000Z',
      link: 'https://www.gov.uk/flood',
      contact: '0345 988 1188',
      texts: {
        'en-GB': {
          source: 'Environment Agency',
          hazard: 'Flooding is expected',
          place: 'Whaley Bridge',
          guidance: 'Move upstairs now.',
        },
      },
    }));

  it('has the area with longitude first, its name and its codes', () =>
    expect(draft().area).toEqual({
      geometry: { type: 'MultiPolygon', coordinates: [[expect.arrayContaining([[-1.99, 53.32]])]] },
      description: { 'en-GB': 'Whaley Bridge' },
      geocodes: [{ name: 'TargetAreaCode', value: '053FWF' }],
    }));

  it('has every language, and the area once', () => {
    const { texts, area } = draftOf(alertOf(unchanged, info + welsh), 'exercise', 'first');
    expect(Object.keys(texts ?? {}).toSorted()).toEqual(['cy-GB', 'en-GB']);
    expect(area?.geometry.coordinates).toHaveLength(1);
    expect(Object.keys(area?.description ?? {})).toHaveLength(2);
  });

  it('has the first 20 languages of an alert in more, and loses neither them nor its area', () => {
    const many = Array.from({ length: 25 }, (_, n) =>
      info.replace('en-GB', `a${String.fromCharCode(97 + n)}`),
    );
    const { texts, area } = draftOf(alertOf(unchanged, many.join('')), 'exercise', 'first');
    for (const by of [texts, area?.description]) expect(Object.keys(by ?? {})).toHaveLength(20);
    expect(texts).toHaveProperty('aa');
  });

  it.each([
    ['en-gb', 'en-GB'],
    ['EN-GB', 'en-GB'],
    ['en', 'en'],
    ['cy-Latn-GB', 'cy-GB'],
    ['es-419', 'es'],
  ])('has its texts and its area whatever form its language is written in: %s', (written, ours) => {
    const { texts, area } = draft(swap('en-GB', written));
    expect(Object.keys(texts ?? {})).toEqual([ours]);
    expect(area?.description).toEqual({ [ours]: 'Whaley Bridge' });
  });

  it.each<[string, Change, object]>([
    ['a name too long to keep', swap('Whaley Bridge', 'Whaley Bridge and '.repeat(40)), { description: {} }],
    ['a code without a value', swap('053FWF', ''), { description: { 'en-GB': 'Whaley Bridge' } }],
    ['a code without a name', swap('TargetAreaCode', ' '), { description: { 'en-GB': 'Whaley Bridge' } }],
    [
      'a name over two lines',
      swap('Whaley Bridge', 'Whaley\n\t\tBridge'),
      { description: { 'en-GB': 'Whaley Bridge' } },
    ],
  ])('has its area though it has %s', (_, change, rest) => {
    const { area } = draft(change);
    expect(area).toMatchObject(rest);
    expect(area?.geometry.coordinates).toHaveLength(1);
  });

  it('has a space for each tab and for what no screen shows, and keeps the lines', () => {
    const odd = swap('Move upstairs now.', 'Move\tupstairs\u0085\nnow.');
    expect(draft(odd).texts?.['en-GB']).toMatchObject({
      guidance: 'Move upstairs \nnow.',
      place: 'Whaley Bridge',
    });
  });

  it('has its area though nobody here could name the language', () => {
    const { texts, area } = draft(swap('en-GB', 'i-klingon'));
    expect([texts, area?.description]).toEqual([undefined, {}]);
    expect(area?.geometry.coordinates).toHaveLength(1);
  });

  it('has the words of the first of two infos in one language, whose area and grades it has as well', () => {
    const over = info.replace('Flooding is expected', 'It is over').replace('Whaley Bridge', 'Buxworth');
    const { texts, area } = draftOf(alertOf(unchanged, info + over), 'exercise', 'first');
    expect(texts?.['en-GB']).toMatchObject({ hazard: 'Flooding is expected', place: 'Whaley Bridge' });
    expect(area?.description).toEqual({ 'en-GB': 'Whaley Bridge' });
  });

  it.each([
    ['headline', 'Flooding is expected', { hazard: 'Flood Warning' }],
    ['instruction', 'Move upstairs now.', { guidance: 'The river is rising.' }],
    ['sender’s name', 'Environment Agency', { source: 'ea.gov.uk' }],
  ])('says the next best where the alert’s %s is there and empty', (_, empty, said) =>
    expect(draft(swap(empty, ' ')).texts?.['en-GB']).toMatchObject(said),
  );

  it('leaves out one field that does not fit, and no other with it', () => {
    const long = draft(swap('0345 988 1188', 'x'.repeat(300)));
    expect(long).not.toHaveProperty('contact');
    expect(long).toHaveProperty('link');
    for (const web of ['javascript:alert(1)', 'https://www.gov.uk/the flood', 'https://gov.uk@example.org'])
      expect(draft(swap('https://www.gov.uk/flood', web))).not.toHaveProperty('link');
    expect(draft(swap('Move upstairs now.', 'go '.repeat(1_000)))).not.toHaveProperty('texts');
  });

  it.each<[string, Change]>([
    ['crosses itself', swap('53.34,-1.97 53.34,-1.99', '53.34,-1.99 53.34,-1.97')],
    ['is off the map', swap('53.34,-1.97', '95.34,-1.97')],
    ['cannot be read', swap('53.34,-1.97', 'north')],
    ['is only a code', (xml) => xml.replace(/<polygon>.*<\/polygon>/, '')],
  ])('has no area when the alert’s %s: a person draws it', (_, change) =>
    expect(draft(change)).not.toHaveProperty('area'),
  );

  it('is one that our own contract reads', () => {
    for (const change of [
      unchanged,
      swap('Severe', 'Awful'),
      swap('Flood Warning', '\u00a0'),
      swap('Prepare', 'Panic'),
    ]) {
      expect(DraftContent.safeParse(draft(change)).success).toBe(true);
    }
  });

  it('of a real alert in an exercise has neither texts nor times; live, it has both', () => {
    const real = alertOf(unchanged, info, 'Actual');
    for (const field of ['texts', 'expiresAt', 'effectiveAt']) {
      expect(draftOf(real, 'exercise', 'first')).not.toHaveProperty(field);
      expect(draftOf(real, 'live', 'first')).toHaveProperty(field);
    }
    expect(draftOf(real, 'exercise', 'first')).toHaveProperty('area');
  });

  it.each(['Restricted', 'Private', 'public', ''])(
    'of an alert for %j has no words of it, nor a link or number: they were not for the public',
    (scope) => {
      const closed = draft(swap('<scope>Public</scope>', `<scope>${scope}</scope>`));
      expect(Object.keys(closed)).not.toEqual(expect.arrayContaining(['texts']));
      expect(closed).not.toHaveProperty('link');
      expect(closed).not.toHaveProperty('contact');
      const { texts: _, link: __, contact: ___, ...rest } = draft();
      expect(closed).toEqual(rest);
    },
  );

  it('of an alert without any info is a draft with nothing in it but what it is', () =>
    expect(draftOf(alertOf(unchanged, ''), 'exercise', 'update')).toEqual({
      kind: 'warning',
      message: 'update',
    }));
});

describe('the origin of a draft', () => {
  it('keeps the partner’s own words and the hash of what came, for the author to read', () =>
    expect(originOf(alertOf(), bytes('abc'))).toEqual({
      sender: 'ea.gov.uk',
      identifier: 'A1',
      sent: '2126-11-21T10:00:00-00:00',
      status: 'Exercise',
      scope: 'Public',
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      words: {
        senderName: 'Environment Agency',
        headline: 'Flooding is expected',
        description: 'The river is rising.',
        instruction: 'Move upstairs now.',
      },
    }));
});

describe('the origin of an alert that is not for the public', () => {
  it('was recorded without its scope once, and is still read', () => {
    const { scope: _, ...older } = originOf(alertOf(), bytes('abc'));
    expect(CapOrigin.parse(older)).toEqual(older);
  });

  const restricted = (text: string) =>
    swap('<scope>Public</scope>', `<scope>Restricted</scope><restriction>${text}</restriction>`);
  const origin = (change: Change) => originOf(alertOf(change), bytes('abc'));

  it('says for whom it is, in one line', () =>
    expect(origin(restricted('Police\n\t and  fire officers \u0085only'))).toMatchObject({
      scope: 'Restricted',
      restriction: 'Police and fire officers only',
    }));

  it('says so in 500 characters at the most, and never ends in half of one', () => {
    const { restriction } = origin(restricted(`a${'🔥'.repeat(400)}`));
    expect(String(restriction)).toHaveLength(500);
    expect(String(restriction).isWellFormed()).toBe(true);
  });

  it('has no restriction where none is said', () => {
    expect(origin(restricted(' '))).not.toHaveProperty('restriction');
    const { scope, ...rest } = origin(swap('<scope>Public', '<scope>Private'));
    expect(scope).toBe('Private');
    expect(rest).not.toHaveProperty('restriction');
  });
});

describe('an all-clear', () => {
  it('is one only when every language says so', () => {
    expect(isAllClear(alertOf(swap('Prepare', 'AllClear')))).toBe(true);
    expect(isAllClear(alertOf())).toBe(false);
    expect(isAllClear(alertOf(unchanged, info.replace('Prepare', 'AllClear') + welsh))).toBe(false);
    expect(isAllClear(alertOf(unchanged, ''))).toBe(false);
  });
});

describe('the incident that an alert opens', () => {
  it.each([
    ['Flood Warning', 'Met', 'flood'],
    ['Storm', 'Met', 'severe-weather'],
    ['Smoke', 'Fire', 'fire'],
    ['Gas leak', 'CBRNE', 'chemical'],
    ['Power cut', 'Infra', 'infrastructure'],
    ['Landslip', 'Geo', 'other'],
  ])('named %s of category %s is a %s', (event, category, type) => {
    const told = info
      .replace('Flood Warning', event)
      .replace('Met', category)
      .replace('Flooding is expected', 'Look out');
    expect(incidentFor(alertOf(unchanged, told)).type).toBe(type);
  });
  it('is named after the event and led by the sender', () =>
    expect(incidentFor(alertOf())).toEqual({
      type: 'flood',
      name: 'Flood Warning',
      leadAgency: 'Environment Agency',
    }));
  it.each([
    ['a control character that XML allows', 'Flood\u0096 warning', 'Flood warning'],
    ['nothing that anybody could see', '\u200b', 'Alert A1'],
    ['nothing but such characters', '\u0096\u0097', 'Alert A1'],
    [
      'letters that take more room once they are normalised',
      '\u0958'.repeat(150),
      '\u0915\u093c'.repeat(100),
    ],
  ])('has a name of ours when the event has %s', (_, event, name) => {
    const named = incidentFor(alertOf(swap('Flood Warning', event)));
    expect(named).toMatchObject({ name, leadAgency: 'Environment Agency' });
  });
  it.each(['', ' ', '\u200b'])('is led by somebody even when the sender is %j', (sender) => {
    const unnamed = (xml: string) => swap('Environment Agency', '')(swap('ea.gov.uk', sender)(xml));
    expect(incidentFor(alertOf(unnamed)).leadAgency).toBe('Unknown sender');
  });
  it('has a name even when the alert says nothing', () =>
    expect(incidentFor(alertOf(unchanged, ''))).toEqual({
      type: 'other',
      name: 'Alert A1',
      leadAgency: 'ea.gov.uk',
    }));
});
