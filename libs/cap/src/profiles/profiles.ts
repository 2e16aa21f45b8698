import type { Alert, Info } from '../reading/alert.js';
import { type Infos, instant, rule, type Profile } from './rule.js';

const each =
  (test: (info: Info, alert: Alert) => boolean): ((alert: Alert) => Infos) =>
  (alert) =>
    alert.infos.map((info) => test(info, alert));
const named = (
  list: readonly { readonly valueName: string; readonly value: string }[],
  name: RegExp,
): boolean => list.some((one) => name.test(one.valueName));
const codes = (info: Info): string => JSON.stringify([info.eventCodes, info.categories]);
const whole =
  (test: (alert: Alert) => boolean): ((alert: Alert) => Infos) =>
  (alert) => [test(alert)];

/** Ready for the public: what a receiver needs although the standard leaves it open. */
const publishable: Profile = {
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
const google: Profile = {
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

/** OASIS CAP IPAWS profile 1.0, 13 October 2009. */
const ipaws: Profile = {
  name: 'ipaws',
  source: 'OASIS CAP v1.2 USA IPAWS Profile 1.0',
  rules: [
    rule(
      'code',
      'error',
      'The code IPAWSv1.0 is missing.',
      whole((alert) => alert.codes.includes('IPAWSv1.0')),
    ),
    rule(
      'expires',
      'error',
      'Nothing says when it ends.',
      each((info) => info.expires !== undefined),
    ),
    rule(
      'event-code',
      'error',
      'There must be exactly one eventCode SAME.',
      each((info) => info.eventCodes.filter((one) => one.valueName === 'SAME').length === 1),
    ),
    rule(
      'area',
      'error',
      'There must be an area with a six-digit SAME geocode.',
      each((info) =>
        info.areas.some((area) =>
          area.geocodes.some((one) => one.valueName === 'SAME' && /^\d{6}$/.test(one.value)),
        ),
      ),
    ),
    rule('one-event', 'error', 'Blocks differ in category or event code.', (alert) =>
      alert.infos.map((info) => codes(info) === codes(alert.infos[0] ?? info)),
    ),
    rule(
      'eas-org',
      'warn',
      'The parameter EAS-ORG is missing.',
      each((info) => named(info.parameters, /^EAS-ORG$/)),
    ),
    rule(
      'cmam-text',
      'error',
      'CMAMtext has more than 90 characters, or CMAMlongtext more than 360.',
      each((info) =>
        info.parameters.every(
          (one) =>
            !(one.valueName === 'CMAMtext' && one.value.length > 90) &&
            !(one.valueName === 'CMAMlongtext' && one.value.length > 360),
        ),
      ),
    ),
    rule(
      'effective',
      'warn',
      'effective and onset are ignored in this system.',
      each((info) => info.effective === undefined && info.onset === undefined),
    ),
  ],
};

/** Canadian Profile of the Common Alerting Protocol (CAP-CP) 1.0 beta 4. */
const canada: Profile = {
  name: 'canada',
  source: 'CAP-CP Introduction and Rule Set, Beta 0.4',
  rules: [
    rule(
      'code',
      'error',
      'The code profile:CAP-CP:0.4 is missing.',
      whole((alert) => alert.codes.some((code) => code.startsWith('profile:CAP-CP:0.'))),
    ),
    rule(
      'language',
      'error',
      'The language must be en-CA or fr-CA.',
      each((info) => /^(?:en|fr)-CA$/i.test(info.language)),
    ),
    rule(
      'event-code',
      'error',
      'The CAP-CP event code is missing.',
      each((info) => named(info.eventCodes, /^profile:CAP-CP:Event:/)),
    ),
    rule('one-event', 'error', 'An alert must be about one event: blocks differ in event code.', (alert) =>
      alert.infos.map(
        (info) => JSON.stringify(info.eventCodes) === JSON.stringify(alert.infos[0]?.eventCodes ?? []),
      ),
    ),
    rule(
      'area',
      'error',
      'There must be an area, and each with a CAP-CP location code.',
      each(
        (info) =>
          info.areas.length > 0 &&
          info.areas.every((area) => named(area.geocodes, /^profile:CAP-CP:Location:/)),
      ),
    ),
    rule(
      'expires',
      'warn',
      'Nothing says when it ends.',
      each((info) => info.expires !== undefined),
    ),
  ],
};

/** Common Alerting Protocol Australian Profile (CAP-AU-STD) 3.0. */
const australia: Profile = {
  name: 'australia',
  source: 'CAP-AU-STD 3.0',
  rules: [
    rule(
      'code',
      'error',
      'The code urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:… is missing.',
      whole((alert) => alert.codes.some((code) => /profile:CAP-AU:/i.test(code))),
    ),
    rule(
      'event-code',
      'error',
      'The Australian event code is missing.',
      each((info) => named(info.eventCodes, /^(?:https?:\/\/|urn:).*CAP-AU.*Event|AU:/i)),
    ),
    rule(
      'language',
      'warn',
      'The language is not given as en-AU.',
      each((info) => /^en-AU$/i.test(info.language) || !/^en/i.test(info.language)),
    ),
    rule(
      'geometry',
      'warn',
      'An area has no polygon or circle; where there is one, it wins over the codes.',
      each((info) => info.areas.every((area) => area.polygons.length + area.circles.length > 0)),
    ),
    rule(
      'expires',
      'warn',
      'Nothing says when it ends.',
      each((info) => info.expires !== undefined),
    ),
  ],
};

/** What Larum itself always writes. */
const ours: Profile = {
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

/** Every profile by its name: data, so that a further country is a further entry. */
export const PROFILES = { publishable, google, ipaws, canada, australia, ours } as const satisfies Record<
  string,
  Profile
>;
