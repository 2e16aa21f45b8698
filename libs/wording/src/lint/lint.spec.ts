import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mended } from '../testing/findings.js';
import { holds } from '../testing/holds.js';
import { NO_LANGUAGES } from '../testing/language-names.js';
import { anyText } from '../testing/written-text.js';
import { RULES } from './finding.js';
import type { Finding, LintMaster, RuleId } from './finding.js';
import { lint, lintText, mayGoOut } from './lint.js';

const now = '2026-11-22T10:00:00.000Z';
const good: LintMaster = {
  mode: 'live',
  kind: 'warning',
  message: 'first',
  severity: 'Severe',
  texts: {
    'en-GB': {
      source: 'Derbyshire Police',
      hazard: 'The dam at Toddbrook is damaged and may fail.',
      impact: 'Water could reach homes in minutes.',
      place: 'Whaley Bridge, Furness Vale',
      guidance:
        'If you are in Whaley Bridge, leave now. Go to the high school in Chapel. Call 999 if you cannot leave.',
    },
    'cy-GB': {
      source: 'Heddlu Swydd Derby',
      hazard: "Mae'r argae yn Toddbrook wedi'i ddifrodi.",
      impact: 'Gall y dŵr gyrraedd tai mewn munudau.',
      place: 'Whaley Bridge, Furness Vale',
      guidance: 'Os ydych yn Whaley Bridge, gadewch nawr. Ffoniwch 999 os na allwch adael.',
    },
  },
  link: 'https://www.gov.uk/flood',
  contact: 'Floodline 0345 988 1188',
  expiresAt: '2026-11-22T18:00:00.000Z',
  nextUpdateAt: '2026-11-22T12:00:00.000Z',
};

type Words = Partial<LintMaster['texts'][string]>;
const withWords = (words: Words, fields: Partial<LintMaster> = {}): LintMaster => ({
  ...good,
  ...fields,
  texts: { 'en-GB': { ...good.texts['en-GB'], ...words } },
});
const rules = (findings: readonly Finding[]) => [...new Set(findings.map(({ rule }) => rule))];
const rulesOf = (words: Words, fields: Partial<LintMaster> = {}) =>
  rules(lint(withWords(words, fields), { now }));

describe('a good warning in two languages', () => {
  it('has nothing to find', () => expect(lint(good, { now })).toEqual([]));
});

/** Each rule: the words that it must find, and words close to them that it must leave alone. */
const CASES: [RuleId, Words, Words][] = [
  ['placeholder', { place: '[town], Derbyshire' }, { place: 'Town (centre), Derbyshire' }],
  ['placeholder', { hazard: 'Fire at {{place}}.' }, { hazard: 'Fire at Place Farm.' }],
  ['placeholder', { guidance: 'In Town: leave by TBC.' }, { guidance: 'In Town: leave by 18:00.' }],
  ['says-it-is-a-test', { hazard: 'This is a test.' }, { hazard: 'The dam is damaged.' }],
  ['test-word', { hazard: 'Police will test the water.' }, { hazard: 'Police will check the water.' }],
  ['control-character', { hazard: 'Fire\u0007 in Town.' }, { hazard: 'Fire\nin Town.' }],
  ['bidirectional-control', { place: 'Town\u202e' }, { place: 'Town' }],
  ['mixed-scripts', { place: 'Tоwn' }, { place: 'Москва' }],
  [
    'link-not-allowed',
    { hazard: 'See https://flood.example.com/a.' },
    { hazard: 'See https://www.gov.uk/a.' },
  ],
  ['link-shortened', { hazard: 'See https://bit.ly/3xYz.' }, { hazard: 'See met.police.uk.' }],
  ['link-look-alike', { hazard: 'See https://gоv.uk/flood.' }, { hazard: 'See https://gov.uk/flood.' }],
  ['link-look-alike', { hazard: 'See https://xn--gv-jua.uk/a.' }, { hazard: 'See gov.uk/a.' }],
  [
    'accidental-link',
    { hazard: 'The road is shut.no way through.' },
    { hazard: 'The road is shut. No way through.' },
  ],
  ['accidental-link', { hazard: 'Close the road.It is flooded.' }, { hazard: 'At 9.30am it is flooded.' }],
  ['phone-malformed', { hazard: 'Call 0345 98 11.' }, { hazard: 'Call 0345 988 1188.' }],
  ['phone-unknown', { hazard: 'Call 01298 811881.' }, { hazard: 'Call 101, or 111 for the NHS.' }],
  ['phone-unknown', { hazard: 'Call 998.' }, { hazard: 'Water has reached 998 homes.' }],
  [
    'flood-code-mixed',
    { hazard: 'A Flood Alert is in force. There is danger to life.' },
    { hazard: 'A Severe Flood Warning is in force: danger to life.' },
  ],
  [
    'flood-code-mixed',
    { hazard: 'A Flood Warning is in force, with danger to life.' },
    { hazard: 'A Flood Warning: immediate action required.' },
  ],
  [
    'flood-code-mixed',
    { hazard: 'Flood Alert: immediate action required.' },
    { hazard: 'Flood Alert: be prepared.' },
  ],
  [
    'run-hide-tell-altered',
    { guidance: 'If you are in Town: HIDE, RUN and TELL.' },
    { guidance: 'If you are in Town: RUN. HIDE. TELL.' },
  ],
  [
    'run-hide-tell-altered',
    { guidance: 'If you are in Town: RUN, HIDE, FIGHT.' },
    { guidance: 'If you are in Town, run and hide.' },
  ],
  [
    'until-further-notice',
    { hazard: 'The road is closed until further notice.' },
    { hazard: 'The road is closed until 18:00.' },
  ],
  [
    'relative-time',
    { hazard: 'The river will rise tonight.' },
    { hazard: 'The river will rise tonight from 21:00.' },
  ],
  [
    'opposed-actions',
    { guidance: 'In Town: leave now. Stay inside.' },
    { guidance: 'In Town: do not leave now. Stay inside.' },
  ],
  [
    'opposed-actions',
    { guidance: 'In Town: do not drink the water. The water is safe to drink.' },
    { guidance: 'In Town: leave now. If you cannot, stay inside.' },
  ],
  [
    'action-without-place',
    { guidance: 'Leave now. Take warm clothes.' },
    { guidance: 'Leave Whaley Bridge now. Stay away from the river.' },
  ],
  ['casualties', { hazard: 'Three people injured in a crash.' }, { hazard: 'Three cars in a crash.' }],
  [
    'name-of-victim',
    { hazard: 'The victim has been named locally as John Smith.' },
    { hazard: 'Police look for John Smith.' },
  ],
  ['access-route', { hazard: 'The cordon is at Mill Street.' }, { hazard: 'Mill Street is closed.' }],
  [
    'long-sentence',
    { hazard: `Fire ${'is near the old mill '.repeat(6)}now.` },
    { hazard: 'Fire is near the old mill. Smoke is thick.' },
  ],
  ['plain-words', { hazard: 'An RTC has closed the road.' }, { hazard: 'A crash has closed the road.' }],
  ['plain-words', { hazard: 'Water is overtopping the bank.' }, { hazard: 'Water is coming over the top.' }],
  ['plan-code', { hazard: 'The site is at Level 2.' }, { hazard: 'The car park has a level for cycles.' }],
  [
    'rare-word',
    { hazard: 'A meteorological event is near.' },
    { hazard: 'Leave immediately. The university is shut.' },
  ],
  [
    'initials',
    { hazard: 'The QRF is on its way.' },
    { hazard: 'The NHS and the BBC in the UK, SK23 7LX, A6.' },
  ],
  [
    'capitals',
    { hazard: 'DANGER AT THE RIVER BANK.' },
    { hazard: 'DANGER at the river bank. Do NOT cross.' },
  ],
  [
    'passive-guidance',
    { guidance: 'In Town: residents are advised to leave.' },
    { guidance: 'In Town: leave.' },
  ],
  ['costs-sms-parts', { hazard: 'Don’t cross the river.' }, { hazard: "Don't cross the river." }],
  ['emoji-carries-meaning', { hazard: 'Danger ⚠️ at the river.' }, { hazard: 'Danger at the river © 2026.' }],
  [
    'hashtag-unreadable',
    { hazard: 'News under #whaleybridgeflood.' },
    { hazard: 'News under #WhaleyBridge.' },
  ],
  ['source-missing', { source: ' ' }, {}],
  ['hazard-missing', { hazard: '' }, {}],
  ['place-missing', { place: '' }, {}],
  ['guidance-missing', { guidance: '' }, {}],
  ['impact-missing', { impact: '' }, {}],
];

describe('each rule', () => {
  it.each(CASES)('%s finds %j and leaves %j alone', (rule, found, left) => {
    expect(rulesOf(found)).toContain(rule);
    expect(rulesOf(left)).not.toContain(rule);
  });

  it.each([
    ['expiry-missing', { expiresAt: undefined }],
    ['expiry-missing', { expiresAt: 'soon' }],
    ['expiry-past', { expiresAt: '2026-11-22T09:59:00.000Z' }],
    ['expiry-before-start', { effectiveAt: '2026-11-22T18:00:00.000Z' }],
    ['next-update-missing', { nextUpdateAt: undefined }],
    ['picture-without-description', { media: [{ alt: { 'cy-GB': 'Llun' } }] }],
    ['relative-time', { expiresAt: '2026-11-23T18:00:00.000Z' }],
    ['says-it-is-no-drill', { mode: 'exercise' }],
  ] as const)('%s finds %j', (rule, fields) => {
    const hazard =
      rule === 'says-it-is-no-drill' ? 'This is not a drill.' : 'The dam may fail tonight from 21:00.';
    expect(rulesOf({ hazard }, fields)).toContain(rule);
    const clean = rule === 'says-it-is-no-drill' ? {} : { nextUpdateAt: good.nextUpdateAt };
    expect(rulesOf({ hazard: 'The dam may fail from 21:00.' }, clean)).not.toContain(rule);
  });

  it('is named in these tests, so that none is written and never tried', () => {
    const elsewhere = [
      'exercise-unmarked', 'language-mismatch', 'letter-not-welsh', 'same-in-two-languages', 'all-clear-incomplete', 'reading-age',
      'expiry-missing', 'expiry-past', 'expiry-before-start', 'next-update-missing', 'picture-without-description', 'says-it-is-no-drill', 'correction-incomplete',
      'flood-water-remains',
    ]; // prettier-ignore
    expect(
      Object.keys(RULES).filter(
        (rule) => !CASES.some(([tried]) => tried === rule) && !elsewhere.includes(rule),
      ),
    ).toEqual([]);
  });

  it('says where it looks, in plain words, and how to mend it', () => {
    const [finding] = lint(withWords({ hazard: 'An RTC has closed the A6.' }), { now });
    expect(finding).toEqual({
      rule: 'plain-words',
      level: 'hint',
      language: 'en-GB',
      field: 'hazard',
      start: 0,
      end: 6,
      message: 'Instead of "RTC" say "crash".',
      mend: 'A crash',
    });
  });
});

describe('languages told apart', () => {
  const both = (welsh: Words, english: Words = {}): Finding[] =>
    lint(
      {
        ...good,
        texts: {
          'en-GB': { ...good.texts['en-GB'], ...english },
          'cy-GB': { ...good.texts['cy-GB'], ...welsh },
        },
      },
      { now },
    );

  it('English under a Welsh label', () => {
    const english = {
      hazard: 'The dam is damaged and may fail.',
      impact: 'Water could reach homes.',
      guidance: 'Leave the area now.',
    };
    expect(rules(both(english))).toContain('language-mismatch');
  });

  it('Welsh under an English label, also without accents', () => {
    const welsh = {
      hazard: 'Mae llifogydd yn yr ardal.',
      impact: 'Gall fod yn beryglus iawn.',
      guidance: 'Gadewch nawr.',
    };
    expect(rules(both({}, welsh))).toContain('language-mismatch');
  });

  it('“fête” does not make an English text Welsh', () =>
    expect(rules(both({}, { hazard: 'The fête in the park is closed because of smoke.' }))).not.toContain(
      'language-mismatch',
    ));

  it('the autocorrect of April 2023: "yn Vogel" for "yn ddiogel"', () => {
    const [finding] = both({ guidance: 'Os ydych yn Whaley Bridge, byddwch yn Vogel nawr.' });
    expect(finding).toMatchObject({ rule: 'letter-not-welsh', field: 'guidance', start: 38, end: 43 });
  });

  it('names that both texts have are no misprints', () => {
    const text = { guidance: 'Os ydych yn Knighton, ewch i Vauxhall nawr.' };
    expect(rules(both(text, { guidance: 'If you are in Knighton, go to Vauxhall now.' }))).toEqual([]);
  });

  it('the same words under two labels', () => {
    const { hazard = '', impact = '', guidance = '' } = good.texts['en-GB'] ?? {};
    expect(rules(both({ hazard, impact, guidance }))).toContain('same-in-two-languages');
  });
});

describe('an all-clear', () => {
  const clear = (hazard: string, guidance: string) =>
    lint(
      {
        ...good,
        message: 'all-clear',
        nextUpdateAt: undefined,
        texts: { 'en-GB': { ...good.texts['en-GB'], impact: '', hazard, guidance } },
      },
      { now },
    );

  it('has four parts', () => {
    expect(
      clear(
        'The danger is over. The dam has been repaired and Whaley Bridge is safe.',
        'You can now go home.',
      ),
    ).toEqual([]);
    expect(clear('The danger is over.', 'Stay calm.')).toMatchObject([
      {
        rule: 'all-clear-incomplete',
        message:
          'The all-clear does not say that people are safe, nor what to do or resume, nor how it was resolved.',
      },
    ]);
  });
});

describe('a text by itself', () => {
  const about = { mode: 'live' as const, language: 'en-GB', expiresAt: '2026-11-22T18:00:00.000Z' };

  it('of an exercise begins and ends with its mark', () => {
    const exercise = { ...about, mode: 'exercise' as const };
    expect(rules(lintText('Leave Town now.', exercise))).toEqual(['exercise-unmarked']);
    expect(lintText('EXERCISE. Leave Town now. EXERCISE', exercise)).toEqual([]);
    expect(rules(lintText('EXERCISE. Gadewch nawr. EXERCISE', { ...exercise, language: 'cy-GB' }))).toContain(
      'exercise-unmarked',
    );
  });

  it('that is hard to read is hinted at', () => {
    const heavy =
      'Precautionary evacuation arrangements necessitate considerable multidisciplinary coordination. ';
    expect(rules(lintText(heavy.repeat(5), about))).toContain('reading-age');
    expect(
      rules(lintText('Leave now. Go to the high school. Do not go back. '.repeat(4), about)),
    ).not.toContain('reading-age');
  });

  it('with a refusal may not go out, with hints it may', () => {
    expect(mayGoOut(lintText('See https://bit.ly/a.', about))).toBe(false);
    expect(mayGoOut(lintText('An RTC has closed the road in Town.', about))).toBe(true);
  });

  it('lists the gravest first', () => {
    const levels = lintText('Tomorrow an RTC at [place]. Call 998.', about).map(({ level }) => level);
    expect(levels).toEqual(
      [...levels].sort(
        (a, b) => ['refuse', 'acknowledge', 'hint'].indexOf(a) - ['refuse', 'acknowledge', 'hint'].indexOf(b),
      ),
    );
    expect(new Set(levels).size).toBe(3);
  });

  it('is judged without throwing, whatever is written, and every range lies in it', () =>
    holds(
      fc.property(anyText(60), fc.constantFrom('en-GB', 'cy-GB', 'fr'), (text, language) => {
        for (const { start, end, rule, level } of lintText(text, { ...about, language })) {
          expect(0 <= start && start <= end && end <= text.length).toBe(true);
          expect(RULES[rule]).toBe(level);
        }
      }),
      400,
    ));

  it.each(NO_LANGUAGES)(
    'is judged in a language that is none, %j, by the rules that need no words',
    (language) => {
      expect(rules(lintText('See https://bit.ly/a tonight.', { ...about, language }))).toContain(
        'link-shortened',
      );
      const texts = { [language]: { source: 'a', hazard: 'Level 2 tonight', place: 'c', guidance: 'd' } };
      expect(() => lint({ ...good, message: 'all-clear', texts })).not.toThrow();
    },
  );

  it('has every mend end its findings, whatever is written: applied together, none of its rule is left with one', () => {
    const words = fc.constantFrom(
      'An RTC',
      'prior to',
      '“Go”',
      'now.Do',
      'premises',
      'Tоwn',
      '\u202e',
      '\u0007',
      'Leave',
      'an HVP',
      'utilise',
      'river.It',
      '–',
      '…',
      '🌊',
      'dŵr',
      'https://gоv.uk/a',
      '.',
      '\ud83c',
    );
    const text = fc.array(words, { maxLength: 14 }).map((some) => some.join(' '));
    holds(
      fc.property(text, (written) => {
        for (const rule of [
          'plain-words',
          'accidental-link',
          'mixed-scripts',
          'control-character',
          'bidirectional-control',
          'link-look-alike',
        ] as const) {
          const after = mended(rule, written);
          const left = lintText(after, about).filter(
            (finding) => finding.rule === rule && finding.mend !== undefined,
          );
          expect([rule, after, left.map(({ start, end }) => after.slice(start, end))]).toEqual([
            rule,
            after,
            [],
          ]);
        }
      }),
      300,
    );
  });

  it('has each mend end its own finding', () => {
    const text = 'An RTC in Town. “Go” now.Do not proceed to the dwelling.';
    const mended = lintText(text, about).filter(({ mend }) => mend !== undefined);
    expect(rules(mended)).toEqual(['accidental-link', 'plain-words', 'costs-sms-parts']);
    for (const { start, end, mend = '', rule } of mended) {
      const after = lintText(text.slice(0, start) + mend + text.slice(end), about);
      expect([rule, after.some((other) => other.rule === rule && other.start === start)]).toEqual([
        rule,
        false,
      ]);
    }
  });
});
