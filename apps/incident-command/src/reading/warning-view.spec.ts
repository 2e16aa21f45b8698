import { describe, expect, it } from '@jest/globals';
import {
  act,
  ann,
  bob,
  cancelled,
  cat,
  cleared,
  composed,
  drafted,
  factsOf,
  flood,
  hashes,
  issued,
  minute,
  submitted,
  updated,
  updateSubmitted,
  updating,
  type Step,
} from '#warning/testing';
import { forPartners } from './for-partners.js';
import { warningView } from './warning-view.js';

const viewOf = (...steps: (Step | Step[])[]) => {
  const view = warningView(factsOf(steps.flat()));
  if (view === undefined) throw new Error('no facts');
  return view;
};
const states = (...steps: (Step | Step[])[]) => viewOf(...steps).versions.map(({ state }) => state);
const because = { reason: 'for a reason' };

describe('a warning as it is read', () => {
  it('is nothing before its first fact', () => expect(warningView([])).toBeUndefined());
  it.each<[string, string[], (Step | Step[])[]]>([
    ['a draft', ['draft'], [drafted()]],
    ['a draft that waits', ['submitted'], [submitted()]],
    ['a draft that was held', ['held'], [submitted(), act({ type: 'HoldWarning', ...because }, bob)]],
    ['a draft that came back', ['returned'], [submitted(), act({ type: 'ReturnWarning', ...because }, bob)]],
    [
      'a draft that was refused',
      ['rejected'],
      [submitted(), act({ type: 'RejectWarning', ...because }, bob)],
    ],
    ['a warning that is out', ['issued'], [issued()]],
    ['a warning with an update under way', ['issued', 'submitted'], [updateSubmitted()]],
    ['a warning that was updated', ['superseded', 'issued'], [updated()]],
    ['a warning that is over', ['cleared', 'issued'], [cleared()]],
    ['a warning that was withdrawn', ['cancelled'], [cancelled()]],
    [
      'a warning whose update was withdrawn with it',
      ['cancelled', 'abandoned'],
      [updating(), act({ type: 'CancelWarning', ...because }, ann, 5)],
    ],
    ['a warning whose time is up', ['expired'], [issued(), act({ type: 'ExpireWarning' }, ann, 120)]],
    [
      'a warning whose update came after its time',
      ['expired', 'draft'],
      [updating(), act({ type: 'ExpireWarning' }, ann, 120)],
    ],
  ])('%s', (_, expected, steps) => expect(states(...steps)).toEqual(expected));

  it('shows an approver what is approved, and by which hashes', () => {
    const [version] = viewOf(submitted()).versions;
    expect(version).toMatchObject({ content: flood, ...hashes('1'), supersedes: null });
    expect(version?.composed?.length).toBeGreaterThan(0);
  });

  it('shows no texts and no hashes of a version that is being changed', () => {
    const mended = act({ type: 'EditDraft', content: flood }, ann);
    const [version] = viewOf(submitted(), act({ type: 'ReturnWarning', ...because }, bob), mended).versions;
    expect(version).toMatchObject({ state: 'draft', composed: null, contentHash: null, areaHash: null });
  });

  it('shows which cautions were let stand, by whom and why, until the draft is changed', () => {
    const caution = {
      rule: 'phone-unknown',
      reason: 'the site’s own line',
      said: ['Check it digit by digit.'],
    };
    const steps = [
      drafted(ann),
      act({ type: 'SubmitWarning', composed, ...hashes('1'), acknowledged: [caution] }, cat, 1),
    ];
    const [version] = viewOf(steps).versions;
    expect(version?.acknowledged).toEqual([{ ...caution, by: cat, at: minute(1) }]);
    const out = viewOf(steps, act({ type: 'ApproveWarning', ...hashes('1') }, bob, 2));
    expect(out.versions[0]?.acknowledged).toHaveLength(1);
    expect(forPartners(out)?.versions[0]?.acknowledged).toEqual([]);
    const changed = [
      act({ type: 'ReturnWarning', ...because }, bob, 2),
      act({ type: 'EditDraft', content: flood }, ann, 3),
    ];
    expect(viewOf(steps, changed).versions[0]?.acknowledged).toEqual([]);
  });

  it('says which version an update will replace before it does', () =>
    expect(viewOf(updateSubmitted()).versions[1]?.supersedes).toBe(1));

  it('tells who did what, when and why', () => {
    const { history } =
      viewOf(submitted(), act({ type: 'ReturnWarning', ...because }, bob, 7)).versions[0] ?? {};
    expect(history?.map(({ type, by }) => [type, by])).toEqual([
      ['WarningDrafted', ann],
      ['WarningSubmitted', ann],
      ['WarningReturned', bob],
    ]);
    expect(history?.at(-1)).toMatchObject(because);
  });
});

describe('a warning as another agency reads it', () => {
  it('does not exist before it went out', () => {
    for (const steps of [[drafted()], submitted()]) expect(forPartners(viewOf(...steps))).toBeUndefined();
  });

  it('has neither the next draft nor any officer', () => {
    const seen = forPartners(viewOf(updateSubmitted()));
    expect(seen?.versions.map(({ version }) => version)).toEqual([1]);
    expect(seen?.openVersion).toBeNull();
    expect(JSON.stringify(seen)).not.toContain('off_');
  });

  it('does not tell what was being written when it was withdrawn', () => {
    const seen = forPartners(viewOf(updating(), act({ type: 'CancelWarning', ...because }, ann, 5)));
    expect(seen?.versions.map(({ state }) => state)).toEqual(['cancelled']);
    expect(JSON.stringify(seen)).not.toContain(because.reason);
  });
});
