import type { ArchivedEvent } from '#stream';

/** Who reads: a partner agency sees what the public may know and how far it got; a reviewer sees everything. */
export type EventAudience = 'partner' | 'reviewer';

/** What partners are told, and nothing else: a type that is added to the house reaches them only by being named here (DESIGN §6). */
export const TYPES_FOR_PARTNERS: ReadonlySet<string> = new Set([
  'WarningIssued',
  'WarningSuperseded',
  'WarningCancelled',
  'WarningExpired',
  'GateInForce',
  'PlanReported',
  'ChunkReported',
  'PostReported',
  'ReceiptsCounted',
  'EngagementSampled',
]);

const utf8 = new TextDecoder();

/**
 * The body of an event as this audience may see it, or undefined when it may not. Partners never see who acted: every
 * member whose value is an officer's id is left out, at any depth, whatever its name.
 */
export function bodyFor(audience: EventAudience, event: ArchivedEvent): unknown {
  if (audience === 'partner' && !TYPES_FOR_PARTNERS.has(event.type)) return undefined;
  const body = JSON.parse(utf8.decode(event.value)) as unknown;
  return audience === 'reviewer' ? body : withoutOfficers(body);
}

const isOfficer = (value: unknown) => typeof value === 'string' && /^off_[0-9a-f]{32}$/.test(value);

function withoutOfficers(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isOfficer(item)).map(withoutOfficers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      isOfficer(member) ? [] : [[name, withoutOfficers(member)]],
    ),
  );
}
