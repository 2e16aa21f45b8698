import { describe, expect, it } from '@jest/globals';
import { NAMESPACES } from '../model/alert.js';
import { readCap } from '../reading/read-cap.js';
import { schemaOracle } from '../testing/schema-oracle.js';

const oracle = schemaOracle();
if (oracle === undefined) console.warn('SKIPPED: xsi:type is not compared with libxml2. Set REAL_INPUT_DIR.');

const OPEN =
  `<alert xmlns="${NAMESPACES['1.2']}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
  'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:other="urn:other">';
const HEAD =
  '<identifier>i</identifier><sender>s</sender><sent>2026-11-21T09:30:00-00:00</sent><status>Actual</status>' +
  '<msgType>Alert</msgType><scope>Public</scope>';
const INFO =
  '<category>Met</category><event>e</event><urgency>Past</urgency><severity>Minor</severity><certainty>Likely</certainty>';

/** An alert with one element that names its own type. */
const typed = {
  text: (type: string, text: string) => `${OPEN}${HEAD}<note xsi:type="${type}">${text}</note></alert>`,
  word: (type: string, text: string) =>
    `${OPEN}${HEAD.replace('<status>Actual', `<status xsi:type="${type}">${text}`)}</alert>`,
  time: (type: string, text: string) =>
    `${OPEN}${HEAD.replace('<sent>2026-11-21T09:30:00-00:00', `<sent xsi:type="${type}">${text}`)}</alert>`,
  size: (type: string, text: string) =>
    `${OPEN}${HEAD}<info>${INFO}<resource><resourceDesc>r</resourceDesc><mimeType>a/b</mimeType><size xsi:type="${type}">${text}</size></resource></info></alert>`,
  web: (type: string, text: string) =>
    `${OPEN}${HEAD}<info>${INFO}<web xsi:type="${type}">${text}</web></info></alert>`,
  language: (type: string, text: string) =>
    `${OPEN}${HEAD}<info><language xsi:type="${type}">${text}</language>${INFO}</info></alert>`,
  altitude: (type: string, text: string) =>
    `${OPEN}${HEAD}<info>${INFO}<area><areaDesc>a</areaDesc><altitude xsi:type="${type}">${text}</altitude></area></info></alert>`,
  signed: (type: string, text: string) =>
    `${OPEN}${HEAD}<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Object xsi:type="${type}">${text}</Object></Signature></alert>`,
} as const;

type Case = readonly [where: keyof typeof typed, type: string, text: string, valid: boolean];
const CASES: readonly Case[] = [
  ['text', 'xs:string', 'any text', true],
  ['text', 'xs:normalizedString', ' a\tb ', true],
  ['text', 'xs:token', ' a  b ', true],
  ['text', 'xs:language', ' en-GB ', true],
  ['text', 'xs:language', 'english please', false],
  ['text', 'xs:NMTOKEN', ' a:b-1 ', true],
  ['text', 'xs:NMTOKEN', 'a b', false],
  ['text', 'xs:Name', 'a:b', true],
  ['text', 'xs:Name', '1a', false],
  ['text', 'xs:NCName', 'über', true],
  ['text', 'xs:NCName', 'a:b', false],
  ['text', 'xs:NCName', '\u00a0a', false],
  ['text', 'xs:ID', 'a', true],
  ['text', 'xs:IDREF', 'a', true],
  ['text', 'xs:dateTime', '2026-11-21T09:30:00Z', false],
  ['text', 'xs:int', '1', false],
  ['text', 'xs:anyType', 'a', false],
  ['text', 'xs:anySimpleType', 'a', false],
  ['text', 'xs:NMTOKENS', 'a b', false],
  ['text', 'other:string', 'a', false],
  ['text', 'nobody:string', 'a', false],
  ['text', 'string', 'a', false],
  ['text', '', 'a', false],
  ['text', ' ', 'a', false],
  ['text', 'xs:', 'a', false],
  ['text', ':string', 'a', false],
  ['text', 'xs:string:x', 'a', false],
  ['text', 'xs :string', 'a', false],
  ['text', ' xs:string', 'a', false],
  ['text', 'xs:string ', 'a', false],
  ['text', '&#9;xs:string', 'a', false],
  ['text', '&#160;xs:string', 'a', false],
  ['word', 'xs:string', 'Actual', false],
  ['time', 'xs:dateTime', '2026-11-21T09:30:00-00:00', false],
  ['size', 'xs:integer', '12', true],
  ['size', 'xs:nonNegativeInteger', '0', true],
  ['size', 'xs:nonNegativeInteger', '-1', false],
  ['size', 'xs:positiveInteger', '0', false],
  ['size', 'xs:nonPositiveInteger', '-5', true],
  ['size', 'xs:negativeInteger', '0', false],
  ['size', 'xs:byte', '127', true],
  ['size', 'xs:byte', '128', false],
  ['size', 'xs:byte', '-128', true],
  ['size', 'xs:short', '32768', false],
  ['size', 'xs:int', '2147483647', true],
  ['size', 'xs:int', '2147483648', false],
  ['size', 'xs:long', '-9223372036854775808', true],
  ['size', 'xs:long', '9223372036854775808', false],
  ['size', 'xs:unsignedLong', '18446744073709551615', true],
  ['size', 'xs:unsignedLong', '18446744073709551616', false],
  ['size', 'xs:unsignedInt', '4294967296', false],
  ['size', 'xs:unsignedShort', '65535', true],
  ['size', 'xs:unsignedByte', '256', false],
  ['size', 'xs:int', '+0000000000000000000000000000000000000000000000012', true],
  ['size', 'xs:int', '1.0', false],
  ['size', 'xs:decimal', '12', false],
  ['web', 'xs:anyURI', 'https://example.org/', true],
  ['web', 'xs:string', 'https://example.org/', false],
  ['language', 'xs:language', 'en', true],
  ['language', 'xs:language', '', true],
  ['language', 'xs:language', '<!-- none -->', true],
  ['language', 'xs:language', '<![CDATA[]]>', false],
  ['language', 'xs:language', ' ', false],
  ['language', 'xs:token', 'en', false],
  ['altitude', 'xs:decimal', '1.5', true],
  ['altitude', 'xs:integer', '15', true],
  ['altitude', 'xs:integer', '1.5', false],
  ['altitude', 'xs:unsignedByte', '15', true],
  ['signed', 'xs:int', '15', true],
  ['signed', 'xs:int', 'x', false],
  ['signed', 'nobody:int', '15', false],
  ['signed', 'xs:anyType', 'a<b/>', true],
  ['signed', 'xs:anyType', '<value xmlns="NS"><b/></value>', false],
  ['signed', 'xs:anySimpleType', 'a', true],
  ['signed', 'xs:anySimpleType', '<b/>', false],
  ['signed', 'xs:int" Id="a', '15', false],
  ['signed', 'xs:anyType" Id="a', '15', true],
  ['signed', 'xs:int" xsi:nil="false', '15', true],
  ['signed', 'xs:boolean', ' true ', true],
  ['signed', 'xs:boolean', 'TRUE', false],
  ['signed', 'xs:float', '-INF', true],
  ['signed', 'xs:float', '+INF', false],
  ['signed', 'xs:double', '1.5E-3', true],
  ['signed', 'xs:double', 'INF ', false],
  ['signed', 'xs:base64Binary', 'AA A=', true],
  ['signed', 'xs:base64Binary', 'AAB=', false],
  ['signed', 'xs:base64Binary', '@', true],
  ['signed', 'xs:hexBinary', '0aF0', true],
  ['signed', 'xs:hexBinary', '0aF', false],
  ['signed', 'xs:QName', 'xs:a', true],
  ['signed', 'xs:QName', 'nobody:a', false],
  ['signed', 'xs:NMTOKENS', 'a  1:b', true],
  ['signed', 'xs:NMTOKENS', 'a,b', false],
  ['signed', 'xs:IDREFS', 'a b', true],
  ['signed', 'xs:IDREFS', 'a 1', false],
  ['signed', 'xs:ENTITIES', 'a', false],
  ['signed', 'xs:NOTATION', 'a', false],
  ['signed', 'xs:duration', 'P1DT2.5S', true],
  ['signed', 'xs:duration', 'P1DT', false],
  ['signed', 'xs:date', '2026-11-21+01:00', true],
  ['signed', 'xs:date', '2026-02-29', false],
  ['signed', 'xs:time', '24:00:00Z', true],
  ['signed', 'xs:time', '24:00:01Z', false],
  ['signed', 'xs:gYear', '-2026Z', true],
  ['signed', 'xs:gYear', '0000', false],
  ['signed', 'xs:gYearMonth', '2026-12', true],
  ['signed', 'xs:gYearMonth', '2026-13', false],
  ['signed', 'xs:gMonth', '--12', true],
  ['signed', 'xs:gMonth', '--13', false],
  ['signed', 'xs:gMonthDay', '--02-29', true],
  ['signed', 'xs:gMonthDay', '--02-30', false],
  ['signed', 'xs:gDay', '---31', true],
  ['signed', 'xs:gDay', '---32', false],
];

describe('an element that names its own type', () => {
  it.each(CASES)('%s as %j, with %j: valid is %j', (where, type, text, valid) => {
    const bytes = Buffer.from(typed[where](type, text.replace('NS', NAMESPACES['1.2'])));
    expect(readCap(bytes).alerts[0]?.valid).toBe(valid);
    if (oracle !== undefined) expect(oracle(bytes, '1.2')?.valid).toBe(valid);
  });

  it('is told what is wrong with it, where it stands', () => {
    const messageOf = (type: string, text = 'a') =>
      readCap(Buffer.from(typed.text(type, text))).alerts[0]?.findings.map(({ path, message }) => [
        path,
        message,
      ]);
    expect(messageOf('xs:nothing')).toEqual([
      ['/alert/note', 'note has the attribute xsi:type: the type "xs:nothing" is not known.'],
    ]);
    expect(messageOf('xs:int')).toEqual([
      [
        '/alert/note',
        'note has the attribute xsi:type: the type int may not stand in for the one that CAP gives it.',
      ],
    ]);
    expect(messageOf('xs:NCName', 'a b')).toEqual([
      ['/alert/note', 'note has the attribute xsi:type: its text is not of the type NCName.'],
    ]);
  });
});
