import { codes, each, named, whole, type Profile, rule } from './rule.js';

/** OASIS CAP IPAWS profile 1.0, 13 October 2009. */
export const ipaws: Profile = {
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
export const canada: Profile = {
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

/**
 * OASIS EDXL CAP 1.2 Australia (AU) Profile 1.0, Committee Specification 02 of 5 September 2013. Alerts of the New South Wales Rural
 * Fire Service name the list of events by its address, and states by codes whose name begins with the profile's.
 */
export const australia: Profile = {
  name: 'australia',
  source: 'OASIS CAP 1.2 Australia Profile 1.0, CS02',
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
      'No event code is from the Australian list of events.',
      each((info) =>
        named(
          info.eventCodes,
          /^https?:\/\/govshare\.gov\.au\/.*10772\/6495$|^urn:oasis:names:tc:emergency:cap:1\.2:profile:CAP-AU:/i,
        ),
      ),
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
