import type { Act, WarningId } from '#contracts';

/**
 * What this process knows about gates before its database does: a worker in the middle of a window stops at the next
 * recipient. Only ever stricter than the gate row, which alone decides what may be armed.
 */
export class Shutters {
  private readonly shut = new Map<WarningId, { current: number; cancelled: number }>();

  /** From now on `version` is the current one: older ones stop. */
  issued(warningId: WarningId, version: number): void {
    const known = this.known(warningId);
    known.current = Math.max(known.current, version);
  }

  /** Every version up to and including this one stops. */
  cancelled(warningId: WarningId, through: number): void {
    const known = this.known(warningId);
    known.cancelled = Math.max(known.cancelled, through);
  }

  /** Whether the next recipient of this version may still be written to. A cancel's own sending is never stopped here. */
  open(warningId: WarningId, version: number, act: Act): boolean {
    const known = this.shut.get(warningId);
    return act === 'cancel' || known === undefined || (version >= known.current && version > known.cancelled);
  }

  private known(warningId: WarningId): { current: number; cancelled: number } {
    let known = this.shut.get(warningId);
    if (known === undefined) this.shut.set(warningId, (known = { current: 0, cancelled: 0 }));
    return known;
  }
}
