import type { Instant, OfficerId, WarningEvent } from '#contracts';
import type { Asked, WarningCommand } from '../command.js';
import { decide } from '../decide.js';
import { evolve } from '../evolve.js';
import { WarningRefused, type RefusalReason } from '../refused.js';
import { noWarning, type Warning } from '../warning.js';
import { minute, warningId } from './people.js';

/** One act of one officer at one time, as a step of an example. */
export type Step = { command: WarningCommand; by: OfficerId; at: Instant };

/** An act at a minute after 10:00; the first example of a minute is 10:00 itself. */
export const act = (command: WarningCommand, by: OfficerId, minutes = 0): Step => ({
  command,
  by,
  at: minute(minutes),
});

/** The facts that these acts leave behind, from nothing. Throws when one of them is refused: an example must be possible. */
export function factsOf(steps: readonly Step[]): WarningEvent[] {
  const facts: WarningEvent[] = [];
  for (const { command, by, at } of steps) facts.push(...decide(command, stateOf(facts), asked(by, at)));
  return facts;
}

/** The state that these facts add up to. */
export const stateOf = (facts: readonly WarningEvent[]): Warning => facts.reduce(evolve, noWarning);

/** Who asks, in an exercise, about the warning of the examples. */
export const asked = (by: OfficerId, at: Instant): Asked => ({ warningId, by, at, mode: 'exercise' });

/** What a test hopes to see of a fact; fields that it does not name may be anything. */
export type Expected = { type: WarningEvent['type'] } & Record<string, unknown>;

/** Facts in, facts out: `given(acts).when(command, bob).records({ type: 'WarningIssued' })`, or `.refuses('…')`. */
export function given(...steps: (Step | readonly Step[])[]) {
  const facts = factsOf(steps.flat());
  return {
    when(command: WarningCommand, by: OfficerId, minutes = 10) {
      const run = () => decide(command, stateOf(facts), asked(by, minute(minutes)));
      return {
        /** Exactly these facts, in this order, each with at least these fields. */
        records(...expected: readonly Expected[]): void {
          const recorded = run();
          const seen = recorded.map((fact, i) => pick(fact, expected[i]));
          equal(
            seen,
            expected.map((fact) => pick(fact, fact)),
            recorded,
          );
        },
        /** Nothing: what is asked is true already. */
        changesNothing: (): void => equal(run(), [], []),
        refuses(reason: RefusalReason, ...details: readonly string[]): void {
          const refused = caught(run);
          if (!(refused instanceof WarningRefused))
            throw new Error(`was not refused, but should be: ${reason}`);
          equal(refused.reason, reason, refused.details);
          for (const detail of details) {
            if (!refused.details.some((said) => said.includes(detail))) {
              throw new Error(`the refusal says ${JSON.stringify(refused.details)} and not "${detail}"`);
            }
          }
        },
      };
    },
  };
}

function pick(fact: object, like: object | undefined): Record<string, unknown> {
  const keys = Object.keys(like ?? fact).toSorted();
  return Object.fromEntries(keys.map((key) => [key, (fact as Record<string, unknown>)[key]]));
}

function caught(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

function equal(seen: unknown, expected: unknown, all: unknown): void {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}\n but saw ${a}\n in ${JSON.stringify(all)}`);
}
