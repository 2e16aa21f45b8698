import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { flood, warningNo } from '#contracts/testing';
import { archived } from '../testing/archived.js';
import { gapMessage, placeId, readPlace, sseMessage, stillHere } from './sse-message.js';

const epochs = fc.stringMatching(/^[0-9a-f]{1,32}$/);

/** The fields of one server-sent event (WHATWG HTML §9.2.6), of which each may stand once here. */
function fieldsOf(message: Buffer): Record<string, string> {
  const text = message.toString('utf8');
  expect(text.endsWith('\n\n')).toBe(true);
  const lines = text.slice(0, -2).split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
}

describe('the place of a reader', () => {
  it('is read back as it was written, for every archive and position', () =>
    fc.assert(
      fc.property(epochs, fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), (epoch, position) =>
        expect(readPlace(placeId({ epoch, position }))).toEqual({ epoch, position }),
      ),
      { seed: 20261121 },
    ));

  it.each([
    '',
    '-',
    'e1-',
    '-7',
    'e1',
    'e1-7-8',
    'E1-7',
    'e1--7',
    'e1-7 ',
    'e1-0x7',
    `e1-${'9'.repeat(19)}`,
    'xyz-7',
  ])('is none that we wrote: %j', (id) => expect(readPlace(id)).toBeUndefined());

  it('is never made of anything that a header brings', () =>
    fc.assert(
      fc.property(fc.string(), (id) => {
        const place = readPlace(id);
        if (place !== undefined) expect(id).toMatch(/^[0-9a-f]+-\d+$/);
      }),
      { seed: 20261121 },
    ));
});

describe('an event on the live stream', () => {
  it('is a CloudEvent in JSON, with the place as its id and the type as its name', () => {
    const event = archived(42n, { body: { content: { event: 'Flood' } } });
    const { id, event: name, data = '' } = fieldsOf(sseMessage('e1', 'partner', event) ?? Buffer.alloc(0));
    expect([id, name]).toEqual(['e1-42', 'WarningIssued']);
    expect(JSON.parse(data)).toEqual({
      specversion: '1.0',
      id: `${warningNo(1)}@42`,
      source: '/larum/incident-command',
      type: 'WarningIssued',
      subject: warningNo(1),
      time: '2026-11-21T10:00:00.000Z',
      sequence: 42,
      incidentid: flood,
      datacontenttype: 'application/json',
      data: {
        type: 'WarningIssued',
        incidentId: flood,
        warningId: warningNo(1),
        version: 1,
        content: { event: 'Flood' },
      },
    });
  });

  it('stays one event, whatever line ends stand in a text', () => {
    const body = { content: { texts: { 'en-GB': { guidance: 'Leave.\n\nid: e1-99\ndata: {}\r\n' } } } };
    const fields = fieldsOf(sseMessage('e1', 'reviewer', archived(1n, { body })) ?? Buffer.alloc(0));
    expect(Object.keys(fields)).toEqual(['id', 'event', 'data']);
    expect(fields['id']).toBe('e1-1');
  });

  it('that belongs to no incident says none', () => {
    const event = archived(1n, { type: 'AccountReported', incidentId: null });
    expect(fieldsOf(sseMessage('e1', 'reviewer', event) ?? Buffer.alloc(0))['data']).not.toContain(
      'incidentid',
    );
  });

  it('that is not for partners is nothing to them, and whole to a reviewer', () => {
    const held = archived(1n, { type: 'WarningHeld', body: { reason: 'the gauge' } });
    expect(sseMessage('e1', 'partner', held)).toBeUndefined();
    expect(sseMessage('e1', 'reviewer', held)?.toString()).toMatch(/the gauge.*off_|off_.*the gauge/);
  });

  it('whose body is broken ends the stream for nobody', () => {
    const broken = archived(1n, { value: new TextEncoder().encode('{"type":') });
    expect(sseMessage('e1', 'partner', broken)).toBeUndefined();
    expect(sseMessage('e1', 'reviewer', broken)?.toString()).toContain('"data":null');
  });
});

describe('a gap', () => {
  it('is said in so many words, with the place from which it goes on', () => {
    const { event, data = '', ...more } = fieldsOf(gapMessage('0badcafe-7', 'e1', 12n));
    expect([event, Object.keys(more)]).toEqual(['gap', []]);
    expect(JSON.parse(data)).toMatchObject({ asked: '0badcafe-7', goesOnAt: 'e1-12' });
  });
  it('has no id, so that a reader who leaves at once does not believe that it has the rest', () =>
    expect(gapMessage('x-1', 'e1', 1n).toString()).not.toMatch(/^id:/m));
  it('cannot be used to forge an event by what was asked for', () =>
    expect(Object.keys(fieldsOf(gapMessage('x\n\nevent: WarningCancelled', 'e1', 1n)))).toEqual([
      'event',
      'data',
    ]));
});

it('a heartbeat is a comment, which readers skip, and the place that they come back to: never an event', () =>
  expect(stillHere({ epoch: 'e1', position: 42n }).toString()).toMatch(/^: [^\n]*\nid: e1-42\n\n$/));
