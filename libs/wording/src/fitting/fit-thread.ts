import type { Element, ElementName } from '../composing/elements.js';
import { sentences } from '../text/sentences.js';
import { framed, render } from './frame.js';
import type { Frame } from './frame.js';

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
