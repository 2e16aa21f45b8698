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
  const mayStay = atMostEvery(patience.rightsMs, wish.mayStay);
  response.once('close', () => bell.ring());
  try {
    let position = wish.after;
    let saidAt = performance.now();
    const say = async (bytes: Buffer): Promise<void> => {
      await write(response, bytes, patience.stuckMs);
      saidAt = performance.now();
    };
    while (!response.destroyed && !tail.hasStopped) {
      bell.quiet();
      const events = await tail.after(position);
      if (!mayStay()) return;
      for (const one of events) {
        const message = isWanted(one.event, wish) ? one.for(wish.audience) : undefined;
        if (message !== undefined) {
          if (response.destroyed || !mayStay()) return; // a line that takes little by little takes minutes for a page
          await say(message);
        }
        position = one.event.position;
      }
      const silentMs = () => performance.now() - saidAt;
      if (events.length === 0) await bell.ringsWithin(Math.max(0, patience.heartbeatMs - silentMs()));
      // Also to whoever looks through years for something rare, or waits for it while much else happens.
      if (silentMs() >= patience.heartbeatMs) await say(stillHere({ epoch: tail.epoch, position }));
    }
  } finally {
    forget();
    response.end();
  }
}

/** Whether the reader may still read, asked at most once in `everyMs`. */
function atMostEvery(everyMs: number, ask: () => boolean): () => boolean {
  let askedAt = performance.now();
  return () => {
    if (performance.now() - askedAt < everyMs) return true;
    askedAt = performance.now();
    return ask();
  };
}

function isWanted(event: ArchivedEvent, { types, incident }: ReaderWish): boolean {
  return (types?.has(event.type) ?? true) && (incident === undefined || event.incidentId === incident);
}

/** What is handed over at once: a line that takes this much in time takes something. An event may be a hundred times as large. */
const PIECE_BYTES = 16 * 1024;

/** Resolves when the socket can take more; cuts the reader when it has not taken the piece in hand for `stuckMs`. */
async function write(response: Response, bytes: Buffer, stuckMs: number): Promise<void> {
  for (let at = 0; at < bytes.length && !response.destroyed; at += PIECE_BYTES)
    if (!response.write(bytes.subarray(at, at + PIECE_BYTES))) await drained(response, stuckMs);
}

async function drained(response: Response, stuckMs: number): Promise<void> {
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
