import type { Response } from 'express';
import { Bell } from '#runtime';
import type { ArchivedEvent } from '#stream';
import type { EventAudience } from './audience.js';
import { stillHere } from './sse-message.js';
import type { Tail } from './tail.js';

/** What a reader asked for. */
export type ReaderWish = {
  audience: EventAudience;
  after: bigint;
  types: ReadonlySet<string> | undefined;
  incident: string | undefined;
  /** Asked before anything is written, at most once a second: false when the token was withdrawn or its rights have changed. */
  mayStay: () => boolean;
};

/** How patient the gateway is with one reader. */
export type Patience = {
  /** A comment this often keeps the line alive through proxies that cut silent ones. */
  heartbeatMs: number;
  /** A reader that takes nothing for this long is cut; it resumes from its last id. */
  stuckMs: number;
  /** How often it is asked whether the reader may still read. */
  rightsMs: number;
};

export const PATIENCE: Patience = { heartbeatMs: 15_000, stuckMs: 30_000, rightsMs: 1_000 };

/**
 * Writes events to one reader until it leaves, may no longer read, or the tail stops. The reader pulls: while its socket is full nothing is read
 * for it and nothing queued, so a slow reader costs one socket buffer, and the others nothing.
 */
export async function serveReader(
  response: Response,
  tail: Tail,
  wish: ReaderWish,
  patience: Patience = PATIENCE,
): Promise<void> {
  const bell = new Bell();
  const forget = tail.onNews(() => bell.ring());
  response.once('close', () => bell.ring());
  try {
    let position = wish.after;
    let askedAt = performance.now();
    while (!response.destroyed && !tail.hasStopped) {
      bell.quiet();
      const events = await tail.after(position);
      if (performance.now() - askedAt >= patience.rightsMs) {
        if (!wish.mayStay()) return;
        askedAt = performance.now();
      }
      const last = events.at(-1);
      if (last === undefined) {
        const rang = await bell.ringsWithin(patience.heartbeatMs);
        if (!rang) await write(response, stillHere({ epoch: tail.epoch, position }), patience.stuckMs);
        continue;
      }
      const messages = events.flatMap((one) =>
        isWanted(one.event, wish) ? (one.for(wish.audience) ?? []) : [],
      );
      if (messages.length > 0) await write(response, Buffer.concat(messages), patience.stuckMs);
      position = last.event.position;
    }
  } finally {
    forget();
    response.end();
  }
}

function isWanted(event: ArchivedEvent, { types, incident }: ReaderWish): boolean {
  return (types?.has(event.type) ?? true) && (incident === undefined || event.incidentId === incident);
}

/** Resolves when the socket can take more; cuts the reader when it has taken nothing for `stuckMs`. */
async function write(response: Response, bytes: Buffer, stuckMs: number): Promise<void> {
  if (response.destroyed || response.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => response.destroy(), stuckMs);
    const done = () => {
      clearTimeout(cut);
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });
}
