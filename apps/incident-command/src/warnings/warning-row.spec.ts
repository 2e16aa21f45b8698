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
import { stateOf, warningRow } from './warning-row.js';

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

function composedOf() {
  const [, submission] = submitted();
  return submission?.command.type === 'SubmitWarning' ? submission.command.composed : [];
}
