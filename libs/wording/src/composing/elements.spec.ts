import { describe, expect, it } from '@jest/globals';
import { damWith } from '../testing/masters.js';
import { elements, status } from './elements.js';
import type { ComposeRequest, Wording } from './elements.js';
import { phrases } from './phrases.js';
import type { Phrases } from './phrases.js';

const wordsOf = (language: string): Phrases => {
  const words = phrases(language);
  if (words === undefined) throw new Error(language);
  return words;
};
const short: Wording = { short: true, headline: false, link: 'https://gov.uk/a' };

/** The pieces by name, each as one text; `*` marks what no shortening may lose. */
function pieces(request: ComposeRequest, wording: Wording = short): string[] {
  return elements(request, wordsOf(request.language), wording).map(
    ({ name, sentences, vital }) => `${name}${vital ? '*' : ''}: ${sentences.join(' | ')}`,
  );
}

describe('the pieces of a first warning', () => {
  it('stand in the order in which people need them', () =>
    expect(pieces(damWith({}))).toEqual([
      'source*: Derbyshire Constabulary:',
      'hazard*: The dam at Toddbrook Reservoir is damaged and may fail. | Part of the spillway has collapsed.',
      'impact: Water could reach the town within minutes. | Homes would be destroyed.',
      'place*: Area: Whaley Bridge, New Horwich and Furness Vale.',
      'guidance*: Leave now. | Go to Chapel-en-le-Frith High School. | Do not go back for belongings.',
      'time*: In force until 18:00 Sun 22 Nov.',
      'next update: Next update by 16:30 Sun 22 Nov.',
      'link: https://gov.uk/a',
      'contact: Contact: Floodline 0345 988 1188.',
    ]));

  it('may have the headline in place of the hazard', () =>
    expect(pieces(damWith({}), { ...short, headline: true })[1]).toBe('hazard*: Dam at Toddbrook may fail.'));

  it('have the year in their dates where there is room', () =>
    expect(pieces(damWith({}), { ...short, short: false })[5]).toBe(
      'time*: In force until 18:00 on Sunday 22 November 2026.',
    ));

  it('are fewer when nothing is said of them', () =>
    expect(
      pieces(damWith({ contact: ' ', nextUpdateAt: undefined }, { impact: undefined }), {
        ...short,
        link: undefined,
      }).map((piece) => piece.split(':')[0]),
    ).toEqual(['source*', 'hazard*', 'place*', 'guidance*', 'time*']));

  it('are tidy, however they were typed', () => {
    const typed = damWith(
      { contact: ' 101 \n or 999 ' },
      {
        source: ' Police:\n',
        hazard: ' Fire ',
        place: 'Mill Street\n\nHigh Street ',
        guidance: 'Leave\nGo home',
      },
    );
    expect(pieces(typed).filter((piece) => !/^(?:impact|time|next|link)/.test(piece))).toEqual([
      'source*: Police:',
      'hazard*: Fire.',
      'place*: Area: Mill Street, High Street.',
      'guidance*: Leave. | Go home.',
      'contact: Contact: 101 or 999.',
    ]);
  });

  it('keep the author’s lines for texts with paragraphs', () => {
    const [guidance] = elements(
      damWith({}, { guidance: 'Leave now.\nGo home' }),
      wordsOf('en-GB'),
      short,
    ).filter(({ name }) => name === 'guidance');
    expect(guidance?.whole).toBe('Leave now.\nGo home.');
  });
});

describe('the pieces of other messages', () => {
  it('of a correction in its thread say what was wrong', () => {
    const correction = { correction: 'We said the school is open' };
    const request = damWith({ message: 'correction', variant: 'thread' }, correction);
    expect(pieces(request).slice(0, 4)).toEqual([
      'status*: CORRECTION.',
      'source*: Derbyshire Constabulary:',
      expect.stringMatching(/^hazard\*/),
      'correction*: Our earlier message was wrong: We said the school is open.',
    ]);
    expect(pieces({ ...request, variant: 'alone' }).join()).not.toContain('correction*');
  });

  it('of an all-clear keep that people are safe, tell how, and have no end', () => {
    const request = damWith(
      { message: 'all-clear' },
      { impact: 'You are safe', resolved: 'The dam was mended' },
    );
    expect(pieces(request)).toEqual([
      'status*: ALL CLEAR.',
      'source*: Derbyshire Constabulary:',
      expect.stringMatching(/^hazard\*/),
      'safe*: You are safe.',
      'how it was resolved: The dam was mended.',
      expect.stringMatching(/^place\*/),
      expect.stringMatching(/^guidance\*/),
      'next update: Next update by 16:30 Sun 22 Nov.',
      'link: https://gov.uk/a',
      'contact: Contact: Floodline 0345 988 1188.',
    ]);
  });

  it('of a cancel name what, where and until when, and nothing to do but to listen', () =>
    expect(pieces(damWith({ message: 'cancel', variant: 'alone' }))).toEqual([
      'status*: CANCELLED.',
      'source*: Derbyshire Constabulary: this warning is withdrawn and no longer applies:',
      'hazard*: "Dam at Toddbrook may fail."',
      'place*: Area: Whaley Bridge, New Horwich and Furness Vale.',
      'time*: It was to run until 18:00 Sun 22 Nov.',
      'next update: Follow any newer advice.',
      'link: https://gov.uk/a',
    ]));

  it('of a cancel without a headline take the first sentence of the hazard', () =>
    expect(pieces(damWith({ message: 'cancel' }, { headline: undefined }))[2]).toBe(
      'hazard*: "The dam at Toddbrook Reservoir is damaged and may fail."',
    ));

  it('of RUN, HIDE, TELL are one, in both languages', () => {
    const english = 'Stay calm. RUN to safety. If you cannot, HIDE. TELL police on 999. Stay away.';
    expect(pieces(damWith({}, { guidance: english }))[4]).toBe(
      'guidance*: Stay calm. | RUN to safety. If you cannot, HIDE. TELL police on 999. | Stay away.',
    );
    const welsh =
      'RHEDWCH i ddiogelwch. Os na allwch, CUDDIWCH. DYWEDWCH wrth yr heddlu ar 999. Cadwch draw.';
    expect(pieces(damWith({ language: 'cy-GB' }, { guidance: welsh }))[4]).toBe(
      'guidance*: RHEDWCH i ddiogelwch. Os na allwch, CUDDIWCH. DYWEDWCH wrth yr heddlu ar 999. | Cadwch draw.',
    );
  });
});

describe('the word that says what kind of message it is', () => {
  it.each([
    ['first', 'first', 'warning', undefined, undefined],
    ['first', 'first', 'appeal', 'APPEAL', 'APÊL'],
    ['holding', 'first', 'warning', undefined, undefined],
    ['holding', 'first', 'appeal', 'APPEAL', 'APÊL'],
    ['update', 'thread', 'warning', 'UPDATE 3', 'DIWEDDARIAD 3'],
    ['update', 'alone', 'warning', undefined, undefined],
    ['correction', 'thread', 'warning', 'CORRECTION', 'CYWIRIAD'],
    ['correction', 'alone', 'warning', undefined, undefined],
    ['all-clear', 'thread', 'warning', 'ALL CLEAR', 'PERYGL DROSODD'],
    ['all-clear', 'alone', 'warning', 'ALL CLEAR', 'PERYGL DROSODD'],
    ['rumour-rebuttal', 'first', 'warning', 'CORRECTING A RUMOUR', 'CYWIRO SI'],
    ['cancel', 'alone', 'warning', 'CANCELLED', 'CANSLWYD'],
    ['cancel', 'thread', 'appeal', 'CANCELLED', 'CANSLWYD'],
  ] as const)('%s, %s, %s', (message, variant, kind, english, welsh) => {
    const request = damWith({ message, variant, kind, version: 3 });
    expect(status(request, wordsOf('en-GB'))).toBe(english);
    expect(status(request, wordsOf('cy-GB'))).toBe(welsh);
  });
});

describe('the fixed words of a language', () => {
  it.each(['en-GB', 'en', 'en-IE', 'cy-GB', 'cy'])('are there for %s', (language) =>
    expect(phrases(language)).toBeDefined(),
  );
  it.each(['', 'fr-FR', 'e', 'english', 'toString', 'CY'])('are not there for %j', (language) =>
    expect(phrases(language)).toBeUndefined(),
  );

  it('are all of them another word in Welsh', () => {
    const [english, welsh] = [wordsOf('en-GB'), wordsOf('cy-GB')];
    for (const name of Object.keys(english) as (keyof Phrases)[]) {
      const say = (words: Phrases) => {
        const phrase = words[name];
        return typeof phrase === 'string' ? phrase : (phrase as (value: string) => string)('18:00');
      };
      expect(say(welsh)).not.toBe(say(english));
      if (typeof english[name] === 'function')
        expect([say(english), say(welsh)].every((said) => said.includes('18:00'))).toBe(true);
    }
  });
});
