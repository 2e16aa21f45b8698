import { measure } from '../counting/measure.js';
import { onOneLine, sentences, withoutStop } from '../text/sentences.js';
import { status } from './elements.js';
import type { ComposeRequest } from './elements.js';
import type { Phrases } from './phrases.js';

/** Status word, then what, then where; the longest form of three that the budget takes, at worst fixed words. */
export function subjectOf(request: ComposeRequest, words: Phrases): string {
  const { text, mode } = request;
  const line = (written: string) => withoutStop(onOneLine(written));
  const [hazard = ''] = sentences(text.hazard);
  const marks = [mode === 'exercise' ? words.exercise : undefined, status(request, words)];
  const before = marks.flatMap((mark) => (mark === undefined ? [] : [`${mark}: `])).join('');
  const [what, place] = [line(text.headline ?? hazard), line(text.place)];
  const forms = [
    `${what}, ${place}`,
    what,
    `${words.publicWarning}: ${place}`,
    `${words.publicWarning}: ${line(text.source)}`,
  ];
  const fitting = forms.find((form) => measure('email-subject', before + form).fits);
  return before + (fitting ?? words.publicWarning);
}
