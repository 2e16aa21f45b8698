import { Channel, type Act, type WarningEvent } from '#contracts';
import { channelReport } from './channel-report.js';
import { facts, type Facts } from './facts.js';
import type { KeptEvent } from '../timeline/kept-event.js';
import type { ActReport, CancelReport, WarningReport } from './warning-report.js';

type Of<Type extends WarningEvent['type']> = Extract<WarningEvent, { type: Type }>;

/**
 * Reach and outcome of one warning, from every event that names it. Total and pure: events may come in any order, twice,
 * or with some still missing; the same events give the same answer.
 */
export function warningReport(warningId: string, events: readonly KeptEvent[]): WarningReport {
  const found = facts(events);
  const warnings = found.warnings.map(({ event }) => event).filter((event) => event.warningId === warningId);
  const versions = (act: Act) => versionsOf(found, warnings, act);
  const cancels = versions('cancel').map((version): CancelReport => {
    const cancelled = factOf(warnings, 'WarningCancelled', version);
    return { ...actReport(found, warnings, 'cancel', version), reason: cancelled?.reason ?? null };
  });
  return {
    warningId,
    incidentId: incidentOf(found, warningId),
    versions: versions('issue').map((version) => actReport(found, warnings, 'issue', version)),
    cancel: cancels.at(-1) ?? null,
    earlierCancels: cancels.slice(0, -1),
  };
}

/** Which versions were issued, or cancelled, as far as anything says so: a delivery may be heard of before its warning. */
function versionsOf(found: Facts, warnings: readonly WarningEvent[], act: Act): number[] {
  const type = RECORDED_AS[act];
  const recorded = warnings.filter((event) => event.type === type).map((event) => event.version);
  const sent = found.deliveries.filter(({ event }) => event.act === act).map(({ event }) => event.version);
  return [...new Set([...recorded, ...sent])].sort((a, b) => a - b);
}

const RECORDED_AS = { issue: 'WarningIssued', cancel: 'WarningCancelled' } as const;

function actReport(found: Facts, warnings: readonly WarningEvent[], act: Act, version: number): ActReport {
  const issued = factOf(warnings, 'WarningIssued', version);
  const recordedAt = factOf(warnings, RECORDED_AS[act], version)?.at ?? null;
  const used = new Set([
    ...(act === 'issue' ? (issued?.content.channels ?? []) : []),
    ...found.deliveries
      .filter(({ event }) => event.act === act && event.version === version)
      .map(({ event }) => event.channel),
    ...(act === 'cancel' && recordedAt !== null ? channelsUpTo(warnings, version) : []),
  ]);
  const ended = act === 'issue' ? endOf(warnings, version) : null;
  return {
    act,
    version,
    message: act === 'issue' ? (issued?.content.message ?? null) : null,
    recordedAt,
    ended,
    channels: Channel.options
      .filter((channel) => used.has(channel))
      .map((channel) => {
        const accounts = ended === null && act === 'issue' ? accountsOf(issued, channel) : [];
        return channelReport(found, { act, version, channel, recordedAt, accounts });
      }),
  };
}

/** The accounts that this version was approved for on a channel. */
const accountsOf = (issued: Of<'WarningIssued'> | undefined, channel: Channel): string[] =>
  (issued?.composed ?? []).flatMap((text) =>
    text.act === 'issue' && text.channel === channel ? [text.accountId] : [],
  );

function endOf(warnings: readonly WarningEvent[], version: number): ActReport['ended'] {
  const ends = warnings.flatMap((event): NonNullable<ActReport['ended']>[] => {
    if (event.type === 'WarningSuperseded' && event.version === version) {
      return [{ how: event.cleared ? 'cleared' : 'superseded', at: event.at }];
    }
    if (event.type === 'WarningCancelled' && event.version >= version)
      return [{ how: 'cancelled', at: event.at }];
    if (event.type === 'WarningExpired' && event.version === version)
      return [{ how: 'expired', at: event.at }];
    return [];
  });
  return ends.sort((a, b) => (a.at < b.at ? -1 : 1))[0] ?? null;
}

/** A cancel withdraws its version and every earlier one, wherever they went. */
function channelsUpTo(warnings: readonly WarningEvent[], version: number): Channel[] {
  return warnings.flatMap((event) =>
    event.type === 'WarningIssued' && event.version <= version ? event.content.channels : [],
  );
}

function factOf<Type extends WarningEvent['type']>(
  warnings: readonly WarningEvent[],
  type: Type,
  version: number,
): Of<Type> | undefined {
  return warnings.find((event): event is Of<Type> => event.type === type && event.version === version);
}

function incidentOf(found: Facts, warningId: string): string | null {
  const named = [...found.warnings, ...found.deliveries].find(({ event }) => event.warningId === warningId);
  return named?.event.incidentId ?? null;
}
