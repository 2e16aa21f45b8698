import { isPlatform } from '../counting/budgets.js';
import type { Platform } from '../counting/budgets.js';
import { measure } from '../counting/measure.js';
import { findEntities } from '../links/entities.js';
import type { Entity, ShownLink } from '../links/entities.js';
import { fitOne } from '../fitting/fit-one.js';
import { fitThread } from '../fitting/fit-thread.js';
import { framed, render } from '../fitting/frame.js';
import type { Frame } from '../fitting/frame.js';
import { transliterateForSms } from '../sms/transliterate.js';
import { asSentence, sentences } from '../text/sentences.js';
import { canTell } from './clock-words.js';
import { elements } from './elements.js';
import type { ComposeRequest, Wording } from './elements.js';
import { phrases } from './phrases.js';
import type { Phrases } from './phrases.js';
import { subjectOf } from './subject.js';

/** One post, mail text or text message, with what a platform must be told about it. */
export type ComposedPost = { text: string; entities: Entity[] };

/** Why nothing was composed. Each is for the author: shorten, add a headline, or leave the account out. */
export type ComposeRefusal =
  | 'platform-unknown'
  | 'language-unknown'
  | 'time-unknown'
  | 'element-empty'
  | 'override-too-long'
  | 'too-long'
  | 'sentence-too-long'
  | 'thread-too-long';

/** The parts of one text on one platform, or the reason why there are none. `leftOut` says what was left out by rule. */
export type Composed =
  | { ok: true; parts: ComposedPost[]; subject?: string; leftOut: string[] }
  | { ok: false; reason: ComposeRefusal; detail: string };

/** Where a long message may become a thread: the platforms whose replies to oneself are shown together. */
const THREADS: ReadonlySet<Platform> = new Set<Platform>(['x', 'bluesky', 'mastodon', 'threads']);
/** Posts of a thread unless the account's limits say otherwise; more would not be read (ours). */
const MOST_POSTS = 6;
const HIGHEST_POST = 9;
/** Short posts run on; the others have room for paragraphs. */
const RUNNING: ReadonlySet<Platform> = new Set<Platform>([...THREADS, 'sms', 'cellbroadcast', 'webpush']);
const PLAIN_MARKS: ReadonlySet<Platform> = new Set<Platform>(['sms', 'cellbroadcast']);

/** UTF-16 units; five times what the contract allows. Nothing longer is worth fitting. */
const LONGEST_ELEMENT = 10_000;

const refused = (reason: ComposeRefusal, detail: string): Composed => ({ ok: false, reason, detail });

/**
 * One message for one platform, from the master in one language. Deterministic and total: the same request gives the same
 * characters wherever it runs, and what cannot be composed is refused with a reason, never cut.
 */
export function compose(request: ComposeRequest): Composed {
  const { platform, language, timeZone = 'Europe/London' } = request;
  if (!isPlatform(platform)) return refused('platform-unknown', `no platform is named ${platform}`);
  const words = phrases(language);
  if (words === undefined) return refused('language-unknown', `there is no fixed wording in ${language} yet`);
  const instants = [request.expiresAt, request.nextUpdateAt ?? request.expiresAt];
  if (!instants.every((instant) => canTell(instant, timeZone))) {
    return refused('time-unknown', `expiry or next update is not a time that can be told in ${timeZone}`);
  }
  const missing = (['source', 'hazard', 'place', 'guidance'] as const).find(
    (name) => request.text[name].trim() === '',
  );
  if (missing !== undefined) return refused('element-empty', `${missing} is empty`);
  const { text, link, contact } = request;
  const endless = Object.entries({ ...text.overrides, ...text, link, contact }).find(
    ([, written]) => typeof written === 'string' && written.length > LONGEST_ELEMENT,
  );
  if (endless !== undefined)
    return refused('too-long', `${endless[0]} is longer than ${LONGEST_ELEMENT} characters`);
  return composeFor(platform, tidy(request), words);
}

/** NFC and `\n` line ends once, so that what is counted is what is hashed and sent. */
function tidy(request: ComposeRequest): ComposeRequest {
  const clean = (text: string) => text.replace(/\r\n?/g, '\n').normalize('NFC');
  const cleaned = Object.fromEntries(
    Object.entries(request.text).map(([name, text]) => [name, typeof text === 'string' ? clean(text) : text]),
  ) as ComposeRequest['text'];
  return {
    ...request,
    text: { ...cleaned, headline: cleaned.headline?.trim() ? cleaned.headline : undefined },
    contact: request.contact === undefined ? undefined : clean(request.contact),
  };
}

function composeFor(platform: Platform, request: ComposeRequest, words: Phrases): Composed {
  const { limits = {}, text, message, link } = request;
  const plain = (said: string) => (PLAIN_MARKS.has(platform) ? transliterateForSms(said).text : said);
  const options = Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
  const frame: Frame = {
    layout: RUNNING.has(platform) ? 'running' : 'paragraphs',
    mark: request.mode === 'exercise' ? words.exercise : undefined,
    fits: (written) => measure(platform, plain(written), options).fits,
  };
  const shown = platform === 'bluesky' && link !== undefined ? shownOnBluesky(link) : undefined;
  const finish = (texts: string[], leftOut: string[]): Composed => ({
    ok: true,
    parts: texts.map((written) => ({
      text: plain(written),
      entities: findEntities(plain(written), platform, shown),
    })),
    ...(platform === 'email' ? { subject: subjectOf(request, words) } : {}),
    leftOut,
  });
  if (platform === 'email-subject') return finish([subjectOf(request, words)], []);

  const override = message === 'cancel' ? undefined : text.overrides?.[platform];
  if (override !== undefined) {
    const whole = framed(override.replace(/\r\n?/g, '\n').normalize('NFC').trim(), frame);
    if (frame.fits(whole)) return finish([whole], []);
    return refused(
      'override-too-long',
      `the text written for ${platform} ${tooLong(platform, plain(whole), options)}`,
    );
  }

  const wordings = wordingsOf(request, frame, shown?.shown ?? link);
  for (const wording of wordings) {
    const whole = render(elements(request, words, wording), frame);
    if (frame.fits(whole)) return finish([whole], replaced(wording));
  }
  const shortest = wordings.at(-1) ?? { short: true, headline: false, link };
  const pieces = elements(request, words, shortest);
  const one = fitOne(pieces, frame);
  if (one !== undefined) return finish([one.text], [...replaced(shortest), ...one.leftOut]);

  const vital = render(
    pieces.filter((piece) => piece.vital),
    frame,
  );
  if (!THREADS.has(platform) || message === 'cancel') {
    return refused(
      'too-long',
      `${tooLong(platform, plain(vital), options)} with nothing left that may be left out`,
    );
  }
  const most = Math.min(limits.maxParts ?? MOST_POSTS, HIGHEST_POST);
  const details = shortest.headline ? sentences(text.hazard).map(asSentence) : [];
  const thread = fitThread(pieces, details, frame, most);
  return 'unfit' in thread ? refused(thread.unfit, thread.detail) : finish(thread.texts, thread.leftOut);
}

const replaced = ({ headline }: Wording) => (headline ? ['details of the hazard'] : []);

/** From the fullest wording to the shortest: clock times with and without the year, then the headline for the hazard. */
function wordingsOf(
  { text, message }: ComposeRequest,
  { layout }: Frame,
  link: string | undefined,
): Wording[] {
  const short: Wording = { short: true, headline: false, link };
  const long: Wording[] = layout === 'paragraphs' ? [{ ...short, short: false }] : [];
  const headline = text.headline !== undefined && message !== 'cancel' ? [{ ...short, headline: true }] : [];
  return [...long, short, ...headline];
}

function tooLong(platform: Platform, written: string, options: object): string {
  const { used, max, parts } = measure(platform, written, options);
  return parts === undefined ? `takes ${used} of ${max}` : `takes ${parts} parts`;
}

/** On Bluesky a link counts in full, so only its beginning is shown; the facet leads to the whole. */
const MOST_SHOWN = 36;
function shownOnBluesky(link: string): ShownLink {
  const bare = link.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/\/$/, '');
  const host = bare.split('/')[0] ?? bare;
  return { shown: bare.length <= MOST_SHOWN ? bare : `${host}/…`, uri: link };
}
