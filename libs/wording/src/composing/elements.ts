import type { MessageKind, Mode, Variant, WarningKind, WarningText } from '#contracts';
import { asSentence, inseparable, onOneLine, sentences, withoutStop } from '../text/sentences.js';
import { clockWords } from './clock-words.js';
import type { Phrases } from './phrases.js';

/** What the author wrote in one language, with the parts that only some messages have. */
export type MasterText = WarningText & {
  /** Correction: what was wrong, in the author's words. Shown only where the wrong text was seen. */
  correction?: string | undefined;
  /** All-clear: how it was resolved. */
  resolved?: string | undefined;
};

/** The live limits of the account that the text is for; absent ones are the documented defaults. */
export type Limits = {
  max?: number | undefined;
  maxBytes?: number | undefined;
  urlCost?: number | undefined;
  maxParts?: number | undefined;
};

/** One master text in one language and where it goes. */
export type ComposeRequest = {
  /** `mastodon`, `bluesky`, `sms`, `email`, …; an unknown one is refused. */
  platform: string;
  language: string;
  mode: Mode;
  kind?: WarningKind | undefined;
  message: MessageKind | 'cancel';
  variant: Variant;
  /** Of the warning: 1 for the first. */
  version: number;
  text: MasterText;
  link?: string | undefined;
  contact?: string | undefined;
  /** UTC. */
  expiresAt: string;
  nextUpdateAt?: string | undefined;
  /** Of the clock that the public reads; default Europe/London. */
  timeZone?: string | undefined;
  limits?: Limits | undefined;
};

/** A piece that may be left out, in the order in which it is kept: the first is the last to go. */
export const OPTIONAL = ['next update', 'link', 'impact', 'how it was resolved', 'contact'] as const;
export type OptionalElement = (typeof OPTIONAL)[number];
/** A piece that no shortening may lose. */
export type VitalElement =
  'source' | 'status' | 'hazard' | 'correction' | 'safe' | 'place' | 'guidance' | 'time';
export type ElementName = VitalElement | OptionalElement;

/**
 * A piece of the message in reading order: whole sentences, each of which may start a new post. `whole` is the same with the
 * author's own line breaks, for layouts that have paragraphs.
 */
export type Element = {
  name: ElementName;
  sentences: string[];
  vital: boolean;
  whole?: string | undefined;
};

/** How the pieces are worded: short clock times; the headline in place of the hazard. */
export type Wording = { short: boolean; headline: boolean; link: string | undefined };

const vital = (name: VitalElement, parts: string[]): Element => ({ name, sentences: parts, vital: true });
const optional = (name: OptionalElement, parts: string[]): Element => ({
  name,
  sentences: parts,
  vital: false,
});
/** Keeps the author's line breaks beside the sentences. */
const written = (piece: Element, text: string): Element =>
  text.trim().includes('\n') ? { ...piece, whole: asSentence(text) } : piece;

/** The word that says what kind of message this is, or undefined where it reads as a first warning. */
export function status(request: ComposeRequest, words: Phrases): string | undefined {
  switch (request.message) {
    case 'cancel':
      return words.cancelled;
    case 'all-clear':
      return words.allClear;
    case 'update':
      return request.variant === 'alone' ? undefined : words.update(request.version);
    case 'correction':
      return request.variant === 'alone' ? undefined : words.correction;
    case 'rumour-rebuttal':
      return words.rumour;
    case 'first':
    case 'holding':
      return request.kind === 'appeal' ? words.appeal : undefined;
  }
}

/** The message as pieces in the order of the Warning Response Model: source, hazard and impact, place, guidance, time. */
export function elements(request: ComposeRequest, words: Phrases, wording: Wording): Element[] {
  const { text, timeZone = 'Europe/London' } = request;
  const at = (instant: string) => clockWords(instant, request.language, timeZone, wording.short);
  const source = `${withoutStop(onOneLine(text.source))}:`;
  const word = status(request, words);
  const opening = word === undefined ? [] : [vital('status', [`${word}.`])];
  const link = wording.link === undefined ? [] : [optional('link', [wording.link])];
  if (request.message === 'cancel') {
    const [identity = ''] = sentences(text.headline ?? text.hazard);
    return [
      ...opening,
      vital('source', [`${source} ${words.withdrawn}`]),
      vital('hazard', [`"${asSentence(identity)}"`]),
      vital('place', [asSentence(`${words.area} ${onOneLine(text.place, ', ')}`)]),
      vital('time', [words.wasToRun(at(request.expiresAt))]),
      optional('next update', [words.followNewer]),
      ...link,
    ];
  }
  const hazard = sentences(wording.headline ? (text.headline ?? text.hazard) : text.hazard).map(asSentence);
  const wrong = request.message === 'correction' && request.variant !== 'alone' ? text.correction : undefined;
  const impact = sentences(text.impact ?? '').map(asSentence);
  const resolved = request.message === 'all-clear' ? sentences(text.resolved ?? '').map(asSentence) : [];
  // An all-clear has no end that matters to the public: its own expiry only ends our sending.
  const timed = request.message !== 'all-clear';
  return [
    ...opening,
    vital('source', [source]),
    vital('hazard', hazard),
    ...(wrong === undefined ? [] : [vital('correction', [asSentence(`${words.wrong} ${onOneLine(wrong)}`)])]),
    // Of an all-clear it is one of the four parts: that people are safe.
    ...(impact.length === 0 ? [] : [timed ? optional('impact', impact) : vital('safe', impact)]),
    ...(resolved.length === 0 ? [] : [optional('how it was resolved', resolved)]),
    vital('place', [asSentence(`${words.area} ${onOneLine(text.place, ', ')}`)]),
    written(vital('guidance', inseparable(sentences(text.guidance).map(asSentence))), text.guidance),
    ...(timed ? [vital('time', [words.until(at(request.expiresAt))])] : []),
    ...(request.nextUpdateAt === undefined
      ? []
      : [optional('next update', [words.nextUpdate(at(request.nextUpdateAt))])]),
    ...link,
    ...(request.contact === undefined || request.contact.trim() === ''
      ? []
      : [optional('contact', [asSentence(`${words.contact} ${onOneLine(request.contact)}`)])]),
  ];
}
