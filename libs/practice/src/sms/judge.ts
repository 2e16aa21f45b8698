import type { Fault } from '../platform/faults.js';
import type { SeededPublic, TextHabit } from '../public/seeded-public.js';
import type { Read } from '../smpp/sms-text.js';

/** command_status values (SMPP 3.4 §5.1.3) that this SMSC gives. 0x104 is from SMPP 5.0 §4.7.6. */
export const STATUS = {
  ok: 0x00,
  badLength: 0x01,
  badCommandLength: 0x02,
  badCommand: 0x03,
  notBound: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  badDestination: 0x0b,
  bindFailed: 0x0d,
  badPassword: 0x0e,
  badSystemId: 0x0f,
  queueFull: 0x14,
  throttled: 0x58,
  badCoding: 0x104,
} as const;

const REFUSED_BY: Partial<Record<string, number>> = {
  refuse: STATUS.badDestination,
  throttle: STATUS.throttled,
  'queue-full': STATUS.queueFull,
  'system-error': STATUS.systemError,
  'no-such-number': STATUS.badDestination,
  throttled: STATUS.throttled,
};
const ONLY_ONCE: readonly TextHabit[] = ['throttled', 'queue-full'];

/** The status for one submit_sm. `again`: this number was put off before, and its telephone takes it now. */
export function judge(to: string, read: Read, people: SeededPublic, again: boolean, fault?: Fault): number {
  if (fault !== undefined) return REFUSED_BY[fault.kind] ?? STATUS.systemError;
  if (!/^\+?\d{3,15}$/.test(to)) return STATUS.badDestination;
  if (read.read === 'too-long') return STATUS.badLength;
  if (read.read === 'undecodable') return STATUS.badCoding;
  const habit = people.toText(e164(to));
  if (ONLY_ONCE.includes(habit) && again) return STATUS.ok;
  return REFUSED_BY[habit] ?? STATUS.ok;
}

/** The number as the public knows it: SMPP clients write it with and without the plus. */
export function e164(number: string): string {
  return number.startsWith('+') ? number : `+${number}`;
}
