import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WarningEvent } from '#contracts';
import { acts, play, stateOf, type Act, type Story } from './testing/index.js';

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
