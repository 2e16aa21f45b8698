import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { WarningEvent } from '#contracts';
import { acts, minute, play, type Story } from '#warning/testing';
import { warningRow } from '../warnings/warning-row.js';
import { forPartners } from './for-partners.js';
import { warningView, type WarningView } from './warning-view.js';

type Told = Story & { view: WarningView | undefined; seen: WarningView | undefined };
const holds = (check: (told: Told) => void) =>
  fc.assert(
    fc.property(acts, (all) => {
      const story = play(all);
      const view = warningView(story.facts);
      check({ ...story, view, seen: view && forPartners(view) });
    }),
    { numRuns: 100, seed: 20261122 },
  );
const of = <Type extends WarningEvent['type']>(facts: readonly WarningEvent[], type: Type) =>
  facts.filter((fact): fact is Extract<WarningEvent, { type: Type }> => fact.type === type);
const PUBLIC = ['issued', 'superseded', 'cancelled', 'cleared', 'expired'];

describe('a warning as it is read, whatever was tried', () => {
  it('agrees with the list, which is written with the facts themselves', () =>
    holds(({ facts, live, view }) => {
      if (view === undefined) return expect(facts).toEqual([]);
      const { params } = warningRow('wrn', live, facts.length, minute(0));
      const [, , state, shown, open] = params;
      expect([view.state, view.shownVersion, view.openVersion, view.revision]).toEqual([
        state,
        shown,
        open,
        facts.length,
      ]);
    }));

  it('has every version that was begun, in order, each in one state, and one at most on show', () =>
    holds(({ facts, view }) => {
      const begun = of(facts, 'WarningDrafted').map(({ version }) => version);
      expect(view?.versions.map(({ version }) => version) ?? []).toEqual(begun);
      expect(view?.versions.filter(({ state }) => state === 'issued').length ?? 0).toBeLessThanOrEqual(1);
      const open =
        view?.versions.filter(({ state }) => ['draft', 'submitted', 'held', 'returned'].includes(state)) ??
        [];
      expect(open.map(({ version }) => version)).toEqual(view?.openVersion ? [view.openVersion] : []);
    }));

  it('tells every fact, each once, with who did it', () =>
    holds(({ facts, view }) => {
      const steps = view?.versions.flatMap(({ history }) => history) ?? [];
      const abandoned = of(facts, 'WarningCancelled').filter(
        ({ abandonedDraft }) => abandonedDraft !== undefined,
      );
      expect(steps).toHaveLength(facts.length + abandoned.length); // a cancel stands with the draft that it ended as well
      expect(steps.map(({ at, by, type }) => `${at} ${by} ${type}`)).toEqual(
        expect.arrayContaining(facts.map(({ at, by, type }) => `${at} ${by} ${type}`)),
      );
    }));

  it('shows the very texts and hashes that were approved for what went out', () =>
    holds(({ facts, view }) => {
      for (const { version, content, composed, contentHash, areaHash } of of(facts, 'WarningIssued')) {
        const shown = view?.versions.find((one) => one.version === version);
        expect(shown).toMatchObject({ content, composed, contentHash, areaHash });
      }
    }));
});

describe('a warning as another agency reads it, whatever was tried', () => {
  it('is there as soon as a version went out, and not before', () =>
    holds(({ facts, seen }) => expect(seen !== undefined).toBe(of(facts, 'WarningIssued').length > 0)));

  it('has the versions that went out, and nothing of any other', () =>
    holds(({ facts, seen }) => {
      const out = of(facts, 'WarningIssued').map(({ version }) => version);
      expect(seen?.versions.map(({ version }) => version) ?? []).toEqual(out);
      for (const { state, history } of seen?.versions ?? []) {
        expect(PUBLIC).toContain(state);
        for (const { type } of history)
          expect(['WarningIssued', 'WarningSuperseded', 'WarningCancelled', 'WarningExpired']).toContain(
            type,
          );
      }
      expect(seen?.openVersion ?? null).toBeNull();
    }));

  it('has no officer and no reason in it anywhere', () =>
    holds(({ seen }) => expect(JSON.stringify(seen) ?? '').not.toMatch(/off_|for a reason/)));

  it('never loses again what it had: every fact that follows leaves what went out in sight', () =>
    fc.assert(
      fc.property(acts, (all) => {
        const { facts } = play(all);
        let before: number[] = [];
        for (let n = 1; n <= facts.length; n += 1) {
          const view = warningView(facts.slice(0, n));
          const now = (view && forPartners(view))?.versions.map(({ version }) => version) ?? [];
          expect(now.slice(0, before.length)).toEqual(before);
          before = now;
        }
      }),
      { numRuns: 30, seed: 20261122 },
    ));
});
