import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composed } from '../testing/index.js';
import { follow, pickText, reachesOut, type Earlier } from './follow.js';

const got = (version: number, state: string, unknowns = 0): Earlier => ({
  deliveryId: `dlv_${version}`,
  version,
  state,
  unknowns,
});

describe('whoever got the warning', () => {
  it('is answered in the same thread by an update, from its first message on', () => {
    expect(follow('issue', [got(2, 'accepted'), got(1, 'accepted')])).toEqual({
      variant: 'thread',
      answers: 'dlv_1',
    });
  });

  it('gets a cancel that stands alone', () => {
    expect(follow('cancel', [got(1, 'accepted')])).toEqual({ variant: 'alone', answers: 'dlv_1' });
  });

  it('gets the cancel also when a later update failed', () => {
    expect(follow('cancel', [got(1, 'accepted'), got(2, 'refused')])).toEqual({
      variant: 'alone',
      answers: 'dlv_1',
    });
  });
});

describe('whoever may have got it', () => {
  it.each(['issue', 'cancel'] as const)('gets an %s worded to stand alone', (act) => {
    expect(follow(act, [got(1, 'unknown', 1)])).toEqual({ variant: 'alone', answers: null });
  });

  it('counts as such while a second attempt waits, and after it was given up', () => {
    expect(follow('cancel', [got(1, 'deferred', 1)])).not.toBe('nothing');
    expect(follow('cancel', [got(1, 'refused', 1)])).not.toBe('nothing');
  });
});

describe('whoever got nothing', () => {
  it.each(['refused', 'suppressed', 'cancelled', 'expired', 'deferred', 'planned'])(
    'because it was %s hears of no cancel: taking back what they never saw spreads alarm',
    (state) => expect(follow('cancel', [got(1, state)])).toBe('nothing'),
  );

  it('is reached by an update through its area, and by an all-clear not at all', () => {
    expect(follow('issue', [got(1, 'refused')])).toBe('nothing');
    expect(reachesOut('issue', 'update')).toBe(true);
    expect(reachesOut('issue', 'correction')).toBe(true);
    expect(reachesOut('issue', 'all-clear')).toBe(false);
    expect(reachesOut('cancel', 'first')).toBe(false);
  });
});

it('never says "nothing" to anybody where something was accepted or may have arrived, in any history', () => {
  const state = fc.constantFrom(
    'planned',
    'deferred',
    'accepted',
    'refused',
    'suppressed',
    'cancelled',
    'expired',
    'unknown',
  );
  const history = fc.array(fc.tuple(fc.nat(5), state, fc.nat(2)), { maxLength: 6 });
  fc.assert(
    fc.property(history, fc.constantFrom('issue' as const, 'cancel' as const), (rows, act) => {
      const earlier = rows.map(([version, now, unknowns]) => got(version + 1, now, unknowns));
      const mayHave = earlier.some(
        (one) => one.state === 'accepted' || one.state === 'unknown' || one.unknowns > 0,
      );
      expect(follow(act, earlier) !== 'nothing').toBe(mayHave);
    }),
    { seed: 20261121 },
  );
});

describe('the text that is picked', () => {
  const texts = (['first', 'thread', 'alone'] as const).flatMap((variant) =>
    ['en-GB', 'cy-GB'].map((language) =>
      composed({ channel: 'email', variant, language, texts: [`${variant} ${language}`] }),
    ),
  );
  const pick = (from: typeof texts, variant: 'first' | 'thread' | 'alone', language: string) =>
    pickText(from, { act: 'issue', variant, language })?.parts[0]?.text;

  it('is in the language of the reader, or else in the first language of the version', () => {
    expect(pick(texts, 'first', 'cy-GB')).toBe('first cy-GB');
    expect(pick(texts, 'first', 'pl-PL')).toBe('first en-GB');
  });

  it('never answers a message where none was shown', () => {
    const onlyThread = texts.filter(({ variant }) => variant === 'thread');
    expect(pick(onlyThread, 'alone', 'en-GB')).toBeUndefined();
    expect(pick(onlyThread, 'first', 'en-GB')).toBeUndefined();
  });

  it('stands alone where no answer was composed', () => {
    expect(
      pick(
        texts.filter(({ variant }) => variant !== 'thread'),
        'thread',
        'en-GB',
      ),
    ).toBe('alone en-GB');
  });

  it('is never that of the other act', () => {
    expect(pickText(texts, { act: 'cancel', variant: 'alone', language: 'en-GB' })).toBeUndefined();
  });
});
