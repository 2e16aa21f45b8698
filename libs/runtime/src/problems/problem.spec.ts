import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { escapeHtml, houseProblems, invalidRequest, Problem, problemPage, problemsOf } from '#runtime';

const table = {
  'version-open': {
    status: 409,
    title: 'A version is open',
    meaning: 'One at a time.',
    whatToDo: 'Finish it.',
  },
} as const;
const problem = problemsOf(table);

describe('a problem', () => {
  it('has the members of RFC 9457 and its code, and further ones that cannot hide them', () => {
    const one = problem('version-open', undefined, { version: 3, status: 200, code: 'x' });
    expect(JSON.parse(JSON.stringify(one))).toEqual({
      type: '/docs/problems#version-open',
      title: 'A version is open',
      status: 409,
      detail: 'One at a time.',
      code: 'version-open',
      version: 3,
    });
    expect(one).toBeInstanceOf(Problem);
  });

  it('of the house tells what happened and what to do, in whole sentences, under a code that can be an anchor', () => {
    for (const [code, { status, meaning, whatToDo }] of Object.entries(houseProblems)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect([meaning, whatToDo].every((text) => /^[A-Z].*\.$/.test(text))).toBe(true);
    }
  });
});

describe('a request that its schema refuses', () => {
  const Schema = z.strictObject({ content: z.strictObject({ places: z.array(z.string().max(3)) }) });
  const refused = (value: unknown) => {
    const { error } = Schema.safeParse(value);
    return invalidRequest(error?.issues ?? []).extra['fields'] as { field: string }[];
  };

  it('hears of every field by its path', () => {
    expect(
      refused({ content: { places: ['ok', 'too long'], more: 1 }, extra: 2 }).map(({ field }) => field),
    ).toEqual(['content.places.1', 'content.more', 'extra']);
    expect(refused('text')).toEqual([expect.objectContaining({ field: 'body' })]);
  });

  it.each([
    ['an id in the address', { type: 'param', data: 'warningId' }, 'warningId'],
    ['a whole query', { type: 'query' }, 'query'],
    ['a body', { type: 'body', data: undefined }, 'body'],
  ])('hears where it stood when it has no fields: %s', (_, part, field) => {
    const { detail, extra } = invalidRequest([{ message: 'is no id' }], part);
    expect([detail, extra]).toEqual([`${field}: is no id`, { fields: [{ field, message: 'is no id' }] }]);
  });

  it('hears of the first hundred mistakes', () => {
    expect(refused({ content: { places: Array.from({ length: 5_000 }, () => 'too long') } })).toHaveLength(
      100,
    );
  });
});

describe('the page of problems', () => {
  it('has an anchor for each, in the order of status, and shows text as text', () => {
    const page = problemPage({
      b: { ...table['version-open'], title: '<script>alert("1")</script>' },
      a: { ...table['version-open'], status: 400 },
    });
    expect(page.indexOf('id="a"')).toBeLessThan(page.indexOf('id="b"'));
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)');
    expect(escapeHtml(`'&"<>`)).toBe('&#39;&amp;&quot;&lt;&gt;');
  });
});
