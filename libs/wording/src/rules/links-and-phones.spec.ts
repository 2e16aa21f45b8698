import { describe, expect, it } from '@jest/globals';
import type { RuleId } from '../lint/finding.js';
import { lintText } from '../lint/lint.js';
import { found, foundBehindEmoji, mended } from '../testing/findings.js';
import type { About } from '../testing/findings.js';
import { ALLOWED_HOSTS, PHONES } from './links-and-phones.js';

function finds(rule: RuleId, text: string, stretches: readonly string[], about: About = {}): void {
  expect(found(rule, text, about)).toEqual(stretches);
  expect(foundBehindEmoji(rule, text, about)).toEqual(stretches);
}

describe('links that people may be sent to', () => {
  it.each([
    'https://www.gov.uk/flood',
    'gov.uk/flood',
    'https://check-for-flooding.service.gov.uk',
    'www.derbyshire.police.uk',
    'http://111.nhs.uk',
    'llyw.cymru/llifogydd',
    'HTTPS://GOV.UK/A',
    'https://gov.uk:8443/a?b=c#d',
    'flood@gov.uk',
    'See gov.uk.',
  ])('%s', (text) => {
    for (const rule of ['link-not-allowed', 'link-shortened', 'link-look-alike', 'accidental-link'] as const)
      finds(rule, `See ${text} now.`, []);
  });

  it('are on our list by their host, and never by its ending alone', () => {
    for (const host of ALLOWED_HOSTS) {
      finds('link-not-allowed', `https://${host}/a`, []);
      finds('link-not-allowed', `https://www.${host}/a`, []);
      finds('link-not-allowed', `https://${host}.example.com/a`, [`https://${host}.example.com/a`]);
    }
  });

  it('are those of the agency when it hands in its own', () => {
    const about = { options: { allowedHosts: ['example.org'] } };
    finds('link-not-allowed', 'See https://flood.example.org/a.', [], about);
    finds('link-not-allowed', 'See https://gov.uk/a.', ['https://gov.uk/a'], about);
  });
});

describe('links that people must not be sent to', () => {
  it.each([
    ['link-not-allowed', 'See https://flood.example.com/a.', 'https://flood.example.com/a'],
    ['link-not-allowed', 'See floodhelp.info/a.', 'floodhelp.info/a'],
    ['link-not-allowed', 'See gov.uk.evil.com/a.', 'gov.uk.evil.com/a'],
    ['link-not-allowed', 'See https://gov.uk-flood.com.', 'https://gov.uk-flood.com'],
    ['link-shortened', 'See https://bit.ly/3xYz.', 'https://bit.ly/3xYz'],
    ['link-shortened', 'See bit.ly/3xYz.', 'bit.ly/3xYz'],
    ['link-shortened', 'See HTTPS://T.CO/abc.', 'HTTPS://T.CO/abc'],
    ['link-shortened', 'See tinyurl.com/a.', 'tinyurl.com/a'],
    ['link-look-alike', 'See https://gоv.uk/flood.', 'https://gоv.uk/flood'],
    ['link-look-alike', 'See https://xn--gv-jua.uk/a.', 'https://xn--gv-jua.uk/a'],
    ['link-look-alike', 'See https://поліція.укр.', 'https://поліція.укр'],
    ['accidental-link', 'The road is shut.no way through.', 'shut.no'],
    ['accidental-link', 'Leave now.Do not wait.', 'now.Do'],
    ['accidental-link', 'Close the road.It is flooded.', 'road.It'],
    ['accidental-link', 'Cross the river.To the school.', 'river.To'],
    ['accidental-link', 'It is here.UK agencies help.', 'here.UK'],
  ] as const)('%s: %s', (rule, text, link) => finds(rule, text, [link]));

  it('are each found once, by the gravest of the rules', () => {
    const rules = lintText('https://bit.ly/a', { mode: 'live', language: 'en-GB' }).map(({ rule }) => rule);
    expect(rules).toEqual(['link-shortened']);
  });

  it.each([
    ['accidental-link', 'Leave now.Do not wait.', 'Leave now. Do not wait.'],
    ['accidental-link', 'Shut.no way. Road.It is wet.', 'Shut. no way. Road. It is wet.'],
    ['link-look-alike', 'See https://gоv.uk/flood.', 'See https://gov.uk/flood.'],
    ['link-look-alike', 'See https://поліція.укр now.', 'See https://поліція.укр now.'],
  ] as const)('%s is mended where it can be: %s', (rule, text, clean) =>
    expect(mended(rule, text)).toBe(clean),
  );

  it('are found behind two hundred good ones', () => {
    const text = `${'gov.uk/a '.repeat(300)}bit.ly/b`;
    expect(found('link-shortened', text)).toEqual(['bit.ly/b']);
  });

  it('are told the first two hundred of, and no more', () =>
    expect(found('link-shortened', 'bit.ly/b '.repeat(300))).toHaveLength(200));
});

describe('telephone numbers', () => {
  it('on our list may be given, however they are spaced', () => {
    for (const number of PHONES) finds('phone-unknown', `Call ${number} now.`, []);
    for (const written of [
      '0345 988 1188',
      '0345 9881188',
      '(0345) 988 1188',
      '+44 345 988 1188',
      '+44 (0)345 988 1188',
      '0345-988-1188',
    ])
      for (const rule of ['phone-unknown', 'phone-malformed'] as const) finds(rule, `Ring ${written}.`, []);
  });

  it.each([
    ['phone-malformed', 'Call 0345 98 11.', ['0345 98 11']],
    ['phone-malformed', 'Call 00345 988 1188 99.', ['00345 988 1188 99']],
    ['phone-malformed', 'Call 0445 988 1188.', ['0445 988 1188']],
    ['phone-unknown', 'Call 01298 811881.', ['01298 811881']],
    ['phone-unknown', 'Call 07700 900123.', ['07700 900123']],
    ['phone-unknown', 'Call +44 7700 900123.', ['+44 7700 900123']],
    ['phone-unknown', 'Call 998.', ['998']],
    ['phone-unknown', 'Text 61016.', []],
    ['phone-unknown', 'Text 18001.', ['18001']],
    ['phone-unknown', 'Ffoniwch 998.', ['998']],
    ['phone-unknown', 'Water has reached 998 homes.', []],
    ['phone-unknown', 'Call 300 people.', []],
    ['phone-unknown', 'Call 999, 101 or 111.', []],
    ['phone-malformed', 'Between 09:00 and 10.30, 25 % of 0.5 m.', []],
    ['phone-malformed', 'Case 0123456789012345678901.', []],
    ['phone-malformed', 'On 01/02/2026 or 2026-11-22.', []],
    ['phone-malformed', 'Flat 0 5', []],
  ] as const)('%s: %s', (rule, text, stretches) => finds(rule, text, stretches));

  it('are those of the agency when it hands in its own', () => {
    const about = { options: { phones: ['01298811881'] } };
    finds('phone-unknown', 'Call 01298 811881.', [], about);
    finds('phone-unknown', 'Call 101.', ['101'], about);
  });
});
