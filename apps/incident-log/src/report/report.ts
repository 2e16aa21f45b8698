import { Channel, type Act, type WarningEvent } from '#contracts';
import { channelReport } from './channel-report.js';
import { facts, type Facts } from './facts.js';
import type { KeptEvent } from '../timeline/kept-event.js';
import type { ActReport, WarningReport } from './warning-report.js';

type Of<Type extends WarningEvent['type']> = Extract<WarningEvent, { type: Type }>;

/**
 * Reach and outcome of one warning, from every event that names it. Total and pure: events may come in any order, twice,
 * or with some still missing; the same events give the same answer.
 */
export function warningReport(warningId: string, events: readonly KeptEvent[]): WarningReport {
  const found = facts(events);
  const warnings = found.warnings.map(({ event }) => event).filter((event) => event.warningId === warningId);
  const cancelled = first(warnings, 'WarningCancelled');
  const cancel = actReport(found, warnings, 'cancel', cancelled?.version ?? null);
  return {
    warningId,
    incidentId: incidentOf(found, warningId),
    versions: versionsOf(found, warnings).map((version) => actReport(found, warnings, 'issue', version)),
    cancel:
      cancelled !== undefined || cancel.channels.length > 0
        ? { ...cancel, reason: cancelled?.reason ?? null }
        : null,
  };
}

function versionsOf(found: Facts, warnings: readonly WarningEvent[]): number[] {
  const issued = warnings.filter((event) => event.type === 'WarningIssued').map((event) => event.version);
  const sent = found.deliveries
    .filter(({ event }) => event.act === 'issue')
    .map(({ event }) => event.version);
  return [...new Set([...issued, ...sent])].sort((a, b) => a - b);
}

function actReport(
  found: Facts,
  warnings: readonly WarningEvent[],
  act: Act,
  version: number | null,
): ActReport {
  const issued = issuedAs(warnings, version);
  const recordedAt = (act === 'cancel' ? first(warnings, 'WarningCancelled') : issued)?.at ?? null;
  const used = new Set([
    ...(act === 'issue' ? (issued?.content.channels ?? []) : []),
    ...found.deliveries
      .filter(({ event }) => event.act === act && (act === 'cancel' || event.version === version))
      .map(({ event }) => event.channel),
    ...(act === 'cancel' && recordedAt !== null ? channelsEverUsed(warnings) : []),
  ]);
  return {
    act,
    version: version ?? 0,
    message: act === 'issue' ? (issued?.content.message ?? null) : null,
    recordedAt,
    ended: act === 'issue' ? endOf(warnings, version) : null,
    channels: Channel.options
      .filter((channel) => used.has(channel))
      .map((channel) => channelReport(found, { act, version, channel, recordedAt })),
  };
}

function endOf(warnings: readonly WarningEvent[], version: number | null): ActReport['ended'] {
  const ends = warnings.flatMap((event): NonNullable<ActReport['ended']>[] => {
    if (version === null) return [];
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

function channelsEverUsed(warnings: readonly WarningEvent[]): Channel[] {
  return warnings.flatMap((event) => (event.type === 'WarningIssued' ? event.content.channels : []));
}

function issuedAs(
  warnings: readonly WarningEvent[],
  version: number | null,
): Of<'WarningIssued'> | undefined {
  return warnings.find(
    (event): event is Of<'WarningIssued'> => event.type === 'WarningIssued' && event.version === version,
  );
}

function first<Type extends WarningEvent['type']>(
  warnings: readonly WarningEvent[],
  type: Type,
): Of<Type> | undefined {
  return warnings
    .filter((event): event is Of<Type> => event.type === type)
    .sort((a, b) => (a.at < b.at ? -1 : 1))[0];
}

function incidentOf(found: Facts, warningId: string): string | null {
  const named = [...found.warnings, ...found.deliveries].find(({ event }) => event.warningId === warningId);
  return named?.event.incidentId ?? null;
}
