import { describe, expect, it } from '@jest/globals';
import { noWarning } from '#warning';
import {
  act,
  ann,
  bob,
  cancelled,
  cleared,
  drafted,
  factsOf,
  flood,
  hashes,
  incidentId,
  issued,
  minute,
  stateOf as lived,
  submitted,
  update,
  updated,
  updateSubmitted,
  updating,
  warningId,
  type Step,
} from '#warning/testing';
import { standing, stateOf, warningRow } from './warning-row.js';

const columns = [
  'warning_id',
  'incident_id',
  'state',
  'shown_version',
  'open_version',
  'open_state',
  'event',
  'message',
  'severity',
  'expires_at',
  'ends_at',
  'revision',
  'changed_at',
];
/** The row that these acts leave behind, by the names of its columns. */
function rowOf(...steps: (Step | Step[])[]): Record<string, unknown> {
  const facts = factsOf(steps.flat());
  const { params } = warningRow(warningId, lived(facts), facts.length, minute(99));
  return Object.fromEntries(columns.map((name, n) => [name, params[n]]));
}
const because = { reason: 'for a reason' };
const expire = act({ type: 'ExpireWarning' }, ann, 240);
const updateDraft = act({ type: 'OpenNextVersion', content: update }, ann, 4);

describe('the list’s row of a warning', () => {
  it.each<[string, (Step | Step[])[], object]>([
    [
      'a draft',
      [drafted()],
      { state: 'draft', shown_version: null, open_version: 1, open_state: 'draft', ends_at: null },
    ],
    ['one that waits', [submitted()], { state: 'submitted', open_state: 'submitted', ends_at: null }],
    [
      'one that is held',
      [submitted(), act({ type: 'HoldWarning', ...because }, bob)],
      { state: 'held', open_state: 'held' },
    ],
    [
      'one that came back',
      [submitted(), act({ type: 'ReturnWarning', ...because }, bob)],
      { state: 'returned', open_version: 1 },
    ],
    [
      'one that was rejected',
      [submitted(), act({ type: 'RejectWarning', ...because }, bob)],
      { state: 'rejected', open_version: null, event: null },
    ],
    [
      'one that is out',
      [issued()],
      { state: 'issued', shown_version: 1, open_version: null, ends_at: flood.expiresAt },
    ],
    [
      'one whose update is written',
      [updating()],
      { state: 'issued', shown_version: 1, open_version: 2, open_state: 'draft', message: 'first' },
    ],
    [
      'one whose update waits',
      [updateSubmitted()],
      { state: 'issued', open_version: 2, open_state: 'submitted', expires_at: flood.expiresAt },
    ],
    [
      'one that was updated',
      [updated()],
      { state: 'issued', shown_version: 2, open_version: null, message: 'update', ends_at: update.expiresAt },
    ],
    ['one that is over', [cleared()], { state: 'issued', shown_version: 2, message: 'all-clear' }],
    ['one that was withdrawn', [cancelled()], { state: 'cancelled', shown_version: 1, ends_at: null }],
    [
      'one whose time is up',
      [updated(), expire],
      { state: 'expired', shown_version: 2, ends_at: null, expires_at: update.expiresAt },
    ],
    [
      'one that is written anew after a cancel',
      [cancelled(), act({ type: 'OpenNextVersion', content: update }, ann, 4)],
      { state: 'cancelled', shown_version: 1, open_version: 2, ends_at: null },
    ],
  ])('of %s', (_, steps, row) => {
    expect(rowOf(...steps)).toMatchObject({
      warning_id: warningId,
      incident_id: incidentId,
      changed_at: minute(99),
      ...row,
    });
  });

  it('has a parameter for each of its columns, and reads the table that an append goes on with', () => {
    const { sql, params } = warningRow(warningId, noWarning, 0, minute(0));
    expect(params).toHaveLength(columns.length);
    for (const column of columns) expect(sql).toContain(column);
    expect(sql).toMatch(/from turn\s/);
    expect([...sql.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)).toSorted((a, b) => a - b)).toEqual(
      columns.map((_, n) => n + 1),
    );
  });

  it('waits for the end of what the public sees, and of nothing else', () => {
    for (const steps of [
      [drafted()],
      submitted(),
      cancelled(),
      [...issued(), act({ type: 'ExpireWarning' }, ann, 120)],
    ]) {
      expect(rowOf(steps)['ends_at']).toBeNull();
    }
    const again = [
      cancelled(),
      act({ type: 'OpenNextVersion', content: update }, ann, 4),
      act({ type: 'SubmitWarning', composed: composedOf(), ...hashes('2') }, ann, 5),
      act({ type: 'ApproveWarning', ...hashes('2') }, bob, 6),
    ];
    expect(rowOf(...again)).toMatchObject({ state: 'issued', shown_version: 2, ends_at: update.expiresAt });
  });

  it('of nothing says so', () => expect(stateOf(noWarning)).toBe('none'));
});

describe('what a caller is told of a warning and of the version that was acted on', () => {
  const hold = act({ type: 'HoldWarning', ...because, until: minute(30) }, bob, 9);
  const sendBack = act({ type: 'ReturnWarning', ...because }, bob, 9);
  const reject = act({ type: 'RejectWarning', ...because }, bob, 9);
  it.each<[string, (Step | Step[])[], number, object, RegExp]>([
    [
      'begun',
      [drafted()],
      1,
      { warningState: 'draft', openVersion: 1, openState: 'draft' },
      /complete it and submit it/,
    ],
    [
      'submitted',
      [submitted()],
      1,
      { warningState: 'submitted', openState: 'submitted' },
      /did not begin, edit or submit/,
    ],
    [
      'put off',
      [submitted(), hold],
      1,
      { warningState: 'held', openState: 'held' },
      /until 2126-11-21T10:30:00.000Z/,
    ],
    [
      'sent back',
      [submitted(), sendBack],
      1,
      { warningState: 'returned', openState: 'returned' },
      /submit it again/,
    ],
    [
      'rejected',
      [submitted(), reject],
      1,
      { warningState: 'rejected', openVersion: null },
      /nothing of it is sent/,
    ],
    [
      'issued',
      [issued()],
      1,
      { warningState: 'issued', openVersion: null, openState: null },
      /send version 1 .*GET \/v1/,
    ],
    ['updated', [updated()], 2, { warningState: 'issued' }, /send version 2 /],
    [
      'an update sent back',
      [updateSubmitted(), sendBack],
      2,
      { warningState: 'issued', openState: 'returned' },
      /mend it/,
    ],
    [
      'an update rejected',
      [updateSubmitted(), reject],
      2,
      { warningState: 'issued' },
      /Version 2 ends here.*version 1 stays/,
    ],
    ['cancelled', [cancelled()], 1, { warningState: 'cancelled' }, /where the cancel is in force/],
    [
      'cancelled again beside a new draft',
      [cancelled(), updateDraft],
      1,
      { warningState: 'cancelled', openVersion: 2 },
      /in force/,
    ],
    ['expired', [issued(), expire], 1, { warningState: 'expired' }, /time is up/],
  ])('%s', (_, steps, version, told, follows) => {
    const stands = standing(warningId, lived(factsOf(steps.flat())), version);
    expect(stands).toMatchObject(told);
    expect(stands.follows).toMatch(follows);
  });

  it('says from when, where the warning begins later', () => {
    const content = { ...flood, effectiveAt: minute(45) };
    const steps = [...submitted(ann, content), act({ type: 'ApproveWarning', ...hashes('1') }, bob, 9)];
    expect(standing(warningId, lived(factsOf(steps)), 1).follows).toContain(
      `from ${minute(45)} until ${minute(120)}`,
    );
  });
});

function composedOf() {
  const [, submission] = submitted();
  return submission?.command.type === 'SubmitWarning' ? submission.command.composed : [];
}
