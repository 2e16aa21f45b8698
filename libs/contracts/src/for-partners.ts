const about = ['type', 'incidentId', 'warningId', 'version', 'at'] as const;
const delivery = [...about, 'act', 'channel', 'accountId'] as const;
const post = [
  'platform', 'deliveryId', 'part', 'language', 'state', 'wasUnknown', 'attempt', 'ref', 'url', 'reason',
] as const; // prettier-ignore

/**
 * What partner agencies are told, field by field, and nothing else (DESIGN §3, P11): what the public was shown and how far it
 * got. A type or a field that is added to the house reaches them only by being named here. Not theirs are who acted and why,
 * what was being prepared, and what a provider said to us in free text.
 */
const FOR_PARTNERS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['WarningIssued', [...about, 'mode', 'supersedes', 'content', 'composed', 'contentHash', 'areaHash']],
  ['WarningSuperseded', [...about, 'byVersion', 'cleared']],
  ['WarningCancelled', [...about, 'mode', 'expiresAt']],
  ['WarningExpired', about],
  ['GateInForce', [...about, 'channel', 'because']],
  ['PlanReported', [...delivery, 'recipients', 'chunks', 'withoutPoint', 'complete']],
  ['ChunkReported', [...delivery, 'chunk', 'counts', 'firstAcceptedAt', 'lastAcceptedAt', 'reasons']],
  ['PostReported', [...delivery, ...post]],
  ['ReceiptsCounted', [...delivery, 'delivered', 'undelivered', 'bounced', 'complained', 'noReceipt']],
  [
    'EngagementSampled',
    [...about, 'channel', 'accountId', 'platform', 'deliveryId', 'ref', 'shares', 'likes', 'replies'],
  ],
]);

/** The types of event that partner agencies are told of. */
export const TYPES_FOR_PARTNERS: ReadonlySet<string> = new Set(FOR_PARTNERS.keys());

/**
 * The body of an event as another agency may see it: the fields that are named for its type, without any officer's id.
 * Undefined when the type is not theirs, or the body is none.
 */
export function bodyForPartners(type: string, body: unknown): Record<string, unknown> | undefined {
  const fields = FOR_PARTNERS.get(type);
  if (fields === undefined || typeof body !== 'object' || body === null) return undefined;
  const seen = Object.entries(body).filter(([name]) => fields.includes(name));
  return withoutOfficers(Object.fromEntries(seen)) as Record<string, unknown>;
}

const OFFICER = /off_[0-9a-f]{32}/g;
const isOfficer = (value: unknown) => typeof value === 'string' && /^off_[0-9a-f]{32}$/.test(value);

/**
 * The same JSON without any officer's id, at any depth: a member or an item that is one is left out, as is a member that is
 * named by one; inside a text it becomes `an officer`.
 */
export function withoutOfficers(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(OFFICER, 'an officer');
  if (Array.isArray(value)) return value.filter((item) => !isOfficer(item)).map(withoutOfficers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      isOfficer(member) || name.search(OFFICER) >= 0 ? [] : [[name, withoutOfficers(member)]],
    ),
  );
}
