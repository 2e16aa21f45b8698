import { describe, expect, it } from '@jest/globals';
import { parseReferences } from './parse-references.js';
import { parseQuotedList, writeQuotedList } from './quoted-list.js';

const one = (sender: string, identifier: string, sent: string) => ({ sender, identifier, sent });
const T = '2026-11-20T09:30:00-00:00';
const U = '2026-11-20T10:30:00+01:00';

describe('references', () => {
  it.each([
    ['two triples', `a@b,F-1,${T} a@b,F-2,${U}`, [one('a@b', 'F-1', T), one('a@b', 'F-2', U)]],
    [
      'line breaks and tabs between them',
      `\n a@b,F-1,${T}\t\n a@b,F-2,${U}\n`,
      [one('a@b', 'F-1', T), one('a@b', 'F-2', U)],
    ],
    [
      'white space inside a triple, as Google’s own example has it',
      `a@b, F-1, ${T} a@b, F-2, ${U}`,
      [one('a@b', 'F-1', T), one('a@b', 'F-2', U)],
    ],
    ['a comma between triples', `a@b,F-1,${T},a@b,F-2,${U}`, [one('a@b', 'F-1', T), one('a@b', 'F-2', U)]],
    [
      'several identifiers packed into one, as MoWaS does',
      `DE-X,F-1 F-2 F-3,${T}`,
      [one('DE-X', 'F-1', T), one('DE-X', 'F-2', T), one('DE-X', 'F-3', T)],
    ],
    [
      'several identifiers packed by commas',
      `DE-X,F-1,F-2,${T}`,
      [one('DE-X', 'F-1', T), one('DE-X', 'F-2', T)],
    ],
    [
      'a semicolon between triples',
      `a@b,F-1,${T};a@b,F-2,${U}`,
      [one('a@b', 'F-1', T), one('a@b', 'F-2', U)],
    ],
    ['a semicolon behind the last', `a@b,F-1,${T};`, [one('a@b', 'F-1', T)]],
    ['a bar between triples', `a@b,F-1,${T}|a@b,F-2,${U}`, [one('a@b', 'F-1', T), one('a@b', 'F-2', U)]],
    [
      'a space without width between triples, as it is copied from web pages',
      `a@b,F-1,${T}\u200ba@b,F-2,${U}`,
      [one('a@b', 'F-1', T), one('a@b', 'F-2', U)],
    ],
    ['an identifier with a semicolon', `a@b,F;1,${T}`, [one('a@b', 'F;1', T)]],
    [
      'commas doubled, and white space on both sides of them',
      `a@b , F-1 , ${T} ,, a@b ,\n F-2 , ${U} ,`,
      [one('a@b', 'F-1', T), one('a@b', 'F-2', U)],
    ],
    ['no comma before the time', `a@b,F-1 ${T}`, [one('a@b', 'F-1', T)]],
    ['the same twice', `a@b,F-1,${T} a@b,F-1,${T}`, [one('a@b', 'F-1', T)]],
    ['an identifier that looks like a time', `a@b,${U},${T}`, [one('a@b', U, T)]],
    [
      'CAP 1.0: identifier and sender, no time',
      'F-1/a@b F-2/a@b',
      [one('a@b', 'F-1', ''), one('a@b', 'F-2', '')],
    ],
    [
      'times as a database prints them, with a space and without a zone',
      'a@b,F-1,2026-11-20 09:30:00.130585 a@b,F-2,2026-11-20 10:30:00',
      [one('a@b', 'F-1', '2026-11-20 09:30:00.130585'), one('a@b', 'F-2', '2026-11-20 10:30:00')],
    ],
    ['nothing', ' \n ', []],
  ])('are read: %s', (_, text, expected) => {
    expect(parseReferences(text)).toMatchObject({ references: expected, broken: [] });
  });

  it.each([
    ['a word', 'a@b,F-1,yesterday', [one('a@b', 'F-1', 'yesterday')]],
    ['another form of date', 'a@b,F-1,21.11.2026', [one('a@b', 'F-1', '21.11.2026')]],
    [
      'a day that there is not',
      'a@b,F-1,2026-02-30T09:30:00-00:00',
      [one('a@b', 'F-1', '2026-02-30T09:30:00-00:00')],
    ],
    ['seconds since 1970', 'a@b,F-1,1795262400', [one('a@b', 'F-1', '1795262400')]],
  ])('whose time is %s keep it as written, and are told apart', (_, text, expected) => {
    expect(parseReferences(text)).toMatchObject({ references: expected, untimed: expected, broken: [] });
  });

  it('whose time is unreadable stand beside good ones without taking anything of them', () => {
    const found = parseReferences(`a@b,F-1,soon a@b,F-2,${T} x@y, F-3, ${U}`);
    expect(found.references).toEqual([one('a@b', 'F-1', 'soon'), one('a@b', 'F-2', T), one('x@y', 'F-3', U)]);
    expect(found.untimed).toEqual([one('a@b', 'F-1', 'soon')]);
    expect([found.broken, found.packed]).toEqual([[], false]);
  });

  it('of CAP 1.0 have no time, which is no fault of theirs', () =>
    expect(parseReferences('F-1/a@b').untimed).toEqual([]));

  it.each([
    ['two parts', 'a@b,F-1'],
    ['an empty sender', `,F-1,${T}`],
    ['a time alone', T],
    ['an empty identifier', `a@b,,${T}`],
    ['an empty time', 'a@b,F-1,'],
    ['commas alone', ',,'],
    ['spaces where commas belong', `a@b F-1 ${T}`],
    ['words', 'see the earlier message'],
  ])('of %s are no triple', (_, text) => {
    const { broken, references } = parseReferences(text);
    expect(broken.length).toBeGreaterThan(0);
    expect(references).toEqual([]);
  });

  it('beyond a thousand are not kept: an alert may have two hundred', () => {
    const text = Array.from({ length: 1_200 }, (_, i) => `a@b,F-${i},${T}`).join(' ');
    expect(parseReferences(text).references).toHaveLength(1_000);
  });

  it('are kept when one of them names no message, and that one is told apart', () => {
    expect(parseReferences(`a@b,F-1,${T} F-9`)).toMatchObject({
      references: [one('a@b', 'F-1', T)],
      broken: ['F-9'],
    });
    expect(parseReferences(`F-9 a@b,F-1,${T}`)).toMatchObject({
      references: [one('a@b', 'F-1', T)],
      broken: ['F-9'],
    });
    expect(parseReferences('a@b,F-1')).toMatchObject({ references: [], broken: ['a@b,F-1'] });
  });

  it('say when they were packed or doubled', () => {
    expect(parseReferences(`a,F-1 F-2,${T}`)).toMatchObject({ packed: true, doubled: false });
    expect(parseReferences(`a,F,${T} a,F,${T}`)).toMatchObject({ packed: false, doubled: true });
    expect(parseReferences(`a,F-1 F-2 F-1,${T}`)).toMatchObject({ packed: true, doubled: true });
  });

  it('thirteen of them, as Canada sends, are all read', () => {
    const text = Array.from(
      { length: 13 },
      (_, i) => `cap-pac@canada.ca,urn:oid:2.49.0.1.124.${i},${T}`,
    ).join(' ');
    expect(parseReferences(text).references).toHaveLength(13);
  });
});

describe('incidents and addresses', () => {
  it('may hold names with spaces, in double quotes', () => {
    expect(parseQuotedList(' "Storm Dennis" flood  x ')).toEqual(['Storm Dennis', 'flood', 'x']);
    expect(parseQuotedList(writeQuotedList(['Storm Dennis', 'flood']))).toEqual(['Storm Dennis', 'flood']);
  });
});
