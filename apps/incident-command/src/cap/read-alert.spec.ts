import { describe, expect, it } from '@jest/globals';
import type { Mode } from '#contracts';
import { Problem } from '#runtime';
import { readAlert } from './read-alert.js';

const info = `<info><category>Met</category><event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>
<certainty>Likely</certainty><area><areaDesc>Whaley Bridge</areaDesc></area></info>`;
const cap = (status: string, msgType = 'Alert', told = info) =>
  `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A1</identifier><sender>ea.gov.uk</sender>
<sent>2126-11-21T10:00:00-00:00</sent><status>${status}</status><msgType>${msgType}</msgType><scope>Public</scope>
${msgType === 'Alert' ? '' : '<references>ea.gov.uk,A0,2126-11-21T09:00:00-00:00</references>'}${told}</alert>`;
const read = (xml: string | Uint8Array, mode: Mode) =>
  readAlert(typeof xml === 'string' ? new TextEncoder().encode(xml) : xml, mode);
const problemOf = (xml: string | Uint8Array, mode: Mode = 'exercise'): Problem | undefined => {
  try {
    read(xml, mode);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
};

describe('the two worlds', () => {
  it('are kept apart: an exercise alert never becomes a live draft', () => {
    expect(problemOf(cap('Exercise'), 'live')?.code).toBe('alert-of-the-other-world');
    for (const msgType of ['Update', 'Cancel']) {
      expect(problemOf(cap('Exercise', msgType), 'live')?.code).toBe('alert-of-the-other-world');
    }
  });
  it('take a real alert in live, and both in an exercise', () => {
    expect(read(cap('Actual'), 'live').msgType).toBe('Alert');
    expect(read(cap('Actual'), 'exercise').msgType).toBe('Alert');
    expect(read(cap('Exercise'), 'exercise').msgType).toBe('Alert');
  });
});

describe('what an alert is', () => {
  it.each(['Alert', 'Update', 'Cancel'])('%s is taken in', (msgType) =>
    expect(read(cap('Actual', msgType), 'live').msgType).toBe(msgType),
  );
  it.each(['Ack', 'Error', 'Retract', 'cancel', ''])('%p is never taken for one of them', (msgType) =>
    expect(problemOf(cap('Actual', msgType))?.code).toBe('not-a-warning'),
  );
  it.each(['Test', 'System', 'Draft', 'Real', ''])(
    'one whose status is %p is none for the public',
    (status) => expect(problemOf(cap(status))?.code).toBe('not-a-warning'),
  );
  it('a cancel without any info is whole', () =>
    expect(read(cap('Actual', 'Cancel', ''), 'live').alert.infos).toEqual([]));
  it('keeps its bytes as they came', () => {
    const xml = cap('Actual');
    expect(new TextDecoder().decode(read(xml, 'live').bytes)).toBe(xml);
  });
});

describe('a document that cannot be used', () => {
  it.each([
    ['nothing at all', '', 'not-xml', 'empty'],
    ['half of one', cap('Actual').slice(0, 300), 'not-xml', 'not-well-formed'],
    ['bytes that are no text', new Uint8Array([0x3c, 0x61, 0xff, 0xfe, 0x3e]), 'not-xml', 'encoding'],
    ['one with a document type', `<!DOCTYPE alert>${cap('Actual')}`, 'unsafe-xml', 'doctype'],
    ['one that is too deep', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`, 'unsafe-xml', 'too-deep'],
    ['a page of something else', '<rss2/>', 'not-cap', 'not-cap'],
  ])('%s says why', (_, xml, code, reason) => {
    const found = problemOf(xml);
    expect(found?.code).toBe(code);
    expect(found?.extra['reason']).toBe(reason);
    expect(found?.detail).toMatch(/Nothing was recorded\.$/);
  });

  it('with two alerts is sent back: which is meant would be a guess', () => {
    const feed = `<feed xmlns="http://www.w3.org/2005/Atom">${[1, 2].map(() => `<entry><content>${cap('Actual')}</content></entry>`).join('')}</feed>`;
    expect(problemOf(feed)?.detail).toContain('2 alerts');
  });

  it.each(['A1', 'ea.gov.uk'])(
    'whose name is too long to be kept apart from others is told so: %s',
    (part) => {
      const named = (bytes: number) => cap('Actual').replaceAll(part, 'n'.repeat(bytes));
      expect(problemOf(named(1_900))).toBeUndefined();
      const found = problemOf(named(2_100));
      expect([found?.code, found?.extra['reason']]).toEqual(['not-cap', 'name-too-long']);
      expect(found?.detail).toContain('Nothing was recorded.');
    },
  );

  it('that lacks what the standard demands names it', () => {
    const found = problemOf(cap('Actual', 'Alert', info.replace('<event>Flood</event>', '')));
    expect(found?.code).toBe('not-cap');
    expect(JSON.stringify(found?.extra['findings'])).toContain('event');
  });
});
