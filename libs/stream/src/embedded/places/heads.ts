import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#postgres';
import type { Log } from '#runtime';

/** Where the notifications of the whole embedded stream go. */
const CHANNEL = 'larum_stream';
/** A notification is lost with its connection; so all heads are read anew this often. */
const POLL_MS = 500;

type Waiting = { past: bigint; wake(): void };

/** How far each partition reaches, as this process knows it: from its own publishing, by notification, and by a slow poll. */
export class Heads {
  private readonly next = new Map<string, bigint>();
  private readonly waiting = new Map<string, Set<Waiting>>();
  private readonly groups = new Map<string, Set<() => void>>();
  private readonly closed = new AbortController();
  private readonly unlisten: () => void;
  private readonly polling: Promise<void>;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
  ) {
    this.unlisten = db.listen(CHANNEL, (payload) => this.notified(payload));
    this.polling = this.poll();
  }

  /** The partition reaches to `next` at least. */
  reached(topic: string, partition: number, next: bigint): void {
    const name = `${topic}/${partition}`;
    if (next <= (this.next.get(name) ?? -1n)) return;
    this.next.set(name, next);
    for (const waiting of this.waiting.get(name) ?? []) if (next > waiting.past) waiting.wake();
  }

  /** Resolves, with how far it reaches, when the partition reaches further than `past`; or when `signal` aborts. */
  async furtherThan(past: bigint, topic: string, partition: number, signal: AbortSignal): Promise<bigint> {
    const name = `${topic}/${partition}`;
    const now = this.next.get(name) ?? 0n;
    if (now > past || signal.aborted) return now;
    const all = this.waiting.get(name) ?? new Set();
    this.waiting.set(name, all);
    await new Promise<void>((resolve) => {
      const waiting = {
        past,
        wake: () => {
          all.delete(waiting);
          signal.removeEventListener('abort', waiting.wake);
          resolve();
        },
      };
      all.add(waiting);
      signal.addEventListener('abort', waiting.wake);
    });
    return this.next.get(name) ?? 0n;
  }

  /** Calls back when members of the group came or went. Returns the end of it. */
  onGroup(group: string, changed: () => void): () => void {
    const all = this.groups.get(group) ?? new Set();
    this.groups.set(group, all);
    all.add(changed);
    return () => void all.delete(changed);
  }

  async close(): Promise<void> {
    this.unlisten();
    this.closed.abort();
    await this.polling;
  }

  /** `p/<partition>/<next>/<topic>`, `g/<group>`, `t` for a new topic, or nothing after a reconnect: the poll finds what was missed. */
  private notified(payload: string): void {
    const [kind, partition, next, ...topic] = payload.split('/');
    if (kind === 'p' && partition && next)
      return this.reached(topic.join('/'), Number(partition), BigInt(next));
    if (kind === 't') for (const group of this.groups.values()) for (const changed of group) changed();
    if (kind === 'g') for (const changed of this.groups.get(payload.slice(2)) ?? []) changed();
  }

  private async poll(): Promise<void> {
    const { signal } = this.closed;
    while (!signal.aborted) {
      try {
        const rows = await this.db.query<{ topic: string; partition: number; next_place: bigint }>(
          'select topic, partition, next_place from stream.partition',
        );
        for (const row of rows) this.reached(row.topic, row.partition, row.next_place);
      } catch (error) {
        if (!signal.aborted) this.log.warn({ error }, 'the embedded stream could not be looked at');
      }
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
