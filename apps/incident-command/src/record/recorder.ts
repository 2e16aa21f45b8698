import { Injectable } from '@nestjs/common';
import type { Instant, NewEvent } from '#contracts';
import { EventRecord, type AlsoWrite } from '#postgres';
import { currentTraceparent } from '#runtime';
import { problem } from '../problems/problem-table.js';
import { mustTravel } from './must-travel.js';

/** A request that may come twice: whose it is, its Idempotency-Key, and the SHA-256 of what it asks. */
export type Once = { holder: string; key: string; bodyHash: string };

/** What follows from a command, decided on what was read: the facts, what else is written with them, and the answer. */
export type Plan<Answer> = { facts: readonly NewEvent[]; also?: readonly AlsoWrite[]; answer: Answer };

/** A command that reads and decides again this often has met a storm of writers; nobody waits longer for an answer. */
const MOST_TRIES = 25;

/** The one way into the record: decide, then append everything or nothing in one statement. */
@Injectable()
export class Recorder {
  constructor(private readonly events: EventRecord) {}

  /**
   * Runs `plan` and records what follows. When someone appended first it plans again, unless the plan itself refuses:
   * a cancel never fails because a draft was saved. A repeat of a request gets its first answer, whatever has happened since.
   */
  async record<Answer>(once: Once | undefined, plan: () => Promise<Plan<Answer>>): Promise<Answer> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const planned = await this.plannedOr(once, plan);
      if ('repeated' in planned) return planned.repeated;
      const { facts, also = [], answer } = planned;
      if (facts.length === 0 && once === undefined) return answer;
      mustTravel(facts);
      const appended = await this.events.append({
        facts,
        also,
        ...(once && { request: { ...once, answer } }),
      });
      switch (appended.kind) {
        case 'appended':
          return answer;
        case 'repeated':
          return appended.answer as Answer;
        case 'key-reused':
          throw problem('key-reused');
        case 'moved-on':
          continue;
      }
    }
    throw problem('too-busy');
  }

  /** A refused command may be the repeat of one that was done: then its first answer counts, not the refusal. */
  private async plannedOr<Answer>(
    once: Once | undefined,
    plan: () => Promise<Plan<Answer>>,
  ): Promise<Plan<Answer> | { repeated: Answer }> {
    try {
      return await plan();
    } catch (refusal) {
      const before = once && (await this.events.answerTo(once));
      if (before?.kind === 'repeated') return { repeated: before.answer as Answer };
      if (before?.kind === 'key-reused') throw problem('key-reused');
      throw refusal;
    }
  }
}

/** The facts as they go into a stream after revision `seen`, in the trace of the request that caused them. */
export function following(
  streamId: string,
  seen: number,
  facts: readonly { type: string; at: Instant; by: string }[],
  actor?: string,
): NewEvent[] {
  const traceparent = currentTraceparent();
  return facts.map((fact, i) => ({
    streamId,
    revision: seen + i + 1,
    type: fact.type,
    time: fact.at,
    actor: actor ?? fact.by,
    traceparent,
    body: fact,
  }));
}
