import { describe, expect, it } from '@jest/globals';
import { areaToGeoJson } from '../geometry/geo-json.js';
import { capText } from '../testing/builders.js';
import { fullSample } from '../testing/samples.js';
import { msgTypeOf } from './read-alert.js';
import { readCap } from './read-cap.js';

const only = (xml: string | Uint8Array) => {
  const [reading] = readCap(typeof xml === 'string' ? Buffer.from(xml) : xml).alerts;
  if (reading === undefined) throw new Error('no alert');
  return reading;
};

describe('alerts as the field sends them', () => {
  it('with another prefix, or wrapped twice, are read alike', () => {
    const prefixed = capText()
      .replaceAll('</', '</c:')
      .replaceAll(/<(?=[a-z])/gi, '<c:')
      .replace('xmlns=', 'xmlns:c=');
    expect(only(prefixed)).toMatchObject({ valid: true, alert: { ...only(capText()).alert } });
    const edxl = `<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><contentObject><xmlContent><embeddedXMLContent>${capText()}</embeddedXMLContent></xmlContent></contentObject></EDXLDistribution>`;
    expect(only(edxl).alert).toEqual(only(capText()).alert);
  });

  it('several to a document are each read, with their own bytes', () => {
    const two = `<rss><channel><item>${capText()}</item><item>${capText({ identifier: '<identifier>FLOOD-2</identifier>' })}</item></channel></rss>`;
    const { alerts, links } = readCap(Buffer.from(two));
    expect(alerts.map((each) => each.alert.identifier)).toEqual(['FLOOD-1', 'FLOOD-2']);
    expect(Buffer.from(alerts[1]?.bytes ?? []).toString()).toContain('FLOOD-2');
    expect(links).toEqual([]);
  });

  it('in CDATA, with comments inside and in ISO-8859-1, give the text that was meant', () => {
    const event = '<event><![CDATA[Remove Severe <Flood> Warning]]><!-- why --> &amp; more</event>';
    expect(only(capText({ event })).alert.infos[0]?.event).toBe('Remove Severe <Flood> Warning & more');
    const latin = Buffer.from(
      `<?xml version="1.0" encoding="ISO-8859-1"?>${capText({ event: '<event>Überflutung</event>' })}`,
      'latin1',
    );
    expect(only(latin).alert.infos[0]?.event).toBe('Überflutung');
  });

  it('with only geocodes have no geometry, and nobody is warned by a guess', () => {
    const { alert, findings } = only(
      capText({
        polygon: '',
        geocode: '<geocode><valueName>AGS</valueName><value>05\n315</value></geocode>',
      }),
    );
    expect(findings).toMatchObject([{ code: 'no-geometry', level: 'note' }]);
    expect(() => areaToGeoJson(alert.infos[0]?.areas ?? [])).toThrow('neither a polygon nor a circle');
  });

  it('with one broken shape among good ones refuse as a whole', () => {
    const { alert } = only(capText({ circle: '<circle>53.1,0.2</circle>' }));
    expect(alert.infos[0]?.areas[0]?.polygons).toHaveLength(1);
    expect(() => areaToGeoJson(alert.infos[0]?.areas ?? [])).toThrow('cannot be read');
  });

  it('with Z, fractions or lower-case words stay readable and are marked', () => {
    const { alert, valid, findings } = only(capText({ sent: '<sent>2026-11-21T09:30:00.123Z</sent>' }));
    expect([alert.sent, valid, findings.map((each) => each.code)]).toEqual([
      '2026-11-21T09:30:00.123Z',
      false,
      ['date-time'],
    ]);
  });

  it('without info are a cancel all the same', () => {
    const cancel = capText({
      msgType: '<msgType>Cancel</msgType>',
      references: '<references>ea@example.org,FLOOD-0,2026-11-20T09:30:00-00:00</references>',
      info: '',
    });
    const { alert, valid, findings } = only(cancel);
    expect([msgTypeOf(alert), valid, findings]).toEqual(['Cancel', true, []]);
  });

  it('of an unknown type are of no type', () => {
    expect(msgTypeOf(only(capText({ msgType: '<msgType>alert</msgType>' })).alert)).toBeUndefined();
  });

  it('with content that CAP does not know keep it', () => {
    const { alert } = only(capText({ source: '<x:mood xmlns:x="urn:x" level="3">grim</x:mood>' }));
    expect(alert.unknown).toEqual([
      {
        path: '/alert/mood',
        xml: '<x:mood xmlns:x="urn:x" level="3">grim</x:mood>',
      },
    ]);
  });

  it('with an embedded file of 459 kB are read and answered', () => {
    const sound = 'AAAA'.repeat(115_000);
    const { valid, findings } = only(
      capText({
        resource: `<resource><resourceDesc>sound</resourceDesc><mimeType>audio/mpeg</mimeType><derefUri>${sound}</derefUri></resource>`,
      }),
    );
    expect([valid, findings]).toEqual([true, []]);
  });

  it.each(['1.0', '1.1'] as const)('in CAP %s are accepted by its own schema and noted', (version) => {
    expect(only(fullSample(version))).toMatchObject({ valid: true, version });
    expect(only(fullSample(version)).findings.map((each) => each.code)).toContain('older-version');
  });
});
