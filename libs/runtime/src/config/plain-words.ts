import type { z } from 'zod';

/**
 * What a person is told about a wrong setting, or a wrong field of a request, in place of zod's own words, which speak to
 * programmers. A schema's own message (`.regex(…, 'expected host:port')`) comes before these. Undefined leaves zod's.
 */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : TYPES[issue.expected];
    case 'invalid_value':
      return `${issue.input === undefined ? 'is missing: it ' : ''}must be ${listed(issue.values.map(String))}`;
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty';
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'url' ? `must be a URL${exampleOf(issue.inst)}` : FORMATS[issue.format];
    default:
      return undefined;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'must be a number',
  int: 'must be a whole number',
  string: 'must be a text',
  boolean: 'must be true or false',
  array: 'must be a list: […]',
  tuple: 'must be a list: […]',
  object: 'must be an object: {…}',
  record: 'must be an object: {…}',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
};

const UNITS: Readonly<Record<string, string>> = { string: ' characters long', array: ' in number' };
const unitOf = (origin: string): string => UNITS[origin] ?? '';

/** `a`, `a or b`, `a, b or c`. */
function listed(values: readonly string[]): string {
  const [last = '', ...before] = values.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(', ')} or ${last}`;
}

/** ` such as smtp://…`, by the scheme that the setting's schema asks for: `^smtps?$`, `^postgres(ql)?$`. */
function exampleOf(schema: unknown): string {
  const { protocol } = (schema as { def?: { protocol?: RegExp } } | undefined)?.def ?? {};
  const scheme = protocol?.source.replaceAll(/[$^]|\([^)]*\)\?|.\?/g, '') ?? '';
  return /^[a-z]+$/.test(scheme) ? ` such as ${scheme}://…` : '';
}
