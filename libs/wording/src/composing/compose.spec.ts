import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PLATFORMS } from '../counting/budgets.js';
import type { Platform } from '../counting/budgets.js';
import { measure } from '../counting/measure.js';
import { holds } from '../testing/holds.js';
import { damAtRisk, damWith } from '../testing/masters.js';
import { NO_LANGUAGES } from '../testing/language-names.js';
import { anyText } from '../testing/written-text.js';
import { compose } from './compose.js';
import type { ComposeRequest } from './elements.js';

function parts(request: ComposeRequest): string[] {
  const composed = compose(request);
  if (!composed.ok) throw new Error(`${composed.reason}: ${composed.detail}`);
  return composed.parts.map(({ text }) => text);
}
const leftOut = (request: ComposeRequest) => {
  const composed = compose(request);
  return composed.ok ? composed.leftOut : composed;
};
const more =
  'Take medicine and warm clothes. Help neighbours who cannot walk. Do not drive through water. Keep listening to local radio.';

describe('a warning in words', () => {
  it('reads in the order of the Warning Response Model where there is room', () =>
    expect(parts(damAtRisk)).toEqual([
      'Derbyshire Constabulary: The dam at Toddbrook Reservoir is damaged and may fail. Part of the spillway has collapsed. ' +
        'Water could reach the town within minutes. Homes would be destroyed. ' +
        'Area: Whaley Bridge, New Horwich and Furness Vale. ' +
        'Leave now. Go to Chapel-en-le-Frith High School. Do not go back for belongings. ' +
        'In force until 18:00 Sun 22 Nov. Next update by 16:30 Sun 22 Nov. ' +
        'https://www.gov.uk/flood-warnings/whaley-bridge Contact: Floodline 0345 988 1188.',
    ]));

  it('is a mail in paragraphs that keep the author’s lines, with the year in its dates', () => {
    const composed = compose(damWith({ platform: 'email' }));
    expect(composed).toMatchObject({
      ok: true,
      subject: 'Dam at Toddbrook may fail, Whaley Bridge, New Horwich and Furness Vale',
      leftOut: [],
    });
    expect(parts(damWith({ platform: 'email' }))[0]?.split('\n\n')).toEqual([
      expect.stringMatching(/^Derbyshire Constabulary: The dam .* destroyed\.$/),
      'Area: Whaley Bridge, New Horwich and Furness Vale.',
      'Leave now. Go to Chapel-en-le-Frith High School.\nDo not go back for belongings.',
      'In force until 18:00 on Sunday 22 November 2026. Next update by 16:30 on Sunday 22 November 2026.',
      'https://www.gov.uk/flood-warnings/whaley-bridge',
      'Contact: Floodline 0345 988 1188.',
    ]);
  });

  it('speaks Welsh in a Welsh text', () =>
    expect(
      parts(
        damWith(
          { language: 'cy-GB', platform: 'facebook', mode: 'exercise' },
          { source: 'Heddlu Gogledd Cymru', place: 'Bangor', guidance: 'Gadewch nawr.' },
        ),
      )[0],
    ).toMatch(
      /^YMARFER\n\nHeddlu Gogledd Cymru: [^]*\n\nArdal: Bangor\.\n\nGadewch nawr\.\n\nMewn grym tan 18:00 ddydd Sul [^]*\n\nYMARFER$/,
    ));

  it.each([
    ['update', 'thread', 'UPDATE 2. Derbyshire Constabulary:'],
    ['update', 'alone', 'Derbyshire Constabulary:'],
    ['correction', 'thread', 'CORRECTION. Derbyshire Constabulary:'],
    ['correction', 'alone', 'Derbyshire Constabulary:'],
    ['all-clear', 'thread', 'ALL CLEAR. Derbyshire Constabulary:'],
    ['all-clear', 'alone', 'ALL CLEAR. Derbyshire Constabulary:'],
    ['rumour-rebuttal', 'first', 'CORRECTING A RUMOUR. Derbyshire Constabulary:'],
    ['holding', 'first', 'Derbyshire Constabulary:'],
    ['cancel', 'alone', 'CANCELLED. Derbyshire Constabulary:'],
  ] as const)('%s, %s, begins with its status', (message, variant, opening) =>
    expect(parts(damWith({ message, variant, version: 2 }))[0]?.startsWith(opening)).toBe(true),
  );

  it('says what was wrong only to those who saw it', () => {
    const correction = { correction: 'We said that the school in Furness Vale is open' };
    const saw = parts(
      damWith({ message: 'correction', variant: 'thread', platform: 'email' }, correction),
    )[0];
    expect(saw).toContain('Our earlier message was wrong: We said that the school in Furness Vale is open.');
    const didNot = parts(
      damWith({ message: 'correction', variant: 'alone', platform: 'email' }, correction),
    )[0];
    expect(didNot).not.toContain('wrong');
  });

  it('tells how an all-clear came about, and not until when it holds', () => {
    const [text] = parts(
      damWith(
        { message: 'all-clear', platform: 'email' },
        { hazard: 'The dam is safe', resolved: 'The water was pumped out' },
      ),
    );
    expect(text).toContain('The water was pumped out.');
    expect(text).not.toContain('In force until');
  });

  it('cancels in a text that stands alone: what, where, until when', () => {
    const [text] = parts(damWith({ message: 'cancel', platform: 'sms' }));
    expect(text).toBe(
      'CANCELLED. Derbyshire Constabulary: this warning is withdrawn and no longer applies: "Dam at Toddbrook may fail." ' +
        'Area: Whaley Bridge, New Horwich and Furness Vale. It was to run until 18:00 Sun 22 Nov. Follow any newer advice. ' +
        'https://www.gov.uk/flood-warnings/whaley-bridge',
    );
  });

  it('takes the text that was written for one platform in place of its own', () => {
    const words = { overrides: { sms: 'Dam may fail. Leave Whaley Bridge now.', x: 'a'.repeat(281) } };
    expect(parts(damWith({ platform: 'sms', mode: 'exercise' }, words))).toEqual([
      'EXERCISE. Dam may fail. Leave Whaley Bridge now. EXERCISE',
    ]);
    expect(compose(damWith({ platform: 'x' }, words))).toMatchObject({
      ok: false,
      reason: 'override-too-long',
    });
    expect(parts(damWith({ platform: 'sms', message: 'cancel' }, words))[0]).toContain('CANCELLED');
  });
});

describe('a warning that must be shorter', () => {
  it('takes the headline first, then leaves out what saves no life, and says so', () => {
    expect(leftOut(damWith({ platform: 'x' }))).toEqual(['details of the hazard', 'impact', 'contact']);
    expect(parts(damWith({ platform: 'x' }))).toEqual([
      'Derbyshire Constabulary: Dam at Toddbrook may fail. Area: Whaley Bridge, New Horwich and Furness Vale. ' +
        'Leave now. Go to Chapel-en-le-Frith High School. Do not go back for belongings. ' +
        'In force until 18:00 Sun 22 Nov. Next update by 16:30 Sun 22 Nov. https://www.gov.uk/flood-warnings/whaley-bridge',
    ]);
  });

  it('keeps as many sentences of the impact as fit', () =>
    expect(
      leftOut(
        damWith({ platform: 'mastodon', contact: undefined, limits: { max: 400 } }, { headline: undefined }),
      ),
    ).toEqual(['part of impact']));

  it('becomes a thread whose first post stands alone', () => {
    const guidance = `Leave now. Go to Chapel-en-le-Frith High School. ${more}`;
    const posts = parts(damWith({ platform: 'x' }, { guidance }));
    expect(posts.length).toBeGreaterThan(1);
    expect(posts[0]).toMatch(
      /^Derbyshire .*may fail\. Area: .*Leave now\. .*In force until 18:00 Sun 22 Nov\. \(1\/3\)$/,
    );
    expect(posts.at(-1)).toMatch(/\(3\/3\)$/);
    const all = posts.join(' ');
    for (const sentence of more.split('. ')) expect(all).toContain(sentence.replace(/\.$/, ''));
    expect(all).toContain('Part of the spillway has collapsed.');
  });

  it('keeps RUN, HIDE, TELL whole in the first post', () => {
    const runHideTell =
      'RUN to a place of safety. If you cannot, HIDE, turn your phone to silent. TELL the police on 999 when it is safe. ';
    const [first] = parts(
      damWith({ platform: 'mastodon', limits: { max: 320 } }, { guidance: runHideTell + more + more }),
    );
    expect(first).toContain(runHideTell.trim());
  });

  it('is refused when one sentence is longer than a post', () =>
    expect(
      compose(damWith({ platform: 'x' }, { guidance: `Leave now. ${'Go on and on, '.repeat(30)}.` })),
    ).toEqual({
      ok: false,
      reason: 'sentence-too-long',
      detail: 'a sentence of guidance does not fit one post: "Go on and on, Go on …"',
    }));

  it('is refused when what saves lives does not fit the first post', () =>
    expect(compose(damWith({ platform: 'x' }, { place: 'Whaley Bridge, '.repeat(30) }))).toMatchObject({
      ok: false,
      reason: 'too-long',
    }));

  it('is refused when a thread would be longer than anybody reads', () =>
    expect(
      compose(
        damWith({ platform: 'x', limits: { maxParts: 2 } }, { guidance: `Leave now. ${more.repeat(5)}` }),
      ),
    ).toMatchObject({
      ok: false,
      reason: 'thread-too-long',
    }));

  it('is refused as a text message of more parts than allowed', () =>
    expect(compose(damWith({ platform: 'sms', limits: { maxParts: 1 } }))).toEqual({
      ok: false,
      reason: 'too-long',
      detail: 'takes 2 parts with nothing left that may be left out',
    }));

  it('costs fewer parts as a text message with plain marks', () => {
    const [text] = parts(damWith({ platform: 'sms' }, { guidance: 'Don’t go back – leave “now”' }));
    expect(text).toContain('Don\'t go back - leave "now".');
  });
});

describe('a request that cannot be composed', () => {
  it.each([
    ['platform-unknown', { platform: 'myspace' }, {}],
    ['language-unknown', { language: 'fr-FR' }, {}],
    ['time-unknown', { expiresAt: 'soon' }, {}],
    ['time-unknown', { nextUpdateAt: 'later' }, {}],
    ['element-empty', {}, { place: ' ' }],
    ['too-long', {}, { guidance: 'a'.repeat(10_001) }],
  ])('is refused: %s', (reason, fields, words) =>
    expect(compose(damWith(fields, words))).toMatchObject({ ok: false, reason }),
  );
});

describe('a request from outside', () => {
  it.each(NO_LANGUAGES)('in a language that is none, %j, is refused on every platform', (language) => {
    for (const platform of PLATFORMS)
      expect(compose(damWith({ platform, language }))).toMatchObject({
        ok: false,
        reason: 'language-unknown',
      });
  });

  it.each(['toString', 'constructor', '__proto__', '', 'X', 'sms '])(
    'for a platform that is none, %j, is refused',
    (platform) =>
      expect(compose(damWith({ platform }))).toMatchObject({ ok: false, reason: 'platform-unknown' }),
  );

  it.each(['Europe/Nowhere', '', 'London', '+25:00'])(
    'with a time zone that is none, %j, is refused',
    (timeZone) => expect(compose(damWith({ timeZone }))).toMatchObject({ ok: false, reason: 'time-unknown' }),
  );

  it.each(['2026-13-01T00:00:00.000Z', '2026-02-30', 'Invalid Date', ''])(
    'with a time that is none, %j, is refused',
    (expiresAt) => {
      const composed = compose(damWith({ expiresAt }));
      // A day that the month does not have rolls over in JavaScript: then at least a real day is told.
      if (composed.ok) expect(composed.parts[0]?.text).toMatch(/In force until \d\d:\d\d \w{3} \d+ \w{3}/);
      else expect(composed.reason).toBe('time-unknown');
    },
  );

  it.each(['source', 'hazard', 'impact', 'place', 'guidance', 'headline', 'correction', 'resolved'] as const)(
    'with an endless %s is refused before anything is fitted',
    (name) =>
      expect(compose(damWith({}, { [name]: 'a. '.repeat(400_000) }))).toEqual({
        ok: false,
        reason: 'too-long',
        detail: `${name} is longer than 10000 characters`,
      }),
  );

  it.each(['link', 'contact'] as const)('with an endless %s as well', (name) =>
    expect(compose(damWith({ [name]: `https://gov.uk/${'a'.repeat(10_000)}` }))).toMatchObject({
      reason: 'too-long',
    }),
  );

  it('with an endless override as well', () =>
    expect(compose(damWith({}, { overrides: { sms: 'a'.repeat(10_001) } }))).toMatchObject({
      reason: 'too-long',
    }));

  it.each(['source', 'hazard', 'place', 'guidance'] as const)('without %s is refused by name', (name) => {
    for (const blank of ['', ' ', '\n\t '])
      expect(compose(damWith({}, { [name]: blank }))).toEqual({
        ok: false,
        reason: 'element-empty',
        detail: `${name} is empty`,
      });
  });

  it('is composed in NFC, with our line ends, in every field', () => {
    const accents = 'Cafe\u0301';
    const text = {
      source: accents,
      hazard: accents,
      impact: accents,
      place: `${accents}\r\nRoad`,
      guidance: `${accents}\r\n${accents}`,
      headline: accents,
      correction: accents,
    };
    const composed = compose(
      damWith({ platform: 'email', message: 'correction', variant: 'thread', contact: accents }, text),
    );
    if (!composed.ok) throw new Error(composed.detail);
    const all = composed.parts.map((part) => part.text).join('') + (composed.subject ?? '');
    expect(all).toBe(all.normalize('NFC'));
    expect(all).not.toContain('\r');
    expect(all.split('Café').length).toBeGreaterThan(7);
  });
});

describe('what shortening never does', () => {
  const word = fc.constantFrom(
    'Leave',
    'do not go',
    'never',
    '9.30am',
    '0345 988 1188',
    'Whaley Bridge',
    'https://gov.uk/a',
    '@police',
    '#Flood',
    '1,000',
    'e.g. food',
    'dŵr',
    '👨‍👩‍👧‍👦',
    '(now)',
    '[x]',
  );
  const sentence = fc.array(word, { minLength: 1, maxLength: 8 }).map((some) => `S${some.join(' ')} end.`);
  const several = (most: number) => fc.array(sentence, { minLength: 1, maxLength: most });

  it('is to cut a sentence, and so no word, number, place, time, link, negation or mention', () =>
    holds(
      fc.property(
        fc.constantFrom(...PLATFORMS.filter((platform) => platform !== 'email-subject')),
        several(2),
        several(10),
        several(5),
        fc.integer({ min: 150, max: 900 }),
        (platform, hazard, guidance, impact, max) => {
          const text = {
            hazard: hazard.join(' '),
            guidance: guidance.join(' '),
            impact: impact.join(' '),
            headline: undefined,
          };
          const limits = platform === 'sms' ? { maxParts: 3 } : { max };
          const composed = compose(damWith({ platform, limits }, text));
          if (!composed.ok) return;
          const all = composed.parts.map((part) => part.text.replace(/ \(\d\/\d\)$/, '')).join(' ');
          // Marks may have become plain ones in a text message; sentences are told by where they begin and end.
          const starts =
            all.split(/\bS(?=Leave|do|never|9|0|Whaley|https|@|#|1|e\.g|dŵr|👨|\(|\[)/u).length - 1;
          const ends = all.split(' end.').length - 1;
          expect(starts).toBe(ends);
        },
      ),
      400,
    ));

  it('is to change what already fits: a larger limit gives the same text', () =>
    holds(
      fc.property(
        fc.constantFrom('x', 'bluesky', 'mastodon', 'threads', 'telegram', 'linkedin', 'ntfy'),
        several(2),
        several(4),
        (platform, hazard, guidance) => {
          const request = damWith({ platform }, { hazard: hazard.join(' '), guidance: guidance.join(' ') });
          const composed = compose(request);
          if (!composed.ok || composed.leftOut.length > 0 || composed.parts.length > 1) return;
          const roomy = compose({ ...request, limits: { max: 50_000, maxBytes: 500_000 } });
          // Where the short form of times was chosen for want of room, more room brings the year back.
          if (roomy.ok && !/\d{4}\./.test(roomy.parts[0]?.text ?? ''))
            expect(roomy.parts).toEqual(composed.parts);
          expect(roomy.ok && roomy.leftOut).toEqual([]);
        },
      ),
      400,
    ));

  it('is to lose the report: what is not in the text is named', () => {
    const names = {
      impact: 'Homes would be destroyed',
      contact: '0345 988 1188',
      link: 'whaley-bridge',
      'next update': '16:30',
    };
    for (const max of [230, 260, 300, 340, 400, 500, 700]) {
      const composed = compose(damWith({ limits: { max } }));
      if (!composed.ok) continue;
      const all = composed.parts.map((part) => part.text).join(' ');
      for (const [name, told] of Object.entries(names)) {
        const said = composed.leftOut.includes(name) || composed.leftOut.includes(`part of ${name}`);
        expect([max, name, all.includes(told) || said]).toEqual([max, name, true]);
      }
    }
  });
});

describe('a mail’s subject', () => {
  const subject = (fields: Partial<ComposeRequest>, words = {}) => {
    const composed = compose(damWith({ platform: 'email', ...fields }, words));
    return composed.ok ? composed.subject : composed;
  };

  it('puts the status first, then the hazard, then the place', () =>
    expect(
      subject(
        { message: 'update', variant: 'thread', version: 2, mode: 'exercise' },
        { place: 'Whaley Bridge' },
      ),
    ).toBe('EXERCISE: UPDATE 2: Dam at Toddbrook may fail, Whaley Bridge'));

  it('is never cut inside a word, whatever the author wrote', () => {
    expect(subject({}, { headline: 'a'.repeat(80), place: 'Whaley Bridge' })).toBe(
      'Public warning: Whaley Bridge',
    );
    expect(
      subject(
        { language: 'cy-GB' },
        { headline: 'a'.repeat(80), place: 'b'.repeat(80), source: 'c'.repeat(80) },
      ),
    ).toBe("Rhybudd i'r cyhoedd");
    expect(subject({}, { headline: 'Dam\nmay fail', place: 'Whaley\nBridge' })).toBe(
      'Dam may fail, Whaley Bridge',
    );
  });
});

describe('whatever is written', () => {
  const words = anyText(12).filter((text) => text.trim() !== '');
  const request = fc.record({
    platform: fc.constantFrom(...PLATFORMS),
    language: fc.constantFrom('en-GB', 'cy-GB'),
    mode: fc.constantFrom('live' as const, 'exercise' as const),
    message: fc.constantFrom(
      'first',
      'update',
      'correction',
      'all-clear',
      'holding',
      'rumour-rebuttal',
      'cancel',
    ),
    variant: fc.constantFrom('first', 'thread', 'alone'),
    version: fc.integer({ min: 1, max: 12 }),
    text: fc.record(
      {
        source: words,
        hazard: words,
        place: words,
        guidance: anyText(40).filter((t) => t.trim() !== ''),
        impact: words,
        headline: words,
      },
      { requiredKeys: ['source', 'hazard', 'place', 'guidance'] },
    ),
    link: fc.constantFrom(
      'https://gov.uk/flood',
      'https://www.derbyshire.police.uk/a/very/long/path/to/the/news',
      undefined,
    ),
    contact: fc.constantFrom('Floodline 0345 988 1188', undefined),
    expiresAt: fc.constant('2026-11-22T18:00:00.000Z'),
    nextUpdateAt: fc.constantFrom('2026-11-22T16:30:00.000Z', undefined),
  }) as fc.Arbitrary<ComposeRequest>;
  it('every part fits by the platform’s own count, or there is a reason', () =>
    holds(
      fc.property(request, (asked) => {
        const composed = compose(asked);
        expect(compose(asked)).toEqual(composed);
        if (!composed.ok) return expect(composed.detail.length).toBeGreaterThan(5);
        for (const { text } of composed.parts) {
          const { used, max, fits } = measure(asked.platform as Platform, text);
          expect([asked.platform, used, max, fits]).toEqual([asked.platform, used, max, true]);
        }
      }),
      700,
    ));

  it('source, hazard, place, guidance and time are never lost', () => {
    const word = fc.constantFrom(
      'Leave',
      'water',
      'do not',
      'llifogydd',
      'SK23 7LX',
      '0345 988 1188',
      '9.30am',
      'ŵyneb',
      'never',
      'drive',
    );
    const sentence = fc.array(word, { minLength: 1, maxLength: 9 }).map((some) => `${some.join(' ')}.`);
    const several = (most: number) => fc.array(sentence, { minLength: 1, maxLength: most });
    const written = fc.record({
      hazard: several(3),
      guidance: several(12),
      impact: several(4),
      headline: sentence,
      place: sentence,
    });
    let threads = 0;
    holds(
      fc.property(
        request,
        written,
        fc.boolean(),
        (asked, { hazard, guidance, impact, headline, place }, short) => {
          const text = {
            source: 'Heddlu Gwent',
            hazard: hazard.join(' '),
            guidance: guidance.join(' '),
            place,
          };
          const composed = compose({
            ...asked,
            text: { ...text, impact: impact.join(' '), ...(short ? { headline } : {}) },
          });
          if (!composed.ok || asked.platform === 'email-subject') return;
          if (composed.parts.length > 1) threads += 1;
          const [first = ''] = composed.parts.map((part) => part.text);
          for (const element of ['Heddlu Gwent:', place]) expect(first).toContain(element);
          if (asked.message !== 'all-clear') expect(first).toContain('18:00');
          expect([headline, hazard[0] ?? ''].some((known) => first.includes(known))).toBe(true);
          if (asked.message === 'cancel') return;
          expect(first).toContain(guidance[0]);
          const all = composed.parts.map((part) => part.text).join(' ');
          for (const life of short ? guidance : [...guidance, ...hazard]) expect(all).toContain(life);
        },
      ),
      1_500,
    );
    expect(threads).toBeGreaterThan(20);
  });

  it('an exercise says so at both ends of every part, and a live text never does by itself', () =>
    holds(
      fc.property(request, (asked) => {
        const composed = compose(asked);
        if (!composed.ok || asked.platform === 'email-subject') return;
        const mark = asked.language === 'cy-GB' ? 'YMARFER' : 'EXERCISE';
        for (const { text } of composed.parts) {
          expect([text.startsWith(mark), text.endsWith(mark)]).toEqual([
            asked.mode === 'exercise',
            asked.mode === 'exercise',
          ]);
        }
      }),
      300,
    ));

  it('what fits is left as it is', () =>
    holds(
      fc.property(request, (asked) => {
        const roomy = compose({ ...asked, platform: 'email' });
        if (roomy.ok) expect(roomy.leftOut).toEqual([]);
      }),
      200,
    ));
});
