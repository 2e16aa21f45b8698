import { describe, expect, it } from '@jest/globals';
import type { Alert, CapVersion } from '../model/alert.js';
import { readCap } from '../reading/read-cap.js';
import { fullSample } from '../testing/samples.js';
import { schemaOracle } from '../testing/schema-oracle.js';
import { writeCap } from './write-cap.js';

const oracle = schemaOracle();
if (oracle === undefined)
  console.warn('SKIPPED: what is written is not shown to libxml2. Set REAL_INPUT_DIR.');

const VERSIONS: readonly CapVersion[] = ['1.0', '1.1', '1.2'];
const HEAD = 'password source scope restriction addresses code note references incidents info';
const INFO =
  'language category responseType audience eventCode effective onset expires senderName headline description instruction web ' +
  'contact parameter resource area';
const PARTS = 'mimeType size uri derefUri digest polygon circle geocode altitude ceiling';

const readOne = (text: string): Alert => {
  const [reading] = readCap(Buffer.from(text)).alerts;
  if (reading?.valid !== true) throw new Error(`not valid: ${text}`);
  return reading.alert;
};
/** What raising an alert to CAP 1.2 may change: the version, how a time is written, and what CAP has no place for. */
const raised = (alert: Alert): Alert => ({
  ...alert,
  version: '1.2',
  sent: '',
  infos: alert.infos.map((info) => ({
    ...info,
    ...(info.effective === undefined ? {} : { effective: '' }),
    ...(info.onset === undefined ? {} : { onset: '' }),
    ...(info.expires === undefined ? {} : { expires: '' }),
  })),
  unknown: [],
});

/** Reads, writes and reads again: the same alert, the same bytes, and nothing that the official schema refuses. */
function expectRoundTrip(text: string): void {
  const read = readOne(text);
  const written = writeCap(read);
  const back = readOne(written);
  expect(raised(back)).toEqual(raised(read));
  if (read.version === '1.2') expect(back).toEqual(read);
  expect(writeCap(back)).toBe(written);
  if (oracle !== undefined) expect(oracle(Buffer.from(written), '1.2')).toEqual({ valid: true, why: '' });
}
const replaced = (version: CapVersion, name: string, by: string): string =>
  fullSample(version).replace(new RegExp(`<${name}>[^]*?</${name}>`, 'g'), by);
const stands = (version: CapVersion, name: string): boolean =>
  fullSample(version).includes(`<${name}>`) &&
  readCap(Buffer.from(replaced(version, name, ''))).alerts[0]?.valid === true;

describe('what was read, written and read again', () => {
  describe.each(VERSIONS)('from CAP %s', (version) => {
    it('is the same alert when every element stands in it', () => expectRoundTrip(fullSample(version)));

    it.each(`${HEAD} ${INFO} ${PARTS}`.split(' ').filter((name) => stands(version, name)))(
      'is the same alert without %s',
      (name) => expectRoundTrip(replaced(version, name, '')),
    );

    it.each([
      ['an empty note', 'note', '<note/>'],
      ['signs that XML has for itself', 'note', '<note>&lt;b&gt; &amp; ]]&gt; "q" \'a\'</note>'],
      ['CDATA', 'description', '<description><![CDATA[<x> & y]]></description>'],
      ['line breaks and tabs', 'instruction', '<instruction>1. Go\n\t2. Stay &#13; there</instruction>'],
      ['letters beyond the first plane', 'headline', '<headline>Hochwasser 🌊 ﬁn\u2028</headline>'],
      ['several codes, one of them empty', 'code', '<code/><code> a b </code>'],
      [
        'names of incidents with and without spaces',
        'incidents',
        '<incidents>"Storm Dennis" x "y"</incidents>',
      ],
      ['a reference whose time cannot be read', 'references', '<references>a@b,F,soon</references>'],
      ['a reference to nothing', 'references', '<references>a,b</references>'],
      ['numbers with a sign and noughts', 'altitude', '<altitude>-0012.500</altitude>'],
      ['a polygon that cannot be read', 'polygon', '<polygon>nowhere</polygon>'],
      ['a polygon in other letters', 'polygon', '<polygon>北緯35度</polygon>'],
      ['a circle that cannot be read', 'circle', '<circle>1,1</circle>'],
      ['numbers of many digits', 'circle', '<circle>53.123456789012345,-0.1 0.0000001</circle>'],
    ])('is the same alert with %s', (_, name, by) => expectRoundTrip(replaced(version, name, by)));

    it('bears the mark of the American system once, however often it is written', () => {
      const once = writeCap(readOne(fullSample(version)), { ipaws: true });
      expect(readOne(once).codes).toEqual(['IPAWSv1.0', 'one', 'two']);
      expect(writeCap(readOne(once), { ipaws: true })).toBe(once);
      if (oracle !== undefined) expect(oracle(Buffer.from(once), '1.2')?.valid).toBe(true);
    });
  });

  it.each([
    ['Z', '2026-11-21T09:30:00Z', '2026-11-21T09:30:00-00:00'],
    ['a fraction, which is cut and not rounded', '2026-11-21T09:30:59.999Z', '2026-11-21T09:30:59-00:00'],
    ['a fraction and a zone', '2026-11-21T09:30:00.5+05:30', '2026-11-21T04:00:00-00:00'],
    ['no zone, which is UTC', '2026-11-21T09:30:00', '2026-11-21T09:30:00-00:00'],
    ['a form that 1.2 has as well', '2026-11-21T09:30:00+01:00', '2026-11-21T09:30:00+01:00'],
  ])('has times in the form of 1.2: %s', (_, old, now) => {
    const text = replaced('1.1', 'sent', `<sent>${old}</sent>`);
    expect(readOne(writeCap(readOne(text))).sent).toBe(now);
  });

  it('names every element of the three schemas that may be left out', () => {
    const names = new Set(
      VERSIONS.flatMap((version) =>
        [...fullSample(version).matchAll(/<([A-Za-z]+)>/g)].map(([, name = '']) => name),
      ),
    );
    const optional = [...names].filter((name) => VERSIONS.some((version) => stands(version, name)));
    expect(optional.toSorted()).toEqual(`${HEAD} ${INFO} ${PARTS}`.split(' ').toSorted());
  });
});
