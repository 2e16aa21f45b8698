import { sentences } from '../text/sentences.js';
import type { Element, ElementName, OptionalElement } from './elements.js';
import { OPTIONAL } from './elements.js';

/** How pieces are put together for one platform: running text or paragraphs, with the marks of an exercise around it. */
export type Frame = {
  layout: 'running' | 'paragraphs';
  /** First and last word of every post, in an exercise. */
  mark: string | undefined;
  /** The platform's own count. */
  fits: (text: string) => boolean;
};

/** Paragraphs of a long text; within one, pieces run on. */
const PARAGRAPHS: readonly (readonly ElementName[])[] = [
  ['status', 'source', 'hazard', 'correction', 'impact', 'safe', 'how it was resolved'],
  ['place'],
  ['guidance'],
  ['time', 'next update'],
  ['link'],
  ['contact'],
];

/** The text of some pieces, in their order. */
export function render(pieces: readonly Element[], frame: Frame, place = ''): string {
  const run = (some: readonly Element[]) => some.flatMap((piece) => piece.sentences).join(' ');
  if (frame.layout === 'running') return framed(run(pieces) + place, frame);
  const paragraphs = PARAGRAPHS.map((names) => {
    const some = pieces.filter(({ name }) => names.includes(name));
    return some.some(({ whole }) => whole !== undefined)
      ? some.map((p) => p.whole ?? run([p])).join(' ')
      : run(some);
  });
  return framed(paragraphs.filter((text) => text !== '').join('\n\n') + place, frame);
}

/** A text between the marks of an exercise; one that bears them already keeps them. */
export function framed(text: string, { layout, mark }: Pick<Frame, 'layout' | 'mark'>): string {
  if (mark === undefined) return text;
  const [open, space] = layout === 'running' ? [`${mark}. `, ' '] : [`${mark}\n\n`, '\n\n'];
  return `${text.startsWith(mark) ? '' : open}${text}${text.endsWith(mark) ? '' : `${space}${mark}`}`;
}

/** One post with as many of the pieces that may be left out as fit, the most needed first; undefined when the vital ones do not. */
export function fitOne(
  all: readonly Element[],
  frame: Frame,
): { text: string; leftOut: string[] } | undefined {
  const kept = new Map<OptionalElement, string[]>();
  const pieces = () =>
    all.flatMap((piece) => {
      if (piece.vital) return [piece];
      const some = kept.get(piece.name as OptionalElement);
      return some === undefined ? [] : [{ ...piece, sentences: some, whole: undefined }];
    });
  if (!frame.fits(render(pieces(), frame))) return undefined;
  const leftOut: string[] = [];
  for (const name of OPTIONAL) {
    const piece = all.find((candidate) => candidate.name === name);
    if (piece === undefined) continue;
    let most = piece.sentences.length;
    for (; most > 0; most -= 1) {
      kept.set(name, piece.sentences.slice(0, most));
      if (frame.fits(render(pieces(), frame))) break;
    }
    if (most === 0) kept.delete(name);
    if (most < piece.sentences.length) leftOut.push(most === 0 ? name : `part of ${name}`);
  }
  return { text: render(pieces(), frame), leftOut };
}

/** Why a thread cannot be made, for the officer who must shorten. */
export type Unfit = { unfit: 'too-long' | 'sentence-too-long' | 'thread-too-long'; detail: string };

/**
 * A numbered thread whose first post stands alone: source, hazard, place, the first guidance and time. The rest follows in
 * whole sentences, guidance first. `most` posts at the most, 9 at the very most so that every number has one figure.
 */
export function fitThread(
  all: readonly Element[],
  details: readonly string[],
  frame: Frame,
  most: number,
): { texts: string[]; leftOut: string[] } | Unfit {
  const number = (index: number) => ` (${index}/9)`;
  const take: Take = { guidance: 1, hazard: 1, correction: 1 };
  const first = () =>
    all
      .filter(({ vital }) => vital)
      .map((piece) => ({
        ...piece,
        whole: undefined,
        sentences: piece.sentences.slice(0, limitOf(piece.name, take)),
      }))
      .filter((piece) => piece.sentences.length > 0);
  const firstFits = () => frame.fits(render(first(), frame, number(1)));
  // What is right must stand first; what was wrong may follow in the second post.
  if (!firstFits()) take.correction = 0;
  if (!firstFits()) {
    return {
      unfit: 'too-long',
      detail: 'source, hazard, place, the first sentence of guidance and time do not fit one post',
    };
  }
  for (const name of ['guidance', 'hazard'] as const) {
    const available = all.find((piece) => piece.name === name)?.sentences.length ?? 0;
    while (take[name] < available) {
      take[name] += 1;
      if (firstFits()) continue;
      take[name] -= 1;
      break;
    }
  }
  const rest = remaining(all, details, take);
  const packed = pack(rest, frame, most - 1, number);
  if ('unfit' in packed) return packed;
  const total = packed.posts.length + 1;
  const numbered = (index: number) => ` (${index}/${total})`;
  return {
    texts: [
      render(first(), frame, numbered(1)),
      ...packed.posts.map((post, i) => framed(post + numbered(i + 2), frame)),
    ],
    leftOut: packed.leftOut,
  };
}

/** Sentences of an element that the first post holds. */
type Take = { guidance: number; hazard: number; correction: number };

const limitOf = (name: ElementName, take: Take): number | undefined =>
  name === 'guidance' || name === 'hazard' || name === 'correction' ? take[name] : undefined;

/** What may be left out, in the order of reading: later posts have room for it. */
const THREADED = ['impact', 'how it was resolved', 'next update', 'link', 'contact'] as const;

type Rest = { name: string; sentence: string; vital: boolean };

/** What the first post does not hold, in the order in which the public needs it. */
function remaining(all: readonly Element[], details: readonly string[], take: Take): Rest[] {
  const of = (name: ElementName, from: number): Rest[] =>
    all
      .filter((piece) => piece.name === name)
      .flatMap(({ sentences: some, vital }) =>
        some.slice(from).map((sentence) => ({ name, sentence, vital })),
      );
  return [
    ...of('correction', take.correction),
    ...of('guidance', take.guidance),
    ...of('hazard', take.hazard),
    ...details.map((sentence): Rest => ({ name: 'details of the hazard', sentence, vital: false })),
    ...THREADED.flatMap((name) => of(name, 0)),
  ];
}

function pack(
  rest: readonly Rest[],
  frame: Frame,
  most: number,
  number: (index: number) => string,
): { posts: string[]; leftOut: string[] } | Unfit {
  const posts: string[] = [];
  const leftOut: string[] = [];
  const fits = (post: string) => frame.fits(framed(post + number(1), frame));
  for (const { name, sentence, vital } of rest) {
    const last = posts.at(-1);
    if (last !== undefined && fits(`${last} ${sentence}`)) {
      posts[posts.length - 1] = `${last} ${sentence}`;
    } else if (posts.length < most && fits(sentence)) {
      posts.push(sentence);
    } else if (vital) {
      return fits(sentence)
        ? { unfit: 'thread-too-long', detail: `${name} does not fit ${most + 1} posts` }
        : {
            unfit: 'sentence-too-long',
            detail: `a sentence of ${name} does not fit one post: "${opening(sentence)} …"`,
          };
    } else if (!leftOut.includes(name)) leftOut.push(name);
  }
  return { posts, leftOut };
}

/** The first words of a sentence, to name it in a message. */
function opening(sentence: string): string {
  return (sentences(sentence)[0] ?? sentence).split(' ').slice(0, 6).join(' ');
}
