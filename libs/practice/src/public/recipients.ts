import { chance, pick } from './chance.js';
import { FAMILY_NAMES, GIVEN_NAMES } from './phrases.js';

/** Somebody who might have signed up for warnings. WGS 84 degrees; the telephone in E.164. */
export type PracticeRecipient = {
  address: string;
  phone: string;
  lat: number;
  lon: number;
  language: string;
};

/** Kilometres in one degree of latitude (40,008 km round the poles, by 360). */
const KM_PER_DEGREE = 111.13;

/** Domains that nobody can own (RFC 2606 §3). */
const DOMAINS = ['example.org', 'example.net', 'example.com'];

/** The numbers 07700 9xxxxx; Ofcom keeps the first thousand of them for drama. Beyond these there are none to give. */
const MOST = 100_000;

/**
 * `count` people within `spreadKm` of a place, evenly over the disc, one in five of them reading Welsh.
 * Person n is the same whatever the count is. Telephones are 07700 900000 to 900999, which Ofcom keeps for drama,
 * then the other numbers of 07700 9xxxxx; addresses are on domains that RFC 2606 keeps from everybody.
 * Throws RangeError above 100,000: there are no more such telephones.
 */
export function practiceRecipients(
  seed: string,
  count: number,
  near: { lat: number; lon: number },
  spreadKm: number,
): PracticeRecipient[] {
  if (count > MOST)
    throw new RangeError(`at most ${MOST} practice recipients: there are no more practice telephones`);
  return Array.from({ length: count }, (_, n) => {
    const next = chance(seed, 'recipient', n);
    const distanceKm = spreadKm * Math.sqrt(next()); // the root spreads them evenly over the area
    const bearing = next() * 2 * Math.PI;
    const name = `${pick(next, GIVEN_NAMES)}.${pick(next, FAMILY_NAMES)}`
      .normalize('NFD')
      .replace(/[^a-z.]/gi, '');
    return {
      address: `${name.toLowerCase()}.${n + 1}@${pick(next, DOMAINS)}`,
      phone: `+4477009${String(n).padStart(5, '0')}`,
      lat: round(near.lat + (distanceKm * Math.cos(bearing)) / KM_PER_DEGREE),
      lon: round(
        near.lon + (distanceKm * Math.sin(bearing)) / (KM_PER_DEGREE * Math.cos((near.lat * Math.PI) / 180)),
      ),
      language: next() < 0.2 ? 'cy-GB' : 'en-GB',
    };
  });
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6; // a decimetre
}
