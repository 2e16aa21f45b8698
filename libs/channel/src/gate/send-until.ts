import { toInstant, type Instant, type WarningIssued } from '#contracts';

/** A correction or an all-clear is sent for at least this long after it was issued (DESIGN §3 P7). */
const AT_LEAST_MS = 24 * 60 * 60 * 1_000;

/**
 * When the sending of a version ends. A warning or an update: at its own expiry. What takes something back, a correction or
 * an all-clear: the later of that and 24 h after it was issued.
 */
export function sendUntil(issued: WarningIssued): Instant {
  const { message, expiresAt } = issued.content;
  if (message !== 'correction' && message !== 'all-clear') return expiresAt;
  const atLeast = toInstant(Date.parse(issued.at) + AT_LEAST_MS);
  return expiresAt > atLeast ? expiresAt : atLeast;
}

/** Severe and Extreme go by the urgent lane (DESIGN §6); every cancel does too. */
export function isUrgent(issued: WarningIssued): boolean {
  return issued.content.severity === 'Severe' || issued.content.severity === 'Extreme';
}
