/** What partner agencies are told, and nothing else: a type that is added to the house reaches them only by being named here. */
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

/**
 * The body of an event as another agency may see it, or undefined when it may not: never drafts, holds or what the public wrote, and
 * never who acted (DESIGN §3, P11).
 */
export function bodyForPartners(type: string, body: unknown): unknown {
  return TYPES_FOR_PARTNERS.has(type) ? withoutOfficers(body) : undefined;
}

const isOfficer = (value: unknown) => typeof value === 'string' && /^off_[0-9a-f]{32}$/.test(value);

/** The same JSON without every member whose value is an officer's id, at any depth, whatever its name. */
export function withoutOfficers(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isOfficer(item)).map(withoutOfficers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      isOfficer(member) ? [] : [[name, withoutOfficers(member)]],
    ),
  );
}
