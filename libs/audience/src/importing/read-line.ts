import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { Language, type ListChannel } from '#contracts';

/** One line of a file that can be imported. */
export type GoodLine = {
  address: string;
  language: string;
  longitude: number | null;
  latitude: number | null;
  consentedAt: string | null;
};

/** What stands in one line, by column name in lower case. */
export type Fields = Readonly<Record<string, string>>;

/** The column that names the recipient, per channel. */
export const ADDRESS_COLUMN = { email: 'address', sms: 'phone' } as const;

/** A subscriber whose language is not given reads English. */
const LANGUAGE_WHEN_EMPTY = 'en-GB';

/** Reads one line. A text answer says why it cannot be taken, for the person who keeps the file. */
export function readLine(channel: ListChannel, fields: Fields): GoodLine | string {
  const address =
    channel === 'email' ? readAddress(fields['address'] ?? '') : readPhone(fields['phone'] ?? '');
  if ('wrong' in address) return address.wrong;
  const language = (fields['language'] ?? '').trim() || LANGUAGE_WHEN_EMPTY;
  if (!Language.safeParse(language).success) return 'the language is not a tag such as en-GB';
  const point = readPoint((fields['lat'] ?? '').trim(), (fields['lon'] ?? '').trim());
  if (typeof point === 'string') return point;
  const consent = readConsent((fields['consent'] ?? '').trim());
  if ('wrong' in consent) return consent.wrong;
  return { address: address.is, language, ...point, consentedAt: consent.at };
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

function readPhone(text: string): { is: string } | { wrong: string } {
  if (text.trim() === '') return { wrong: 'the phone number is empty' };
  const number = parsePhoneNumberFromString(text.trim(), 'GB');
  // `possible`, not `valid`: the ranges that Ofcom keeps for drama are used in exercises and are not valid.
  if (!number?.isPossible()) return { wrong: 'the phone number is not one that can be called' };
  return { is: number.number };
}

function readPoint(lat: string, lon: string): { longitude: number | null; latitude: number | null } | string {
  if (lat === '' && lon === '') return { longitude: null, latitude: null };
  const [latitude, longitude] = [Number(lat), Number(lon)];
  if (lat === '' || !Number.isFinite(latitude) || Math.abs(latitude) > 90)
    return 'the latitude is not a number from -90 to 90';
  if (lon === '' || !Number.isFinite(longitude) || Math.abs(longitude) > 180)
    return 'the longitude is not a number from -180 to 180';
  return { longitude, latitude };
}

function readConsent(text: string): { at: string | null } | { wrong: string } {
  if (text.toLowerCase() === 'yes') return { at: null };
  if (/^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text) && !Number.isNaN(Date.parse(text)))
    return { at: new Date(text).toISOString() };
  return { wrong: 'no consent is recorded: the column consent must say yes, or the date it was given' };
}
