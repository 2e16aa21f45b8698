import { toInstant } from '#contracts';
import { ann, flood, warningNo } from '#contracts/testing';
import { silentLog } from '#runtime';
import type { ArchivedEvent } from '#stream';
import { Tail } from '../events/tail.js';

/** One archived event; hand in what a test wants to be different. */
export function archived(
  position: bigint,
  changed: Partial<ArchivedEvent> & { body?: object } = {},
): ArchivedEvent {
  const { body = {}, ...rest } = changed;
  const type = rest.type ?? 'WarningIssued';
  const value = new TextEncoder().encode(
    JSON.stringify({ type, incidentId: flood, warningId: warningNo(1), version: 1, by: ann, ...body }),
  );
  return {
    position,
    source: '/larum/incident-command',
    eventId: `${warningNo(1)}@${position}`,
    topic: 'exercise.warnings.v1',
    streamId: warningNo(1),
    revision: Number(position),
    type,
    time: toInstant('2026-11-21T10:00:00Z'),
    incidentId: flood,
    value,
    receivedAt: toInstant('2026-11-21T10:00:01Z'),
    ...rest,
  };
}

/** An archive in memory that can be away, and tells how it was read. */
export class FakeArchive {
  readonly channel = 'partner_gateway.archive';
  readonly events: ArchivedEvent[] = [];
  readonly reads: { position: bigint; limit: number }[] = [];
  isAway = false;

  add(n: number, changed: Partial<ArchivedEvent> & { body?: object } = {}): void {
    for (let i = 0; i < n; i += 1) this.events.push(archived(BigInt(this.events.length + 1), changed));
  }

  async after(position: bigint, limit: number): Promise<ArchivedEvent[]> {
    this.reads.push({ position, limit });
    if (this.isAway) throw new Error('the database does not answer');
    return this.events.filter((event) => event.position > position).slice(0, limit);
  }

  async ends(): Promise<{ oldest: bigint; newest: bigint }> {
    return { oldest: this.events[0]?.position ?? 0n, newest: this.events.at(-1)?.position ?? 0n };
  }
}

/** A tail on an archive in memory; `notify` is what the database does when something was added. */
export async function tailOn(archive: FakeArchive): Promise<{ tail: Tail; notify: () => void }> {
  let notify: (payload: string) => void = () => {};
  const db = {
    listen: (_: string, wake: (payload: string) => void) => {
      notify = wake;
      return () => void (notify = () => {});
    },
  };
  const tail = new Tail(archive, 'e1', db, silentLog);
  await tail.onApplicationBootstrap();
  return { tail, notify: () => notify('') };
}
