import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WarningEvent, type OfficerId, type WarningContent } from '#contracts';
import type { WarningCommand } from './command.js';
import { decide } from './decide.js';
import { evolve } from './evolve.js';
import { WarningRefused } from './refused.js';
import {
  allClear as cleared,
  ann,
  asked,
  bob,
  cat,
  composed,
  dan,
  flood as first,
  hashes,
  incidentId,
  minute,
  partner,
  stateOf,
  update as updated,
} from './testing/index.js';
import { noWarning, type Warning } from './warning.js';

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

type Act = { command: WarningCommand; by: OfficerId; wait: number };
const acts = fc.array(fc.record({ command, by: officer, wait: fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 30) }), {
  minLength: 30,
  maxLength: 90,
  size: 'max',
});

type Story = { facts: WarningEvent[]; live: Warning };

/** Everybody tries everything; what is refused leaves no trace. Throws what is not a refusal. */
function play(all: readonly Act[], twice = false): Story {
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

const of = <Type extends WarningEvent['type']>(facts: readonly WarningEvent[], type: Type) =>
  facts.filter((fact): fact is Extract<WarningEvent, { type: Type }> => fact.type === type);
const holds = (check: (story: Story, all: readonly Act[]) => void) =>
  fc.assert(
    fc.property(acts, (all) => check(play(all), all)),
    { numRuns: 100, seed: 20261121 },
  );

describe('whatever anybody tries, in any order', () => {
  it('nobody approves what they began, edited or submitted', () =>
    holds(({ facts }) => {
      for (const issued of of(facts, 'WarningIssued')) {
        const hands = facts.filter(
          (fact) =>
            (fact.type === 'WarningDrafted' ||
              fact.type === 'DraftEdited' ||
              fact.type === 'WarningSubmitted') &&
            fact.version === issued.version,
        );
        expect(hands.map(({ by }) => by)).not.toContain(issued.by);
      }
    }));

  it('nobody mends or submits what they sent back', () =>
    holds(({ facts }) => {
      for (const [i, returned] of facts.entries()) {
        if (returned.type !== 'WarningReturned') continue;
        const later = facts
          .slice(i)
          .filter(
            (fact) =>
              (fact.type === 'DraftEdited' || fact.type === 'WarningSubmitted') &&
              fact.version === returned.version,
          );
        expect(later.map(({ by }) => by)).not.toContain(returned.by);
      }
    }));

  it('what is issued is what was submitted last, to the letter', () =>
    holds(({ facts }) => {
      for (const [i, issued] of facts.entries()) {
        if (issued.type !== 'WarningIssued') continue;
        const submitted = of(facts.slice(0, i), 'WarningSubmitted').at(-1);
        const { content, composed, contentHash, areaHash, version } = issued;
        expect(submitted).toMatchObject({ content, composed, contentHash, areaHash, version });
      }
    }));

  it('a version is issued once, version numbers only rise, and none goes out after its expiry', () =>
    holds(({ facts }) => {
      const issued = of(facts, 'WarningIssued');
      const versions = issued.map(({ version }) => version);
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
      const drafted = of(facts, 'WarningDrafted').map(({ version }) => version);
      expect(drafted).toEqual(drafted.map((_, i) => i + 1));
      for (const { content, at } of issued) expect(at < content.expiresAt).toBe(true);
    }));

  it('a cancelled version never comes back, and a draft that it ended never goes out', () =>
    holds(({ facts }) => {
      for (const [i, cancel] of facts.entries()) {
        if (cancel.type !== 'WarningCancelled') continue;
        const later = of(facts.slice(i), 'WarningIssued');
        for (const { version, supersedes } of later) {
          expect(version).toBeGreaterThan(cancel.version);
          expect(version).not.toBe(cancel.abandonedDraft);
          if (supersedes !== null) expect(supersedes).toBeGreaterThan(cancel.version);
        }
      }
    }));

  it('a cancel reaches until a day after it and until the last version would have ended', () =>
    holds(({ facts }) => {
      for (const { at, expiresAt } of of(facts, 'WarningCancelled')) {
        expect(Date.parse(expiresAt) - Date.parse(at)).toBeGreaterThanOrEqual(24 * 3_600_000);
        for (const { content, at: issuedAt } of of(facts, 'WarningIssued')) {
          if (issuedAt <= at) expect(expiresAt >= content.expiresAt).toBe(true);
        }
      }
    }));

  it('a replay of the facts gives the state that was lived', () =>
    holds(({ facts, live }) => {
      expect(stateOf(facts)).toEqual(live);
      expect(stateOf(JSON.parse(JSON.stringify(facts)) as WarningEvent[])).toEqual(live);
    }));

  it('a fact that arrives twice in a row changes nothing', () =>
    holds(({ facts, live }) => {
      expect(stateOf(facts.flatMap((fact) => [fact, fact]))).toEqual(live);
    }));

  it('a cancel, an approval or an expiry that is asked for twice is recorded once', () =>
    fc.assert(
      fc.property(acts, (all) => {
        const count = (facts: readonly WarningEvent[]) =>
          facts.filter(
            ({ type }) =>
              type === 'WarningIssued' || type === 'WarningCancelled' || type === 'WarningExpired',
          ).length;
        expect(count(play(all, true).facts)).toBe(count(play(all).facts));
      }),
      { numRuns: 100, seed: 20261121 },
    ));

  it('every fact is one that the contracts know', () =>
    holds(({ facts }) => {
      for (const fact of facts) expect(WarningEvent.parse(fact)).toEqual(fact);
    }));

  it('some of the stories get as far as an update and a cancel: the checks above are about something', () => {
    const seen = new Map<string, number>();
    holds(({ facts }) => {
      for (const type of new Set(facts.map(({ type }) => type))) seen.set(type, (seen.get(type) ?? 0) + 1);
    });
    for (const type of [
      'WarningIssued',
      'WarningSuperseded',
      'WarningCancelled',
      'WarningExpired',
      'WarningReturned',
    ]) {
      expect(seen.get(type) ?? 0).toBeGreaterThan(8);
    }
  });
});
