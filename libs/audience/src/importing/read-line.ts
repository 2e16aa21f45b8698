import { parsePhoneNumberFromString, type NumberType } from 'libphonenumber-js/max';
import { Language, type ListChannel } from '#contracts';
import { looksChangedOver } from '../area/changed-over.js';

/** One line of a file that can be imported. */
export type GoodLine = {
  address: string;
  language: string;
  longitude: number | null;
  latitude: number | null;
  consentedAt: string | null;
  /** What looks like a mistake and may be none: the line is kept, and a person asked. */
  hint?: string;
};

/** What stands in one line, by column name in lower case. */
export type Fields = Readonly<Record<string, string>>;

/** The column that names the recipient, per channel. */
export const ADDRESS_COLUMN = { email: 'address', sms: 'phone' } as const;

/** A subscriber whose language is not given reads English. */
const LANGUAGE_WHEN_EMPTY = 'en-GB';

/** Midnight of a day comes up to 14 hours earlier in a zone that is ahead of ours. */
const A_DAY_MS = 24 * 60 * 60 * 1_000;

/** Reads one line at `now` (ms). A text answer says why it cannot be taken, for the person who keeps the file. */
export function readLine(channel: ListChannel, fields: Fields, now: number): GoodLine | string {
  const address =
    channel === 'email' ? readAddress(fields['address'] ?? '') : readPhone(fields['phone'] ?? '');
  if ('wrong' in address) return address.wrong;
  const language = (fields['language'] ?? '').trim() || LANGUAGE_WHEN_EMPTY;
  if (!Language.safeParse(language).success) return 'the language is not a tag such as en-GB';
  const point = readPoint((fields['lat'] ?? '').trim(), (fields['lon'] ?? '').trim());
  if (typeof point === 'string') return point;
  const consent = readConsent((fields['consent'] ?? '').trim());
  if ('wrong' in consent) return consent.wrong;
  if (consent.at !== null && Date.parse(consent.at) > now + A_DAY_MS) return LATER_CONSENT;
  const hint = isChangedOver(point) ? { hint: CHANGED_OVER } : {};
  return { address: address.is, language, ...point, consentedAt: consent.at, ...hint };
}

/**
 * One addr-spec with dot-atoms on both sides (RFC 5322 §3.4.1), and nothing with which a second recipient or a header could
 * be slipped in. Local part ≤ 64 and whole ≤ 254 octets (RFC 5321 §4.5.3.1).
 */
const ADDRESS =
  /^(?=.{3,254}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/;

/** Whether this is exactly one e-mail address that a mail may be sent to. */
export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text) && text.indexOf('@') <= 64;
}

function readAddress(text: string): { is: string } | { wrong: string } {
  const address = text.trim();
  if (address === '') return { wrong: 'the address is empty' };
  if (!isMailAddress(address)) return { wrong: 'the address is not one plain e-mail address' };
  const at = address.lastIndexOf('@');
  return { is: `${address.slice(0, at)}${address.slice(at).toLowerCase()}` };
}

/** Kinds of number that no text reaches, or that cost whoever is called (CHANNELS §G.5). A kind that is not known is tried. */
const CANNOT_BE_TEXTED: Partial<Record<NonNullable<NumberType>, string>> = {
  FIXED_LINE: 'the phone number is that of a landline, which takes no texts',
  PERSONAL_NUMBER: 'a personal number (070) cannot be texted',
  PREMIUM_RATE: 'a number at a premium rate cannot be texted',
  TOLL_FREE: 'a freephone number cannot be texted',
  SHARED_COST: 'a number at shared cost cannot be texted',
  UAN: 'a company number cannot be texted',
  VOICEMAIL: 'the number of a voicemail cannot be texted',
};

function readPhone(text: string): { is: string } | { wrong: string } {
  if (text.trim() === '') return { wrong: 'the phone number is empty' };
  const number = parsePhoneNumberFromString(text.trim(), 'GB');
  // `possible`, not `valid`: the ranges that Ofcom keeps for drama are used in exercises and are not valid.
  if (!number?.isPossible()) return { wrong: 'the phone number is not one that can be called' };
  if (number.ext !== undefined) return { wrong: 'the phone number has an extension, which no text reaches' };
  const kind = number.getType();
  const wrong = kind === undefined ? undefined : CANNOT_BE_TEXTED[kind];
  return wrong === undefined ? { is: number.number } : { wrong };
}

type Point = { longitude: number | null; latitude: number | null };

/** Degrees as people and spreadsheets write them; not `0x35`, which JavaScript would take for 53. */
const DEGREES = /^[+-]?\d+(\.\d*)?(e[+-]?\d+)?$/i;
const degrees = (text: string): number => (DEGREES.test(text) ? Number(text) : Number.NaN);

const CHANGED_OVER =
  'the latitude and the longitude look changed over: this place would be in Britain the other way round';

function readPoint(lat: string, lon: string): Point | string {
  if (lat === '' && lon === '') return { longitude: null, latitude: null };
  const [latitude, longitude] = [degrees(lat), degrees(lon)];
  if (/^[+-]?\d+,\d+$/.test(lat) || /^[+-]?\d+,\d+$/.test(lon))
    return 'degrees are written with a point, such as 53.14, and not with a comma';
  const other = Math.abs(latitude) <= 180 && Math.abs(longitude) <= 90 ? '; are they changed over?' : '';
  if (!(Math.abs(latitude) <= 90)) return `the latitude is not a number from -90 to 90${other}`;
  if (!(Math.abs(longitude) <= 180)) return 'the longitude is not a number from -180 to 180';
  return { longitude, latitude };
}

function isChangedOver({ latitude, longitude }: Point): boolean {
  if (latitude === null || longitude === null) return false;
  return looksChangedOver([longitude, latitude]);
}

const NO_CONSENT =
  'no consent is recorded: the column consent must say yes, or the date it was given, such as 2025-02-01';
const LATER_CONSENT = 'the consent is dated in the future: it counts when it has been given';
const UNREAD_CONSENT =
  'the consent cannot be read: write yes, or the date it was given as year-month-day, such as 2025-02-01';
/** A day, and perhaps a time with or without its zone (ISO 8601; RFC 3339 §5.6). Not 01/02/2025, which is two days. */
const DAY_AND_TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

function readConsent(text: string): { at: string | null } | { wrong: string } {
  const word = text.toLowerCase();
  if (['yes', 'y', 'true'].includes(word)) return { at: null };
  if (['', 'no', 'n', 'false'].includes(word)) return { wrong: NO_CONSENT };
  const [, day, time = '00:00', zone = 'Z'] = DAY_AND_TIME.exec(text) ?? [];
  const at = new Date(`${day}T${time}${zone}`);
  if (day === undefined || Number.isNaN(at.getTime())) return { wrong: UNREAD_CONSENT };
  // The 30th of February would become the 2nd of March.
  const isReal = new Date(`${day}T00:00Z`).toISOString().startsWith(day);
  return isReal ? { at: at.toISOString() } : { wrong: UNREAD_CONSENT };
}
