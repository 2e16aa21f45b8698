import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../model/alert.js';
import { anAlert, anInfo } from '../testing/builders.js';
import { seeded } from '../testing/damage/mutate.js';
import { actsOn, infosToShow, isSameMessage, threadsOf } from './threads.js';

const at = (hour: number): string => `2026-11-21T${String(hour).padStart(2, '0')}:00:00-00:00`;
const message = (
  identifier: string,
  hour: number,
  msgType: string,
  of: readonly Alert[] = [],
  over: Partial<Alert> = {},
): Alert =>
  anAlert({
    identifier,
    sent: at(hour),
    msgType,
    references: of.map(({ sender, identifier, sent }) => ({ sender, identifier, sent })),
    ...over,
  });

const first = message('F-1', 9, 'Alert');
const update = message('F-2', 10, 'Update', [first]);
const cancel = message('F-3', 11, 'Cancel', [update]);
const ack = message('A-1', 12, 'Ack', [first], { sender: 'partner@example.org' });
const states = (alerts: readonly Alert[]) =>
  threadsOf(alerts).map((thread) =>
    Object.fromEntries(thread.messages.map(({ alert, state }) => [alert.identifier, state])),
  );

describe('a thread', () => {
  it('shows what is live, superseded and cancelled', () => {
    expect(states([first, update])).toEqual([{ 'F-1': 'superseded', 'F-2': 'live' }]);
    expect(states([first, update, cancel, ack])).toEqual([
      { 'F-1': 'superseded', 'F-2': 'cancelled', 'F-3': 'notice', 'A-1': 'notice' },
    ]);
  });

  it('is the same whatever order the messages came in, 200 times over (seed 7)', () => {
    const other = message('G-1', 9, 'Alert', [], { sender: 'x@y' });
    const all = [
      first,
      update,
      cancel,
      ack,
      other,
      message('F-4', 13, 'Error', [cancel]),
      message('F-5', 14, 'Alert'),
    ];
    const expected = threadsOf(all);
    const random = seeded(7);
    for (let run = 0; run < 200; run += 1) {
      const shuffled = all.map((alert) => ({ alert, key: random(1_000_000) })).sort((a, b) => a.key - b.key);
      expect(threadsOf(shuffled.map((each) => each.alert))).toEqual(expected);
    }
  });

  it('keeps together an update and a cancel whose alert has not come yet, and names it as missing', () => {
    const [thread, ...others] = threadsOf([cancel, message('F-9', 12, 'Update', [first]), update]);
    expect(others).toEqual([]);
    expect(thread?.missing).toEqual([{ sender: first.sender, identifier: 'F-1', sent: first.sent }]);
  });

  it('matches a reference whose time is written another way, as the Environment Agency does', () => {
    const written = message('F-6', 12, 'Cancel', [{ ...first, sent: '2026-11-21T09:00:00+00:00' }]);
    expect(states([first, written])).toEqual([{ 'F-1': 'cancelled', 'F-6': 'notice' }]);
    expect(isSameMessage(first, { ...first, sent: '2026-11-21T10:00:00+01:00' })).toBe(true);
    expect(isSameMessage(first, { ...first, sent: '2026-11-21T09:00:01-00:00' })).toBe(false);
  });

  it('counts the same alert from two feeds once, and says when the two differ', () => {
    const [thread] = threadsOf([first, { ...first }, { ...first, note: 'changed' }]);
    expect(thread?.messages).toMatchObject([{ copies: 3, differs: true, state: 'live' }]);
    expect(threadsOf([first, { ...first }])[0]?.messages).toMatchObject([{ copies: 2, differs: false }]);
  });

  it('lets a cancel win over an update, whichever came first', () => {
    const both = [first, update, message('F-7', 12, 'Cancel', [first])];
    expect(states(both)).toEqual([{ 'F-1': 'cancelled', 'F-2': 'live', 'F-7': 'notice' }]);
  });

  it('does not let another sender cancel a warning: that is shown as a claim', () => {
    const forged = message('X', 12, 'Cancel', [first], { sender: 'stranger@example.org' });
    const [thread] = threadsOf([first, forged]);
    expect(thread?.live).toEqual([first]);
    expect(thread?.claims).toEqual([forged]);
  });

  it('never takes a message of unknown type for an alert', () => {
    expect(states([message('U', 9, 'Warning')])).toEqual([{ U: 'notice' }]);
  });

  it('is not ended by a message that was sent before what it names', () => {
    const early = message('E', 8, 'Cancel', [first]);
    expect(states([first, early])).toEqual([{ E: 'notice', 'F-1': 'live' }]);
  });
});

/** All orders of a small set. */
function* ordersOf<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length < 2) yield list;
  for (const [index, each] of list.entries()) {
    if (list.length < 2) return;
    for (const rest of ordersOf(list.toSpliced(index, 1))) yield [each, ...rest];
  }
}

describe('every order of arrival', () => {
  const of = (sender: string, identifier: string, sent: string) => [{ sender, identifier, sent }];
  const ea = 'ea@example.org';
  it.each<readonly [string, readonly Alert[], Record<string, string>]>([
    [
      'of an alert, two updates, a cancel and an acknowledgement',
      [first, update, message('F-3', 11, 'Update', [update]), message('F-4', 12, 'Cancel', [update]), ack],
      { 'F-1': 'superseded', 'F-2': 'cancelled', 'F-3': 'live', 'F-4': 'notice', 'A-1': 'notice' },
    ],
    [
      'of a cancel, and a cancel of that cancel: the warning stays cancelled',
      [
        first,
        message('C-1', 10, 'Cancel', [first]),
        message('C-2', 11, 'Cancel', [message('C-1', 10, 'Cancel')]),
      ],
      { 'F-1': 'cancelled', 'C-1': 'notice', 'C-2': 'notice' },
    ],
    [
      'of an update after a cancel: it is live again, and the first alert is not',
      [first, message('C-1', 10, 'Cancel', [first]), message('F-5', 11, 'Update', [first])],
      { 'F-1': 'cancelled', 'C-1': 'notice', 'F-5': 'live' },
    ],
    [
      'of an error about an update: an Error ends nothing',
      [first, update, message('E-1', 11, 'Error', [update])],
      { 'F-1': 'superseded', 'F-2': 'live', 'E-1': 'notice' },
    ],
    [
      'of the same alert from two feeds, and a cancel that writes its time in another zone',
      [first, { ...first }, { ...cancel, references: of(ea, 'F-1', '2026-11-21T10:00:00+01:00') }],
      { 'F-1': 'cancelled', 'F-3': 'notice' },
    ],
    [
      'of the same alert from two feeds that write its time in two zones',
      [first, { ...first, sent: '2026-11-21T10:00:00+01:00' }, update],
      { 'F-1': 'superseded', 'F-2': 'live' },
    ],
    [
      'of two updates of one alert that do not know of each other: both are live, and a person must look',
      [first, update, message('F-6', 10, 'Update', [first])],
      { 'F-1': 'superseded', 'F-2': 'live', 'F-6': 'live' },
    ],
    [
      'of a cancel of two alerts at once',
      [first, message('G-1', 9, 'Alert'), message('C-1', 10, 'Cancel', [first, message('G-1', 9, 'Alert')])],
      { 'F-1': 'cancelled', 'G-1': 'cancelled', 'C-1': 'notice' },
    ],
  ])('%s gives the same threads', (_, messages, expected) => {
    const threads = threadsOf(messages);
    expect(states(messages)).toEqual([expected]);
    for (const order of ordersOf(messages)) expect(threadsOf(order)).toEqual(threads);
  });

  it('of an update whose alert is not here yet: it is live, and what it names is missing until it comes', () => {
    expect(threadsOf([update])).toMatchObject([
      { live: [update], missing: [{ sender: ea, identifier: 'F-1', sent: first.sent }] },
    ]);
    for (const order of ordersOf([first, update])) {
      expect(threadsOf(order)).toMatchObject([{ live: [update], missing: [] }]);
    }
  });
});

describe('a reference whose time cannot be read', () => {
  const untimed = (
    identifier: string,
    hour: number,
    msgType: string,
    named: string,
    over: Partial<Alert> = {},
  ) =>
    message(identifier, hour, msgType, [], {
      references: [{ sender: 'ea@example.org', identifier: named, sent: 'yesterday' }],
      ...over,
    });

  it('finds the one message of that sender and identifier: a cancel is not lost', () => {
    const stop = untimed('F-9', 12, 'Cancel', 'F-1');
    expect(states([first, stop])).toEqual([{ 'F-1': 'cancelled', 'F-9': 'notice' }]);
    expect(actsOn(stop, [first])).toEqual({ kind: 'one', alert: first });
    expect(infosToShow({ ...stop, infos: [] }, [first])).toEqual(first.infos);
  });

  it('finds the one that is live when the identifier was used again', () => {
    const again = message('F-1', 10, 'Update', [first]);
    const stop = untimed('F-9', 12, 'Cancel', 'F-1');
    const [thread] = threadsOf([stop, again, first]);
    expect(thread?.messages.map(({ alert, state }) => [alert.sent, state])).toEqual([
      [at(9), 'superseded'],
      [at(10), 'cancelled'],
      [at(12), 'notice'],
    ]);
    expect(actsOn(stop, [first, again])).toEqual({ kind: 'one', alert: again });
  });

  it('cancels neither of two that are live: a person chooses', () => {
    const again = message('F-1', 10, 'Alert');
    const stop = untimed('F-9', 12, 'Cancel', 'F-1');
    const threads = threadsOf([first, again, stop]);
    expect(threads).toHaveLength(1);
    expect(threads[0]?.live).toEqual([first, again]);
    expect(threads[0]?.missing).toEqual([]);
    expect(actsOn(stop, [first, again])).toEqual({ kind: 'choices', alerts: [first, again] });
  });

  it('does not end what was sent after it', () => {
    const later = message('F-1', 14, 'Alert');
    const stop = untimed('F-9', 12, 'Cancel', 'F-1');
    expect(threadsOf([first, later, stop])[0]?.live).toEqual([later]);
  });

  it('of another sender ends nothing', () => {
    const forged = untimed('X', 12, 'Cancel', 'F-1', { sender: 'stranger@example.org' });
    expect(threadsOf([first, forged])[0]).toMatchObject({ live: [first], claims: [forged] });
    expect(actsOn(forged, [first])).toMatchObject({ kind: 'none' });
  });

  it('to what nobody has seen is missing', () => {
    const stop = untimed('F-9', 12, 'Cancel', 'F-7');
    expect(threadsOf([stop])[0]?.missing).toEqual(stop.references);
    expect(actsOn(stop, [first])).toEqual({ kind: 'none', missing: stop.references });
  });

  it('leads to the same state whatever order the messages came in', () => {
    const all = [
      first,
      message('F-1', 10, 'Update', [first]),
      untimed('F-8', 11, 'Update', 'F-1'),
      untimed('F-9', 12, 'Cancel', 'F-8'),
    ];
    const expected = threadsOf(all);
    const random = seeded(29);
    for (let run = 0; run < 100; run += 1) {
      const shuffled = all.map((alert) => ({ alert, key: random(1_000) })).sort((a, b) => a.key - b.key);
      expect(threadsOf(shuffled.map((each) => each.alert))).toEqual(expected);
    }
    expect(expected[0]?.live).toEqual([]);
  });

  it('of CAP 1.0, which writes none, is judged in the same way', () => {
    const old = message('F-9', 12, 'Cancel', [], {
      references: [{ sender: 'ea@example.org', identifier: 'F-1', sent: '' }],
    });
    expect(states([first, old])).toEqual([{ 'F-1': 'cancelled', 'F-9': 'notice' }]);
    expect(actsOn(old, [first, message('F-1', 10, 'Alert')]).kind).toBe('choices');
  });
});

describe('what an update or a cancel is about', () => {
  it('is the one live message, also when it names the one before', () => {
    expect(actsOn(message('F-8', 12, 'Cancel', [first]), [first, update])).toEqual({
      kind: 'one',
      alert: update,
    });
  });

  it('is a choice for a person when it names several live alerts', () => {
    const second = message('G-1', 9, 'Alert');
    expect(actsOn(message('F-8', 12, 'Cancel', [first, second]), [first, second])).toEqual({
      kind: 'choices',
      alerts: [first, second],
    });
  });

  it('is nothing when what it names is unknown, cancelled or of another sender', () => {
    const { sender, identifier, sent } = first;
    expect(actsOn(update, [])).toEqual({ kind: 'none', missing: [{ sender, identifier, sent }] });
    expect(actsOn(message('F-8', 13, 'Update', [update]), [first, update, cancel])).toEqual({
      kind: 'none',
      missing: [],
    });
    expect(actsOn(message('X', 12, 'Cancel', [first], { sender: 'x@y' }), [first])).toEqual({
      kind: 'none',
      missing: [],
    });
  });
});

describe('a cancel without words', () => {
  it('is shown by the words of what it cancels', () => {
    expect(infosToShow(message('F-8', 12, 'Cancel', [first], { infos: [] }), [first])).toEqual(first.infos);
    const own = [anInfo({ event: 'Flood warning removed' })];
    expect(infosToShow(message('F-8', 12, 'Cancel', [first], { infos: own }), [first])).toEqual(own);
  });
});
