import { describe, expect, it } from '@jest/globals';
import { readCap } from './read-cap.js';

const alert = (inside = '', namespace = 'urn:oasis:names:tc:emergency:cap:1.2'): string =>
  `<alert xmlns="${namespace}"><identifier>FLOOD-1</identifier><sender>ea@example.org</sender>` +
  `<sent>2026-11-21T09:30:00-00:00</sent><status>Exercise</status><msgType>Alert</msgType><scope>Public</scope>${inside}</alert>`;
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('reading a document', () => {
  it('reads an alert and says that the schema accepts it', () => {
    const { wellFormed, alerts } = readCap(bytes(alert()));
    expect(wellFormed).toBe(true);
    expect(alerts).toMatchObject([
      { valid: true, version: '1.2', alert: { identifier: 'FLOOD-1', msgType: 'Alert' } },
    ]);
  });

  it('takes an alert in no CAP namespace as one that the schema refuses', () => {
    const { alerts } = readCap(bytes(alert('', 'urn:oasis:names:tc:emergency:cap:1.3')));
    expect(alerts).toMatchObject([
      { valid: false, version: undefined, findings: [{ code: 'namespace', level: 'reject' }] },
    ]);
  });

  it('keeps the bytes of each alert in a feed, and reports an entry without one as a link', () => {
    const inner = alert('<note>Überflutung</note>');
    const feed =
      `<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>Ä</title>` +
      `<entry><id>1</id><content type="text/xml">${inner}</content><link href="https://example.org/1"/></entry>` +
      `<entry><id>2</id><title>Two</title><link href="https://example.org/2" type="application/cap+xml"/></entry></feed>`;
    const reading = readCap(bytes(feed));
    expect(reading.links).toEqual([{ href: 'https://example.org/2', id: '2', title: 'Two' }]);
    expect(Buffer.from(reading.alerts[0]?.bytes ?? []).toString()).toBe(inner);
    expect(reading.alerts[0]?.alert.note).toBe('Überflutung');
  });

  it('hands the alerts of a long feed on one by one, and keeps none', () => {
    const seen: string[] = [];
    const two = `<rss>${alert()}${alert().replace('FLOOD-1', 'FLOOD-2')}</rss>`;
    const reading = readCap(bytes(two), { each: (each) => seen.push(each.alert.identifier) });
    expect([seen, reading]).toEqual([['FLOOD-1', 'FLOOD-2'], { wellFormed: true, alerts: [], links: [] }]);
    expect(readCap(bytes(`${two}<`), { each: () => undefined })).toMatchObject({ wellFormed: false });
  });

  it('takes 20,000 alerts and links of one feed, and refuses one more', () => {
    const tiny = alert();
    const link = '<item><link>a</link></item>';
    const feed = (alerts: number, links: number) =>
      readCap(bytes(`<rss>${tiny.repeat(alerts)}${link.repeat(links)}</rss>`), { each: () => undefined });
    expect(feed(1_000, 19_000)).toMatchObject({ wellFormed: true, links: { length: 19_000 } });
    for (const [alerts, links] of [
      [0, 20_001],
      [1, 20_000],
    ] as const)
      expect(feed(alerts, links)).toMatchObject({
        wellFormed: false,
        refused: {
          code: 'too-many-alerts',
          message: expect.stringContaining('Ask the sender for a shorter feed'),
        },
        links: [],
      });
  });

  it('answers a feed with one fault for every 20 bytes, and refuses one with more', () => {
    // Seven faults: six elements are missing, and one is not known.
    const faulty = (length: number): string =>
      `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><x>${'y'.repeat(length)}</x></alert>`;
    const feed = (length: number, count: number) =>
      readCap(bytes(`<rss>${faulty(length).repeat(count)}</rss>`));
    expect(feed(150, 1_000)).toMatchObject({ wellFormed: true, alerts: { length: 1_000 } });
    expect(feed(0, 1_000)).toMatchObject({
      wellFormed: false,
      refused: { code: 'too-many-faults' },
      alerts: [],
    });
    expect(feed(0, 100)).toMatchObject({ wellFormed: true, alerts: { length: 100 } });
  });

  it('says in one word why a page of HTML is no alert', () => {
    expect(readCap(bytes('<html/>'))).toMatchObject({
      wellFormed: true,
      refused: { code: 'not-cap' },
      alerts: [],
    });
  });
});
