import type { DraftContent, Instant, WarningContent, WarningEvent } from '#contracts';
import { NextMessageKind, toInstant } from '#contracts';
import type { Asked, WarningCommand } from './command.js';
import { WarningRefused } from './refused.js';
import { checkTimes } from './check-times.js';
import { checkTexts } from './check-texts.js';
import { mayApprove, mayEdit } from './second-person.js';
import { openVersion, supersededByNext, type OpenVersion, type Warning } from './warning.js';
import { wholeContent } from './whole-content.js';

type Command<Type extends WarningCommand['type']> = Extract<WarningCommand, { type: Type }>;

/** A hold without a time would be forgotten; one that names none lasts this long (WARNINGS §3: a hold has a reason and a time). */
export const HOLD_MS = 15 * 60_000;
/** How long a cancel is sent at the least, whatever the warning's own expiry was (DESIGN §3, P7). */
export const CANCEL_MS = 24 * 3_600_000;

/**
 * Turns one command into the facts that follow from it; none when what is asked is true already. Pure: officer, clock,
 * id and world are handed in. Throws `WarningRefused` when the command is not allowed; a person must decide then.
 */
export function decide(command: WarningCommand, warning: Warning, asked: Asked): WarningEvent[] {
  switch (command.type) {
    case 'DraftWarning':
      return draft(command, warning, asked);
    case 'EditDraft':
      return edit(command, warning, asked);
    case 'SubmitWarning':
      return submit(command, warning, asked);
    case 'ApproveWarning':
      return approve(command, warning, asked);
    case 'HoldWarning':
      return hold(command, warning, asked);
    case 'ReturnWarning':
      return decided('WarningReturned', command.reason, warning, asked);
    case 'RejectWarning':
      return decided('WarningRejected', command.reason, warning, asked);
    case 'OpenNextVersion':
      return openNext(command, warning, asked);
    case 'CancelWarning':
      return cancel(command, warning, asked);
    case 'ExpireWarning':
      return expire(warning, asked);
  }
}

function draft(command: Command<'DraftWarning'>, warning: Warning, asked: Asked): WarningEvent[] {
  if (warning.status !== 'none') throw new WarningRefused('already-drafted');
  checkMessage(command.content, 1);
  const { incidentId, content, origin } = command;
  return [
    { type: 'WarningDrafted', ...about(asked), incidentId, version: 1, content, ...(origin && { origin }) },
  ];
}

function edit({ content }: Command<'EditDraft'>, warning: Warning, asked: Asked): WarningEvent[] {
  const { incidentId } = existing(warning);
  const open = draftOf(warning, asked);
  checkMessage(content, open.version);
  return [{ type: 'DraftEdited', ...about(asked), incidentId, version: open.version, content }];
}

function submit(command: Command<'SubmitWarning'>, warning: Warning, asked: Asked): WarningEvent[] {
  const { incidentId } = existing(warning);
  const open = draftOf(warning, asked);
  const content = wholeContent(open.content);
  checkMessage(content, open.version);
  checkTimes(content, asked.at);
  const { contentHash, areaHash } = command;
  const composed = [...command.composed];
  checkTexts(content, composed);
  const frozen = { version: open.version, content, composed, contentHash, areaHash };
  const acknowledged = [...(command.acknowledged ?? [])];
  return [
    {
      type: 'WarningSubmitted',
      ...about(asked),
      incidentId,
      ...frozen,
      ...(acknowledged.length > 0 && { acknowledged }),
    },
  ];
}

function approve(command: Command<'ApproveWarning'>, warning: Warning, asked: Asked): WarningEvent[] {
  const { incidentId } = existing(warning);
  const open = openVersion(warning);
  if (open === null) return approvedAlready(command, warning, asked);
  if (open.state !== 'submitted' && open.state !== 'held') throw new WarningRefused('not-submitted');
  mayApprove(open.hands, asked.by);
  const { content, composed, contentHash, areaHash, by: submittedBy } = open.submission;
  if (command.contentHash !== contentHash || command.areaHash !== areaHash) {
    throw new WarningRefused('changed-since-read');
  }
  if (content.expiresAt <= asked.at) throw new WarningRefused('already-expired');
  const supersedes = supersededByNext(warning);
  const { version } = open;
  const issued: WarningEvent = {
    type: 'WarningIssued',
    ...about(asked),
    incidentId,
    mode: asked.mode,
    version,
    supersedes,
    content,
    composed: [...composed],
    contentHash,
    areaHash,
    submittedBy,
  };
  if (supersedes === null || warning.status !== 'public' || warning.shown.state !== 'issued') return [issued];
  const cleared = content.message === 'all-clear';
  return [
    issued,
    {
      type: 'WarningSuperseded',
      ...about(asked),
      incidentId,
      version: supersedes,
      byVersion: version,
      cleared,
    },
  ];
}

/** Two approvers at once: the second finds it done. Whoever may not approve hears so even then. */
function approvedAlready(command: Command<'ApproveWarning'>, warning: Warning, asked: Asked): WarningEvent[] {
  if (warning.status !== 'public' || warning.shown.state !== 'issued')
    throw new WarningRefused('not-submitted');
  const { hands, contentHash, areaHash } = warning.shown;
  if (command.contentHash !== contentHash || command.areaHash !== areaHash) {
    throw new WarningRefused('not-submitted');
  }
  mayApprove(hands, asked.by);
  return [];
}

function hold(command: Command<'HoldWarning'>, warning: Warning, asked: Asked): WarningEvent[] {
  const { incidentId } = existing(warning);
  const { version } = submittedOf(warning);
  const until = command.until ?? later(asked.at, HOLD_MS);
  if (until <= asked.at) throw new WarningRefused('hold-in-the-past');
  return [{ type: 'WarningHeld', ...about(asked), incidentId, version, reason: command.reason, until }];
}

function decided(
  type: 'WarningReturned' | 'WarningRejected',
  reason: string,
  warning: Warning,
  asked: Asked,
): WarningEvent[] {
  const { incidentId } = existing(warning);
  const { version } = submittedOf(warning);
  return [{ type, ...about(asked), incidentId, version, reason }];
}

function openNext(command: Command<'OpenNextVersion'>, warning: Warning, asked: Asked): WarningEvent[] {
  const { incidentId } = existing(warning);
  if (warning.status !== 'public') throw new WarningRefused('not-issued');
  if (warning.open !== null) throw new WarningRefused('version-open', [`version ${warning.open.version}`]);
  const version = warning.newest + 1;
  const { content, origin } = command;
  if (content.message === undefined) throw new WarningRefused('not-a-next-message', ['message: is missing']);
  checkMessage(content, version);
  return [
    { type: 'WarningDrafted', ...about(asked), incidentId, version, content, ...(origin && { origin }) },
  ];
}

function cancel({ reason }: Command<'CancelWarning'>, warning: Warning, asked: Asked): WarningEvent[] {
  const { incidentId } = existing(warning);
  if (warning.status !== 'public') throw new WarningRefused('not-issued');
  const { shown, open, latestExpiry } = warning;
  if (shown.state === 'cancelled') return [];
  const atLeast = later(asked.at, CANCEL_MS);
  return [
    {
      type: 'WarningCancelled',
      ...about(asked),
      incidentId,
      mode: asked.mode,
      version: shown.version,
      reason,
      ...(open && { abandonedDraft: open.version }),
      expiresAt: latestExpiry > atLeast ? latestExpiry : atLeast,
    },
  ];
}

function expire(warning: Warning, asked: Asked): WarningEvent[] {
  const { incidentId } = existing(warning);
  if (warning.status !== 'public') throw new WarningRefused('not-issued');
  const { state, version, content, issuedBy } = warning.shown;
  if (state !== 'issued') return [];
  if (content.expiresAt > asked.at) throw new WarningRefused('not-expired-yet');
  return [{ type: 'WarningExpired', ...about(asked), by: issuedBy, incidentId, version }];
}

const about = ({ warningId, by, at }: Asked) => ({ warningId, by, at });
const later = (at: Instant, ms: number) => toInstant(Date.parse(at) + ms);

function existing(warning: Warning): Exclude<Warning, { status: 'none' }> {
  if (warning.status === 'none') throw new WarningRefused('no-such-warning');
  return warning;
}

function draftOf(warning: Warning, asked: Asked): OpenVersion {
  const open = openVersion(warning);
  if (open === null || (open.state !== 'draft' && open.state !== 'returned')) {
    throw new WarningRefused('not-a-draft');
  }
  mayEdit(open.hands, asked.by);
  return open;
}

function submittedOf(warning: Warning): OpenVersion {
  const open = openVersion(warning);
  if (open === null || (open.state !== 'submitted' && open.state !== 'held')) {
    throw new WarningRefused('not-submitted');
  }
  return open;
}

/** An update of nothing, or a first message in the middle of a thread, would be told to the public as what it is not. */
function checkMessage({ message }: DraftContent | WarningContent, version: number): void {
  if (message === undefined) return;
  const next = NextMessageKind.options.some((kind) => kind === message);
  if (version === 1 && next) throw new WarningRefused('not-a-first-message', [`message: ${message}`]);
  if (version > 1 && !next) throw new WarningRefused('not-a-next-message', [`message: ${message}`]);
}
