import type { Subscriber } from '#audience';
import type { Channel, Mode, WarningCancelled, WarningEvent, WarningIssued } from '#contracts';
import type { Log } from '#runtime';
import type { OpenPlan } from '../planning/open-plan.js';
import { ChannelRecord, warningStream } from '../record/channel-record.js';
import { notWhatWasApproved } from '../approved/check-approved.js';
import type { Gates } from './gates.js';
import type { Shutters } from './shutters.js';

type WarningSubmitted = Extract<WarningEvent, { type: 'WarningSubmitted' }>;

export type IntakeParts = {
  mode: Mode;
  channel: Channel;
  gates: Gates;
  shutters: Shutters;
  record: ChannelRecord;
  /** Why this channel could not send to that area; undefined when it can. */
  areaProblem: (geometry: unknown) => string | undefined;
  /** Begins to plan here and now, and resolves when that is well under way: what the public waits for goes before our own notes. */
  begin?: (plan: OpenPlan) => Promise<void>;
  /** Looks for the first of those in the area; asked while the gate is raised, since neither waits for the other. */
  firstIn?: (geometry: unknown) => Promise<readonly Subscriber[]>;
  /** An officer is reading this version now: what is formed from it can be formed before it is approved. Never throws. */
  expect?: (submitted: WarningSubmitted) => void;
  /** There is something new to plan, or something that waits must be looked at again. */
  wake: () => void;
  log: Log;
};

/**
 * Turns one event about a warning into the state of its gate, and says on the record when it is in force. A cancel that
 * comes first shuts the gate for good: the warning finds it shut when it arrives.
 */
export class Intake {
  constructor(private readonly parts: IntakeParts) {}

  /** `raw` is the body as received, `eventId` what repeats are known by. Throws only what trying again can heal. */
  async take(event: WarningEvent, raw: Readonly<Record<string, unknown>>, eventId: string): Promise<void> {
    switch (event.type) {
      case 'WarningIssued':
        return this.issued(event, raw, eventId);
      case 'WarningCancelled':
        return this.cancelled(event, eventId);
      case 'WarningExpired':
        return this.expired(event, eventId);
      case 'WarningSubmitted':
        return this.parts.expect?.(event);
      case 'WarningDrafted':
      case 'DraftEdited':
      case 'WarningHeld':
      case 'WarningReturned':
      case 'WarningRejected':
      case 'WarningSuperseded': // the version that replaces it raises the gate
    }
  }

  private async issued(
    event: WarningIssued,
    raw: Readonly<Record<string, unknown>>,
    eventId: string,
  ): Promise<void> {
    const { mode, channel, gates, shutters, log, areaProblem, begin, firstIn, wake } = this.parts;
    const { warningId, version } = event;
    const tampered = notWhatWasApproved(raw, event, { mode, channel });
    if (tampered !== undefined) {
      log.error({ warningId, version, why: tampered }, 'version refused: it is not what was approved');
      await gates.refuse(event, tampered);
      return wake();
    }
    shutters.issued(warningId, version);
    const here = event.content.channels.includes(channel) ? 'here' : 'elsewhere';
    // Nothing of it leaves here and nothing went before it: no gate to keep, nothing to plan and nothing to say.
    if (here === 'elsewhere' && version === 1) return;
    const problem = areaProblem(event.content.area.geometry);
    if (problem !== undefined)
      log.error({ warningId, version, why: problem }, 'version refused: its area cannot be used');
    const wish = problem === undefined ? here : { refused: problem };
    // Those of a later version are looked for after everybody who had an earlier one.
    const firstPage = wish === 'here' && version === 1 ? firstIn?.(event.content.area.geometry) : undefined;
    firstPage?.catch(() => {}); // the planner that waits for it is told; when nobody does, it does not matter
    const opened = await gates.raise(event, wish, begin !== undefined && wish === 'here');
    if (opened === undefined || version > 1) wake();
    if (opened !== undefined) await begin?.(firstPage === undefined ? opened : { ...opened, firstPage });
    if (version > 1) await gates.wakeDeferred(warningId);
    await this.inForce(event, eventId, 'version');
  }

  private async cancelled(event: WarningCancelled, eventId: string): Promise<void> {
    const { gates, shutters, wake, mode, log } = this.parts;
    if (event.mode !== mode) {
      log.error({ warningId: event.warningId, mode: event.mode }, 'cancel of the other world ignored');
      return;
    }
    shutters.cancelled(event.warningId, event.version);
    await gates.shut(event);
    await this.inForce(event, eventId, 'cancel');
    wake(); // the words of the cancel leave now, however many rows still wait to be ended
    await gates.wakeDeferred(event.warningId);
    wake();
  }

  private async expired(
    event: Extract<WarningEvent, { type: 'WarningExpired' }>,
    eventId: string,
  ): Promise<void> {
    const { gates, wake } = this.parts;
    const came = await gates.expire(event.warningId, event.version);
    if (came === 'not-current') return;
    // Also where a correction or an all-clear goes on: no warning and no update starts to leave any more (DESIGN §3 P3).
    await this.inForce(event, eventId, 'expiry');
    if (came === 'goes-on') return;
    await gates.wakeDeferred(event.warningId);
    wake();
  }

  /** Written after the gate row is committed, so that `at` is never earlier than the last thing that was armed. */
  private async inForce(
    event: Pick<WarningIssued, 'warningId' | 'incidentId' | 'version'>,
    eventId: string,
    because: 'version' | 'cancel' | 'expiry',
  ): Promise<void> {
    const { gates, record, channel, log } = this.parts;
    const { warningId, incidentId, version } = event;
    if (await gates.seen(eventId)) return;
    const at = record.clock.now();
    const fact = { type: 'GateInForce', warningId, incidentId, channel, at, because, version };
    await record.appendNext(warningStream(warningId, channel), [fact], [gates.markSeen(eventId)]);
    log.info({ warningId, version, because }, 'gate in force');
  }
}
