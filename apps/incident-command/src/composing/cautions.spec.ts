import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccountId, ComposedText, MessageKind, Position, WarningEvent } from '#contracts';
import {
  allClear,
  ann,
  act,
  bob,
  composed,
  drafted,
  factsOf,
  flood,
  hashes,
  issued,
  stateOf as lived,
  mastodon,
  sender,
  update,
  updating,
  type Step,
} from '#warning/testing';
import { afterCancel, cautionsOf, droppedSince } from './cautions.js';

const known = [
  { accountId: mastodon, name: 'Derbyshire Police' },
  { accountId: sender, name: 'DerbysPol' },
];
const bluesky = `acc_${'5'.repeat(32)}` as AccountId;
const [social, texts] = (['social', 'sms'] as const).map((channel) =>
  composed.filter((text) => text.channel === channel),
) as [ComposedText[], ComposedText[]];
const onBluesky = social.map((text) => ({ ...text, accountId: bluesky, platform: 'bluesky' }));

/** Version 1 on these, and then a version on each of the others; what was never issued is not among the facts. */
const wentOut = (first: ComposedText[], ...next: ComposedText[][]): WarningEvent[] =>
  [first, ...next].flatMap((sent, n) =>
    factsOf(issued())
      .filter(({ type }) => type === 'WarningIssued')
      .map((fact) => ({ ...fact, version: n + 1, composed: sent }) as WarningEvent),
  );
const said = (before: readonly WarningEvent[], now: ComposedText[], message: MessageKind = 'all-clear') =>
  droppedSince(before, { message }, now, known).map((one) => one.message);

describe('a next version', () => {
  it('that goes where the warning went has nothing to acknowledge', () => {
    expect(said(wentOut(composed), composed)).toEqual([]);
    expect(said(wentOut(texts), composed)).toEqual([]);
  });

  it.each<[MessageKind, string]>([
    ['all-clear', 'and this all clear does not: whoever has it from there would never hear that it is over'],
    [
      'correction',
      'and this correction does not: whoever has it from there would never hear that it was wrong',
    ],
    ['update', 'and this update does not: whoever has it from there would go on by the old words'],
  ])('that leaves text messages out says whom it leaves with the old words: %s', (message, words) => {
    expect(said(wentOut(composed), social, message)).toEqual([
      `Version 1 went out by text message, ${words}. Choose text message as well.`,
    ]);
  });

  it('is told once for a channel, however many accounts, languages and texts it had', () => {
    const many = [...social, ...onBluesky, ...social.map((text) => ({ ...text, language: 'cy-GB' }))];
    expect(said(wentOut([...many, ...texts]), texts)).toHaveLength(1);
  });

  it('that leaves out one account of social media names it, for its readers are not the other’s', () => {
    expect(said(wentOut([...social, ...onBluesky, ...texts]), [...onBluesky, ...texts])).toEqual([
      expect.stringMatching(/^Version 1 went out by Derbyshire Police \(mastodon\), /),
    ]);
  });

  it('names an account by its id when no channel reports it any more: it cannot be chosen, and a person must tell its readers', () => {
    const [only] = said(wentOut([...onBluesky, ...social]), social);
    expect(only).toContain(`by ${bluesky} (bluesky)`);
  });

  it('may come from another sender of text messages: the list is the same', () => {
    const renamed = texts.map((text) => ({ ...text, accountId: bluesky }));
    expect(said(wentOut(texts), renamed)).toEqual([]);
  });

  it('looks back over every version, and says which one the people there have last', () => {
    expect(said(wentOut(composed, social), social)).toEqual([
      expect.stringContaining('Version 1 went out by text'),
    ]);
    expect(said(wentOut(social, composed, social), social)).toEqual([
      expect.stringContaining('Version 2 went out by text'),
    ]);
  });

  it('says of all social media the newest version that anybody has there', () =>
    expect(said(wentOut([...onBluesky, ...social, ...texts], [...social, ...texts]), texts)).toEqual([
      expect.stringContaining('Version 2 went out by social media'),
    ]));

  it('need not go where a cancel has been: it reached everybody who had the warning', () => {
    const [cancel] = factsOf([...issued(), act({ type: 'CancelWarning', reason: 'in error' }, bob, 3)]).slice(
      -1,
    );
    expect(said([...wentOut(composed), cancel!], social)).toEqual([]);
    expect(said([...wentOut(composed), cancel!, ...wentOut(texts)], social)).toHaveLength(1);
  });

  it('does not count what was submitted and never approved: the public has not seen it', () => {
    const waiting = factsOf([
      ...issued(),
      act({ type: 'OpenNextVersion', content: update }, ann, 3),
      act({ type: 'SubmitWarning', composed: [...composed, ...onBluesky], ...hashes('2') }, ann, 4),
      act({ type: 'RejectWarning', reason: 'not yet' }, bob, 5),
      act({ type: 'OpenNextVersion', content: allClear }, ann, 6),
    ]);
    expect(said(waiting, composed)).toEqual([]);
  });

  it('is cautioned about exactly the places that had the warning and have no word now', () => {
    const places = [social, onBluesky, texts];
    const some = fc.subarray(places);
    fc.assert(
      fc.property(some, some, some, (first, second, now) => {
        const cautions = said(wentOut(first.flat(), second.flat()), now.flat());
        const had = new Set([...first, ...second]);
        const social2 = now.some((place) => place !== texts);
        const left = [...had].filter((place) => !now.includes(place));
        // Of social media as a whole when none of it is left, else account by account.
        const expected = new Set(left.map((place) => (place === texts || social2 ? place : 'social media')));
        expect(cautions).toHaveLength(expected.size);
      }),
      { seed: 20261121 },
    );
  });
});

describe('what follows a cancel', () => {
  const cancel = act({ type: 'CancelWarning', reason: 'in error' }, bob, 3);
  const openUpdate = act({ type: 'OpenNextVersion', content: update }, ann, 4);
  const told = (steps: Step[], message: MessageKind = 'update') =>
    afterCancel(lived(factsOf(steps)), { message }).map((one) => one.message);

  it.each<[MessageKind, string]>([
    ['update', 'an update'],
    ['correction', 'a correction'],
    ['all-clear', 'an all clear'],
  ])(
    'is asked about, because it goes to whoever was told that nothing is the matter: %s',
    (message, what) => {
      expect(told([...issued(), cancel, openUpdate], message)).toEqual([
        `This warning was cancelled: whoever was told so is now told of ${what}. A new warning may be plainer.`,
      ]);
    },
  );

  it('has nothing to do with a warning that stands, or whose time was up', () => {
    const expire = act({ type: 'ExpireWarning' }, ann, 240);
    expect(told(updating())).toEqual([]);
    expect(told([...issued(), expire])).toEqual([]);
    expect(told([drafted()])).toEqual([]);
  });

  it('is asked about once: what went out after the cancel is what the next version follows', () => {
    const again = [
      ...issued(),
      cancel,
      openUpdate,
      act({ type: 'SubmitWarning', composed, ...hashes('2') }, ann, 5),
      act({ type: 'ApproveWarning', ...hashes('2') }, bob, 6),
      act({ type: 'OpenNextVersion', content: allClear }, ann, 7),
    ];
    expect(told(again)).toEqual([]);
  });
});

describe('an area', () => {
  const ring: Position[] = [
    [-2.01, 53.31],
    [-1.95, 53.31],
    [-1.95, 53.35],
    [-2.01, 53.31],
  ];
  const changedOver = ring.map(([longitude, latitude]): Position => [latitude, longitude]);
  const over = (...polygons: Position[][]) =>
    cautionsOf(
      { ...flood, area: { ...flood.area, geometry: { type: 'MultiPolygon', coordinates: [polygons] } } },
      [],
    );

  it('in Britain has nothing to acknowledge', () => expect(over(ring)).toEqual([]));

  it('with its latitudes and longitudes changed over would reach nobody, and is asked about', () => {
    const [only, ...more] = over(changedOver);
    expect(only).toMatchObject({ rule: 'area-changed-over', field: 'area' });
    expect(only?.message).toMatch(/look changed over: 4 of 4 positions .* such as \[-1\.98, 53\.33\]\.$/);
    expect(more).toEqual([]);
  });

  it('of which one ring is changed over is asked about, once', () =>
    expect(over(ring, changedOver).map(({ message }) => message)).toEqual([
      expect.stringContaining('4 of 8 positions'),
    ]));

  it('that is in Britain neither way round is somebody’s own business', () =>
    expect(over(ring.map(([x, y]): Position => [x + 30, y]))).toEqual([]));
});
