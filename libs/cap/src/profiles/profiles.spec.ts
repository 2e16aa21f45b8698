import { describe, expect, it } from '@jest/globals';
import type { Alert, Info } from '../model/alert.js';
import { anAlert, anArea, anInfo } from '../testing/builders.js';
import { PROFILES } from './profiles.js';
import { profileFindings } from './rule.js';

const broken = (alert: Alert, profile: keyof typeof PROFILES): string[] =>
  profileFindings(alert, PROFILES[profile]).map((each) => each.rule);
const info = (over: Parameters<typeof anInfo>[0]) => anAlert({ infos: [anInfo(over)] });
const cap = (valueName: string, value: string) => [{ valueName, value }];
const without = (...names: readonly string[]) =>
  anAlert({
    infos: [
      Object.fromEntries(Object.entries(anInfo()).filter(([name]) => !names.includes(name))) as ReturnType<
        typeof anInfo
      >,
    ],
  });

function leave(made: Info, ...names: readonly string[]): Info {
  return Object.fromEntries(Object.entries(made).filter(([name]) => !names.includes(name))) as Info;
}

const american = anAlert({
  codes: ['IPAWSv1.0'],
  infos: [
    anInfo({
      eventCodes: cap('SAME', 'FFW'),
      parameters: cap('EAS-ORG', 'CIV'),
      areas: [anArea({ geocodes: cap('SAME', '006109') })],
    }),
  ].map((each) => leave(each, 'effective')),
});
const canadian = anAlert({
  codes: ['profile:CAP-CP:0.4'],
  infos: [
    anInfo({
      language: 'en-CA',
      eventCodes: cap('profile:CAP-CP:Event:0.4', 'flood'),
      areas: [anArea({ geocodes: cap('profile:CAP-CP:Location:0.3', '4619068') })],
    }),
  ],
});
const australian = anAlert({
  codes: ['urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0'],
  infos: [
    anInfo({
      language: 'en-AU',
      eventCodes: cap('https://govshare.gov.au/xmlui/handle/10772/6495', 'bushFire'),
    }),
  ],
});

describe('profiles', () => {
  it.each([
    ['publishable', anAlert()],
    ['google', anAlert()],
    ['ours', anAlert()],
    ['ipaws', american],
    ['canada', canadian],
    ['australia', australian],
  ] as const)('%s: a good alert meets every demand', (profile, alert) =>
    expect(broken(alert, profile)).toEqual([]),
  );

  it.each([
    ['publishable', 'has-info', anAlert({ infos: [] })],
    ['publishable', 'expires', without('expires')],
    ['publishable', 'expires-later', info({ expires: '2026-11-21T09:30:00-00:00' })],
    ['publishable', 'headline', info({ headline: 'x'.repeat(140) })],
    ['publishable', 'texts-differ', info({ headline: 'Flood', description: 'Flood' })],
    ['publishable', 'geometry', info({ areas: [anArea({ polygons: [] })] })],
    [
      'publishable',
      'geometry',
      info({ areas: [anArea({ polygons: [], circles: [{ centre: [1, 1], radiusKm: 0 }] })] }),
    ],
    [
      'publishable',
      'same-event',
      anAlert({ infos: [anInfo(), anInfo({ language: 'cy-GB', categories: ['Fire'] })] }),
    ],
    ['publishable', 'unknown', info({ severity: 'Unknown' })],
    ['publishable', 'web', without('web')],
    ['publishable', 'contact', without('contact')],
    ['google', 'alert-refers', anAlert({ references: [{ sender: 'a', identifier: 'b', sent: 'c' }] })],
    ['google', 'all-clear', anAlert({ msgType: 'Cancel' })],
    ['ipaws', 'code', { ...american, codes: [] }],
    ['ipaws', 'event-code', info({})],
    ['ipaws', 'area', info({})],
    ['ipaws', 'cmam-text', info({ parameters: cap('CMAMtext', 'x'.repeat(91)) })],
    ['ipaws', 'effective', info({})],
    ['canada', 'language', info({})],
    ['canada', 'area', info({})],
    ['australia', 'code', info({})],
    ['australia', 'event-code', { ...australian, infos: [anInfo({ eventCodes: cap('SAME', 'FFW') })] }],
    [
      'australia',
      'event-code',
      { ...australian, infos: [anInfo({ eventCodes: cap('https://example.org/AU:list', 'fire') })] },
    ],
    ['ours', 'utc', anAlert({ sent: '2026-11-21T10:30:00+01:00' })],
    ['ours', 'one-per-language', anAlert({ infos: [anInfo(), anInfo()] })],
    [
      'ours',
      'same-everywhere',
      anAlert({ infos: [anInfo(), anInfo({ language: 'cy-GB', severity: 'Minor' })] }),
    ],
    [
      'ours',
      'vertices',
      info({
        areas: [
          anArea({
            polygons: [
              [
                [53.1, 0.2],
                [53.1, 0.3],
                [53.2, 0.3],
              ],
            ],
          }),
        ],
      }),
    ],
  ] as const)('%s: demands %s', (profile, rule, alert) => expect(broken(alert, profile)).toContain(rule));

  it('name the info block when there are several', () => {
    const two = anAlert({ infos: [anInfo(), anInfo({ language: 'cy-GB', severity: 'Unknown' })] });
    expect(profileFindings(two, PROFILES.publishable)).toMatchObject([
      { rule: 'unknown', path: '/alert/info[2]', level: 'warn' },
    ]);
  });
});
