import { describe, expect, it } from '@jest/globals';
import { threadsOf } from '../references/threads.js';
import { CIVIL } from '../testing/field/civil.js';
import type { FieldSample } from '../testing/field/field-sample.js';
import { WEATHER } from '../testing/field/weather.js';
import { schemaOracle } from '../testing/schema-oracle.js';
import { writeCap } from '../writing/write-cap.js';
import { readCap } from './read-cap.js';

const oracle = schemaOracle();
if (oracle === undefined)
  console.warn('SKIPPED: the alerts of the field are not compared with libxml2. Set REAL_INPUT_DIR.');

const SAMPLES = [...WEATHER, ...CIVIL];
const bytesOf = ({ text }: FieldSample): Buffer =>
  Buffer.from(text, text.includes('ISO-8859-1') ? 'latin1' : 'utf8');
const only = (bytes: Uint8Array) => {
  const { alerts, wellFormed } = readCap(bytes);
  const [first, ...others] = alerts;
  if (first === undefined || others.length > 0 || !wellFormed) throw new Error('not exactly one alert');
  return first;
};

describe('an alert as the field writes it', () => {
  describe.each(SAMPLES)('$name', (sample) => {
    const bytes = bytesOf(sample);
    const reading = only(bytes);

    it('is known by its sender and identifier', () =>
      expect([reading.alert.sender, reading.alert.identifier]).toEqual(sample.who));

    it('is judged as its schema does', () => {
      expect([reading.version, reading.valid]).toEqual([sample.version, sample.valid]);
      if (oracle !== undefined) expect(oracle(bytes, sample.version)?.valid).toBe(sample.valid);
    });

    it('gets the findings that it deserves, and no others', () =>
      expect([...new Set(reading.findings.map((each) => each.code))]).toEqual(sample.finds));

    it('is the same alert in Windows line ends', () => {
      const windows = only(Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'));
      expect(windows.alert).toEqual(reading.alert);
      expect(windows.findings).toEqual(reading.findings);
    });

    it('is the same alert behind a byte-order mark, and in UTF-16', () => {
      if (sample.text.includes('ISO-8859-1')) return;
      const marked = only(Buffer.from(`\ufeff${sample.text}`));
      const wide = only(
        Buffer.from(
          `\ufeff${sample.text.replace(/encoding\s*=\s*.utf-8./i, 'encoding="UTF-16"')}`,
          'utf16le',
        ),
      );
      for (const each of [marked, wide]) expect(each.alert).toEqual(reading.alert);
    });

    it('is the same alert inside Atom, RSS and EDXL-DE', () => {
      const bare = bytes.toString('latin1').replace(/^<\?xml[^>]*\?>/, '');
      const declared = /^<\?xml[^>]*\?>/.exec(sample.text)?.[0] ?? '';
      const wraps = [
        `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content type="text/xml">${bare}</content></entry></feed>`,
        `<rss version="2.0"><channel><item><title>t</title>${bare}</item></channel></rss>`,
        `<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><contentObject><xmlContent><embeddedXMLContent>${bare}</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>`,
      ];
      for (const wrapped of wraps) {
        const inside = only(Buffer.from(declared + wrapped, 'latin1'));
        expect(inside.alert).toEqual(reading.alert);
        expect([inside.valid, inside.findings]).toEqual([reading.valid, reading.findings]);
      }
    });

    it('says the same once it is written by us and read again, if the schema accepts it', () => {
      if (!sample.valid) return;
      const again = only(Buffer.from(writeCap(reading.alert)));
      expect(again.valid).toBe(true);
      const { version, sent, references, infos, ...same } = reading.alert;
      expect(again.alert).toMatchObject(same);
      expect(again.alert.references).toEqual(references);
      expect(again.alert.infos.map((each) => each.areas)).toEqual(infos.map((each) => each.areas));
      expect([version, sent].every((each) => each !== '')).toBe(true);
    });
  });

  it('belongs to no thread of another sender', () => {
    const threads = threadsOf(SAMPLES.map((sample) => only(bytesOf(sample)).alert));
    expect(threads).toHaveLength(SAMPLES.length);
    expect(threads.flatMap((each) => each.claims)).toEqual([]);
  });
});

describe('what the field gets wrong before the first element', () => {
  const [sample] = WEATHER;
  const text = sample?.text ?? '';

  it.each([
    ['a line break in front of the XML declaration', `\n${text}`],
    ['a second XML declaration', `<?xml version="1.0"?>${text}`],
    ['words in front', `HTTP/1.1 200 OK\n\n${text}`],
    ['words behind', `${text}\nend of message`],
    ['two alerts and nothing round them', `${text}${text}`],
    ['a null behind the last tag', `${text}\0`],
  ])('%s makes the document unreadable, and says where', (_, written) => {
    const { wellFormed, refused, alerts } = readCap(Buffer.from(written));
    expect([wellFormed, alerts]).toEqual([false, []]);
    expect(refused?.code).toBe('not-well-formed');
    expect(refused?.message).toMatch(/line \d+|control character/);
  });

  it('line breaks in front of an alert without a declaration are nothing', () =>
    expect(only(Buffer.from(`\n \n${text.slice(text.indexOf('<alert'))}`)).valid).toBe(true));

  it('quotes that word processors make are read in the encoding that they are named in', () => {
    const declared = `<?xml version="1.0" encoding="windows-1252"?>${text.slice(text.indexOf('<alert'))}`;
    const bytes = Buffer.from(declared.replace("don't", 'don\x92t'), 'latin1');
    expect(only(bytes).alert.infos[0]?.instruction).toContain('don’t drown');
  });
});
