import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Mode, WarningContent, WarningText } from '#contracts';
import { Problem } from '#runtime';
import { allClear, flood, minute, update } from '#warning/testing';
import { RULES } from '#wording';
import { CAUTIONS, type Caution } from './cautions.js';
import { SubmitWarning } from '../warnings/warning-requests.js';
import { checkTaken } from './check-taken.js';
import { acknowledged, checkWording } from './check-wording.js';

const english = flood.texts['en-GB'] as WarningText;
const saying = (change: Partial<WarningText>, content: Partial<WarningContent> = {}): WarningContent => ({
  ...flood,
  ...content,
  texts: { 'en-GB': { ...english, ...change } },
});
const why = 'checked by telephone';
const given = (...rules: Caution[]) => rules.map((rule) => ({ rule, reason: why }));

/** What is recorded when ann lets these stand. */
const kept = (content: WarningContent, rules: Caution[] = [], mode: Mode = 'exercise') =>
  acknowledged(checkWording(mode, content), given(...rules));

/** The problem that comes of it, or undefined when it is let through. */
function problemOf(check: () => unknown): Problem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
const judged = (content: WarningContent, mode: Mode = 'exercise', rules: Caution[] = []) =>
  problemOf(() => kept(content, rules, mode));
const codeOf = (...asked: Parameters<typeof judged>) => judged(...asked)?.code ?? 'let through';

describe('a caution that nobody answered', () => {
  const told = judged({ ...saying({ impact: '' }), channels: ['social'] });
  /** What stands behind `"acknowledged":`, as an officer would copy it. */
  const form = (detail = '') => JSON.parse(detail.split('"acknowledged":')[1] ?? 'null') as object[];

  it('shows the form to send, with every rule that waits for a reason', () =>
    expect(form(told?.detail)).toEqual(
      (told!.extra['rules'] as string[]).map((rule) => ({ rule, reason: 'your reason' })),
    ));

  it('shows it whole, however much there is to look at', () => {
    const texts = Object.fromEntries(
      Array.from({ length: 26 }, (_, n) => [`a${String.fromCharCode(97 + n)}`, { ...english, impact: '' }]),
    );
    const detail = judged({ ...flood, texts })?.detail;
    expect(detail).toHaveLength(2_000);
    expect(form(detail)).toContainEqual({ rule: 'impact-missing', reason: 'your reason' });
  });

  it('has a form that is taken when it is filled in', () =>
    expect(SubmitWarning.safeParse({ revision: 1, acknowledged: form(told?.detail) }).error).toBeUndefined());
});

describe('the wording of a version', () => {
  it('that is plain and whole is let through in both worlds, with nothing to acknowledge', () => {
    for (const mode of ['live', 'exercise'] as const) {
      for (const content of [flood, update, allClear, { ...flood, nextUpdateAt: minute(30) }]) {
        expect(kept(content, [], mode)).toEqual([]);
      }
    }
  });

  it.each<[string, Mode, Partial<WarningText>, Partial<WarningContent>]>([
    ['a live text that says it is a test', 'live', { hazard: 'This is a test of the warning system.' }, {}],
    ['an exercise that says it is no drill', 'exercise', { hazard: 'This is not a drill.' }, {}],
    ['a slot that nobody filled', 'exercise', { place: 'Near [PLACE]' }, {}],
    ['an end that is left open', 'exercise', { guidance: 'Stay in until further notice.' }, {}],
    ['a link that hides where it leads', 'exercise', {}, { link: 'https://bit.ly/3xYz' }],
    ['a character that turns the line round', 'exercise', { guidance: 'Move \u202Eupstairs now.' }, {}],
    [
      'a flood alert that tells of danger to life',
      'exercise',
      { hazard: 'Flood Alert: danger to life.' },
      {},
    ],
  ])('with %s is refused, whatever is acknowledged', (_, mode, text, content) => {
    expect(codeOf(saying(text, content), mode, [...CAUTIONS])).toBe('wording-refused');
  });

  it('may lead to a council’s own page: which hosts are an agency’s own it says itself', () =>
    expect(codeOf({ ...flood, link: 'https://www.highpeak.example/flood' })).toBe('let through'));

  it.each<[string, Partial<WarningText>, Partial<WarningContent>, Caution]>([
    ['no time of the next word', {}, { nextUpdateAt: undefined as never }, 'next-update-missing'],
    ['no word of what could happen', { impact: '' }, {}, 'impact-missing'],
    ['a number of casualties', { hazard: 'Three people died in the flood.' }, {}, 'casualties'],
    [
      'a telephone number that is none',
      { guidance: 'Move upstairs now. Call 0123 45.' },
      {},
      'phone-malformed',
    ],
    [
      'a number that nobody knows',
      { guidance: 'Move upstairs now. Call 01298 123456.' },
      {},
      'phone-unknown',
    ],
    ['advice to leave for nobody in particular', { guidance: 'Evacuate now.' }, {}, 'action-without-place'],
    ['a link made by a forgotten space', { guidance: 'Go upstairs.It is safer.' }, {}, 'accidental-link'],
  ])('with %s is submitted only when somebody says why it may stand', (_, text, change, rule) => {
    const { nextUpdateAt, ...content } = saying(text, change);
    const written = nextUpdateAt === undefined ? content : { ...content, nextUpdateAt };
    expect(judged(written)).toMatchObject({
      code: 'must-be-acknowledged',
      status: 422,
      extra: { rules: [rule] },
    });
    const [caution, ...more] = kept(written, [rule]);
    expect(more).toEqual([]);
    expect(caution).toMatchObject({ rule, reason: why });
    expect(caution?.said.length).toBeGreaterThan(0);
  });

  it('names every caution at once, and one that was acknowledged no longer', () => {
    const { nextUpdateAt: _, ...content } = saying({ impact: '' });
    expect(judged(content)?.extra['rules']).toEqual(['next-update-missing', 'impact-missing']);
    expect(judged(content, 'exercise', ['impact-missing'])?.extra['rules']).toEqual(['next-update-missing']);
    expect(codeOf(content, 'exercise', ['impact-missing', 'next-update-missing'])).toBe('let through');
  });

  it('says in one sentence for each language what is meant, and where', () => {
    const content = { ...flood, texts: { ...flood.texts, 'cy-GB': { ...english, impact: '' } } };
    const refused = judged(content);
    expect(refused?.detail).toContain('cy-GB, impact: Say what could happen to people.');
    expect(refused?.detail).toContain('nothing was recorded');
  });

  it('keeps what was said in each language under the one reason', () => {
    const welsh = {
      ...english,
      hazard: 'Mae’r afon dros ei glannau.',
      impact: '',
      guidance: 'Ewch i fyny’r grisiau.',
    };
    const content = { ...flood, texts: { 'en-GB': { ...english, impact: '' }, 'cy-GB': welsh } };
    const both = kept(content, ['impact-missing', 'language-mismatch']);
    expect(both.find(({ rule }) => rule === 'impact-missing')?.said).toEqual([
      'en-GB, impact: Say what could happen to people.',
      'cy-GB, impact: Say what could happen to people.',
    ]);
  });

  it('keeps no acknowledgement of what was not found: a reviewer must not read of a danger that was not there', () =>
    expect(kept(flood, ['casualties', 'social-alone'])).toEqual([]));

  it('is told in no more words than a screen can show', () => {
    const content = saying({ guidance: `${'Move upstairs now. Call 01298 123456. '.repeat(50)}` });
    expect(judged(content)?.detail.length).toBeLessThanOrEqual(2_000);
  });

  it('of an all-clear says all four parts, or somebody says why not', () => {
    const short = saying({ hazard: 'The flood is over.', impact: '' }, { message: 'all-clear' });
    expect(judged(short)?.extra['rules']).toEqual(['all-clear-incomplete']);
    expect(codeOf(short, 'exercise', ['all-clear-incomplete'])).toBe('let through');
  });
});

describe('the coverage of a version', () => {
  const on = (channels: WarningContent['channels'], change: Partial<WarningContent> = {}) =>
    codeOf({ ...flood, ...change, channels });

  it('is a caution where a grave and near danger is told on social media alone', () => {
    for (const severity of ['Severe', 'Extreme'] as const) {
      for (const urgency of ['Immediate', 'Expected'] as const) {
        expect(on(['social'], { severity, urgency })).toBe('must-be-acknowledged');
      }
    }
  });
  it('is none where texts or mails go out as well', () => {
    expect([on(['social', 'sms']), on(['email', 'social']), on(['sms'])]).toEqual(
      Array(3).fill('let through'),
    );
  });
  it.each<[string, Partial<WarningContent>]>([
    ['a minor danger', { severity: 'Minor' }],
    ['a distant danger', { urgency: 'Future' }],
    ['an update, which goes where the warning went', { message: 'update' }],
  ])('is none for %s', (_, change) => expect(on(['social'], change)).toBe('let through'));
  it('may be let stand by somebody who says why', () => {
    const [caution] = kept({ ...flood, channels: ['social'] }, ['social-alone']);
    expect(caution).toMatchObject({
      rule: 'social-alone',
      reason: why,
      said: [expect.stringContaining('every language, channels')],
    });
  });
});

describe('the cautions', () => {
  it('are exactly the rules of the wording of that level, and those about the area, the channels and a cancel', () => {
    const wording = Object.entries(RULES).flatMap(([rule, level]) => (level === 'acknowledge' ? [rule] : []));
    expect([...CAUTIONS].toSorted()).toEqual(
      [...wording, 'area-changed-over', 'social-alone', 'channel-dropped', 'after-cancel'].toSorted(),
    );
  });

  it('that are found are all answered for, or the version is refused: whatever is written and whatever is acknowledged', () => {
    const piece = fc.constantFrom(
      'Three people died.',
      'Call 01298 123456.',
      'Evacuate now.',
      'Stay in tonight.',
      'Keep warm.',
    );
    const guidance = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(guidance, fc.subarray([...CAUTIONS]), (text, rules) => {
        const content = saying({ guidance: text });
        const needed = judged(content)?.extra['rules'] ?? [];
        const open = (needed as Caution[]).filter((rule) => !rules.includes(rule));
        const refused = judged(content, 'exercise', rules);
        expect(refused?.extra['rules'] ?? []).toEqual(open);
        if (refused !== undefined) return;
        const recorded = kept(content, rules).map(({ rule }) => rule);
        expect(recorded.toSorted()).toEqual([...(needed as Caution[])].toSorted());
      }),
      { numRuns: 60, seed: 20261121 },
    );
  });
});

describe('what no channel can send', () => {
  const SQUARE = [
    [0, 53],
    [1, 53],
    [1, 54],
    [0, 54],
    [0, 53],
  ];
  const picture = {
    sha256: 'a'.repeat(64),
    mediaType: 'image/png' as const,
    alt: { 'en-GB': 'A map of the river' },
  };
  const taken = (content: WarningContent) => problemOf(() => checkTaken(content));

  it('is nothing of an ordinary warning, nor an empty list of pictures', () => {
    expect(taken(flood)).toBeUndefined();
    expect(taken({ ...flood, media: [] })).toBeUndefined();
    expect(
      taken(saying({ overrides: { mastodon: 'Move upstairs.', sms: 'Move upstairs.', email: 'Move up.' } })),
    ).toBeUndefined();
  });
  it.each<[string, number[][][]]>([
    [
      'ring 1 of polygon 1 crosses the 180° meridian',
      [
        [
          [179, 0],
          [-179, 0],
          [-179, 1],
          [179, 0],
        ],
      ],
    ],
    ['polygon 1 encloses nothing but its hole', [SQUARE, SQUARE.toReversed()]],
    ['ring 1 of polygon 1 encloses nothing', [SQUARE.map(([x = 0, y = 0]) => [x / 1e6, y / 1e6])]],
    ['ring 1 of polygon 1 crosses itself, or runs over itself', [[...SQUARE, ...SQUARE.slice(1)]]],
  ])('is an area of which %s: each would refuse it when it is approved', (why, rings) => {
    const area = { ...flood.area, geometry: { type: 'MultiPolygon', coordinates: [rings] } };
    expect(() => checkTaken({ ...flood, area } as WarningContent)).toThrow(
      expect.objectContaining({ reason: 'broken-area', details: [expect.stringContaining(why)] }),
    );
  });
  it('is a picture: it is refused here, and not lost on the way', () =>
    expect(taken({ ...flood, media: [picture, picture] })).toMatchObject({
      code: 'pictures-not-taken',
      status: 422,
      extra: { pictures: 2 },
    }));
  it('is a text for a platform whose name was misspelt, which would be left out in silence', () => {
    const overrides = { mastadon: 'Move upstairs.', sms: 'Move upstairs.' };
    expect(taken(saying({ overrides }))).toMatchObject({
      code: 'unknown-platform',
      extra: { platforms: ['mastadon'] },
    });
  });
});
