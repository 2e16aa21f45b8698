import type { Info } from '../model/alert.js';
import { codes, each, instant, whole, type Profile, rule } from './rule.js';

/** Ready for the public: what a receiver needs although the standard leaves it open. */
export const publishable: Profile = {
  name: 'publishable',
  source: 'CAP 1.2 §3.2 and practice',
  rules: [
    rule(
      'has-info',
      'error',
      'The alert has no info block, so it can only be shown by whoever kept the one before.',
      whole((alert) => alert.infos.length > 0),
    ),
    rule(
      'expires',
      'error',
      'Nothing says when it ends.',
      each((info) => info.expires !== undefined),
    ),
    rule(
      'expires-later',
      'error',
      'It ends before it was sent or takes effect.',
      each((info, alert) => {
        const expires = instant(info.expires);
        return (
          expires === undefined ||
          [alert.sent, info.effective].every((time) => (instant(time) ?? -Infinity) < expires)
        );
      }),
    ),
    rule(
      'web',
      'warn',
      'No web address leads to more.',
      each((info) => (info.web ?? '') !== ''),
    ),
    rule(
      'contact',
      'warn',
      'Nobody is named to ask.',
      each((info) => (info.contact ?? '') !== ''),
    ),
    rule(
      'description',
      'error',
      'Nothing describes what happens.',
      each((info) => (info.description ?? '') !== ''),
    ),
    rule(
      'headline',
      'warn',
      'There is no headline, or it has 140 characters or more.',
      each((info) => (info.headline ?? '') !== '' && [...(info.headline ?? '')].length < 140),
    ),
    rule(
      'texts-differ',
      'warn',
      'Headline, description and instruction say the same.',
      each((info) => {
        const texts = [info.headline, info.description, info.instruction].filter(Boolean);
        return new Set(texts).size === texts.length;
      }),
    ),
    rule(
      'geometry',
      'error',
      'An area has no polygon or circle that covers ground.',
      each(
        (info) =>
          info.areas.length > 0 &&
          info.areas.every(
            (area) =>
              area.broken.length === 0 &&
              area.polygons.length + area.circles.filter((circle) => circle.radiusKm > 0).length > 0,
          ),
      ),
    ),
    rule('same-event', 'error', 'Blocks differ in category or event code.', (alert) =>
      alert.infos.map((info) => codes(info) === codes(alert.infos[0] ?? info)),
    ),
    rule(
      'unknown',
      'warn',
      'Urgency, severity or certainty is Unknown.',
      each((info) => ![info.urgency, info.severity, info.certainty].includes('Unknown')),
    ),
  ],
};

/** Google public alerts, developers.google.com/public-alerts. */
export const google: Profile = {
  name: 'google',
  source: 'Google public alerts, CAP profile',
  rules: [
    ...publishable.rules.filter((one) =>
      ['has-info', 'expires', 'expires-later', 'description', 'geometry', 'web', 'contact'].includes(
        one.name,
      ),
    ),
    rule(
      'alert-refers',
      'error',
      'A first Alert must not name earlier messages.',
      whole((alert) => alert.msgType !== 'Alert' || alert.references.length === 0),
    ),
    rule(
      'all-clear',
      'warn',
      'When the danger is over, an Update with responseType AllClear is preferred to a Cancel.',
      whole((alert) => alert.msgType !== 'Cancel'),
    ),
    rule(
      'sender-name',
      'warn',
      'The sender has no name that people can read.',
      each((info) => (info.senderName ?? '') !== ''),
    ),
    rule(
      'instruction',
      'warn',
      'Nothing says what to do.',
      each((info) => (info.instruction ?? '') !== ''),
    ),
  ],
};

/** What Larum itself always writes. */
export const ours: Profile = {
  name: 'ours',
  source: 'decided in this library’s README',
  rules: [
    ...publishable.rules.filter((one) => !['headline', 'texts-differ'].includes(one.name)),
    rule('utc', 'error', 'A time is not in UTC, written -00:00.', (alert) => [
      alert.sent.endsWith('-00:00'),
      ...alert.infos.map((info) =>
        [info.effective, info.onset, info.expires].every(
          (time) => time === undefined || time.endsWith('-00:00'),
        ),
      ),
    ]),
    rule(
      'effective',
      'error',
      'effective is missing.',
      each((info) => info.effective !== undefined),
    ),
    rule(
      'sender-name',
      'error',
      'senderName is missing.',
      each((info) => (info.senderName ?? '') !== ''),
    ),
    rule('one-per-language', 'error', 'A language stands twice.', (alert) =>
      alert.infos.map((info) => alert.infos.filter((other) => other.language === info.language).length === 1),
    ),
    rule(
      'same-everywhere',
      'error',
      'Languages differ in urgency, severity, certainty or shapes.',
      (alert) => {
        const same = (info: Info): string =>
          JSON.stringify([
            info.categories,
            info.urgency,
            info.severity,
            info.certainty,
            info.areas.map((area) => [area.polygons, area.circles]),
          ]);
        return alert.infos.map((info) => same(info) === same(alert.infos[0] ?? info));
      },
    ),
    rule(
      'vertices',
      'error',
      'A polygon has more than 250 points, is open, or has more than five decimals.',
      each((info) =>
        info.areas.every((area) =>
          area.polygons.every(
            (ring) =>
              ring.length <= 250 &&
              String(ring[0]) === String(ring.at(-1)) &&
              ring.every((point) => point.every((one) => Number(one.toFixed(5)) === one)),
          ),
        ),
      ),
    ),
  ],
};
