import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Element, ElementName } from '../composing/elements.js';
import { holds } from '../testing/holds.js';
import { fitOne } from './fit-one.js';
import { fitThread } from './fit-thread.js';
import { framed, render } from './frame.js';
import type { Frame } from './frame.js';

const OPTIONAL: ReadonlySet<ElementName> = new Set([
  'next update',
  'link',
  'impact',
  'how it was resolved',
  'contact',
] as const);
const piece = (name: ElementName, ...sentences: string[]): Element => ({
  name,
  sentences,
  vital: !OPTIONAL.has(name),
});
const within = (most: number, more: Partial<Frame> = {}): Frame => ({
  layout: 'running',
  mark: undefined,
  fits: (text) => text.length <= most,
  ...more,
});

const dam: Element[] = [
  piece('source', 'Police:'),
  piece('hazard', 'The dam may fail.'),
  piece('impact', 'Homes may flood.', 'Roads may go.'),
  piece('place', 'Area: Town.'),
  piece('guidance', 'Leave now.', 'Go to the school.', 'Do not drive.'),
  piece('time', 'Until 18:00.'),
  piece('next update', 'Next at 16:00.'),
  piece('link', 'gov.uk/a'),
  piece('contact', 'Contact: 101.'),
];
const vital = 'Police: The dam may fail. Area: Town. Leave now. Go to the school. Do not drive. Until 18:00.';

describe('a text and the marks of an exercise', () => {
  it.each([
    ['running text', 'Leave now.', 'running', 'EXERCISE. Leave now. EXERCISE'],
    ['paragraphs', 'Leave now.', 'paragraphs', 'EXERCISE\n\nLeave now.\n\nEXERCISE'],
    [
      'a text that bears them keeps them',
      'EXERCISE. Leave now. EXERCISE',
      'running',
      'EXERCISE. Leave now. EXERCISE',
    ],
    ['a text that bears the first', 'EXERCISE. Leave now.', 'running', 'EXERCISE. Leave now. EXERCISE'],
    ['a text that bears the last', 'Leave now. EXERCISE', 'running', 'EXERCISE. Leave now. EXERCISE'],
  ] as const)('%s', (_, text, layout, marked) =>
    expect(framed(text, { layout, mark: 'EXERCISE' })).toBe(marked),
  );

  it('live texts bear none', () =>
    expect(framed('Leave now.', { layout: 'running', mark: undefined })).toBe('Leave now.'));

  it('paragraphs hold what belongs together, and none is empty', () =>
    expect(render(dam, within(999, { layout: 'paragraphs' })).split('\n\n')).toEqual([
      'Police: The dam may fail. Homes may flood. Roads may go.',
      'Area: Town.',
      'Leave now. Go to the school. Do not drive.',
      'Until 18:00. Next at 16:00.',
      'gov.uk/a',
      'Contact: 101.',
    ]));

  it('paragraphs keep the author’s lines', () => {
    const guidance = { ...piece('guidance', 'Leave now.', 'Go.'), whole: 'Leave now.\nGo.' };
    expect(render([piece('place', 'Area: Town.'), guidance], within(999, { layout: 'paragraphs' }))).toBe(
      'Area: Town.\n\nLeave now.\nGo.',
    );
    expect(render([guidance], within(999))).toBe('Leave now. Go.');
  });
});

describe('one post', () => {
  const one = (most: number) => fitOne(dam, within(most));

  it.each([
    [
      999,
      `${vital.replace(' Area', ' Homes may flood. Roads may go. Area')} Next at 16:00. gov.uk/a Contact: 101.`,
      [],
    ],
    [vital.length, vital, ['next update', 'link', 'impact', 'contact']],
    [vital.length + 9, `${vital} gov.uk/a`, ['next update', 'impact', 'contact']],
    [vital.length + 15, `${vital} Next at 16:00.`, ['link', 'impact', 'contact']],
    [vital.length + 24, `${vital} Next at 16:00. gov.uk/a`, ['impact', 'contact']],
  ])('of %d', (most, text, leftOut) => expect(one(most)).toEqual({ text, leftOut }));

  it('keeps the first sentences of the impact when not all fit', () =>
    expect(one(vital.length + 24 + 17)).toEqual({
      text: `${vital.replace(' Area', ' Homes may flood. Area')} Next at 16:00. gov.uk/a`,
      leftOut: ['part of impact', 'contact'],
    }));

  it('is none when what saves lives does not fit', () => expect(one(vital.length - 1)).toBeUndefined());

  it('never loses a vital piece, never exceeds, and takes more when there is more room', () =>
    holds(
      fc.property(fc.integer({ min: 0, max: 260 }), (most) => {
        const fitted = one(most);
        if (fitted === undefined) return expect(most).toBeLessThan(vital.length);
        expect(fitted.text.length).toBeLessThanOrEqual(most);
        for (const { vital: kept, sentences } of dam)
          if (kept) for (const sentence of sentences) expect(fitted.text).toContain(sentence);
        expect(one(most + 1)?.text.length ?? 0).toBeGreaterThanOrEqual(0);
      }),
    ));
});

describe('a thread', () => {
  const thread = (most: number, posts = 6, all = dam, details: string[] = []) => {
    const fitted = fitThread(all, details, within(most), posts);
    return 'unfit' in fitted ? fitted : fitted.texts;
  };

  it('has a first post that stands alone, and goes on with guidance, then what may be left out', () =>
    expect(thread(70)).toEqual(
      [
        'Police: The dam may fail. Area: Town. Leave now. Until 18:00. (1/4)',
        'Go to the school. Do not drive. Homes may flood. Roads may go. (2/4)',
        'Next at 16:00. gov.uk/a Contact: 101. (3/4)',
      ].map((text) => text.replace('/4', '/3')),
    ));

  it('has as much guidance in its first post as fits', () =>
    expect((thread(88) as string[])[0]).toBe(
      'Police: The dam may fail. Area: Town. Leave now. Go to the school. Until 18:00. (1/2)',
    ));

  it('tells the details of a hazard whose headline stands first', () =>
    expect((thread(70, 6, dam, ['The spillway is gone.']) as string[]).join(' ')).toContain(
      'The spillway is gone.',
    ));

  it('says what was wrong in the second post when the first has no room', () => {
    const corrected = [
      ...dam.slice(0, 2),
      piece('correction', 'We were wrong about the school.'),
      ...dam.slice(2),
    ];
    const [first = '', second = ''] = thread(70, 6, corrected) as string[];
    expect(first).not.toContain('wrong');
    expect(second).toContain('We were wrong about the school.');
    expect((thread(120, 6, corrected) as string[])[0]).toContain('We were wrong about the school.');
  });

  it('leaves out what fits no post, by name and once', () => {
    const long = [...dam.slice(0, 2), piece('impact', 'x'.repeat(80), 'y'.repeat(80)), ...dam.slice(3)];
    const fitted = fitThread(long, [], within(70), 6);
    expect('leftOut' in fitted && fitted.leftOut).toEqual(['impact']);
  });

  it('leaves out what is left when no more posts are allowed', () => {
    const fitted = fitThread(dam, [], within(70), 2);
    expect('leftOut' in fitted && [fitted.texts.length, fitted.leftOut]).toEqual([
      2,
      ['next update', 'link', 'contact'],
    ]);
  });

  it.each([
    ['the first post has no room', 60, 6, dam, 'too-long'],
    [
      'one sentence is too long',
      70,
      6,
      [...dam.slice(0, 4), piece('guidance', 'Leave now.', `Go ${'on '.repeat(30)}.`), ...dam.slice(5)],
      'sentence-too-long',
    ],
    [
      'there is too much guidance',
      78,
      2,
      [
        ...dam.slice(0, 4),
        piece('guidance', ...Array.from({ length: 12 }, () => 'Go to the school.')),
        ...dam.slice(5),
      ],
      'thread-too-long',
    ],
  ] as const)('is none when %s', (_, most, posts, all, unfit) =>
    expect(thread(most, posts, [...all])).toMatchObject({ unfit, detail: expect.any(String) }),
  );

  it('numbers every post, fits every post, and cuts no sentence, whatever there is to say', () => {
    const word = fc.constantFrom('Leave', 'do not', 'the school', '9.30am', 'gov.uk/a', '@police', 'never');
    const sentence = fc.array(word, { minLength: 1, maxLength: 6 }).map((some) => `${some.join(' ')}.`);
    const several = fc.array(sentence, { minLength: 1, maxLength: 8 });
    holds(
      fc.property(
        several,
        several,
        several,
        fc.integer({ min: 60, max: 200 }),
        (hazard, guidance, impact, most) => {
          const all = [
            piece('source', 'Police:'),
            piece('hazard', ...hazard),
            piece('impact', ...impact),
            piece('place', 'Area: Town.'),
            piece('guidance', ...guidance),
            piece('time', 'Until 18:00.'),
          ];
          const fitted = fitThread(all, [], within(most), 6);
          if ('unfit' in fitted) return;
          fitted.texts.forEach((text, index) => {
            expect(text.length).toBeLessThanOrEqual(most);
            expect(text).toMatch(new RegExp(` \\(${index + 1}/${fitted.texts.length}\\)$`));
          });
          const said = fitted.texts.map((text) => text.replace(/ \(\d\/\d\)$/, '')).join(' ');
          for (const kept of [...hazard, ...guidance]) expect(said).toContain(kept);
          const known = ['Police:', 'Area: Town.', 'Until 18:00.', ...hazard, ...guidance, ...impact];
          const rest = known
            .sort((a, b) => b.length - a.length)
            .reduce((left, one) => left.split(one).join(''), said);
          expect(rest.trim()).toBe('');
        },
      ),
      500,
    );
  });
});
