import type { Element, ElementName } from '../composing/elements.js';

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
