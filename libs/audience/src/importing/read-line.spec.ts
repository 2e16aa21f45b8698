import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isMailAddress, readLine, type GoodLine } from './read-line.js';

const person = { address: 'ann@example.org', language: 'en-GB', lat: '53.1', lon: '0.24', consent: 'yes' };
const NOW = Date.parse('2026-11-21T12:00:00Z');
const byMail = (changed: Record<string, string>) => readLine('email', { ...person, ...changed }, NOW);
const byText = (phone: string) => readLine('sms', { ...person, phone }, NOW);
const good = (line: ReturnType<typeof readLine>): GoodLine => {
  if (typeof line === 'string') throw new Error(line);
  return line;
};

describe('a telephone', () => {
  it.each([
    ['07700 900123', '+447700900123'],
    ['447700900123', '+447700900123'],
    ['0044 7700 900123', '+447700900123'],
    ['+44 (0)7700 900123', '+447700900123'],
    ['(07700) 900-123', '+447700900123'],
    ['０７７００９００１２３', '+447700900123'], // full-width digits, as some keyboards type them
    ['07911 123456', '+447911123456'], // Guernsey: possible, and not British
    ['+353 85 123 4567', '+353851234567'],
  ])('%s is kept as %s', (phone, kept) => expect(good(byText(phone)).address).toBe(kept));

  it.each([
    ['', /empty/],
    ['12', /not one that can be called/],
    ['999', /not one that can be called/],
    ['telephone', /not one that can be called/],
    ['+44 7700 900123 ext. 5', /an extension/],
    ['020 7946 0123', /landline/],
    ['0117 496 0123', /landline/],
    ['070 1234 5678', /cannot be texted/], // a personal number, which costs its caller
    ['0909 879 0123', /cannot be texted/],
    ['0800 123 4567', /cannot be texted/],
  ])('%j is left out', (phone, why) => expect(byText(phone)).toMatch(why));

  it('is never anything but a plus and digits', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+0-9 ()-]{6,18}$/)), (written) => {
        const line = byText(written);
        if (typeof line !== 'string') expect(line.address).toMatch(/^\+[1-9]\d{4,14}$/);
      }),
      { seed: 20261121 },
    );
  });
});

describe('an e-mail address', () => {
  it.each([
    'ann@example.org',
    "o'neill+floods@example.co.uk",
    `${'a'.repeat(64)}@example.org`,
    'a@b.cymru',
    'a@xn--bcher-kva.example',
  ])('%s is one', (address) => expect(isMailAddress(address)).toBe(true));

  it.each([
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(250)}.org`,
    'a..b@example.org',
    '.a@example.org',
    'a.@example.org',
    'a@-example.org',
    'a@example.123',
    'a@[127.0.0.1]',
    'a@b@example.org',
    'a b@example.org',
    'ann@example.org\r\nBcc: x@example.org',
  ])('%j is none', (address) => expect(isMailAddress(address)).toBe(false));

  it('keeps its local part as written and its domain in lower case', () => {
    expect(good(byMail({ address: ' Ann.Lee@Example.ORG ' })).address).toBe('Ann.Lee@example.org');
  });

  it('never holds what could begin a header or a second recipient', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('a', '@', '.', ',', ';', '<', '>', ' ', '\r', '\n', '"', ':', 'b.org', '\0'),
      maxLength: 20,
    });
    fc.assert(
      fc.property(nasty, (written) => {
        const line = byMail({ address: written });
        if (typeof line !== 'string') expect(line.address).toMatch(/^[^\s,;<>":@]+@[^\s,;<>":@]+$/);
      }),
      { seed: 20261121 },
    );
  });
});

describe('a place', () => {
  it.each<[string, string, number | null, number | null]>([
    ['53.1', '0.24', 53.1, 0.24],
    [' -90 ', '180', -90, 180],
    ['', '', null, null],
    ['0', '0', 0, 0],
    ['5.31e1', '+0.24', 53.1, 0.24],
  ])('%j, %j is taken', (lat, lon, latitude, longitude) =>
    expect(good(byMail({ lat, lon }))).toMatchObject({ latitude, longitude }),
  );

  it.each([
    ['90.01', '0', /latitude/],
    ['0', '-180.5', /longitude/],
    ['53.1', '', /longitude/],
    ['', '0.24', /latitude/],
    ['53.1N', '0.24', /latitude/],
    ['Infinity', '0', /latitude/],
    ['NaN', '0', /latitude/],
    ['0x35', '0', /latitude/],
    ['TF 4958', '0', /latitude/],
  ])('%j, %j is left out', (lat, lon, why) => expect(byMail({ lat, lon })).toMatch(why));

  it('whose latitude can only be a longitude says so', () => {
    expect(byMail({ lat: '-120.5', lon: '45' })).toMatch(/changed over/);
    expect(byMail({ lat: '-120.5', lon: '145' })).not.toMatch(/changed over/);
  });

  it('that would be in Britain the other way round is kept, and asked about', () => {
    expect(good(byMail({ lat: '0.24', lon: '53.1' })).hint).toMatch(/changed over/);
    expect(good(byMail({ lat: '-3.18', lon: '51.48' })).hint).toMatch(/changed over/); // Cardiff
    expect(good(byMail({})).hint).toBeUndefined();
    expect(good(byMail({ lat: '', lon: '' })).hint).toBeUndefined();
    expect(good(byMail({ lat: '48.85', lon: '2.35' })).hint).toBeUndefined(); // Paris
  });
});

describe('degrees with a comma', () => {
  it.each([
    { lat: '53,14', lon: '-3,79' },
    { lat: '53.14', lon: '-3,79' },
    { lat: '53,14', lon: '' },
  ])('%j are not read, and how they are written is told', (point) =>
    expect(byMail(point)).toBe('degrees are written with a point, such as 53.14, and not with a comma'),
  );
});

describe('language and consent', () => {
  it('read English where no language is given', () => {
    expect(good(byMail({ language: ' ' })).language).toBe('en-GB');
    expect(good(byMail({ language: 'cy-GB' })).language).toBe('cy-GB');
    expect(byMail({ language: 'Welsh' })).toMatch(/language/);
  });

  it.each([
    ['yes', null],
    ['YES', null],
    ['y', null],
    ['true', null],
    ['TRUE', null], // as a spreadsheet writes a ticked box
    ['2026-01-05', '2026-01-05T00:00:00.000Z'],
    ['2026-01-05T10:30:00Z', '2026-01-05T10:30:00.000Z'],
    ['2026-01-05T10:30', '2026-01-05T10:30:00.000Z'],
    ['2026-01-05 10:30:15.25', '2026-01-05T10:30:15.250Z'],
    ['2026-07-01T00:30+01:00', '2026-06-30T23:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-11-22', '2026-11-22T00:00:00.000Z'], // it is tomorrow already on some islands
  ])('%s is consent', (consent, at) => expect(good(byMail({ consent })).consentedAt).toBe(at));

  it.each(['', 'no', 'NO', 'n', 'false'])('%j is none: nobody is warned who did not ask for it', (consent) =>
    expect(byMail({ consent })).toBe(
      'no consent is recorded: the column consent must say yes, or the date it was given, such as 2025-02-01',
    ),
  );

  it.each(['2026-11-23', '2027-01-05', '2206-01-05'])('%s is not consent yet', (consent) =>
    expect(byMail({ consent })).toBe('the consent is dated in the future: it counts when it has been given'),
  );

  it.each([
    ['01/02/2025'], // the first of February, or the second of January
    ['1'],
    ['2026-13-01'],
    ['2026-02-30'],
    ['2026-02-29T10:00'],
    ['2026-01-05T25:00'],
    ['2026-01-05T10:30+99:00'],
    ['5 January 2026'],
  ])('%j is left out for its form, which is named', (consent) =>
    expect(byMail({ consent })).toBe(
      'the consent cannot be read: write yes, or the date it was given as year-month-day, such as 2025-02-01',
    ),
  );
});
