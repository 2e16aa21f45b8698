import { cellBroadcastLength, MAX_PAGES } from '../sms/cell-broadcast.js';
import { smsCapacity, smsLength } from '../sms/sms-length.js';
import type { ReferenceBits, SmsEncoding } from '../sms/sms-length.js';
import { utf8Bytes } from '../text/code-points.js';
import { countGraphemes } from '../text/graphemes.js';
import { BUDGETS } from './budgets.js';
import type { Platform, WhatsappField } from './budgets.js';
import { mastodonLength } from './mastodon-length.js';
import { differentLinks, linkedinLength, threadsLength } from './plain-lengths.js';
import { xWeight } from './x-weight.js';

/** What a caller may hand in: the account's live limits, or the form of the message where that changes the limit. */
export type MeasureOptions = {
  /** The limit as the platform tells it now, in its own unit. Not for SMS, whose limit is `maxParts`. */
  max?: number;
  /** Bluesky: bytes beside graphemes. */
  maxBytes?: number;
  /** X, Mastodon: what any link costs. */
  urlCost?: number;
  /** X: the post is a reply, whose leading @names X itself puts there and does not count. */
  reply?: boolean;
  /** Mastodon: the content warning, counted with the text. */
  spoiler?: string;
  /** Telegram: the text goes under a picture. */
  caption?: boolean;
  /** WhatsApp: the field that the text goes into. */
  field?: WhatsappField;
  /** SMS: bits of the reference that joins the parts. */
  reference?: ReferenceBits;
  /** SMS: how many parts are allowed. */
  maxParts?: number;
};

/** A text against a platform's limit, in the platform's own unit. `fits` = the platform would take it whole. */
export type Measured = {
  used: number;
  max: number;
  fits: boolean;
  bytes?: number;
  parts?: number;
  pages?: number;
  encoding?: SmsEncoding;
  links?: string[];
};

const against = (used: number, max: number): Measured => ({ used, max, fits: used <= max });

/** Counts a text as the platform will. Pure and total; where it is used, the preview is the message. */
export function measure(platform: Platform, text: string, options: MeasureOptions = {}): Measured {
  return COUNTERS[platform](text, options);
}

/** The names at the head of a reply (docs.x.com "Counting characters"): up to 15 letters, figures and underscores each. */
const REPLY_NAMES = /^(?:@\w{1,15}\s+)+/;

const COUNTERS: Record<Platform, (text: string, options: MeasureOptions) => Measured> = {
  x: (text, { max = BUDGETS.x.max, urlCost = BUDGETS.x.urlCost, reply = false }) => {
    const { weight, links, valid } = xWeight(reply ? text.replace(REPLY_NAMES, '') : text, urlCost);
    return { used: weight, max, fits: valid && weight <= max, links };
  },
  bluesky: (text, { max = BUDGETS.bluesky.max, maxBytes = BUDGETS.bluesky.maxBytes }) => {
    const used = countGraphemes(text);
    const bytes = utf8Bytes(text);
    return { used, max, fits: used <= max && bytes <= maxBytes, bytes };
  },
  mastodon: (text, { max = BUDGETS.mastodon.max, urlCost = BUDGETS.mastodon.urlCost, spoiler = '' }) =>
    against(mastodonLength(text, spoiler, urlCost), max),
  threads: (text, { max = BUDGETS.threads.max }) => {
    const used = threadsLength(text);
    const links = differentLinks(text);
    return { used, max, fits: used <= max && links.length <= BUDGETS.threads.maxLinks, links };
  },
  facebook: (text, { max = BUDGETS.facebook.max }) => against(text.length, max),
  instagram: (text, { max = BUDGETS.instagram.max }) => against(text.length, max),
  telegram: (text, { caption = false, max = caption ? BUDGETS.telegram.caption : BUDGETS.telegram.max }) => {
    const measured = against(text.length, max);
    return { ...measured, fits: measured.fits && (caption || text.length > 0) };
  },
  whatsapp: (text, { field = 'text', max = BUDGETS.whatsapp[field] }) => against(text.length, max),
  linkedin: (text, { max = BUDGETS.linkedin.max }) => against(linkedinLength(text), max),
  ntfy: (text, { max = BUDGETS.ntfy.max }) => against(utf8Bytes(text), max),
  webpush: (text, { max = BUDGETS.webpush.max }) => against(utf8Bytes(text), max),
  sms: (text, { reference = 8, maxParts = BUDGETS.sms.maxParts }) => {
    const { encoding, units, parts } = smsLength(text, reference);
    const max = smsCapacity(encoding, parts, reference);
    return { used: units, max, fits: parts <= maxParts, parts, encoding };
  },
  cellbroadcast: (text) => {
    const { encoding, units, pages, max } = cellBroadcastLength(text);
    return { used: units, max, fits: pages <= MAX_PAGES, pages, encoding };
  },
  'email-subject': (text, { max = BUDGETS['email-subject'].max }) => against(countGraphemes(text), max),
  email: (text, { max = BUDGETS.email.max }) => against(text.length, max),
};
