import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { DraftContent } from '#contracts';
import { Problem } from '#runtime';
import { flood } from '#warning/testing';
import { asked } from './asked.js';
import { checkDepth } from './depth.js';

const pipe = asked(z.strictObject({ content: DraftContent }));
const refusalOf = (run: () => unknown): { code: string; fields: unknown } => {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, fields: error.extra['fields'] };
    throw error;
  }
  return { code: 'nothing was thrown', fields: [] };
};
const refused = (body: unknown) => refusalOf(() => pipe.transform(body)).code;
const saying = (guidance: unknown) => ({
  content: { ...flood, texts: { 'en-GB': { ...flood.texts['en-GB'], guidance } } },
});

describe('a body', () => {
  it('that is as it should be comes through, in one form of every text', () => {
    const decomposed = saying('Ewch i’r ty\u0302 nawr.\r\nArhoswch.');
    const read = pipe.transform(decomposed).content.texts?.['en-GB']?.guidance;
    expect(read).toBe('Ewch i’r tŷ nawr.\nArhoswch.');
  });

  it.each([
    ['an escape', '\u001b[31m'],
    ['a tabulator', 'one\ttwo'],
    ['a delete', 'a\u007fb'],
    ['a control character of the second block', 'a\u0085b'],
    ['half of an emoji', 'run \ud83c'],
    ['the other half', '\udf0a run'],
  ])('with %s in a text is refused by where it stands', (_, guidance) => {
    const { code, fields } = refusalOf(() => pipe.transform(saying(guidance)));
    expect(code).toBe('control-characters');
    expect(fields).toMatchObject([{ field: 'content.texts.en-GB.guidance' }]);
  });

  it('with line ends, emoji, Welsh and right-to-left letters is fine', () =>
    expect(refused(saying('Ŵŷ 🌊\nنص\r\nok'))).toBe('nothing was thrown'));

  it('with several mistakes is told all of them at once, and none of the values', () => {
    const body = { content: { ...flood, severity: 'secret-1', urgency: 'secret-2' }, extra: 'secret-3' };
    const { code, fields } = refusalOf(() => pipe.transform(body));
    expect(code).toBe('unknown-field');
    expect(fields).toMatchObject([
      { field: 'content.urgency' },
      { field: 'content.severity' },
      { field: 'extra' },
    ]);
    expect(JSON.stringify(fields)).not.toContain('secret');
  });

  it('whose only fault is its area says so', () => {
    expect(refused({ content: { area: 'everywhere' } })).toBe('wrong-area');
    expect(refused({ content: { area: { ...flood.area, geometry: null } } })).toBe('wrong-area');
    expect(refused({ content: { area: 'everywhere', severity: 'Bad' } })).toBe('invalid-request');
  });

  it('with a Polygon for its area is told in one sentence how to write it', () => {
    const geometry = { type: 'Polygon', coordinates: flood.area.geometry.coordinates[0] };
    const { code, fields } = refusalOf(() =>
      pipe.transform({ content: { area: { ...flood.area, geometry } } }),
    );
    expect(code).toBe('wrong-area');
    expect(fields).toEqual([
      { field: 'content.area.geometry', message: expect.stringMatching(/one more pair of brackets/) },
    ]);
    const misspelt = { ...geometry, bbox: [0, 0, 1, 1] };
    const both = refusalOf(() =>
      pipe.transform({ content: { area: { ...flood.area, geometry: misspelt } } }),
    );
    expect(both).toMatchObject({
      code: 'unknown-field',
      fields: [{ field: 'content.area.geometry.bbox' }, { field: 'content.area.geometry' }],
    });
  });

  it('is told what is wrong in plain words', () => {
    const body = {
      content: { ...flood, severity: 'Bad', texts: { Welsh: flood.texts['en-GB'] }, channels: 'sms' },
    };
    expect(refusalOf(() => pipe.transform(body)).fields).toEqual([
      { field: 'content.severity', message: 'must be Extreme, Severe, Moderate, Minor or Unknown' },
      { field: 'content.texts.Welsh', message: 'expected a language tag such as en-GB' },
      { field: 'content.channels', message: 'must be a list: […]' },
    ]);
    expect(refusalOf(() => pipe.transform({})).fields).toEqual([{ field: 'content', message: 'is missing' }]);
  });

  it('that is not an object at all is refused', () => {
    for (const body of [undefined, null, 7, 'text', [], true]) expect(refused(body)).toBe('invalid-request');
  });

  it('whatever it is, is read or refused by a problem with a status below 500: nothing else is thrown', () =>
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (body) => {
        expect([
          'nothing was thrown',
          'invalid-request',
          'unknown-field',
          'control-characters',
          'wrong-area',
          'too-deep',
        ]).toContain(refused(body));
      }),
      { seed: 20261121 },
    ));

  it('that is read holds nothing that a database refuses', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const body = saying(text);
        if (refused(body) !== 'nothing was thrown') return;
        const kept = JSON.stringify(pipe.transform(body));
        expect(kept.isWellFormed()).toBe(true);
        expect(kept).not.toContain('\\u0000');
      }),
      { seed: 20261121 },
    ));
});

describe('the depth of a body', () => {
  const nested = (levels: number) => {
    let body: unknown = 1;
    for (let level = 0; level < levels; level += 1) body = level % 2 === 0 ? [body] : { in: body };
    return body;
  };
  it('may be that of an area, and more', () => {
    expect(() => checkDepth({ content: flood })).not.toThrow();
    expect(() => checkDepth(nested(32))).not.toThrow();
  });
  it('is refused beyond that, without going down by recursion', () => {
    expect(refusalOf(() => checkDepth(nested(33))).code).toBe('too-deep');
    expect(refusalOf(() => checkDepth(nested(1_000_000))).code).toBe('too-deep');
  });
});
