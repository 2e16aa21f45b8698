import { OPTIONAL } from '../composing/elements.js';
import type { Element, OptionalElement } from '../composing/elements.js';
import { render } from './frame.js';
import type { Frame } from './frame.js';

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
