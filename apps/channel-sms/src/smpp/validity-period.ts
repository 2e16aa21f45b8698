const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The relative form has two digits for each unit; with months of 30 days, 63 days fit what gateways accept (SMPP 3.4 §7.1.1.2). */
const MOST_DAYS = 63;

const two = (value: number) => String(value).padStart(2, '0');

/**
 * How long the gateway may go on trying, as SMPP writes a relative time: `YYMMDDhhmmss000R` (SMPP 3.4 §7.1.1.2).
 * Relative, because the gateway's clock and zone are not ours. Rounded down, so that nothing is shown after its expiry;
 * at least one second, because all zeros would mean the gateway's own default.
 */
export function validityPeriod(leftMs: number): string {
  const left = Math.min(Math.max(leftMs, SECOND), MOST_DAYS * DAY);
  const days = Math.floor(left / DAY);
  const months = Math.floor(days / 30);
  const [hours, minutes] = [Math.floor((left % DAY) / HOUR), Math.floor((left % HOUR) / MINUTE)];
  const seconds = Math.floor((left % MINUTE) / SECOND);
  return `00${two(months)}${two(days % 30)}${two(hours)}${two(minutes)}${two(seconds)}000R`;
}
