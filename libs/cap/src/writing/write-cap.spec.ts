import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Alert, type Area, type Info, WORDS } from '../model/alert.js';
import { capDateTime, instantOf } from '../model/instant.js';
import { readCap } from '../reading/read-cap.js';
import { anAlert, anArea, anInfo } from '../testing/builders.js';
import { fullSample } from '../testing/samples.js';
import { schemaOracle } from '../testing/schema-oracle.js';
import { tidyAlert } from './tidy-alert.js';
import { CapNotWritable, writeCap } from './write-cap.js';
import { decimalText } from './xml-text.js';

const oracle = schemaOracle();
const readOne = (text: string | Uint8Array): Alert => {
  const [reading] = readCap(typeof text === 'string' ? Buffer.from(text) : text).alerts;
  if (reading === undefined) throw new Error('no alert');
  return reading.alert;
};
/** What writing raises: the version, the one form of date-time, and no unknown content. */
const raised = (alert: Alert): Alert => ({ ...alert, version: '1.2', unknown: [] });

const text = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .map((each) => each.replace(/[\p{Cc}\p{Cn}\ufffe\uffff]/gu, '').trim())
  .filter((each) => each.isWellFormed());
const word = fc.string({ unit: fc.constantFrom(...'abcXYZ019.-@:é'), minLength: 1, maxLength: 20 });
const time = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => capDateTime(seconds * 1000));
const number = (most: number) =>
  fc.integer({ min: -most * 100_000, max: most * 100_000 }).map((each) => each / 100_000 + 0);
const point = fc.tuple(number(90), number(180));
const pair = fc.record({ valueName: word, value: text });
const one = <T>(list: readonly T[]) => fc.constantFrom(...list);

const area: fc.Arbitrary<Area> = fc.record(
  {
    areaDesc: text,
    polygons: fc.array(fc.array(point, { minLength: 1, maxLength: 8 }), { maxLength: 3 }),
    circles: fc.array(
      fc.record({
        centre: point,
        radiusKm: fc.double({ min: 0, max: 500, noNaN: true }).map((each) => each + 0),
      }),
      { maxLength: 2 },
    ),
    broken: fc.constant([]),
    geocodes: fc.array(pair, { maxLength: 2 }),
    altitude: number(9_000),
    ceiling: number(9_000),
  },
  { requiredKeys: ['areaDesc', 'polygons', 'circles', 'broken', 'geocodes'] },
);
const info: fc.Arbitrary<Info> = fc.record(
  {
    language: one(['en-GB', 'cy-GB', 'pl', 'en-US']),
    categories: fc.array(one(WORDS.category), { minLength: 1, maxLength: 3 }),
    event: text,
    responseTypes: fc.array(one(WORDS.responseType), { maxLength: 2 }),
    urgency: one(WORDS.urgency),
    severity: one(WORDS.severity),
    certainty: one(WORDS.certainty),
    audience: text,
    eventCodes: fc.array(pair, { maxLength: 2 }),
    effective: time,
    onset: time,
    expires: time,
    senderName: text,
    headline: text,
    description: text,
    instruction: text,
    web: fc.webUrl(),
    contact: text,
    parameters: fc.array(pair, { maxLength: 3 }),
    resources: fc.array(
      fc.record(
        { resourceDesc: text, mimeType: fc.constant('image/png'), size: fc.nat(), uri: fc.webUrl() },
        { requiredKeys: ['resourceDesc', 'mimeType'] },
      ),
      { maxLength: 2 },
    ),
    areas: fc.array(area, { maxLength: 3 }),
  },
  {
    requiredKeys: [
      'language',
      'categories',
      'event',
      'responseTypes',
      'urgency',
      'severity',
      'certainty',
      'eventCodes',
      'parameters',
      'resources',
      'areas',
    ],
  },
);
const alert: fc.Arbitrary<Alert> = fc.record(
  {
    version: fc.constant('1.2' as const),
    identifier: word,
    sender: word,
    sent: time,
    status: one(WORDS.status),
    msgType: one(WORDS.msgType),
    source: text,
    scope: one(WORDS.scope),
    restriction: text,
    addresses: fc.uniqueArray(word, { maxLength: 2 }),
    codes: fc.array(text, { maxLength: 2 }),
    note: text,
    references: fc.uniqueArray(fc.record({ sender: word, identifier: word, sent: time }), {
      maxLength: 3,
      selector: (each) => JSON.stringify(each),
    }),
    brokenReferences: fc.constant([]),
    incidents: fc.uniqueArray(fc.constantFrom('Storm Dennis', 'flood', 'mg5a94'), { maxLength: 2 }),
    infos: fc.array(info, { maxLength: 3 }),
    unknown: fc.constant([]),
  },
  {
    requiredKeys: [
      'version',
      'identifier',
      'sender',
      'sent',
      'status',
      'msgType',
      'scope',
      'addresses',
      'codes',
      'references',
      'brokenReferences',
      'incidents',
      'infos',
      'unknown',
    ],
  },
);

describe('writing CAP 1.2', () => {
  it('gives the same alert back when it is read again, whatever the alert says', () => {
    fc.assert(
      fc.property(alert, (made) => {
        const written = writeCap(made);
        expect(readOne(written)).toEqual(made);
        expect(writeCap(readOne(written))).toBe(written);
        if (oracle !== undefined)
          expect(oracle(Buffer.from(written), '1.2')).toEqual({ valid: true, why: '' });
      }),
      { numRuns: 150, seed: 20261121 },
    );
  });

  it('gives the same alert back for every real one, and the same bytes each time', () => {
    const folder = join(process.env['REAL_INPUT_DIR'] ?? '', 'cap');
    if (process.env['REAL_INPUT_DIR'] === undefined || !existsSync(folder)) {
      console.warn('SKIPPED: no real alerts. Set REAL_INPUT_DIR.');
      return;
    }
    const files = readdirSync(folder).filter((file) => file.endsWith('.xml'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const read = readOne(readFileSync(join(folder, file)));
      const written = writeCap(read);
      expect(readOne(written)).toEqual(read);
      expect(writeCap(readOne(written))).toBe(written);
    }
  });

  it.each(['1.0', '1.1'] as const)('raises CAP %s: other words, other forms, the same alert', (version) => {
    const read = readOne(fullSample(version));
    const written = writeCap(read);
    expect(readCap(Buffer.from(written)).alerts[0]).toMatchObject({ valid: true, version: '1.2' });
    const back = readOne(written);
    expect(instantOf(back.sent)).toBe(Math.floor((instantOf(read.sent) ?? 0) / 1000) * 1000);
    const timeless = (each: Alert): Alert => ({
      ...raised(each),
      sent: '',
      infos: each.infos.map((own) => ({ ...own, effective: '', onset: '', expires: '' })),
    });
    expect(timeless(back)).toEqual(timeless(read));
  });

  it('reads CAP 1.0 in the words of 1.2: Very Likely, name=value, identifier/sender, and keeps the password apart', () => {
    const read = readOne(fullSample('1.0'));
    expect(read.infos[0]).toMatchObject({
      certainty: 'Likely',
      eventCodes: [{ valueName: 'SAME', value: 'FFW' }],
    });
    expect(read.infos[0]?.areas[0]?.geocodes).toEqual([{ valueName: 'ONS', value: 'E07000137' }]);
    expect(read.references).toEqual([{ sender: 'ea@example.org', identifier: 'FLOOD-0', sent: '' }]);
    expect(read.unknown).toMatchObject([{ path: '/alert/password' }]);
  });

  it('writes the golden form', () => {
    const small = anAlert({
      infos: [anInfo({ areas: [anArea({ circles: [{ centre: [53.1, 0.2], radiusKm: 3 }] })] })],
      incidents: ['Storm Dennis'],
    });
    expect(writeCap(small, { ipaws: true })).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>FLOOD-1</identifier>
  <sender>ea@example.org</sender>
  <sent>2026-11-21T09:30:00-00:00</sent>
  <status>Exercise</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <code>IPAWSv1.0</code>
  <incidents>&quot;Storm Dennis&quot;</incidents>
  <info>
    <language>en-GB</language>
    <category>Met</category>
    <event>Flood</event>
    <responseType>Evacuate</responseType>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <effective>2026-11-21T09:30:00-00:00</effective>
    <expires>2026-11-22T09:30:00-00:00</expires>
    <senderName>Environment Agency</senderName>
    <headline>Severe flood warning for Wainfleet</headline>
    <description>The Steeping is rising and will top its banks tonight.</description>
    <instruction>Go upstairs and take your medicines.</instruction>
    <web>https://example.org/flood</web>
    <contact>0345 988 1188</contact>
    <area>
      <areaDesc>Wainfleet All Saints</areaDesc>
      <polygon>53.1,0.2 53.1,0.3 53.2,0.3 53.1,0.2</polygon>
      <circle>53.1,0.2 3</circle>
      <geocode>
        <valueName>TargetAreaCode</valueName>
        <value>053FWFSTEEP4</value>
      </geocode>
    </area>
  </info>
</alert>
`);
  });

  it.each([
    ['a word that CAP does not know', anAlert({ status: 'Real' })],
    ['a time that is none', anAlert({ sent: 'today' })],
    ['no category', anAlert({ infos: [anInfo({ categories: [] })] })],
    ['a character that XML cannot hold', anAlert({ note: 'a\u0001b' })],
  ])('refuses %s, and says what to correct', (_, wrong) => {
    expect(() => writeCap(wrong)).toThrow(CapNotWritable);
  });

  it('never writes an exponent, which CAP cannot read', () => {
    expect([0.0000001, -0.00000025, 1e21, 0, -0, 53.1].map(decimalText)).toEqual([
      '0.0000001',
      '-0.00000025',
      '1000000000000000000000',
      '0',
      '0',
      '53.1',
    ]);
  });
});

describe('our own alerts', () => {
  it('have times in UTC, closed polygons and five decimals, and references as they were first written', () => {
    const reference = { sender: 'ea@example.org', identifier: 'FLOOD-0', sent: '2026-11-21T10:00:00+01:00' };
    const open = anArea({
      polygons: [
        [
          [53.1234567, 0.2],
          [53.1, 0.3],
          [53.2, 0.3],
        ],
      ],
    });
    const tidy = tidyAlert(
      anAlert({
        sent: '2026-11-21T10:30:00.7+01:00',
        references: [reference],
        infos: [anInfo({ areas: [open], expires: '2026-11-22T10:30:00Z' })],
      }),
    );
    expect(tidy.sent).toBe('2026-11-21T09:30:00-00:00');
    expect(tidy.references).toEqual([reference]);
    expect(tidy.infos[0]?.expires).toBe('2026-11-22T10:30:00-00:00');
    expect(tidy.infos[0]?.areas[0]?.polygons).toEqual([
      [
        [53.12346, 0.2],
        [53.1, 0.3],
        [53.2, 0.3],
        [53.12346, 0.2],
      ],
    ]);
  });
});
