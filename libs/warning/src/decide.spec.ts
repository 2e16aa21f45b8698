import { describe, it } from '@jest/globals';
import type { WarningContent } from '#contracts';
import {
  act,
  allClear,
  ann,
  bob,
  cancelled,
  cat,
  cleared,
  composed,
  dan,
  drafted,
  flood,
  given,
  hashes,
  incidentId,
  issued,
  minute,
  submitted,
  update,
  updated,
  updateSubmitted,
  updating,
} from './testing/index.js';

const approve = { type: 'ApproveWarning', ...hashes('1') } as const;
const submit = { type: 'SubmitWarning', composed, ...hashes('1') } as const;
const edit = { type: 'EditDraft', content: flood } as const;
const cancel = { type: 'CancelWarning', reason: 'sent in error' } as const;
const sendBack = { type: 'ReturnWarning', reason: 'the road is wrong' } as const;
const reject = { type: 'RejectWarning', reason: 'not ours' } as const;
const hold = { type: 'HoldWarning', reason: 'the gauge is being read again' } as const;
const openUpdate = { type: 'OpenNextVersion', content: update } as const;
const without = (field: keyof WarningContent) => {
  const { [field]: _, ...rest } = flood;
  return rest;
};

describe('a warning', () => {
  it('begins as a draft of version 1', () =>
    given()
      .when({ type: 'DraftWarning', incidentId, content: {} }, ann)
      .records({ type: 'WarningDrafted', version: 1, by: ann }));
  it('is begun once', () =>
    given(drafted()).when({ type: 'DraftWarning', incidentId, content: {} }, ann).refuses('already-drafted'));
  it('cannot begin as an update of nothing', () =>
    given()
      .when({ type: 'DraftWarning', incidentId, content: update }, ann)
      .refuses('not-a-first-message', 'update'));
  it('can begin as a holding statement', () =>
    given()
      .when({ type: 'DraftWarning', incidentId, content: { message: 'holding' } }, ann)
      .records({ type: 'WarningDrafted' }));
  it('that was never begun takes no command', () => {
    for (const command of [edit, submit, approve, hold, sendBack, reject, openUpdate, cancel]) {
      given().when(command, ann).refuses('no-such-warning');
    }
    given().when({ type: 'ExpireWarning' }, ann).refuses('no-such-warning');
  });
});

describe('a draft', () => {
  it('may be edited by a colleague', () =>
    given(drafted(ann)).when(edit, cat).records({ type: 'DraftEdited', version: 1, by: cat }));
  it('is submitted whole, with the texts and hashes that the approver will see', () =>
    given(drafted())
      .when(submit, ann)
      .records({ type: 'WarningSubmitted', version: 1, content: flood, composed, ...hashes('1') }));
  it('is submitted with what its submitter let stand, and why', () => {
    const acknowledged = [
      { rule: 'impact-missing', reason: 'not known yet', said: ['Say what could happen.'] },
    ];
    given(drafted())
      .when({ ...submit, acknowledged }, ann)
      .records({ type: 'WarningSubmitted', by: ann, acknowledged });
  });
  it('says nothing of acknowledging where there was nothing to acknowledge', () =>
    given(drafted())
      .when({ ...submit, acknowledged: [] }, ann)
      .records({ type: 'WarningSubmitted', acknowledged: undefined }));
  it('without an expiry is not submitted', () =>
    given(drafted(ann, without('expiresAt')))
      .when(submit, ann)
      .refuses('expiry-missing'));
  it('is told everything that is missing at once', () =>
    given(drafted(ann, { texts: flood.texts }))
      .when(submit, ann)
      .refuses('not-whole', 'area', 'expiresAt', 'channels', 'severity'));
  it('whose guidance is missing in one language names the language', () => {
    const { guidance: _, ...rest } = flood.texts['en-GB'] ?? { guidance: '' };
    const content = { ...flood, texts: { 'cy-GB': rest } } as unknown as WarningContent;
    given(drafted(ann, content)).when(submit, ann).refuses('not-whole', 'texts.cy-GB.guidance: is missing');
  });
  it('without an area is not submitted: no area never means everywhere', () =>
    given(drafted(ann, without('area')))
      .when(submit, ann)
      .refuses('area-missing'));
  it('whose area crosses itself is not submitted', () => {
    const bowTie = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ] as [number, number][];
    const geometry = { type: 'MultiPolygon' as const, coordinates: [[bowTie]] };
    given(drafted(ann, { ...flood, area: { ...flood.area, geometry } }))
      .when(submit, ann)
      .refuses('broken-area', 'ring 1 of polygon 1 crosses itself');
  });
  it('that is a holding statement promises the next update', () => {
    const { nextUpdateAt: _, ...holding } = { ...flood, message: 'holding' as const };
    given(drafted(ann, holding)).when(submit, ann).refuses('not-whole', 'nextUpdateAt');
  });
  it('that has expired while it was written is not submitted', () =>
    given(drafted()).when(submit, ann, 120).refuses('already-expired'));
  it('that would expire before it begins is not submitted', () =>
    given(drafted(ann, { ...flood, effectiveAt: minute(120) }))
      .when(submit, ann)
      .refuses('expires-before-effective'));
  it('that promises its next update for a time gone by is not submitted', () => {
    given(drafted()).when(submit, ann, 60).refuses('next-update-in-the-past');
    given(drafted()).when(submit, ann, 59).records({ type: 'WarningSubmitted' });
  });
  it('that promises its next update after its own end is not submitted', () =>
    given(drafted(ann, { ...flood, nextUpdateAt: minute(121) }))
      .when(submit, ann)
      .refuses('next-update-after-expiry'));
  it('for which no text could be made is not submitted', () =>
    given(drafted())
      .when({ ...submit, composed: [] }, ann)
      .refuses('nothing-to-send'));
  it('with a chosen channel that has no text is not submitted', () =>
    given(drafted())
      .when({ ...submit, composed: composed.filter(({ channel }) => channel !== 'sms') }, ann)
      .refuses('channel-without-text', 'sms'));
  it('that could not be withdrawn by one person is not submitted', () =>
    given(drafted())
      .when({ ...submit, composed: composed.filter(({ act }) => act === 'issue') }, ann)
      .refuses('cancel-text-missing', 'en-GB'));
  it('is not approved, held, returned or rejected', () => {
    for (const command of [approve, hold, sendBack, reject]) {
      given(drafted()).when(command, bob).refuses('not-submitted');
    }
  });
  it('is not cancelled: nobody was told anything', () =>
    given(drafted()).when(cancel, ann).refuses('not-issued'));
  it('has no next version yet', () => given(drafted()).when(openUpdate, ann).refuses('not-issued'));
});

describe('a submitted warning', () => {
  it('goes out when a second officer approves it', () =>
    given(submitted(ann))
      .when(approve, bob)
      .records({
        type: 'WarningIssued',
        by: bob,
        submittedBy: ann,
        version: 1,
        supersedes: null,
        content: flood,
        composed,
        mode: 'exercise',
        ...hashes('1'),
      }));
  it('is not approved by the officer who wrote it', () =>
    given(submitted(ann)).when(approve, ann).refuses('approver-is-author'));
  it('is not approved by a colleague who edited it', () =>
    given(drafted(ann), act(edit, cat), act(submit, ann)).when(approve, cat).refuses('approver-is-editor'));
  it('is not approved by the colleague who submitted it', () =>
    given(drafted(ann), act(submit, dan)).when(approve, dan).refuses('approver-is-submitter'));
  it('is not approved by its author when somebody else submitted it', () =>
    given(drafted(ann), act(submit, dan)).when(approve, ann).refuses('approver-is-author'));
  it('is not approved by whoever proposed its words, though a colleague’s yes began the draft', () => {
    const origin = {
      sender: 'ea.gov.uk',
      identifier: 'A1',
      sent: minute(3),
      status: 'Exercise',
      sha256: '',
      by: bob,
    };
    const proposed = act({ ...openUpdate, origin }, ann, 3);
    const second = { ...approve, ...hashes('2') };
    const waiting = [...issued(), proposed, act({ ...submit, ...hashes('2') }, ann, 4)];
    given(waiting).when(second, bob).refuses('approver-is-editor');
    given(waiting).when(second, ann).refuses('approver-is-author');
    given(waiting).when(second, dan).records({ type: 'WarningIssued' }, { type: 'WarningSuperseded' });
  });
  it('is not approved by someone who edited it before it was returned', () =>
    given(drafted(ann), act(edit, cat), act(submit, ann), act(sendBack, bob), act(submit, ann))
      .when(approve, cat)
      .refuses('approver-is-editor'));
  it('is not approved by someone who read another text', () =>
    given(submitted())
      .when({ ...approve, ...hashes('2') }, bob)
      .refuses('changed-since-read'));
  it('is not approved by someone who saw another area', () =>
    given(submitted())
      .when({ ...approve, areaHash: 'f'.repeat(64) }, bob)
      .refuses('changed-since-read'));
  it('is not approved after its expiry', () =>
    given(submitted()).when(approve, bob, 120).refuses('already-expired'));
  it('is not edited behind the approver’s back', () =>
    given(submitted()).when(edit, ann).refuses('not-a-draft'));
  it('is not submitted twice', () => given(submitted()).when(submit, ann).refuses('not-a-draft'));
  it('may be held until a time', () =>
    given(submitted())
      .when({ ...hold, until: minute(30) }, bob)
      .records({ type: 'WarningHeld', until: minute(30), reason: hold.reason }));
  it('is never held without a time', () =>
    given(submitted())
      .when(hold, bob, 10)
      .records({ type: 'WarningHeld', until: minute(25) }));
  it('is not held until a time that has gone by', () =>
    given(submitted())
      .when({ ...hold, until: minute(10) }, bob, 10)
      .refuses('hold-in-the-past'));
  it('is rejected for good', () => {
    given(submitted()).when(reject, bob).records({ type: 'WarningRejected', reason: 'not ours' });
    for (const command of [edit, submit]) {
      given(submitted(), act(reject, bob)).when(command, ann).refuses('not-a-draft');
    }
    given(submitted(), act(reject, bob)).when(openUpdate, ann).refuses('not-issued');
  });
});

describe('a held warning', () => {
  const held = [...submitted(), act(hold, bob)];
  it('is approved by the second officer', () =>
    given(held).when(approve, bob).records({ type: 'WarningIssued' }));
  it('is still not approved by its author', () =>
    given(held).when(approve, ann).refuses('approver-is-author'));
  it('may be held again', () => given(held).when(hold, bob).records({ type: 'WarningHeld' }));
  it('may be returned', () => given(held).when(sendBack, bob).records({ type: 'WarningReturned' }));
  it('may be rejected', () => given(held).when(reject, bob).records({ type: 'WarningRejected' }));
  it('is not edited', () => given(held).when(edit, ann).refuses('not-a-draft'));
});

describe('a returned warning', () => {
  const returned = [...submitted(ann), act(sendBack, bob)];
  it('is mended and submitted again', () => {
    given(returned).when(edit, ann).records({ type: 'DraftEdited', version: 1 });
    given(returned, act(edit, ann)).when(submit, ann).records({ type: 'WarningSubmitted', version: 1 });
  });
  it('may be submitted as it was, when the approver was mistaken', () =>
    given(returned).when(submit, ann).records({ type: 'WarningSubmitted' }));
  it('is not edited by the officer who returned it', () =>
    given(returned).when(edit, bob).refuses('returner-may-not-edit'));
  it('is not submitted by the officer who returned it', () =>
    given(returned).when(submit, bob).refuses('returner-may-not-edit'));
  it('may be approved later by the officer who returned it', () =>
    given(returned, act(submit, ann)).when(approve, bob).records({ type: 'WarningIssued' }));
  it('cannot be approved by the hashes of the text that was returned', () =>
    given(returned, act({ ...submit, ...hashes('2') }, ann))
      .when(approve, bob)
      .refuses('changed-since-read'));
});

describe('an issued warning', () => {
  it('is not issued twice when two officers approve at once', () =>
    given(issued()).when(approve, cat).changesNothing());
  it('still tells its author that this was not theirs to approve', () =>
    given(issued(ann)).when(approve, ann).refuses('approver-is-author'));
  it('is not approved by hashes that nobody issued', () =>
    given(issued())
      .when({ ...approve, ...hashes('7') }, cat)
      .refuses('not-submitted'));
  it('is updated by a next version with an approval of its own', () =>
    given(issued()).when(openUpdate, cat).records({ type: 'WarningDrafted', version: 2, by: cat }));
  it('has one next version at a time', () =>
    given(updating()).when(openUpdate, cat).refuses('version-open', 'version 2'));
  it('does not begin again as a first message', () =>
    given(issued()).when({ type: 'OpenNextVersion', content: flood }, ann).refuses('not-a-next-message'));
  it('has a next version only when it is said what it is', () =>
    given(issued()).when({ type: 'OpenNextVersion', content: {} }, ann).refuses('not-a-next-message'));
  it('whose update was rejected may be updated again, under a new number', () =>
    given(updateSubmitted(), act(reject, bob)).when(openUpdate, ann).records({
      type: 'WarningDrafted',
      version: 3,
    }));
});

describe('an update', () => {
  it('replaces the version before it', () =>
    given(updateSubmitted())
      .when({ ...approve, ...hashes('2') }, bob)
      .records(
        { type: 'WarningIssued', version: 2, supersedes: 1 },
        { type: 'WarningSuperseded', version: 1, byVersion: 2, cleared: false },
      ));
  it('needs a second person of its own', () => {
    given(updateSubmitted(ann))
      .when({ ...approve, ...hashes('2') }, ann)
      .refuses('approver-is-author');
    given(updateSubmitted(bob))
      .when({ ...approve, ...hashes('2') }, bob)
      .refuses('approver-is-author');
  });
  it('may be approved by the author of the first version, who had no hand in it', () =>
    given(updateSubmitted(cat))
      .when({ ...approve, ...hashes('2') }, ann)
      .records({ type: 'WarningIssued', version: 2 }, { type: 'WarningSuperseded' }));
  it('cannot be turned into a first message while it is edited', () =>
    given(updating()).when(edit, ann).refuses('not-a-next-message'));
  it('after the expiry still refers to what the public may still see', () =>
    given(
      issued(),
      act({ type: 'ExpireWarning' }, ann, 120),
      act(openUpdate, ann, 121),
      act({ ...submit, ...hashes('2') }, ann, 121),
    )
      .when({ ...approve, ...hashes('2') }, bob, 122)
      .records({ type: 'WarningIssued', version: 2, supersedes: 1 }));
  it('after a cancel replaces nothing and is approved anew', () =>
    given(cancelled(), act(openUpdate, ann, 4), act({ ...submit, ...hashes('2') }, ann, 5))
      .when({ ...approve, ...hashes('2') }, bob)
      .records({ type: 'WarningIssued', version: 2, supersedes: null }));
});

describe('an all-clear', () => {
  it('needs a second person and clears the warning', () =>
    given(
      issued(),
      act({ type: 'OpenNextVersion', content: allClear }, ann, 3),
      act({ ...submit, ...hashes('2') }, ann, 4),
    )
      .when({ ...approve, ...hashes('2') }, bob)
      .records({ type: 'WarningIssued' }, { type: 'WarningSuperseded', version: 1, cleared: true }));
  it('that was wrong can be withdrawn', () =>
    given(cleared()).when(cancel, bob).records({ type: 'WarningCancelled', version: 2 }));
});

describe('a cancel', () => {
  it('is one person’s act, the author’s own included', () =>
    given(issued(ann)).when(cancel, ann).records({ type: 'WarningCancelled', version: 1, by: ann }));
  it('withdraws every version up to the newest', () =>
    given(updated()).when(cancel, bob).records({ type: 'WarningCancelled', version: 2 }));
  it('ends an open next version, whatever state it is in', () => {
    for (const steps of [updating(), updateSubmitted(), [...updateSubmitted(), act(hold, bob, 5)]]) {
      given(steps).when(cancel, bob).records({ type: 'WarningCancelled', version: 1, abandonedDraft: 2 });
      given(steps, act(cancel, bob, 6))
        .when({ ...approve, ...hashes('2') }, cat)
        .refuses('not-submitted');
    }
  });
  it('is sent for 24 hours, though the warning ran for two', () =>
    given(issued())
      .when(cancel, ann, 10)
      .records({ type: 'WarningCancelled', expiresAt: minute(10 + 24 * 60) }));
  it('is sent until the longest-running version would have ended', () => {
    const long = { ...flood, expiresAt: minute(72 * 60) };
    given(
      submitted(ann, long),
      act(approve, bob, 2),
      act(openUpdate, ann, 3),
      act({ ...submit, ...hashes('2') }, ann, 4),
      act({ ...approve, ...hashes('2') }, bob, 5),
    )
      .when(cancel, ann)
      .records({ type: 'WarningCancelled', expiresAt: minute(72 * 60) });
  });
  it('is allowed after the expiry: the post is still to be seen', () =>
    given(issued(), act({ type: 'ExpireWarning' }, ann, 121))
      .when(cancel, ann, 122)
      .records({ type: 'WarningCancelled' }));
  it('asked for twice is one cancel', () => given(cancelled()).when(cancel, bob).changesNothing());
  it('leaves a version alone that was opened after it', () =>
    given(cancelled(), act(openUpdate, ann, 4))
      .when(cancel, bob)
      .changesNothing());
});

describe('the expiry', () => {
  it('is recorded when its time has come, in the name of whoever issued it', () =>
    given(issued(ann, bob))
      .when({ type: 'ExpireWarning' }, cat, 120)
      .records({ type: 'WarningExpired', version: 1, by: bob }));
  it('is not recorded early', () =>
    given(issued()).when({ type: 'ExpireWarning' }, ann, 119).refuses('not-expired-yet'));
  it('is recorded once', () =>
    given(issued(), act({ type: 'ExpireWarning' }, ann, 120))
      .when({ type: 'ExpireWarning' }, ann, 121)
      .changesNothing());
  it('of a cancelled warning changes nothing', () =>
    given(cancelled()).when({ type: 'ExpireWarning' }, ann, 121).changesNothing());
  it('is that of the version which the public sees now', () =>
    given(updated()).when({ type: 'ExpireWarning' }, ann, 121).refuses('not-expired-yet'));
  it('leaves an update alone that is on its way', () =>
    given(updateSubmitted(), act({ type: 'ExpireWarning' }, ann, 120))
      .when({ ...approve, ...hashes('2') }, bob, 121)
      .records({ type: 'WarningIssued', version: 2, supersedes: 1 }));
  it('of a warning that never went out is nobody’s business', () =>
    given(drafted()).when({ type: 'ExpireWarning' }, ann, 121).refuses('not-issued'));
});
