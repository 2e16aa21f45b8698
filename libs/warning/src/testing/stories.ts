import fc from 'fast-check';
import type { OfficerId, WarningContent, WarningEvent } from '#contracts';
import type { WarningCommand } from '../command.js';
import { decide } from '../decide.js';
import { evolve } from '../evolve.js';
import { WarningRefused } from '../refused.js';
import { noWarning, type Warning } from '../warning.js';
import { allClear as cleared, composed, flood as first, hashes, update as updated } from './contents.js';
import { asked } from './given.js';
import { ann, bob, cat, dan, incidentId, minute, partner } from './people.js';

/** As long as it lasts at all: the promise of a next word must not be what ends most of the stories. */
const lasting = (content: WarningContent) => ({ ...content, nextUpdateAt: content.expiresAt });
const [flood, update, allClear] = [lasting(first), lasting(updated), lasting(cleared)];
const officer = fc.constantFrom<OfficerId>(ann, bob, cat, dan, partner);
const digit = fc.constantFrom('1', '1', '1', '2');
const reason = 'for a reason';
const command: fc.Arbitrary<WarningCommand> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<WarningCommand>({ type: 'DraftWarning', incidentId, content: flood }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<WarningCommand>(
      { type: 'EditDraft', content: flood },
      { type: 'EditDraft', content: update },
      { type: 'EditDraft', content: {} },
    ),
  },
  {
    weight: 4,
    arbitrary: digit.map((d): WarningCommand => ({ type: 'SubmitWarning', composed, ...hashes(d) })),
  },
  { weight: 6, arbitrary: digit.map((d): WarningCommand => ({ type: 'ApproveWarning', ...hashes(d) })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<WarningCommand>(
      { type: 'HoldWarning', reason },
      { type: 'ReturnWarning', reason },
      { type: 'RejectWarning', reason },
    ),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom<WarningCommand>(
      { type: 'OpenNextVersion', content: update },
      { type: 'OpenNextVersion', content: allClear },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<WarningCommand>({ type: 'CancelWarning', reason }, { type: 'ExpireWarning' }),
  },
);

/** Something that somebody tries, some minutes after the last. */
export type Act = { command: WarningCommand; by: OfficerId; wait: number };
/** What everybody tries in one story, allowed or not. */
export const acts = fc.array(
  fc.record({ command, by: officer, wait: fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 30) }),
  {
    minLength: 30,
    maxLength: 90,
    size: 'max',
  },
);

/** The facts that a story left behind, and the state in which it ended. */
export type Story = { facts: WarningEvent[]; live: Warning };

/** Everybody tries everything; what is refused leaves no trace. Throws what is not a refusal. */
export function play(all: readonly Act[], twice = false): Story {
  let minutes = 0;
  const story: Story = { facts: [], live: noWarning };
  for (const { command, by, wait } of all) {
    minutes += wait;
    for (let time = 0; time < (twice ? 2 : 1); time += 1) {
      try {
        const facts = decide(command, story.live, asked(by, minute(minutes)));
        story.facts.push(...facts);
        story.live = facts.reduce(evolve, story.live);
      } catch (error) {
        if (!(error instanceof WarningRefused)) throw error;
      }
    }
  }
  return story;
}
