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
